// A button that, once pressed, takes the next key.
import Button from '@mui/material/Button';
import { type ReactElement, useEffect, useState } from 'react';
import { useText } from '../../i18n/text.ts';

interface KeyCaptureProps {
  label: string;
  /** What is set now, in words; empty for nothing. */
  value: string;
  emptyText: string;
  /** What the event means here; empty to wait on. */
  read(event: KeyboardEvent): string;
  onKey(read: string): void;
}

export function KeyCapture({ label, value, emptyText, read, onKey }: KeyCaptureProps): ReactElement {
  const { preferences } = useText();
  const [isWaiting, setIsWaiting] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const take = (event: KeyboardEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      if (event.code === 'Escape') return setIsWaiting(false);
      const key = read(event);
      if (key === '') return;
      setIsWaiting(false);
      onKey(key);
    };
    // Before the dialog, which closes itself at Escape and moves the focus at Tab.
    window.addEventListener('keydown', take, { capture: true });
    return () => window.removeEventListener('keydown', take, { capture: true });
  }, [isWaiting, read, onKey]);
  const shown = isWaiting ? preferences.input.pressKeys : value === '' ? emptyText : value;
  return (
    <Button
      size="small"
      variant={isWaiting ? 'contained' : 'text'}
      color={isWaiting ? 'primary' : 'inherit'}
      aria-label={`${label}: ${shown}`}
      aria-pressed={isWaiting}
      onClick={() => setIsWaiting(!isWaiting)}
      onBlur={() => setIsWaiting(false)}
      sx={{
        justifyContent: 'flex-start',
        fontFamily: value === '' && !isWaiting ? undefined : 'monospace',
        color: value === '' && !isWaiting ? 'text.secondary' : undefined,
        minWidth: 120,
      }}
    >
      {shown}
    </Button>
  );
}
