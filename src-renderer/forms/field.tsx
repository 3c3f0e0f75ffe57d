// One row of a form: the name at the left, the control at the right, and below it what is wrong or what it means.
import Box from '@mui/material/Box';
import FormHelperText from '@mui/material/FormHelperText';
import Typography from '@mui/material/Typography';
import { createContext, type ReactElement, type ReactNode, useContext, useId } from 'react';

/** What somebody searches for; fields whose name or help has it are marked. */
export const FieldSearch = createContext('');

/** True for a text that has what is searched for. */
export function isFound(query: string, ...texts: string[]): boolean {
  const wanted = query.trim().toLowerCase();
  return wanted !== '' && texts.some((text) => text.toLowerCase().includes(wanted));
}

/** What ties a control to its row. */
export interface FieldIds {
  id: string;
  labelId: string;
  describedBy: string;
}

interface FieldProps {
  label: string;
  help?: string | undefined;
  /** What is wrong; takes the place of the help. */
  error?: string | undefined;
  /** The control is a group of several: the name is no `label` of one. */
  isGroup?: boolean;
  children(ids: FieldIds): ReactNode;
}

export function Field({ label, help = '', error = '', isGroup = false, children }: FieldProps): ReactElement {
  const id = useId();
  const ids = { id, labelId: `${id}-label`, describedBy: `${id}-help` };
  const query = useContext(FieldSearch);
  const isMarked = isFound(query, label, help);
  return (
    <Box
      data-found={isMarked || undefined}
      {...(isGroup ? { role: 'group', 'aria-labelledby': ids.labelId } : {})}
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, var(--field-name, 10rem)) minmax(0, 1fr)' },
        columnGap: 2,
        borderRadius: 1,
        mx: -1,
        px: 1,
        py: 0.5,
        ...(isMarked
          ? {
              bgcolor: 'rgba(var(--mui-palette-primary-mainChannel) / 0.09)',
              outline: '2px solid',
              outlineColor: 'primary.main',
              outlineOffset: '-2px',
            }
          : {}),
      }}
    >
      <Typography
        component={isGroup ? 'span' : 'label'}
        variant="body2"
        id={ids.labelId}
        {...(isGroup ? {} : { htmlFor: id })}
        sx={{ py: 1.2, lineHeight: 1.43, overflowWrap: 'anywhere' }}
      >
        {label}
      </Typography>
      <Box sx={{ minWidth: 0 }}>
        {children(ids)}
        <FormHelperText id={ids.describedBy} error={error !== ''} sx={{ mx: 0, mt: 0.25 }}>
          {error === '' ? help : error}
        </FormHelperText>
      </Box>
    </Box>
  );
}

/** A titled block of rows. */
export function Block({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <Box component="section" aria-label={title} sx={{ mb: 2.5 }}>
      <Typography
        component="h3"
        variant="subtitle2"
        sx={{ color: 'primary.main', borderBottom: 1, borderColor: 'divider', pb: 0.5, mb: 1 }}
      >
        {title}
      </Typography>
      {children}
    </Box>
  );
}
