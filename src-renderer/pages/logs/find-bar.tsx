// Finding in the log: what, how often, next and previous.
import CloseIcon from '@mui/icons-material/Close';
import KeyboardArrowDownIcon from '@mui/icons-material/KeyboardArrowDown';
import KeyboardArrowUpIcon from '@mui/icons-material/KeyboardArrowUp';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, type RefObject, useEffect } from 'react';
import { useText } from '../../i18n/text.ts';
import type { Search } from './log-model.ts';

interface FindBarProps {
  search: Search;
  field: RefObject<HTMLInputElement | null>;
  /** Places found, and which of them is shown (from 0). */
  count: number;
  index: number;
  onSearch(search: Search): void;
  onStep(by: 1 | -1): void;
  onClose(): void;
}

export function FindBar({ search, field, count, index, onSearch, onStep, onClose }: FindBarProps): ReactElement {
  const { common, panes } = useText();
  const text = panes.logs;
  useEffect(() => field.current?.select(), [field]);
  return (
    <Strip
      label={text.find}
      onKey={(key, isShifted) => {
        if (key === 'Enter' || key === 'F3') onStep(isShifted ? -1 : 1);
        else if (key === 'Escape') onClose();
        else return false;
        return true;
      }}
    >
      <TextField
        inputRef={field}
        autoFocus
        label={text.findText}
        value={search.text}
        onChange={(event) => onSearch({ ...search, text: event.target.value })}
        sx={{ width: 280, minWidth: 120, flexShrink: 1 }}
      />
      <Tooltip title={text.matchCase}>
        <ToggleButton
          value="case"
          size="small"
          aria-label={text.matchCase}
          selected={search.isCaseSensitive}
          onChange={() => onSearch({ ...search, isCaseSensitive: !search.isCaseSensitive })}
          sx={{ width: 40, height: 40, fontWeight: 500 }}
        >
          Aa
        </ToggleButton>
      </Tooltip>
      <Tooltip title={`${text.previous} (Shift+Enter)`}>
        <span>
          <IconButton aria-label={text.previous} disabled={count === 0} onClick={() => onStep(-1)}>
            <KeyboardArrowUpIcon />
          </IconButton>
        </span>
      </Tooltip>
      <Tooltip title={`${text.next} (Enter)`}>
        <span>
          <IconButton aria-label={text.next} disabled={count === 0} onClick={() => onStep(1)}>
            <KeyboardArrowDownIcon />
          </IconButton>
        </span>
      </Tooltip>
      <Typography variant="body2" color={count === 0 ? 'textSecondary' : 'textPrimary'} role="status" noWrap>
        {search.text === '' ? '' : count === 0 ? text.notFound : text.matchOf(index + 1, count)}
      </Typography>
      <IconButton aria-label={common.close} onClick={onClose} sx={{ ml: 'auto' }}>
        <CloseIcon fontSize="small" />
      </IconButton>
    </Strip>
  );
}

/** A row of controls under the toolbar. `onKey` tells whether it took the key. */
export function Strip({
  label,
  onKey,
  children,
}: {
  label: string;
  onKey?(key: string, isShifted: boolean): boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <Box
      role="group"
      aria-label={label}
      onKeyDown={(event) => {
        if (onKey?.(event.key, event.shiftKey)) event.preventDefault();
      }}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        px: 1.5,
        py: 1,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        flexShrink: 0,
        flexWrap: 'wrap',
      }}
    >
      {children}
    </Box>
  );
}
