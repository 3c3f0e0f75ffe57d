// The column of machines: the search field when it is open, the list, and the edge that makes the column wider.
import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import { MachineList } from './machine-list.tsx';
import { useManager } from './manager-store.ts';

const NARROWEST_REM = 13;
const WIDEST_REM = 36;

export function ListColumn(props: Parameters<typeof MachineList>[0]): ReactElement {
  const { common, manager: text } = useText();
  const search = useManager((manager) => manager.search);
  const width = useManager((manager) => manager.listWidthRem);
  const close = (): void => {
    useManager.setState({ search: null });
    document.querySelector<HTMLElement>('[data-testid="machine-list"]')?.focus();
  };
  return (
    <Box
      sx={{
        position: 'relative',
        width: `${width}rem`,
        maxWidth: '40%',
        flexShrink: 0,
        display: 'flex',
        flexDirection: 'column',
        borderRight: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      {search !== null && (
        <TextField
          autoFocus
          placeholder={text.searchPlaceholder}
          value={search}
          onChange={(event) => useManager.setState({ search: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') close();
            if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('[data-testid="machine-list"]')?.focus();
          }}
          sx={{ m: 1, mb: 0 }}
          slotProps={{
            htmlInput: { 'aria-label': text.searchPlaceholder },
            input: {
              endAdornment: (
                <InputAdornment position="end">
                  <IconButton size="small" edge="end" aria-label={common.close} onClick={close}>
                    <CloseIcon fontSize="small" />
                  </IconButton>
                </InputAdornment>
              ),
            },
          }}
        />
      )}
      <MachineList {...props} />
      <WidthHandle widthRem={width} />
    </Box>
  );
}

function WidthHandle({ widthRem }: { widthRem: number }): ReactElement {
  const { manager: text } = useText();
  const set = (next: number): void =>
    useManager.setState({ listWidthRem: Math.max(NARROWEST_REM, Math.min(next, WIDEST_REM)) });
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
    set((event.clientX - left) / Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    set(widthRem + (event.key === 'ArrowLeft' ? -1 : 1));
  };
  return (
    <Box
      role="separator"
      aria-orientation="vertical"
      aria-label={text.listWidth}
      aria-valuenow={Math.round(widthRem)}
      aria-valuemin={NARROWEST_REM}
      aria-valuemax={WIDEST_REM}
      tabIndex={0}
      onPointerDown={(event: PointerEvent<HTMLElement>) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      sx={{
        position: 'absolute',
        top: 0,
        bottom: 0,
        right: -3,
        width: 6,
        zIndex: 1,
        cursor: 'col-resize',
        touchAction: 'none',
        '&:hover, &:focus-visible': { bgcolor: 'primary.main', opacity: 0.5, outline: 'none' },
      }}
    />
  );
}
