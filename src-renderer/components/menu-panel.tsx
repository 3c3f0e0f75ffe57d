// One open menu with its submenus: keys, marks, the keys that do the same, and why something cannot be chosen.
import CheckIcon from '@mui/icons-material/Check';
import ChevronIcon from '@mui/icons-material/ChevronRight';
import ClickAwayListener from '@mui/material/ClickAwayListener';
import Divider from '@mui/material/Divider';
import MenuItem from '@mui/material/MenuItem';
import MenuList from '@mui/material/MenuList';
import Paper from '@mui/material/Paper';
import Popper, { type PopperProps } from '@mui/material/Popper';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type KeyboardEvent, type ReactElement, useState } from 'react';

export interface Item {
  title: string;
  /** Keys that do the same, such as "Ctrl+N". */
  keys?: string;
  isDisabled?: boolean;
  /** Why it cannot be chosen now. */
  reason?: string;
  isChecked?: boolean;
  /** A submenu; `run` is then not called. */
  items?: Items;
  run(): void;
}
/** Null is a separating line. */
export type Items = (Item | null)[];

interface MenuPanelProps {
  label: string;
  anchor: NonNullable<PopperProps['anchorEl']>;
  items: Items;
  /** True for a menu beside its parent's item. */
  isSub?: boolean;
  /** False for a submenu that opened because the pointer came by. */
  isFocused?: boolean;
  /** Everything is to close: something was chosen, Escape, or a click elsewhere. */
  onClose(): void;
  /** ArrowLeft and ArrowRight, where they do not open or close a submenu. */
  onSide?(direction: -1 | 1): void;
}

/** Rather over its button than out of the window. */
const insideWindow: NonNullable<PopperProps['modifiers']> = [
  { name: 'preventOverflow', options: { altAxis: true, tether: false, padding: 8 } },
];

export function MenuPanel(props: MenuPanelProps): ReactElement {
  const { label, anchor, items, isSub = false, isFocused = true, onClose, onSide } = props;
  const [open, setOpen] = useState<{ title: string; anchor: HTMLElement; byKey: boolean } | null>(null);
  const hasChecks = items.some((item) => item?.isChecked !== undefined);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (event.key === 'ArrowLeft') onSide?.(-1);
    else if (event.key === 'ArrowRight') onSide?.(1);
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  };
  const subItems = items.find((item) => item?.title === open?.title)?.items;
  const panel = (
    <Paper
      elevation={8}
      sx={{ minWidth: 180, maxHeight: 'calc(100vh - 16px)', overflow: 'auto', border: 1, borderColor: 'divider' }}
    >
      <MenuList dense disabledItemsFocusable autoFocusItem={isFocused} aria-label={label} onKeyDown={onKeyDown}>
        {items.map((item, index) =>
          item ? (
            <PanelItem
              key={item.title}
              item={item}
              hasChecks={hasChecks}
              isOpen={open?.title === item.title}
              onHover={(element) =>
                setOpen(item.items && !item.isDisabled ? { title: item.title, anchor: element, byKey: false } : null)
              }
              onEnter={(element) => setOpen({ title: item.title, anchor: element, byKey: true })}
              onRun={() => {
                onClose();
                item.run();
              }}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: separators never move
            <Divider key={`separator-${index}`} component="li" role="separator" sx={{ my: 0.5 }} />
          ),
        )}
      </MenuList>
    </Paper>
  );
  const sub = open && subItems && (
    <MenuPanel
      label={open.title}
      anchor={open.anchor}
      items={subItems}
      isSub
      isFocused={open.byKey}
      onClose={onClose}
      onSide={(direction) => {
        if (direction > 0) return onSide?.(1);
        setOpen(null);
        open.anchor.focus();
      }}
    />
  );
  // Submenus lie inside of the listener: a press in one of them is no click elsewhere.
  const panels = (
    <div>
      {panel}
      {sub}
    </div>
  );
  return (
    <Popper
      open
      role="presentation"
      anchorEl={anchor}
      placement={isSub ? 'right-start' : 'bottom-start'}
      modifiers={insideWindow}
      sx={{ zIndex: 'modal' }}
      onContextMenu={(event) => event.preventDefault()}
    >
      {isSub ? (
        panels
      ) : (
        <ClickAwayListener mouseEvent="onMouseDown" onClickAway={onClose}>
          {panels}
        </ClickAwayListener>
      )}
    </Popper>
  );
}

interface PanelItemProps {
  item: Item;
  hasChecks: boolean;
  isOpen: boolean;
  /** The pointer came over it. */
  onHover(element: HTMLElement): void;
  /** Its submenu was asked for. */
  onEnter(element: HTMLElement): void;
  onRun(): void;
}

function PanelItem({ item, hasChecks, isOpen, onHover, onEnter, onRun, ...listProps }: PanelItemProps): ReactElement {
  const isDisabled = item.isDisabled ?? false;
  const entry = (
    <MenuItem
      {...listProps}
      selected={isOpen}
      aria-disabled={isDisabled}
      {...(item.items ? { 'aria-haspopup': 'menu', 'aria-expanded': isOpen } : {})}
      {...(item.isChecked === undefined ? {} : { role: 'menuitemcheckbox', 'aria-checked': item.isChecked })}
      onMouseEnter={(event) => onHover(event.currentTarget)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowRight' || !item.items || isDisabled) return;
        event.stopPropagation();
        event.preventDefault();
        onEnter(event.currentTarget);
      }}
      onClick={(event) => {
        if (isDisabled) return;
        if (item.items) onEnter(event.currentTarget);
        else onRun();
      }}
      sx={isDisabled ? { color: 'text.disabled', cursor: 'default' } : {}}
    >
      {hasChecks && <CheckIcon fontSize="small" sx={{ mr: 1, visibility: item.isChecked ? 'visible' : 'hidden' }} />}
      {item.title}
      {item.keys && (
        <Typography
          variant="caption"
          color={isDisabled ? 'inherit' : 'text.secondary'}
          sx={{ ml: 'auto', pl: 4, flexShrink: 0 }}
        >
          {item.keys}
        </Typography>
      )}
      {item.items && <ChevronIcon fontSize="small" sx={{ ml: 'auto', pl: 2, boxSizing: 'content-box' }} />}
    </MenuItem>
  );
  return isDisabled && item.reason ? (
    <Tooltip title={item.reason} placement="right" describeChild>
      {entry}
    </Tooltip>
  ) : (
    entry
  );
}
