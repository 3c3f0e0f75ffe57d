// The first serial port in a terminal, with a search (Ctrl+Shift+F, as in the log).
import '@xterm/xterm/css/xterm.css';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import TextField from '@mui/material/TextField';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import { type ReactElement, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';

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
  const search = useRef<SearchAddon | null>(null);
  const [isSearching, setIsSearching] = useState(false);
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
    search.current = new SearchAddon();
    terminal.current.loadAddon(fit.current);
    terminal.current.loadAddon(search.current);
    terminal.current.attachCustomKeyEventHandler((event) => {
      const isSearch = event.ctrlKey && event.shiftKey && event.code === 'KeyF';
      if (isSearch && event.type === 'keydown') {
        event.preventDefault();
        setIsSearching(true);
      }
      return !isSearch;
    });
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

  const closeSearch = (): void => {
    search.current?.clearDecorations();
    setIsSearching(false);
    terminal.current?.focus();
  };
  return (
    <Box sx={{ position: 'absolute', inset: 0, display: isVisible ? 'block' : 'none', bgcolor: '#000' }}>
      <Box ref={container} data-testid="serial-terminal" sx={{ position: 'absolute', inset: 8 }} />
      {isSearching && (
        <Paper elevation={4} sx={{ position: 'absolute', top: 8, right: 24, p: '16px 12px 8px' }}>
          <TextField
            autoFocus
            label="Find in the serial output"
            helperText="Enter: before this, Shift+Enter: after, Esc: close"
            onChange={(event) => search.current?.findPrevious(event.target.value, { incremental: true })}
            onKeyDown={(event) => {
              const { value } = event.target as HTMLInputElement;
              if (event.key === 'Escape') closeSearch();
              if (event.key === 'Enter' && event.shiftKey) search.current?.findNext(value);
              else if (event.key === 'Enter') search.current?.findPrevious(value);
            }}
          />
        </Paper>
      )}
    </Box>
  );
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
