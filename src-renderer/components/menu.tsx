// Menus: a titled button that drops one down, and one that opens where the pointer is. The bar of menus: menu-bar.tsx.
import Button from '@mui/material/Button';
import { type ReactElement, useMemo, useState } from 'react';
import { type Items, MenuPanel } from './menu-panel.tsx';

export type { Item, Items } from './menu-panel.tsx';

export function DropDown({ title, items }: { title: string; items: Items }): ReactElement {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = (): void => {
    setAnchor(null);
    anchor?.focus();
  };
  return (
    <>
      <Button
        color="inherit"
        size="small"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
        sx={{ minWidth: 0, px: 1.25, fontWeight: 400 }}
      >
        {title}
      </Button>
      {anchor && <MenuPanel label={title} anchor={anchor} items={items} onClose={close} />}
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
  label,
  onClose,
}: {
  place: MenuPlace | null;
  items: Items;
  label?: string;
  onClose(): void;
}): ReactElement | null {
  const anchor = useMemo(
    () => (place ? { getBoundingClientRect: () => new DOMRect(place.left, place.top, 0, 0) } : null),
    [place],
  );
  return anchor && <MenuPanel label={label ?? ''} anchor={anchor} items={items} onClose={onClose} />;
}
