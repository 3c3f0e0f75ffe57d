// How messages reach the host: a WebSocket in a browser, the preload bridge in Electron.

/** `refused`: the host answers but does not know this browser's cookie, as after its restart. */
export type ConnectionState = 'open' | 'lost' | 'refused';

export interface TransportEvents {
  onOpen(): void;
  onClose(state: Exclude<ConnectionState, 'open'>): void;
  onText(text: string): void;
  onBinary(bytes: Uint8Array): void;
}

export interface Transport {
  send(text: string): void;
}

/** What Electron's preload script exposes. */
export interface DesktopBridge {
  connect(receive: (message: string | Uint8Array) => void): void;
  send(text: string): void;
  /** Opens the system's file dialog; null when cancelled. */
  chooseFile(options: { title: string; extensions: string[] }): Promise<string | null>;
  /** Where a file that was dropped onto the window lies; empty when it lies nowhere. */
  pathOfFile?(file: File): string;
  /** Calls `ask` when the application is to end while machines run; null: nobody here asks. */
  onQuitAsked?(ask: (() => void) | null): void;
}

declare global {
  interface Window {
    ospiteDesktop?: DesktopBridge;
  }
}

const RECONNECT_MS = 1000;

export function connect(events: TransportEvents): Transport {
  return window.ospiteDesktop ? connectDesktop(window.ospiteDesktop, events) : connectSocket(events);
}

function connectDesktop(bridge: DesktopBridge, events: TransportEvents): Transport {
  bridge.connect((message) => {
    if (typeof message === 'string') events.onText(message);
    else events.onBinary(message);
  });
  queueMicrotask(() => events.onOpen());
  return { send: (text) => bridge.send(text) };
}

function connectSocket(events: TransportEvents): Transport {
  let socket: WebSocket;
  const open = (): void => {
    socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/socket`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => events.onOpen();
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => {
      if (typeof message.data === 'string') events.onText(message.data);
      else events.onBinary(new Uint8Array(message.data));
    };
    socket.onclose = () => {
      events.onClose('lost');
      setTimeout(() => void reopen(), RECONNECT_MS);
    };
  };
  // A WebSocket does not tell why it was refused; a request for a page does.
  const reopen = async (): Promise<void> => {
    const page = await fetch('./index.html', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
    if (page?.ok) return open();
    events.onClose(page?.status === 401 ? 'refused' : 'lost');
    setTimeout(() => void reopen(), RECONNECT_MS);
  };
  open();
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
  };
}
