// Failures as they come: shown for some seconds above everything, then kept in the notification centre.
import Alert from '@mui/material/Alert';
import Stack from '@mui/material/Stack';
import { type ReactElement, useEffect, useState } from 'react';
import { dismissNotice, type Notice, useHost } from '../client/store.ts';

const SHOWN_MS = 12_000;

export function Notices(): ReactElement {
  const notices = useHost((host) => host.notices);
  return (
    <Stack
      spacing={1}
      role="log"
      aria-live="assertive"
      sx={{ position: 'fixed', right: 16, bottom: 40, width: 420, maxWidth: 'calc(100vw - 2rem)', zIndex: 'snackbar' }}
    >
      {notices.slice(-4).map((notice) => (
        <PassingNotice key={notice.key} notice={notice} />
      ))}
    </Stack>
  );
}

function PassingNotice({ notice: { key, message, at } }: { notice: Notice }): ReactElement | null {
  const [isOver, setIsOver] = useState(() => Date.now() - at > SHOWN_MS);
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => setIsOver(true), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld]);
  if (isOver) return null;
  return (
    <Alert
      severity="error"
      variant="filled"
      onClose={() => dismissNotice(key)}
      onMouseEnter={() => setIsHeld(true)}
      onMouseLeave={() => setIsHeld(false)}
      sx={{ overflowWrap: 'anywhere' }}
    >
      {message}
    </Alert>
  );
}
