// Moves the focus along the rows of a table by arrow keys, Home and End.
import type { KeyboardEvent } from 'react';

export function walkRows(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget;
  const siblings = row.parentElement?.children;
  const to: Record<string, Element | null | undefined> = {
    ArrowDown: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    Home: siblings?.[0],
    End: siblings?.[siblings.length - 1],
  };
  if (!(event.key in to)) return;
  event.preventDefault();
  (to[event.key] as HTMLElement | null | undefined)?.focus();
}
