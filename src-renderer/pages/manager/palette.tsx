// The command palette: type a part of what is wanted, Enter does it.
import SearchIcon from '@mui/icons-material/Search';
import Box from '@mui/material/Box';
import Dialog from '@mui/material/Dialog';
import DialogTitle from '@mui/material/DialogTitle';
import InputBase from '@mui/material/InputBase';
import Typography from '@mui/material/Typography';
import { type KeyboardEvent, type ReactElement, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { matchingEntries, type PaletteEntry } from './palette-entries.ts';

interface PaletteProps {
  entries: PaletteEntry[];
  onClose(): void;
}

/** For screen readers only. */
const visuallyHidden = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  p: 0,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
};

const optionId = (index: number): string => `palette-${index}`;

export function Palette({ entries, onClose }: PaletteProps): ReactElement {
  const { manager } = useText();
  const text = manager.palette;
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(typed);
  const found = useMemo(() => matchingEntries(entries, wanted), [entries, wanted]);
  useEffect(() => {
    document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const run = (entry: PaletteEntry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = Math.max(0, found.length - 1);
    if (event.key === 'ArrowDown') setAt(at >= last ? 0 : at + 1);
    else if (event.key === 'ArrowUp') setAt(at <= 0 ? last : at - 1);
    else if (event.key === 'PageDown') setAt(Math.min(last, at + 8));
    else if (event.key === 'PageUp') setAt(Math.max(0, at - 8));
    // What is typed counts, even if the list is still being made.
    else if (event.key === 'Enter') run(wanted === typed ? found[at] : matchingEntries(entries, typed)[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      fullWidth
      maxWidth="sm"
      sx={{ '& .MuiDialog-container': { alignItems: 'flex-start' } }}
    >
      <DialogTitle sx={visuallyHidden}>{text.title}</DialogTitle>
      <Box
        sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 2, py: 1, borderBottom: 1, borderColor: 'divider' }}
      >
        <SearchIcon color="action" />
        <InputBase
          autoFocus
          fullWidth
          placeholder={text.placeholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          inputProps={{
            role: 'combobox',
            'aria-label': text.title,
            'aria-expanded': true,
            'aria-controls': 'palette-list',
            'aria-autocomplete': 'list',
            ...(found.length > 0 ? { 'aria-activedescendant': optionId(at) } : {}),
          }}
        />
      </Box>
      <Box id="palette-list" role="listbox" aria-label={text.title} sx={{ height: 380, overflow: 'auto', p: 0.75 }}>
        {found.map((entry, index) => (
          <Box
            key={entry.key}
            id={optionId(index)}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => index !== at && setAt(index)}
            onClick={() => run(entry)}
            sx={{
              display: 'flex',
              alignItems: 'baseline',
              gap: 2,
              px: 1.25,
              py: 0.75,
              borderRadius: 1,
              cursor: 'default',
              typography: 'body2',
              bgcolor: index === at ? 'action.selected' : 'transparent',
            }}
          >
            <Box sx={{ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
              {entry.title}
            </Box>
            <Typography variant="caption" color="text.secondary" noWrap>
              {entry.keys ?? entry.area}
            </Typography>
          </Box>
        ))}
        {found.length === 0 && (
          <Typography color="text.secondary" sx={{ p: 2 }}>
            {text.nothing}
          </Typography>
        )}
      </Box>
    </Dialog>
  );
}
