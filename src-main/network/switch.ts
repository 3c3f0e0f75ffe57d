// A learning Ethernet switch in one process. [IEEE-802.1D §7] It floods what it does not know, forgets addresses that have been
// silent, and trusts nobody: frame sizes, source addresses, the number of addresses and frame storms are bounded.
// Not modelled: spanning tree, VLANs (tags pass through), flow control.
import { type FrameBackend, frameBytesMax, frameBytesMin } from '../core/backends/frame.ts';
import type { Clock } from '../core/clock.ts';

/** An address unheard of for this long is forgotten: the standard's recommended ageing time. */
export const ageingTimeNs = 300e9;
const addressesMax = 4096;
/** Frames that one frame may cause, through receivers that answer at once, before the rest is dropped. */
const framesPerBurstMax = 1024;

/** One socket of a switch. */
export interface SwitchPort extends FrameBackend {
  /** Names it in captures and counters. */
  readonly name: string;
  readonly counters: PortCounters;
}

export interface PortCounters {
  sentFrames: number;
  receivedFrames: number;
  /** Frames from this port that were malformed or fell to the storm limit. */
  droppedFrames: number;
}

interface Learned {
  port: Port;
  heardAtNs: number;
}

class Port implements SwitchPort {
  readonly name: string;
  readonly counters: PortCounters = { sentFrames: 0, receivedFrames: 0, droppedFrames: 0 };
  receiver: ((frame: Uint8Array) => void) | null = null;
  readonly #owner: LearningSwitch;

  constructor(owner: LearningSwitch, name: string) {
    this.#owner = owner;
    this.name = name;
  }

  send(frame: Uint8Array): void {
    this.#owner.accept(this, frame);
  }

  onReceive(receiver: (frame: Uint8Array) => void): void {
    this.receiver = receiver;
  }

  close(): void {
    this.receiver = null;
    this.#owner.remove(this);
  }
}

export class LearningSwitch {
  readonly name: string;
  readonly #clock: Clock;
  readonly #onEmpty: () => void;
  readonly #ports = new Set<Port>();
  /** By the six address bytes as one number. Insertion order is age order: a heard address is re-inserted. */
  readonly #learned = new Map<number, Learned>();
  readonly #queue: { from: Port; frame: Uint8Array }[] = [];
  #isForwarding = false;

  /** @param onEmpty called when the last port has been closed */
  constructor(name: string, clock: Clock, onEmpty: () => void = () => {}) {
    this.name = name;
    this.#clock = clock;
    this.#onEmpty = onEmpty;
  }

  get portCount(): number {
    return this.#ports.size;
  }

  get learnedCount(): number {
    return this.#learned.size;
  }

  connect(portName: string): SwitchPort {
    const port = new Port(this, portName);
    this.#ports.add(port);
    return port;
  }

  remove(port: Port): void {
    if (!this.#ports.delete(port)) return;
    for (const [address, learned] of this.#learned) if (learned.port === port) this.#learned.delete(address);
    if (this.#ports.size === 0) this.#onEmpty();
  }

  /** Takes a frame from one of its ports. Frames that receivers send meanwhile queue behind it. */
  accept(from: Port, frame: Uint8Array): void {
    const isMalformed = frame.length < frameBytesMin || frame.length > frameBytesMax || isGroupAddress(frame, 6);
    if (!this.#ports.has(from) || isMalformed) {
      from.counters.droppedFrames++;
      return;
    }
    from.counters.sentFrames++;
    this.#learn(addressAt(frame, 6), from);
    if (this.#isForwarding) {
      if (this.#queue.length < framesPerBurstMax) this.#queue.push({ from, frame: frame.slice() });
      else from.counters.droppedFrames++;
      return;
    }
    this.#isForwarding = true;
    try {
      this.#forward(from, frame);
      this.#drain();
    } finally {
      this.#queue.length = 0;
      this.#isForwarding = false;
    }
  }

  #drain(): void {
    for (let count = 0; count < framesPerBurstMax; count++) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#forward(next.from, next.frame);
    }
    for (const { from } of this.#queue) from.counters.droppedFrames++;
  }

  #learn(address: number, port: Port): void {
    this.#learned.delete(address);
    if (this.#learned.size >= addressesMax) {
      const [oldest] = this.#learned.keys();
      if (oldest !== undefined) this.#learned.delete(oldest);
    }
    this.#learned.set(address, { port, heardAtNs: this.#clock.now() });
  }

  #forward(from: Port, frame: Uint8Array): void {
    const to = isGroupAddress(frame, 0) ? null : this.#portOf(addressAt(frame, 0));
    if (to) {
      // The destination is where the frame came from: it has been heard there already.
      if (to !== from) deliver(to, frame);
      return;
    }
    for (const port of [...this.#ports]) if (port !== from) deliver(port, frame);
  }

  #portOf(address: number): Port | null {
    const learned = this.#learned.get(address);
    if (!learned) return null;
    if (this.#clock.now() - learned.heardAtNs <= ageingTimeNs) return learned.port;
    this.#learned.delete(address);
    return null;
  }
}

function deliver(port: Port, frame: Uint8Array): void {
  if (!port.receiver) return;
  port.counters.receivedFrames++;
  port.receiver(frame);
}

function isGroupAddress(frame: Uint8Array, at: number): boolean {
  return (frame[at]! & 1) !== 0;
}

function addressAt(frame: Uint8Array, at: number): number {
  let address = 0;
  for (let i = 0; i < 6; i++) address = address * 256 + frame[at + i]!;
  return address;
}
