// Bus-master access to guest memory through PHYS_MAP: exactly what the processor sees as memory, ROMs read-only. Writes mark
// logged pages dirty and drop code that was made from the written bytes.
import type { Logger } from '../../core/logger.ts';
import type { DmaAccess } from '../bus/device.ts';
import {
  DIRTY_MAP,
  PAGE_BACKED,
  PAGE_CODE,
  PAGE_LOG,
  PAGE_WRITABLE,
  PHYS_MAP,
  PHYS_PAGES,
} from '../cpu/core/layout.ts';
import type { PhysicalMap } from './physical-map.ts';

const PAGE = 0x1000;
const OFFSET_MASK = 0xfff;
const ADDRESS_LIMIT = PHYS_PAGES * PAGE;

export class GuestDma implements DmaAccess {
  readonly #entries: Uint32Array;
  readonly #dirty: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #map: PhysicalMap;
  readonly #log: Logger;

  constructor(memory: WebAssembly.Memory, map: PhysicalMap, log: Logger) {
    this.#entries = new Uint32Array(memory.buffer, PHYS_MAP, PHYS_PAGES);
    this.#dirty = new Uint8Array(memory.buffer, DIRTY_MAP, PHYS_PAGES);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#map = map;
    this.#log = log;
  }

  read(gpa: number, target: Uint8Array): void {
    let done = 0;
    while (done < target.length) {
      const at = gpa + done;
      const wanted = target.length - done;
      const run = this.#run(at, wanted, PAGE_BACKED);
      if (run === 0) {
        const skipped = Math.min(wanted, PAGE - (at % PAGE));
        target.fill(0xff, done, done + skipped);
        this.#report('read', at);
        done += skipped;
        continue;
      }
      const host = this.#host(at);
      target.set(this.#bytes.subarray(host, host + run), done);
      done += run;
    }
  }

  write(gpa: number, source: Uint8Array): void {
    let done = 0;
    while (done < source.length) {
      const at = gpa + done;
      const wanted = source.length - done;
      const run = this.#run(at, wanted, PAGE_BACKED | PAGE_WRITABLE);
      if (run === 0) {
        this.#report('write', at);
        done += Math.min(wanted, PAGE - (at % PAGE));
        continue;
      }
      this.#bytes.set(run === source.length ? source : source.subarray(done, done + run), this.#host(at));
      this.#noteWritten(at, run);
      done += run;
    }
  }

  readU8(gpa: number): number {
    return this.#canRead(gpa, 1) ? this.#bytes[this.#host(gpa)]! : 0xff;
  }

  readU16(gpa: number): number {
    if (this.#canRead(gpa, 2)) return this.#view.getUint16(this.#host(gpa), true);
    return this.readU8(gpa) | (this.readU8(gpa + 1) << 8);
  }

  readU32(gpa: number): number {
    if (this.#canRead(gpa, 4)) return this.#view.getUint32(this.#host(gpa), true);
    return (this.readU16(gpa) | (this.readU16(gpa + 2) << 16)) >>> 0;
  }

  readU64(gpa: number): bigint {
    if (this.#canRead(gpa, 8)) return this.#view.getBigUint64(this.#host(gpa), true);
    return BigInt(this.readU32(gpa)) | (BigInt(this.readU32(gpa + 4)) << 32n);
  }

  writeU8(gpa: number, value: number): void {
    if (!this.#canWrite(gpa, 1)) {
      this.#report('write', gpa);
      return;
    }
    this.#bytes[this.#host(gpa)] = value;
    this.#noteWritten(gpa, 1);
  }

  writeU16(gpa: number, value: number): void {
    if (!this.#canWrite(gpa, 2)) {
      this.writeU8(gpa, value);
      this.writeU8(gpa + 1, value >>> 8);
      return;
    }
    this.#view.setUint16(this.#host(gpa), value, true);
    this.#noteWritten(gpa, 2);
  }

  writeU32(gpa: number, value: number): void {
    if (!this.#canWrite(gpa, 4)) {
      this.writeU16(gpa, value);
      this.writeU16(gpa + 2, value >>> 16);
      return;
    }
    this.#view.setUint32(this.#host(gpa), value, true);
    this.#noteWritten(gpa, 4);
  }

  writeU64(gpa: number, value: bigint): void {
    if (!this.#canWrite(gpa, 8)) {
      this.writeU32(gpa, Number(value & 0xffffffffn));
      this.writeU32(gpa + 4, Number((value >> 32n) & 0xffffffffn));
      return;
    }
    this.#view.setBigUint64(this.#host(gpa), value, true);
    this.#noteWritten(gpa, 8);
  }

  #entry(gpa: number): number {
    return gpa >= 0 && gpa < ADDRESS_LIMIT ? this.#entries[Math.floor(gpa / PAGE)]! : 0;
  }

  #host(gpa: number): number {
    return ((this.#entry(gpa) & ~OFFSET_MASK) >>> 0) + (gpa % PAGE);
  }

  /** True if all of a small access lies in one backed page. Negative and fractional addresses end up in `#entry`'s zero. */
  #canRead(gpa: number, size: number): boolean {
    return (this.#entry(gpa) & PAGE_BACKED) !== 0 && (gpa % PAGE) + size <= PAGE;
  }

  #canWrite(gpa: number, size: number): boolean {
    const wanted = PAGE_BACKED | PAGE_WRITABLE;
    return (this.#entry(gpa) & wanted) === wanted && (gpa % PAGE) + size <= PAGE;
  }

  /** Bytes from `gpa`, at most `wanted`, that have all `flags` and lie in a row on the host; 0 if the first has not. */
  #run(gpa: number, wanted: number, flags: number): number {
    const entry = this.#entry(gpa);
    if ((entry & flags) !== flags) return 0;
    let run = PAGE - (gpa % PAGE);
    let host = (entry & ~OFFSET_MASK) >>> 0;
    while (run < wanted) {
      const next = this.#entry(gpa + run);
      host += PAGE;
      if ((next & flags) !== flags || (next & ~OFFSET_MASK) >>> 0 !== host) break;
      run += PAGE;
    }
    return Math.min(run, wanted);
  }

  #noteWritten(gpa: number, lengthBytes: number): void {
    const last = Math.floor((gpa + lengthBytes - 1) / PAGE);
    for (let page = Math.floor(gpa / PAGE); page <= last; page++) {
      const entry = this.#entries[page]!;
      if (entry & PAGE_LOG) this.#dirty[page] = 1;
      if (entry & PAGE_CODE) {
        const start = Math.max(gpa, page * PAGE);
        this.#map.invalidateCode(start, Math.min(gpa + lengthBytes, (page + 1) * PAGE) - start);
      }
    }
  }

  #report(verb: string, gpa: number): void {
    this.#log.limited(
      `dma.${verb}`,
      'warn',
      `A device was told to ${verb} at 0x${gpa.toString(16)}, where no memory is`,
    );
  }
}
