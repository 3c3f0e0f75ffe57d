// Short words over the guest's screen: how to get mouse and keyboard back, that full screen waits for a key.
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { useConsole } from './console-store.ts';
import { useHostKeyName } from './host-key.ts';

const HINT_MS = 4000;

export function ScreenHints({ isOn }: { isOn: boolean }): ReactElement | null {
  const { console: text } = useText();
  const key = useHostKeyName();
  const isCaptured = useConsole((state) => state.isPointerCaptured);
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    setIsShown(isCaptured);
    if (!isCaptured) return;
    const timer = setTimeout(() => setIsShown(false), HINT_MS);
    return () => clearTimeout(timer);
  }, [isCaptured]);
  const waits = useConsole((state) => state.waitsForFullScreen);
  if (waits) return <Hint>{text.screen.fullScreenWaits}</Hint>;
  if (!isOn || !isShown) return null;
  return <Hint>{text.screen.captureHint(key)}</Hint>;
}

export function Hint({ children }: { children: string }): ReactElement {
  return (
    <Typography
      variant="body2"
      role="status"
      sx={{
        position: 'absolute',
        bottom: 16,
        left: '50%',
        transform: 'translateX(-50%)',
        maxWidth: 'calc(100% - 2rem)',
        px: 1.5,
        py: 0.75,
        borderRadius: 1,
        bgcolor: 'rgba(20, 28, 38, 0.92)',
        color: '#fff',
        border: '1px solid rgba(255, 255, 255, 0.25)',
        pointerEvents: 'none',
        textAlign: 'center',
      }}
    >
      {children}
    </Typography>
  );
}
