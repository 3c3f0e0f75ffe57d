// The guest's screen on a canvas, with keyboard and mouse. The canvas keeps its picture while another tab is in front.
import PlayIcon from '@mui/icons-material/PlayArrow';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type ReactElement, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { KeyEvent } from '../../../src-main/contract/methods.ts';
import type { ScreenUpdate } from '../../../src-main/contract/streams.ts';
import { DEFAULT_HOST_KEY, KeyboardCapture } from '../../display/keyboard.ts';
import { PointerCapture, type PointerReport } from '../../display/pointer-capture.ts';
import { displayedAspect, ScreenCanvas } from '../../display/screen-canvas.ts';

export interface ScreenViewHandle {
  paint(update: ScreenUpdate): void;
}

interface ScreenViewProps {
  ref: Ref<ScreenViewHandle>;
  isVisible: boolean;
  isOn: boolean;
  canStart: boolean;
  isPaused: boolean;
  isScaled: boolean;
  onKeys(events: KeyEvent[]): void;
  onPointer(report: PointerReport): void;
  onCaptured(isCaptured: boolean): void;
  onHostCombination(code: string): boolean;
  onStart(): void;
}

/** How long the way out of the mouse capture is shown. */
const HINT_MS = 4000;

export function ScreenView({
  ref,
  isVisible,
  isOn,
  canStart,
  isPaused,
  isScaled,
  ...handlers
}: ScreenViewProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<ScreenCanvas | null>(null);
  const [size, setSize] = useState({ width: 720, height: 400 });
  const [hasHint, setHasHint] = useState(false);
  // The listeners are bound once; what they call may change with every rendering.
  const latest = useRef(handlers);
  latest.current = handlers;

  useImperativeHandle(ref, () => ({
    paint: (update) => {
      if (!painter.current && canvas.current)
        painter.current = new ScreenCanvas(canvas.current, (width, height) => setSize({ width, height }));
      painter.current?.paint(update);
    },
  }));

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const ending = new AbortController();
    const { signal } = ending;
    const pointer = new PointerCapture(
      element,
      (report) => latest.current.onPointer(report),
      (isCaptured) => {
        setHasHint(isCaptured);
        latest.current.onCaptured(isCaptured);
      },
      signal,
    );
    const keyboard = new KeyboardCapture({
      hostKey: DEFAULT_HOST_KEY,
      send: (events) => latest.current.onKeys(events),
      onHostKey: () => (pointer.isCaptured ? pointer.release() : pointer.capture()),
      onHostCombination: (code) => latest.current.onHostCombination(code),
    });
    element.addEventListener('keydown', (event) => keyboard.handle(event), { signal });
    element.addEventListener('keyup', (event) => keyboard.handle(event), { signal });
    element.addEventListener('blur', () => keyboard.releaseAll(), { signal });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    element.addEventListener(
      'click',
      () => {
        element.focus();
        if (!pointer.isCaptured) pointer.capture();
      },
      { signal },
    );
    return () => {
      keyboard.releaseAll();
      ending.abort();
    };
  }, []);

  useEffect(() => {
    if (!hasHint) return;
    const timer = setTimeout(() => setHasHint(false), HINT_MS);
    return () => clearTimeout(timer);
  }, [hasHint]);

  useEffect(() => {
    if (isVisible && isOn) canvas.current?.focus();
  }, [isVisible, isOn]);

  const aspect = isScaled ? displayedAspect(size.width, size.height) : size.width / size.height;
  return (
    <Box
      sx={{
        position: 'absolute',
        inset: 0,
        display: isVisible ? 'grid' : 'none',
        placeItems: 'center',
        bgcolor: '#000',
        overflow: isScaled ? 'hidden' : 'auto',
        containerType: 'size',
      }}
    >
      <Box
        component="canvas"
        ref={canvas}
        tabIndex={0}
        aria-label="Guest screen"
        data-testid="guest-screen"
        width={720}
        height={400}
        sx={{
          outline: 'none',
          aspectRatio: String(aspect),
          // The largest box of the right shape that fits; unscaled, one guest pixel is one here.
          width: isScaled ? `min(100cqw, calc(100cqh * ${aspect}))` : size.width,
          imageRendering: isScaled ? 'auto' : 'pixelated',
          opacity: isOn ? (isPaused ? 0.5 : 1) : 0.25,
        }}
      />
      {canStart && (
        <Button
          variant="contained"
          size="large"
          startIcon={<PlayIcon />}
          onClick={handlers.onStart}
          sx={{ position: 'absolute' }}
        >
          Start
        </Button>
      )}
      {isPaused && <Notice sx={{ top: 16 }}>Paused</Notice>}
      {hasHint && <Notice sx={{ bottom: 16 }}>Press Right Ctrl to get the mouse back</Notice>}
    </Box>
  );
}

function Notice({ sx, children }: { sx: object; children: string }): ReactElement {
  return (
    <Typography
      variant="body2"
      role="status"
      sx={{
        position: 'absolute',
        px: 1.5,
        py: 0.5,
        borderRadius: 1,
        bgcolor: 'rgba(20, 28, 38, 0.92)',
        color: '#fff',
        border: '1px solid rgba(255, 255, 255, 0.25)',
        pointerEvents: 'none',
        ...sx,
      }}
    >
      {children}
    </Typography>
  );
}
