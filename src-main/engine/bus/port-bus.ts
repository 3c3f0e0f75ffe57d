// The 64 Ki port I/O space: one handler slot per port, so an access is one array read and one call. Of overlapping
// mappings the newest wins and the older come back when it is removed. Ports nobody claims float: reads give ones.
import type { Mapping, PortIoHandler } from './device.ts';

interface PortRange {
  readonly base: number;
  readonly end: number;
  readonly handler: PortIoHandler;
}

/** All ones for an access of `size` bytes: what an undriven bus reads as. */
export function openBus(size: number): number {
  return size === 1 ? 0xff : size === 2 ? 0xffff : 0xffffffff;
}

export class PortBus {
  readonly #slots: (PortIoHandler | null)[] = new Array<PortIoHandler | null>(0x10000).fill(null);
  readonly #ranges: PortRange[] = [];

  map(base: number, count: number, handler: PortIoHandler): Mapping {
    const range: PortRange = { base, end: Math.min(base + count, 0x10000), handler };
    this.#ranges.push(range);
    this.#slots.fill(handler, range.base, range.end);
    return { remove: () => this.#remove(range) };
  }

  read(port: number, size: number): number {
    const handler = this.#slots[port & 0xffff];
    return handler ? handler.read(port, size) >>> 0 : openBus(size);
  }

  write(port: number, size: number, value: number): void {
    this.#slots[port & 0xffff]?.write(port, size, value);
  }

  #remove(range: PortRange): void {
    const index = this.#ranges.indexOf(range);
    if (index < 0) return;
    this.#ranges.splice(index, 1);
    this.#slots.fill(null, range.base, range.end);
    for (const other of this.#ranges) {
      const start = Math.max(other.base, range.base);
      const end = Math.min(other.end, range.end);
      if (start < end) this.#slots.fill(other.handler, start, end);
    }
  }
}

/** Presents an 8-bit ISA chip to wider accesses: they become byte accesses to consecutive ports, lowest first. */
export class ByteWidePorts implements PortIoHandler {
  readonly #read: (port: number) => number;
  readonly #write: (port: number, value: number) => void;

  constructor(read: (port: number) => number, write: (port: number, value: number) => void) {
    this.#read = read;
    this.#write = write;
  }

  read(port: number, size: number): number {
    if (size === 1) return this.#read(port);
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.#read(port + i) << (8 * i);
    return value >>> 0;
  }

  write(port: number, size: number, value: number): void {
    if (size === 1) this.#write(port, value & 0xff);
    else for (let i = 0; i < size; i++) this.#write(port + i, (value >>> (8 * i)) & 0xff);
  }
}
