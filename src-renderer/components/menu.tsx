// Menus: a titled button that drops one down, and one that opens where the pointer is.
import CheckIcon from '@mui/icons-material/Check';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useState } from 'react';

export interface Item {
  title: string;
  /** Keys that do the same, such as "Ctrl+N". */
  keys?: string;
  isDisabled?: boolean;
  isChecked?: boolean;
  run(): void;
}
/** Null is a separating line. */
export type Items = (Item | null)[];

export function DropDown({ title, items }: { title: string; items: Items }): ReactElement {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = (): void => setAnchor(null);
  return (
    <>
      <Button
        color="inherit"
        size="small"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ minWidth: 0, px: 1.25, fontWeight: 400 }}
      >
        {title}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close} slotProps={{ list: { dense: true } }}>
        {menuItems(items, close)}
      </Menu>
    </>
  );
}

/** Where a context menu was asked for, in window coordinates. */
export interface MenuPlace {
  left: number;
  top: number;
}

export function ContextMenu({
  place,
  items,
  onClose,
}: {
  place: MenuPlace | null;
  items: Items;
  onClose(): void;
}): ReactElement {
  return (
    <Menu
      open={place !== null}
      onClose={onClose}
      anchorReference="anchorPosition"
      {...(place ? { anchorPosition: place } : {})}
      slotProps={{ list: { dense: true } }}
    >
      {menuItems(items, onClose)}
    </Menu>
  );
}

function menuItems(items: Items, close: () => void): ReactNode[] {
  const hasChecks = items.some((item) => item?.isChecked !== undefined);
  return items.map((item, index) =>
    item ? (
      <MenuItem
        key={item.title}
        disabled={item.isDisabled ?? false}
        {...(item.isChecked === undefined ? {} : { role: 'menuitemcheckbox', 'aria-checked': item.isChecked })}
        onClick={() => {
          close();
          item.run();
        }}
      >
        {hasChecks && <CheckIcon fontSize="small" sx={{ mr: 1, visibility: item.isChecked ? 'visible' : 'hidden' }} />}
        {item.title}
        {item.keys && (
          <Typography variant="caption" color="text.secondary" sx={{ ml: 'auto', pl: 4 }}>
            {item.keys}
          </Typography>
        )}
      </MenuItem>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: separators never move
      <Divider key={`separator-${index}`} />
    ),
  );
}
