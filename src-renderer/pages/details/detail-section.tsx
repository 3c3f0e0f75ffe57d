// A section of the details: its title opens the settings, the arrow beside it folds it away.
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Box from '@mui/material/Box';
import Collapse from '@mui/material/Collapse';
import IconButton from '@mui/material/IconButton';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import type { ReactElement, ReactNode } from 'react';
import { useRemembered } from '../../components/remembered.ts';
import { useText } from '../../i18n/text.ts';

interface DetailSectionProps {
  /** Names the section in this browser's memory of folded ones. */
  name: string;
  title: string;
  icon: ReactNode;
  /** Opens the settings where this can be changed. */
  onOpen?: () => void;
  children: ReactNode;
}

export function DetailSection({ name, title, icon, onOpen, children }: DetailSectionProps): ReactElement {
  const { details: text } = useText();
  const [isOpen, setIsOpen] = useRemembered(`details.${name}`, true, (stored) => typeof stored === 'boolean');
  return (
    <Paper variant="outlined" component="section" aria-label={title} sx={{ px: 2, py: 1.25 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: '1.75rem' }}>
        <Box sx={{ display: 'grid', color: 'text.secondary' }}>{icon}</Box>
        <Box component="h2" sx={{ typography: 'subtitle2', m: 0, flex: 1, minWidth: 0 }}>
          {onOpen ? (
            <Link
              component="button"
              type="button"
              variant="subtitle2"
              color="inherit"
              underline="hover"
              title={text.openSettings(title)}
              onClick={onOpen}
            >
              {title}
            </Link>
          ) : (
            title
          )}
        </Box>
        <IconButton
          size="small"
          edge="end"
          aria-label={isOpen ? text.collapse(title) : text.expand(title)}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ExpandMoreIcon fontSize="small" sx={{ transform: isOpen ? 'rotate(180deg)' : 'none' }} />
        </IconButton>
      </Box>
      <Collapse in={isOpen} timeout={0} unmountOnExit>
        <Box sx={{ pt: 0.75, pb: 0.5 }}>{children}</Box>
      </Collapse>
    </Paper>
  );
}
