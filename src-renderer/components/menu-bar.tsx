// A window's bar of menus: one open at a time, the pointer or the arrow keys go from one to the next, F10 gets there.
import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { type Items, MenuPanel } from './menu-panel.tsx';

export interface MenuBarMenu {
  title: string;
  items: Items;
}

interface MenuBarProps {
  label: string;
  menus: MenuBarMenu[];
  /** Takes the focus when a menu closes; the menu's title otherwise. */
  onClosed?(): void;
}

export function MenuBar({ label, menus, onClosed }: MenuBarProps): ReactElement {
  const [open, setOpen] = useState<number | null>(null);
  const [current, setCurrent] = useState(0);
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      if (event.code !== 'F10' || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented) return;
      event.preventDefault();
      buttons.current[0]?.focus();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  const go = (from: number, direction: -1 | 1): void => {
    const next = (from + direction + menus.length) % menus.length;
    setCurrent(next);
    if (open === null) buttons.current[next]?.focus();
    else setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    if (event.key === 'ArrowLeft') go(index, -1);
    else if (event.key === 'ArrowRight') go(index, 1);
    else if (event.key === 'ArrowDown') setOpen(index);
    else return;
    event.preventDefault();
  };
  const close = (): void => {
    if (open === null) return;
    setOpen(null);
    if (onClosed) onClosed();
    else buttons.current[open]?.focus();
  };
  const shown = open === null ? undefined : menus[open];
  const anchor = open === null ? null : buttons.current[open];
  return (
    <Box role="menubar" aria-label={label} sx={{ display: 'flex', alignItems: 'center' }}>
      {menus.map(({ title }, index) => (
        <ButtonBase
          key={title}
          role="menuitem"
          aria-haspopup="menu"
          aria-expanded={open === index}
          tabIndex={index === Math.min(current, menus.length - 1) ? 0 : -1}
          ref={(element: HTMLButtonElement | null) => {
            buttons.current[index] = element;
          }}
          // Before the open menu's own listener sees a click elsewhere.
          onMouseDown={(event) => {
            event.preventDefault();
            event.nativeEvent.stopImmediatePropagation();
            setCurrent(index);
            setOpen(open === index ? null : index);
          }}
          onClick={(event) => {
            // A click without a pointer: Enter, Space, or a screen reader.
            if (event.detail === 0) setOpen(index);
          }}
          onMouseEnter={() => open !== null && setOpen(index)}
          onKeyDown={(event) => onKeyDown(event, index)}
          sx={{
            px: 1.25,
            py: 0.5,
            borderRadius: 1,
            typography: 'body2',
            bgcolor: open === index ? 'action.selected' : 'transparent',
            '&:hover': { bgcolor: 'action.hover' },
            '&.Mui-focusVisible': { outline: 2, outlineColor: 'primary.main', outlineStyle: 'solid' },
          }}
        >
          {title}
        </ButtonBase>
      ))}
      {shown && anchor && open !== null && (
        <MenuPanel
          key={open}
          label={shown.title}
          anchor={anchor}
          items={shown.items}
          onClose={close}
          onSide={(direction) => go(open, direction)}
        />
      )}
    </Box>
  );
}
