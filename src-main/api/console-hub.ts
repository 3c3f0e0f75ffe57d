// Joins the consoles of running machines to the clients that look at them. Every client has its own idea of the screen, so
// each newcomer is sent the whole picture once; then all get the changed rectangles. Output of serial ports is kept (bounded)
// so that a window opened late shows what was printed.
import type { DisplayRect } from '../core/backends/display.ts';
import { SerialHistory } from '../core/serial-history.ts';
import type { MachineHandle } from '../engine/handle.ts';
import type { DisplayFrame, PointerMode } from '../engine/protocol.ts';
import type { MachineManager } from '../manager/machine-manager.ts';

/** What the guest does with keyboard and mouse; null where it has not said. */
export interface GuestInput {
  leds: number | null;
  pointerMode: PointerMode | null;
}

export interface ConsoleReceiver {
  frame(frame: DisplayFrame): void;
  serial(port: number, bytes: Uint8Array): void;
}
export interface ConsoleWatcher {
  frameShown(): void;
  dispose(): void;
}

interface Watcher extends ConsoleReceiver {
  /** Waits for its `frameShown`. */
  isBusy: boolean;
  /** What changed while it was busy; null: nothing. */
  missed: DisplayRect | null;
}

class MachineConsole {
  readonly watchers = new Set<Watcher>();
  #handle: MachineHandle | null = null;
  /** The picture as it is now: frames only bring changes. */
  #screen = { width: 0, height: 0, rgba: new Uint8Array(0) };
  readonly #history = new Map<number, SerialHistory>();
  /** The worker waits for word that its last frame was taken. */
  #owesWorker = false;
  input: GuestInput = { leds: null, pointerMode: null };

  attach(handle: MachineHandle): void {
    this.#handle = handle;
    this.#history.clear();
    this.#owesWorker = false;
    this.#screen = { width: 0, height: 0, rgba: new Uint8Array(0) };
    handle.on('frame', (frame) => this.#frame(frame));
    handle.on('serial', ({ port, bytes }) => this.#serial(port, bytes));
    this.input = { leds: null, pointerMode: null };
    handle.on('leds', (leds) => {
      this.input = { ...this.input, leds };
    });
    handle.on('pointerMode', (pointerMode) => {
      this.input = { ...this.input, pointerMode };
    });
    handle.on('ended', () => {
      if (this.#handle === handle) this.#handle = null;
    });
    handle.watchDisplay(this.watchers.size > 0);
  }

  add(watcher: Watcher): void {
    this.watchers.add(watcher);
    for (const [port, history] of this.#history) watcher.serial(port, history.contents());
    if (this.#screen.width > 0) this.#sendRect(watcher, this.#whole());
    this.#askForNext();
    this.#handle?.watchDisplay(true);
  }

  remove(watcher: Watcher): void {
    this.watchers.delete(watcher);
    this.#askForNext();
    if (this.watchers.size === 0) this.#handle?.watchDisplay(false);
  }

  shown(watcher: Watcher): void {
    watcher.isBusy = false;
    const { missed } = watcher;
    watcher.missed = null;
    if (missed && this.watchers.has(watcher)) this.#sendRect(watcher, missed);
    this.#askForNext();
  }

  #whole(): DisplayRect {
    return { x: 0, y: 0, width: this.#screen.width, height: this.#screen.height };
  }

  #frame(frame: DisplayFrame): void {
    const isResized = frame.width !== this.#screen.width || frame.height !== this.#screen.height;
    if (isResized)
      this.#screen = { width: frame.width, height: frame.height, rgba: new Uint8Array(frame.width * frame.height * 4) };
    let at = 0;
    for (const rect of frame.rects) {
      const rowBytes = rect.width * 4;
      for (let y = 0; y < rect.height; y++) {
        this.#screen.rgba.set(frame.pixels.subarray(at, at + rowBytes), ((rect.y + y) * frame.width + rect.x) * 4);
        at += rowBytes;
      }
    }
    this.#owesWorker = true;
    try {
      for (const watcher of this.watchers) this.#give(watcher, frame, isResized);
    } finally {
      // A client that is gone must not hold up the others.
      this.#askForNext();
    }
  }

  #give(watcher: Watcher, frame: DisplayFrame, isResized: boolean): void {
    if (isResized) watcher.missed = this.#whole();
    if (watcher.isBusy) {
      for (const rect of frame.rects) watcher.missed = union(watcher.missed, rect);
    } else if (isResized) {
      this.shown(watcher);
    } else {
      watcher.isBusy = true;
      watcher.frame(frame);
    }
  }

  /**
   * Lets the worker draw the next frame, unless every client has one to come already: drawing what nobody takes costs the
   * guest its processor. Slow clients are served from the picture kept here and hold up nobody.
   */
  #askForNext(): void {
    if (!this.#owesWorker) return;
    if (this.watchers.size > 0 && [...this.watchers].every(({ missed }) => missed !== null)) return;
    this.#owesWorker = false;
    this.#handle?.frameShown();
  }

  #sendRect(watcher: Watcher, wanted: DisplayRect): void {
    const { width, height, rgba } = this.#screen;
    const rect = clip(wanted, width, height);
    if (rect.width === 0 || rect.height === 0) return;
    const pixels = new Uint8Array(rect.width * rect.height * 4);
    for (let y = 0; y < rect.height; y++) {
      const from = ((rect.y + y) * width + rect.x) * 4;
      pixels.set(rgba.subarray(from, from + rect.width * 4), y * rect.width * 4);
    }
    watcher.isBusy = true;
    watcher.frame({ width, height, rects: [rect], pixels });
  }

  #serial(port: number, bytes: Uint8Array): void {
    let history = this.#history.get(port);
    if (!history) {
      history = new SerialHistory();
      this.#history.set(port, history);
    }
    history.append(bytes);
    for (const watcher of this.watchers) watcher.serial(port, bytes);
  }
}

export class ConsoleHub {
  readonly #consoles = new Map<string, MachineConsole>();

  constructor(manager: MachineManager) {
    manager.on('console', ({ id, handle }) => this.#console(id).attach(handle));
    manager.on('machine.removed', ({ id }) => this.#consoles.delete(id));
  }

  watch(id: string, receiver: ConsoleReceiver): ConsoleWatcher {
    const shared = this.#console(id);
    const watcher: Watcher = { ...receiver, isBusy: false, missed: null };
    shared.add(watcher);
    return { frameShown: () => shared.shown(watcher), dispose: () => shared.remove(watcher) };
  }

  /** For a client that was not there when the guest said it. */
  input(id: string): GuestInput {
    return this.#console(id).input;
  }

  #console(id: string): MachineConsole {
    let found = this.#consoles.get(id);
    if (!found) {
      found = new MachineConsole();
      this.#consoles.set(id, found);
    }
    return found;
  }
}

function union(a: DisplayRect | null, b: DisplayRect): DisplayRect {
  if (!a) return b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

function clip(rect: DisplayRect, width: number, height: number): DisplayRect {
  const x = Math.min(rect.x, width);
  const y = Math.min(rect.y, height);
  return { x, y, width: Math.min(rect.width, width - x), height: Math.min(rect.height, height - y) };
}
