// The first serial port in an xterm.
import '@xterm/xterm/css/xterm.css';
import Box from '@mui/material/Box';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { type ReactElement, type Ref, useEffect, useImperativeHandle, useRef } from 'react';

export interface SerialViewHandle {
  write(port: number, bytes: Uint8Array): void;
  clear(): void;
}

interface SerialViewProps {
  ref: Ref<SerialViewHandle>;
  isVisible: boolean;
  /** `data` is base64. */
  onInput(port: number, data: string): void;
}

const SCROLLBACK_LINES = 10_000;

export function SerialView({ ref, isVisible, onInput }: SerialViewProps): ReactElement {
  const container = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal | null>(null);
  const fit = useRef<FitAddon | null>(null);
  const latestInput = useRef(onInput);
  latestInput.current = onInput;

  if (!terminal.current) {
    terminal.current = new Terminal({
      scrollback: SCROLLBACK_LINES,
      fontSize: 14,
      cursorBlink: true,
      screenReaderMode: false,
    });
    fit.current = new FitAddon();
    terminal.current.loadAddon(fit.current);
    terminal.current.onData((text) => latestInput.current(0, toBase64(new TextEncoder().encode(text))));
  }

  useImperativeHandle(ref, () => ({
    write: (port, bytes) => {
      // A copy, because the terminal writes later and the bytes belong to the frame.
      if (port === 0) terminal.current?.write(bytes.slice());
    },
    clear: () => terminal.current?.reset(),
  }));

  useEffect(() => {
    if (!isVisible || !container.current || !terminal.current) return;
    if (!terminal.current.element) terminal.current.open(container.current);
    fit.current?.fit();
    terminal.current.focus();
    const observer = new ResizeObserver(() => fit.current?.fit());
    observer.observe(container.current);
    return () => observer.disconnect();
  }, [isVisible]);

  return (
    <Box
      ref={container}
      data-testid="serial-terminal"
      sx={{ position: 'absolute', inset: 0, display: isVisible ? 'block' : 'none', bgcolor: '#000', p: 1 }}
    />
  );
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
