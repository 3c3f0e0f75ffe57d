// The guest's screen on a canvas, with keyboard and mouse. The canvas keeps its picture while a terminal is in front.
import Box from '@mui/material/Box';
import { type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { PointerInput } from '../../display/pointer-input.ts';
import { ScreenCanvas } from '../../display/screen-canvas.ts';
import { type Fit, place } from '../../display/screen-layout.ts';
import { useText } from '../../i18n/text.ts';
import { adjustToGuest } from './actions.ts';
import { isIntegrated, traffic, useConsole } from './console-store.ts';
import { ScreenHints } from './screen-hints.tsx';
import { ScreenOverlay } from './screen-overlay.tsx';
import { useGuestKeyboard } from './use-guest-keyboard.ts';
import { useRoom } from './use-room.ts';
import { isOwnWindow } from './window-frame.ts';

interface ScreenViewProps {
  id: string;
  isVisible: boolean;
  onHostCombination(chord: string): void;
}

/** Firmware changes modes several times in a moment; the window follows when that is over. */
const SETTLE_MS = 400;

export function ScreenView({ id, isVisible, onHostCombination }: ScreenViewProps): ReactElement {
  const { console: text } = useText();
  const machine = useHost((host) => host.machines.find((candidate) => candidate.id === id));
  const isOn = machine !== undefined && isActive(machine.state);
  const container = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [handleId] = useState(id);
  const mode = useConsole((state) => state.mode);
  const size = useConsole((state) => state.size);
  const ui = useConsole((state) => state.definition?.ui);
  const hidesPointer = useConsole(
    (state) => isIntegrated(state) && !(state.size.width === 720 && state.size.height === 400),
  );
  const { room, pixelRatio } = useRoom(container);
  const keyboard = useGuestKeyboard(id, canvas, onHostCombination);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const ending = new AbortController();
    const painter = new ScreenCanvas(element, (width, height) => useConsole.setState({ size: { width, height } }));
    const pointer = new PointerInput(
      element,
      {
        isAbsolute: () => isIntegrated(useConsole.getState()),
        mayCapture: () => useConsole.getState().pointerMode?.isEnabled !== false && isMachineOn(handleId),
        sendRelative: (event) => void client.call('machine.pointer', { id: handleId, event }).catch(() => {}),
        sendAbsolute: (event) => void client.call('machine.pointerAbsolute', { id: handleId, event }).catch(() => {}),
        onCaptured: (isPointerCaptured) => useConsole.setState({ isPointerCaptured }),
      },
      ending.signal,
    );
    useConsole.setState({
      screen: {
        canvas: element,
        paint: (update) => {
          traffic.frames++;
          painter.paint(update);
        },
        touch: () => painter.touch(),
        focus: () => element.focus({ preventScroll: true }),
        grab: () => {
          element.focus({ preventScroll: true });
          useConsole.setState({ hasKeyboard: true });
          const state = useConsole.getState();
          if (!isIntegrated(state) && state.pointerMode?.isEnabled !== false) pointer.capture();
        },
        release: () => {
          useConsole.setState({ hasKeyboard: false });
          pointer.release();
        },
      },
    });
    element.addEventListener('pointerdown', () => useConsole.setState({ hasKeyboard: true }), {
      signal: ending.signal,
    });
    element.addEventListener('blur', () => pointer.releaseButtons(), { signal: ending.signal });
    return () => {
      ending.abort();
      useConsole.setState({ screen: null });
    };
  }, [handleId]);

  useEffect(() => {
    if (isVisible && isOn && !document.querySelector('[role=dialog]')) canvas.current?.focus({ preventScroll: true });
  }, [isVisible, isOn]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the window follows the guest's size, not its own
  useEffect(() => {
    if (mode !== 'normal' || !isOwnWindow() || !isOn) return;
    const timer = setTimeout(adjustToGuest, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [size, mode, ui?.scalePercent, isOn]);

  const placement = place(size, room, pixelRatio, fitFor(mode, ui?.scaling, ui?.scalePercent));
  const shownPercent = (placement.width / size.width) * 100;
  useLayoutEffect(() => useConsole.setState({ shownPercent }), [shownPercent]);

  return (
    <Box
      ref={container}
      onMouseDown={(event) => {
        // The black around the screen takes no focus from it.
        if (event.target === container.current) event.preventDefault();
      }}
      sx={{
        position: 'absolute',
        inset: 0,
        visibility: isVisible ? 'visible' : 'hidden',
        bgcolor: '#000',
        overflow: mode === 'normal' ? 'auto' : 'hidden',
      }}
    >
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: every key goes to the guest, as the role says */}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={text.screen.label}
        data-testid="guest-screen"
        width={720}
        height={400}
        onFocus={keyboard.onFocus}
        onBlur={keyboard.onBlur}
        style={{
          position: 'absolute',
          left: placement.left,
          top: placement.top,
          width: placement.width,
          height: placement.height,
          outline: 'none',
          touchAction: 'none',
          imageRendering: placement.isCrisp ? 'pixelated' : 'auto',
          opacity: isOn ? 1 : 0.25,
          cursor: hidesPointer ? 'none' : 'default',
        }}
      />
      <ScreenOverlay id={id} machine={machine} />
      <ScreenHints isOn={isOn} />
    </Box>
  );
}

function fitFor(mode: string, scaling: 'smooth' | 'whole' | undefined, percent = 100): Fit {
  if (mode === 'normal') return { kind: 'percent', percent };
  return { kind: scaling === 'whole' ? 'whole' : 'fill' };
}

function isMachineOn(id: string): boolean {
  const machine = useHost.getState().machines.find((candidate) => candidate.id === id);
  return machine?.state === 'running' || machine?.state === 'paused';
}
