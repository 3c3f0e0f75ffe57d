// One serial port's terminal. It takes output from the moment the window is open; it is shown when its tab is.
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { type ITheme, Terminal } from '@xterm/xterm';
import { copyText } from '../../app/clipboard.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { traffic } from './console-store.ts';
import { toBase64 } from './save-file.ts';

const SCROLLBACK_LINES = 10_000;
const SEND_BYTES = 16_384;
const FONT = { default: 14, min: 8, max: 32 };

const themes: Record<'light' | 'dark', ITheme> = {
  dark: { background: '#11161d', foreground: '#d7dde5', cursor: '#85b8ee', selectionBackground: '#36506f' },
  light: {
    background: '#ffffff',
    foreground: '#1d232b',
    cursor: '#1f5a96',
    selectionBackground: '#b9d4f1',
    // The usual light colours are unreadable on white.
    white: '#5b6573',
    brightWhite: '#2a313b',
    yellow: '#8a6100',
    brightYellow: '#7a5600',
    green: '#1d6f31',
    brightGreen: '#1d6f31',
    cyan: '#0b6a75',
    brightCyan: '#0b6a75',
  },
};

/** Marks of what was found; without them the addon counts nothing. */
const decorations = {
  matchBackground: '#7a5a00',
  activeMatchBackground: '#b86a1b',
  matchOverviewRuler: '#b86a1b',
  activeMatchColorOverviewRuler: '#f2a65a',
};

export class SerialTerminal {
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  readonly #fit = new FitAddon();
  readonly #id: string;
  readonly #port: number;
  #onFind: () => void = () => {};

  constructor(id: string, port: number) {
    this.#id = id;
    this.#port = port;
    this.terminal = new Terminal({
      scrollback: SCROLLBACK_LINES,
      fontSize: FONT.default,
      fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
      cursorBlink: true,
      allowProposedApi: true,
    });
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.search);
    this.terminal.attachCustomKeyEventHandler((event) => !this.#isOurs(event));
    this.terminal.onData((text) => this.#send(new TextEncoder().encode(text)));
    this.terminal.onBinary((text) => this.#send(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff)));
  }

  /** Called when Ctrl+Shift+F asks for the search. */
  onFind(listener: () => void): void {
    this.#onFind = listener;
  }

  write(bytes: Uint8Array): void {
    traffic.received[this.#port]! += bytes.length;
    // A copy, because the terminal writes later and the bytes belong to the frame.
    this.terminal.write(bytes.slice());
  }

  show(container: HTMLElement): void {
    if (!this.terminal.element) this.terminal.open(container);
    else if (this.terminal.element.parentElement !== container) container.append(this.terminal.element);
    this.fit();
    this.terminal.focus();
  }

  fit(): void {
    this.#fit.fit();
  }

  setScheme(scheme: 'light' | 'dark'): void {
    this.terminal.options.theme = themes[scheme];
  }

  enlarge(by: number): void {
    const size = (this.terminal.options.fontSize ?? FONT.default) + by;
    this.terminal.options.fontSize = Math.max(FONT.min, Math.min(FONT.max, size));
    this.fit();
  }

  find(text: string, direction: -1 | 1, isTyping = false): void {
    const options = { decorations, incremental: isTyping };
    if (text === '') this.search.clearDecorations();
    else if (direction > 0) this.search.findNext(text, options);
    else this.search.findPrevious(text, options);
  }

  /** Everything that is kept, as text. */
  contents(): string {
    const { active } = this.terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return `${lines.join('\n').trimEnd()}\n`;
  }

  copy(): void {
    const text = this.terminal.getSelection() || this.contents();
    void attempt(() => copyText(text));
  }

  #isOurs(event: KeyboardEvent): boolean {
    if (!event.ctrlKey || !event.shiftKey || event.type !== 'keydown') return false;
    if (event.code === 'KeyF') this.#onFind();
    else if (event.code === 'KeyC') this.copy();
    else return false;
    event.preventDefault();
    return true;
  }

  #send(bytes: Uint8Array): void {
    traffic.sent[this.#port]! += bytes.length;
    for (let at = 0; at < bytes.length; at += SEND_BYTES) {
      const data = toBase64(bytes.subarray(at, at + SEND_BYTES));
      void client.call('machine.serialInput', { id: this.#id, port: this.#port, data }).catch(() => {});
    }
  }
}

const terminals = new Map<number, SerialTerminal>();

export function serialTerminal(id: string, port: number): SerialTerminal {
  let found = terminals.get(port);
  if (!found) {
    found = new SerialTerminal(id, port);
    terminals.set(port, found);
  }
  return found;
}

/** A machine that starts again begins with empty terminals. */
export function resetTerminals(): void {
  for (const { terminal } of terminals.values()) terminal.reset();
}
