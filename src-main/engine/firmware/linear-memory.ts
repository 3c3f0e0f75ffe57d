// Memory as the interrupted program addresses it. BIOS calls also come from virtual-8086 tasks with paging on (EMM386,
// Windows 3.x and 9x), where a real BIOS's loads and stores go through the page tables: so must ours.
// [SDM-3A §4.3, §4.4] 32-bit and PAE paging; long mode cannot call a BIOS.
import { CR0_PG, CR4_PAE, type FirmwareCpu, type FirmwareMemory } from './firmware-cpu.ts';

const PRESENT = 1;
const LARGE = 0x80;
const PAGE_BYTES = 0x1000;

/** Reads and writes at linear addresses; unmapped pages read as 0xff and swallow writes. */
export class LinearMemory {
  private readonly cpu: FirmwareCpu;
  private readonly memory: FirmwareMemory;

  constructor(cpu: FirmwareCpu, memory: FirmwareMemory) {
    this.cpu = cpu;
    this.memory = memory;
  }

  /** Guest-physical address, or null where nothing is mapped. */
  toPhysical(linear: number): number | null {
    if ((this.cpu.readCr(0) & CR0_PG) === 0) return linear;
    const address = linear >>> 0;
    return (this.cpu.readCr(4) & CR4_PAE) !== 0 ? this.walkPae(address) : this.walk32(address);
  }

  private walk32(linear: number): number | null {
    const directory = (this.cpu.readCr(3) & 0xfffff000) >>> 0;
    const upper = this.memory.readU32(directory + (linear >>> 22) * 4);
    if ((upper & PRESENT) === 0) return null;
    if ((upper & LARGE) !== 0) return ((upper & 0xffc00000) >>> 0) + (linear & 0x3fffff);
    const lower = this.memory.readU32(((upper & 0xfffff000) >>> 0) + ((linear >>> 12) & 0x3ff) * 4);
    return (lower & PRESENT) === 0 ? null : ((lower & 0xfffff000) >>> 0) + (linear & 0xfff);
  }

  private walkPae(linear: number): number | null {
    const frame = (entry: bigint): number => Number(entry & 0xffffffffff000n);
    const pointer = this.memory.readU64(((this.cpu.readCr(3) & 0xffffffe0) >>> 0) + (linear >>> 30) * 8);
    if ((pointer & 1n) === 0n) return null;
    const upper = this.memory.readU64(frame(pointer) + ((linear >>> 21) & 0x1ff) * 8);
    if ((upper & 1n) === 0n) return null;
    if ((upper & BigInt(LARGE)) !== 0n) return Number(upper & 0xfffffffe00000n) + (linear & 0x1fffff);
    const lower = this.memory.readU64(frame(upper) + ((linear >>> 12) & 0x1ff) * 8);
    return (lower & 1n) === 0n ? null : frame(lower) + (linear & 0xfff);
  }

  read(linear: number, target: Uint8Array): void {
    if ((this.cpu.readCr(0) & CR0_PG) === 0) {
      this.memory.read(linear, target);
      return;
    }
    this.eachPage(linear, target.length, (physical, start, end) => {
      const part = target.subarray(start, end);
      if (physical === null) part.fill(0xff);
      else this.memory.read(physical, part);
    });
  }

  write(linear: number, source: Uint8Array): void {
    if ((this.cpu.readCr(0) & CR0_PG) === 0) {
      this.memory.write(linear, source);
      return;
    }
    this.eachPage(linear, source.length, (physical, start, end) => {
      if (physical !== null) this.memory.write(physical, source.subarray(start, end));
    });
  }

  readU8(linear: number): number {
    const physical = this.toPhysical(linear);
    return physical === null ? 0xff : this.memory.readU8(physical);
  }

  writeU8(linear: number, value: number): void {
    const physical = this.toPhysical(linear);
    if (physical !== null) this.memory.writeU8(physical, value & 0xff);
  }

  readU16(linear: number): number {
    return this.readU8(linear) | (this.readU8(linear + 1) << 8);
  }

  writeU16(linear: number, value: number): void {
    this.writeU8(linear, value);
    this.writeU8(linear + 1, value >>> 8);
  }

  readU32(linear: number): number {
    return (this.readU16(linear) | (this.readU16(linear + 2) << 16)) >>> 0;
  }

  writeU32(linear: number, value: number): void {
    this.writeU16(linear, value);
    this.writeU16(linear + 2, value >>> 16);
  }

  /** Bytes from a fresh array. */
  take(linear: number, lengthBytes: number): Uint8Array {
    const bytes = new Uint8Array(lengthBytes);
    this.read(linear, bytes);
    return bytes;
  }

  private eachPage(
    linear: number,
    lengthBytes: number,
    visit: (physical: number | null, start: number, end: number) => void,
  ): void {
    let done = 0;
    while (done < lengthBytes) {
      const inPage = (linear + done) % PAGE_BYTES;
      const end = Math.min(done + PAGE_BYTES - inPage, lengthBytes);
      visit(this.toPhysical(linear + done), done, end);
      done = end;
    }
  }
}
