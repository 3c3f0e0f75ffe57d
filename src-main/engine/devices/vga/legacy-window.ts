// The processor's view of video memory through 0xa0000..0xbffff: chain-4, odd/even and planar addressing, latches, write
// modes 0-3 and read modes 0-1 [PS2-HITR Video Subsystem]; under the Bochs interface a linear 64 KiB bank.
// Memory is interleaved: byte n of plane p is at 4n + p, so one aligned 32-bit word is what the latches hold.
// Chain-4 and odd/even store at the plane offsets real hardware uses (every fourth, every second), so programs may mix modes.
import type { MmioHandler } from '../../bus/device.ts';
import type { DirtyTracker } from './dirty-tracker.ts';
import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

const windowBytes = 0x10000;
/** Bytes 0x00 or 0xff in each plane's byte, from a 4-bit plane set. */
const planeFill: Uint32Array = Uint32Array.from({ length: 16 }, (_, planes) => {
  let fill = 0;
  for (let plane = 0; plane < 4; plane++) if (planes & (1 << plane)) fill |= 0xff << (8 * plane);
  return fill >>> 0;
});

export class LegacyWindow implements MmioHandler {
  /** The graphics controller's four latches as one word. */
  latch = 0;
  readonly #registers: VgaRegisters;
  readonly #dirty: DirtyTracker;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  // Derived from registers by `update`.
  #base = 0;
  #length = 0;
  #isLinear = false;
  #bankByte = 0;
  #bankWord = 0;
  #wordMask = 0xffff;
  #isChain4 = false;
  #isOddEvenWrite = false;
  #isOddEvenRead = false;
  #isOddEvenAddress = false;
  #oddEvenPage = 0;
  /** Write mode 0 that stores the byte as it comes. */
  #isPlainWrite = false;
  #mapMask = 0;
  /** Plain chain-4 writes to all planes: an aligned double word is one word of memory. */
  #isWholeWord = false;
  /** Plain text writes: character and attribute are neighbouring plane bytes. */
  #isCell = false;

  constructor(registers: VgaRegisters, memory: Uint8Array, dirty: DirtyTracker) {
    this.#registers = registers;
    this.#bytes = memory;
    this.#words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
    this.#dirty = dirty;
    this.update();
  }

  /** Recomputes the addressing after a change of the sequencer, graphics controller, misc output or DISPI registers. */
  update(): void {
    const { sequencer, graphics, misc, dispi } = this.#registers;
    const isDispi = (dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_ENABLED) !== 0;
    const isDispiPlanar = isDispi && dispi[r.VBE_DISPI_INDEX_BPP] === 4;
    this.#isLinear = isDispi && !isDispiPlanar;
    const memoryMap = isDispi ? 1 : (graphics[r.GC_MISC]! >> 2) & 3;
    this.#base = memoryMap < 2 ? 0 : memoryMap === 2 ? 0x10000 : 0x18000;
    this.#length = memoryMap === 0 ? 0x20000 : memoryMap === 1 ? 0x10000 : 0x8000;
    // The Bochs interface works without firmware ever enabling the legacy decode.
    if (!isDispi && (misc & r.MISC_RAM_ENABLE) === 0) this.#length = 0;
    this.#bankByte = isDispi ? dispi[r.VBE_DISPI_INDEX_BANK]! * windowBytes : 0;
    this.#bankWord = isDispiPlanar ? dispi[r.VBE_DISPI_INDEX_BANK]! * windowBytes : 0;
    this.#wordMask = isDispiPlanar ? this.#words.length - 1 : 0xffff;
    this.#isChain4 = !isDispiPlanar && (sequencer[r.SEQ_MEMORY_MODE]! & r.MEMORY_MODE_CHAIN_4) !== 0;
    this.#isOddEvenWrite = !isDispiPlanar && (sequencer[r.SEQ_MEMORY_MODE]! & r.MEMORY_MODE_SEQUENTIAL) === 0;
    this.#isOddEvenRead = !isDispiPlanar && (graphics[r.GC_MODE]! & r.GC_MODE_ODD_EVEN) !== 0;
    this.#isOddEvenAddress = !isDispiPlanar && (graphics[r.GC_MISC]! & r.GC_MISC_CHAIN_ODD_EVEN) !== 0;
    this.#oddEvenPage = misc & r.MISC_PAGE_SELECT ? 0 : 1;
    this.#mapMask = sequencer[r.SEQ_MAP_MASK]! & 15;
    this.#isPlainWrite =
      (graphics[r.GC_MODE]! & 3) === 0 &&
      (graphics[r.GC_DATA_ROTATE]! & 0x1f) === 0 &&
      (graphics[r.GC_ENABLE_SET_RESET]! & 15) === 0 &&
      graphics[r.GC_BIT_MASK] === 0xff;
    this.#isWholeWord = this.#isPlainWrite && this.#isChain4 && this.#mapMask === 15;
    this.#isCell =
      this.#isPlainWrite && !this.#isChain4 && this.#isOddEvenWrite && this.#isOddEvenAddress && this.#mapMask === 3;
  }

  read(offset: number, size: number): number {
    if (this.#isLinear) return this.#readLinear(offset, size);
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.#readByte(offset + i) << (8 * i);
    return value >>> 0;
  }

  write(offset: number, size: number, value: number): void {
    if (this.#isLinear) this.#writeLinear(offset, size, value);
    else if (size === 1) this.#writeByte(offset, value & 0xff);
    else if (!this.#writeWide(offset, size, value))
      for (let i = 0; i < size; i++) this.#writeByte(offset + i, (value >>> (8 * i)) & 0xff);
  }

  /** The two wide accesses worth a short cut; false if this is neither. */
  #writeWide(offset: number, size: number, value: number): boolean {
    const address = offset - this.#base;
    if (address < 0 || address + size > this.#length) return false;
    if (this.#isWholeWord && size === 4 && (address & 3) === 0) {
      const word = this.#wordAt(address);
      this.#words[word] = value;
      this.#dirty.markFont();
      this.#dirty.markByte(word << 2);
      return true;
    }
    if (!this.#isCell || (address & 1) !== 0) return false;
    for (let i = 0; i < size; i += 2) {
      const at = this.#wordAt(address + i) << 2;
      this.#bytes[at] = value >>> (8 * i);
      this.#bytes[at + 1] = value >>> (8 * i + 8);
      this.#dirty.markByte(at);
    }
    return true;
  }

  #readLinear(offset: number, size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) {
      const at = this.#bankByte + offset + i;
      const isInside = offset + i < windowBytes && at < this.#bytes.length;
      value |= (isInside ? this.#bytes[at]! : 0xff) << (8 * i);
    }
    return value >>> 0;
  }

  #writeLinear(offset: number, size: number, value: number): void {
    const at = this.#bankByte + offset;
    if (offset + size > windowBytes || at + size > this.#bytes.length) return;
    for (let i = 0; i < size; i++) this.#bytes[at + i] = value >>> (8 * i);
    this.#dirty.markRange(at, at + size);
  }

  /** Word index for a plane access; odd/even replaces the lowest address bit, which selects the plane pair. */
  #wordAt(address: number): number {
    let word = address;
    if (this.#isChain4) word = address & 0xfffc;
    else if (this.#isOddEvenAddress) {
      word = (address & 0xfffe) | (this.#length === 0x20000 ? address >>> 16 : this.#oddEvenPage);
    }
    return (word + this.#bankWord) & this.#wordMask;
  }

  #readByte(offset: number): number {
    const address = offset - this.#base;
    if (address < 0 || address >= this.#length) return 0xff;
    const { graphics } = this.#registers;
    const latch = this.#words[this.#wordAt(address)]!;
    this.latch = latch;
    if (this.#isChain4) return (latch >>> (8 * (address & 3))) & 0xff;
    if ((graphics[r.GC_MODE]! & r.GC_MODE_READ_COMPARE) !== 0) {
      let differs =
        (latch ^ planeFill[graphics[r.GC_COLOR_COMPARE]! & 15]!) & planeFill[graphics[r.GC_COLOR_DONT_CARE]! & 15]!;
      differs |= differs >>> 16;
      differs |= differs >>> 8;
      return ~differs & 0xff;
    }
    let plane = graphics[r.GC_READ_MAP]! & 3;
    if (this.#isOddEvenRead) plane = (plane & 2) | (address & 1);
    return (latch >>> (8 * plane)) & 0xff;
  }

  // hot path: one call per byte a guest draws in text, planar and chain-4 modes.
  #writeByte(offset: number, value: number): void {
    const address = offset - this.#base;
    if (address < 0 || address >= this.#length) return;
    let planes = this.#mapMask;
    if (this.#isChain4) planes &= 1 << (address & 3);
    else if (this.#isOddEvenWrite) planes &= address & 1 ? 0xa : 0x5;
    if (planes === 0) return;
    const word = this.#wordAt(address);
    if (this.#isPlainWrite) {
      const at = word << 2;
      if (planes & 1) this.#bytes[at] = value;
      if (planes & 2) this.#bytes[at + 1] = value;
      if (planes & 4) this.#bytes[at + 2] = value;
      if (planes & 8) this.#bytes[at + 3] = value;
    } else {
      const mask = planeFill[planes]!;
      this.#words[word] = (this.#words[word]! & ~mask) | (this.#compose(value) & mask);
    }
    if (planes & 4) this.#dirty.markFont();
    this.#dirty.markByte(word << 2);
  }

  /** The word that a write of `value` sends to the planes, before the map mask. */
  #compose(value: number): number {
    const { graphics } = this.#registers;
    const writeMode = graphics[r.GC_MODE]! & 3;
    if (writeMode === 1) return this.latch;
    const setReset = planeFill[graphics[r.GC_SET_RESET]! & 15]!;
    let bitMask = graphics[r.GC_BIT_MASK]!;
    let data: number;
    if (writeMode === 2) {
      data = planeFill[value & 15]!;
    } else {
      const rotate = graphics[r.GC_DATA_ROTATE]! & 7;
      const rotated = ((value >>> rotate) | (value << (8 - rotate))) & 0xff;
      if (writeMode === 3) {
        bitMask &= rotated;
        data = setReset;
      } else {
        const enable = planeFill[graphics[r.GC_ENABLE_SET_RESET]! & 15]!;
        data = (Math.imul(rotated, 0x01010101) & ~enable) | (setReset & enable);
      }
    }
    const operation = (graphics[r.GC_DATA_ROTATE]! >> 3) & 3;
    if (operation === 1) data &= this.latch;
    else if (operation === 2) data |= this.latch;
    else if (operation === 3) data ^= this.latch;
    const mask = Math.imul(bitMask, 0x01010101);
    return (data & mask) | (this.latch & ~mask);
  }
}
