// VESA BIOS extensions on the Bochs display interface: information, modes, banks, logical line length, display start, DAC
// width and palette. [VBE-3.0]. Not offered: protected-mode interface (4F0Ah), refresh control, stereo.
import { BDA, EBDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { PciConfig } from '../pci-setup.ts';
import { VIDEO_SEGMENT } from '../services.ts';
import { findVideoMode } from './modes.ts';
import type { Screen } from './screen.ts';
import { pitchOf, type VbeMode, vbeModes } from './vbe-modes.ts';
import { DISPI, DISPI_8BIT_DAC, DISPI_ENABLED, DISPI_LFB, DISPI_NOCLEARMEM } from './vga-ports.ts';
import { VBE_MODE_LIST, VBE_OEM_STRING } from './video-rom.ts';
import { STATE_DISPI, type VideoState } from './video-state.ts';

const SUPPORTED = 0x004f;
const FAILED = 0x014f;
const LINEAR = 0x4000;
const KEEP_MEMORY = 0x8000;
const BANK_BYTES = 0x10000;
const INFO_BYTES_2_0 = 512;
const INFO_BYTES_1_2 = 256;

export class Vbe {
  private readonly context: FirmwareContext;
  private readonly screen: Screen;
  private readonly state: VideoState;

  constructor(context: FirmwareContext, screen: Screen, state: VideoState) {
    this.context = context;
    this.screen = screen;
    this.state = state;
  }

  /** A standard mode was set. */
  leave(): void {
    this.context.memory.writeU16(EBDA.vbeMode, 0);
  }

  private videoMemoryBytes(): number {
    const banks = this.screen.vga.readDispi(DISPI.VIDEO_MEMORY_64K);
    return banks === 0 || banks === 0xffff ? 0x40000 : banks * BANK_BYTES;
  }

  private framebufferAddress(): number {
    const config = new PciConfig(this.context.ports);
    const display = config.functions().find((address) => config.read(address, 0x0a, 2) === 0x0300);
    return display === undefined ? 0 : (config.read(display, 0x10, 4) & 0xfffffff0) >>> 0;
  }

  private find(number: number): VbeMode | null {
    const mode = vbeModes.find((candidate) => candidate.number === (number & 0x1ff));
    return mode !== undefined && pitchOf(mode) * mode.height <= this.videoMemoryBytes() ? mode : null;
  }

  private current(): VbeMode | null {
    return this.find(this.context.memory.readU16(EBDA.vbeMode));
  }

  handle(frame: CallFrame): void {
    const id = this.screen.vga.readDispi(DISPI.ID);
    if (id < 0xb0c0 || id > 0xb0cf) return;
    switch (frame.al) {
      case 0x00:
        this.information(frame);
        return;
      case 0x01:
        this.modeInformation(frame);
        return;
      case 0x02:
        this.setMode(frame);
        return;
      case 0x03:
        frame.bx = this.context.memory.readU16(EBDA.vbeMode) || this.context.memory.readU8(BDA.videoMode);
        frame.ax = SUPPORTED;
        return;
      case 0x04:
        this.saveRestore(frame, true);
        return;
      case 0x05:
        this.window(frame);
        return;
      case 0x06:
        this.lineLength(frame);
        return;
      case 0x07:
        this.displayStart(frame);
        return;
      case 0x08:
        this.dacWidth(frame);
        return;
      case 0x09:
        this.palette(frame);
        return;
      default:
        frame.ax = 0x0100;
    }
  }

  private information(frame: CallFrame): void {
    const { linear } = this.context;
    const at = frame.es(frame.di);
    const wantsVersion2 = linear.readU32(at) === 0x32454256;
    const block = new Uint8Array(wantsVersion2 ? INFO_BYTES_2_0 : INFO_BYTES_1_2);
    const view = new DataView(block.buffer);
    const pointer = (offset: number): number => ((VIDEO_SEGMENT << 16) | offset) >>> 0;
    view.setUint32(0, 0x41534556, true);
    view.setUint16(4, 0x0300, true);
    view.setUint32(6, pointer(VBE_OEM_STRING), true);
    // The DAC can be switched to 8 bits a component.
    view.setUint32(10, 1, true);
    view.setUint32(14, pointer(VBE_MODE_LIST), true);
    view.setUint16(18, this.videoMemoryBytes() / BANK_BYTES, true);
    if (wantsVersion2) {
      view.setUint16(20, 0x0001, true);
      for (const offset of [22, 26, 30]) view.setUint32(offset, pointer(VBE_OEM_STRING), true);
    }
    linear.write(at, block);
    frame.ax = SUPPORTED;
  }

  private modeInformation(frame: CallFrame): void {
    const mode = this.find(frame.cx & ~LINEAR);
    if (mode === null) {
      frame.ax = FAILED;
      return;
    }
    const block = describeMode(mode, this.videoMemoryBytes(), this.framebufferAddress());
    this.context.linear.write(frame.es(frame.di), block);
    frame.ax = SUPPORTED;
  }

  private setMode(frame: CallFrame): void {
    const { vga } = this.screen;
    const standard = frame.bx & 0x1ff;
    if (standard < 0x100) {
      const mode = findVideoMode(standard & 0x7f);
      if (mode === null) {
        frame.ax = FAILED;
        return;
      }
      this.screen.setMode(mode, (frame.bx & KEEP_MEMORY) !== 0);
      this.leave();
      frame.ax = SUPPORTED;
      return;
    }
    const mode = this.find(frame.bx);
    if (mode === null) {
      frame.ax = FAILED;
      return;
    }
    const isLinear = (frame.bx & LINEAR) !== 0;
    const keepMemory = (frame.bx & KEEP_MEMORY) !== 0;
    vga.dispi(DISPI.ENABLE, 0);
    vga.dispi(DISPI.XRES, mode.width);
    vga.dispi(DISPI.YRES, mode.height);
    vga.dispi(DISPI.BPP, mode.bitsPerPixel);
    vga.dispi(DISPI.ENABLE, DISPI_ENABLED | (isLinear ? DISPI_LFB : 0) | (keepMemory ? DISPI_NOCLEARMEM : 0));
    this.prepareWindow(mode);
    this.context.memory.writeU16(EBDA.vbeMode, frame.bx & (0x1ff | LINEAR | KEEP_MEMORY));
    this.setDataArea(mode);
    frame.ax = SUPPORTED;
  }

  /** The standard registers must open the banked window at 0xa0000 and, for 256 colours, hold a palette. */
  private prepareWindow(mode: VbeMode): void {
    const { vga } = this.screen;
    vga.sequencer(2, 0x0f);
    vga.sequencer(4, 0x0e);
    vga.graphics(5, 0x40);
    vga.graphics(6, 0x05);
    vga.attribute(0x10, 0x41);
    vga.dacMask(0xff);
    if (mode.bitsPerPixel === 8) {
      const linear = findVideoMode(0x13)!;
      linear.attribute.slice(0, 16).forEach((value, index) => {
        vga.attribute(index, value);
      });
      this.screen.loadPalette(linear.palette);
    }
  }

  private setDataArea(mode: VbeMode): void {
    const { memory } = this.context;
    memory.writeU16(BDA.columns, mode.width / 8);
    memory.writeU8(BDA.lastRow, Math.min(Math.floor(mode.height / 16), 255) - 1);
    memory.writeU16(BDA.characterHeight, 16);
    memory.writeU8(BDA.activePage, 0);
  }

  /** BH 0 set, 1 get; window A only; DX in units of 64 KiB. */
  private window(frame: CallFrame): void {
    const { vga } = this.screen;
    if (this.current() === null || frame.bl !== 0 || frame.bh > 1) {
      frame.ax = FAILED;
      return;
    }
    if (frame.bh === 0) {
      if (frame.dx * BANK_BYTES >= this.videoMemoryBytes()) {
        frame.ax = FAILED;
        return;
      }
      vga.dispi(DISPI.BANK, frame.dx);
    } else {
      frame.dx = vga.readDispi(DISPI.BANK);
    }
    frame.ax = SUPPORTED;
  }

  /** BL 0 set pixels, 1 get, 2 set bytes, 3 maximum. */
  private lineLength(frame: CallFrame): void {
    const { vga } = this.screen;
    const mode = this.current();
    if (mode === null || frame.bl > 3) {
      frame.ax = FAILED;
      return;
    }
    const bytesPerPixel = Math.ceil(mode.bitsPerPixel / 8);
    if (frame.bl === 0 || frame.bl === 2) {
      const pixels = frame.bl === 0 ? frame.cx : Math.ceil(frame.cx / bytesPerPixel);
      const width = Math.ceil(Math.max(pixels, mode.width) / 8) * 8;
      if (width * bytesPerPixel * mode.height > this.videoMemoryBytes()) {
        frame.ax = 0x024f;
        return;
      }
      vga.dispi(DISPI.VIRT_WIDTH, width);
    }
    const width =
      frame.bl === 3
        ? Math.floor(Math.min(this.videoMemoryBytes() / mode.height / bytesPerPixel, 0x4000) / 8) * 8
        : vga.readDispi(DISPI.VIRT_WIDTH);
    frame.bx = width * bytesPerPixel;
    frame.cx = width;
    frame.dx = Math.min(Math.floor(this.videoMemoryBytes() / (width * bytesPerPixel)), 0xffff);
    frame.ax = SUPPORTED;
  }

  private displayStart(frame: CallFrame): void {
    const { vga } = this.screen;
    const mode = this.current();
    if (mode === null) {
      frame.ax = FAILED;
      return;
    }
    switch (frame.bl & 0x7f) {
      case 0x00:
        vga.dispi(DISPI.X_OFFSET, frame.cx);
        vga.dispi(DISPI.Y_OFFSET, frame.dx);
        break;
      case 0x01:
        frame.bh = 0;
        frame.cx = vga.readDispi(DISPI.X_OFFSET);
        frame.dx = vga.readDispi(DISPI.Y_OFFSET);
        break;
      case 0x02: {
        const bytesPerPixel = Math.ceil(mode.bitsPerPixel / 8);
        const pitch = vga.readDispi(DISPI.VIRT_WIDTH) * bytesPerPixel;
        vga.dispi(DISPI.X_OFFSET, Math.floor((frame.ecx % pitch) / bytesPerPixel));
        vga.dispi(DISPI.Y_OFFSET, Math.floor(frame.ecx / pitch));
        break;
      }
      default:
        frame.ax = FAILED;
        return;
    }
    frame.ax = SUPPORTED;
  }

  private dacWidth(frame: CallFrame): void {
    const { vga } = this.screen;
    if (this.current()?.bitsPerPixel !== 8 || frame.bl > 1) {
      frame.ax = FAILED;
      return;
    }
    const enable = vga.readDispi(DISPI.ENABLE);
    if (frame.bl === 0) {
      const isWide = frame.bh >= 8;
      vga.dispi(
        DISPI.ENABLE,
        ((isWide ? enable | DISPI_8BIT_DAC : enable & ~DISPI_8BIT_DAC) | DISPI_NOCLEARMEM) & 0xffff,
      );
    }
    frame.bh = (vga.readDispi(DISPI.ENABLE) & DISPI_8BIT_DAC) !== 0 ? 8 : 6;
    frame.ax = SUPPORTED;
  }

  /** CX entries of blue, green, red, alignment from DX. */
  private palette(frame: CallFrame): void {
    const { linear } = this.context;
    const count = Math.min(frame.cx, 256 - (frame.dx & 0xff));
    const at = frame.es(frame.di);
    const { vga } = this.screen;
    switch (frame.bl) {
      case 0x00:
      case 0x80: {
        const entries = linear.take(at, count * 4);
        const colors = new Uint8Array(count * 3);
        for (let index = 0; index < count; index++) {
          for (let part = 0; part < 3; part++) colors[index * 3 + part] = entries[index * 4 + 2 - part]!;
        }
        vga.dac(frame.dx & 0xff, colors);
        break;
      }
      case 0x01: {
        const colors = vga.readDac(frame.dx & 0xff, count);
        const entries = new Uint8Array(count * 4);
        for (let index = 0; index < count; index++) {
          for (let part = 0; part < 3; part++) entries[index * 4 + 2 - part] = colors[index * 3 + part]!;
        }
        linear.write(at, entries);
        break;
      }
      default:
        frame.ax = FAILED;
        return;
    }
    frame.ax = SUPPORTED;
  }

  /** INT 10h/1Ch and 4F04h: DL 0 size in 64-byte blocks, 1 save, 2 restore; buffer ES:BX; CX parts. */
  saveRestore(frame: CallFrame, isVbe: boolean): void {
    const operation = isVbe ? frame.dl : frame.al;
    const parts = frame.cx & (isVbe ? 0x0f : 0x0f & ~STATE_DISPI);
    const at = frame.es(frame.bx);
    if (operation > 2) {
      if (isVbe) frame.ax = FAILED;
      return;
    }
    if (operation === 0) frame.bx = Math.ceil(this.state.sizeBytes(parts) / 64);
    else if (operation === 1) this.context.linear.write(at, this.state.save(parts));
    else this.state.restore(parts, this.context.linear.take(at, this.state.sizeBytes(parts)));
    if (isVbe) frame.ax = SUPPORTED;
    else frame.al = 0x1c;
  }
}

/** ModeInfoBlock. [VBE-3.0 §4.4] */
function describeMode(mode: VbeMode, memoryBytes: number, framebuffer: number): Uint8Array {
  const block = new Uint8Array(256);
  const view = new DataView(block.buffer);
  const pitch = pitchOf(mode);
  const isDirect = mode.bitsPerPixel > 8;
  // Supported, colour, graphics, extended information; linear framebuffer when the adapter is on PCI.
  view.setUint16(0, 0x1b | (framebuffer !== 0 ? 0x80 : 0), true);
  // Window A relocatable, readable, writable.
  block[2] = 7;
  view.setUint16(4, 64, true);
  view.setUint16(6, 64, true);
  view.setUint16(8, 0xa000, true);
  view.setUint16(16, pitch, true);
  view.setUint16(18, mode.width, true);
  view.setUint16(20, mode.height, true);
  block[22] = 8;
  block[23] = 16;
  block[24] = 1;
  block[25] = mode.bitsPerPixel;
  block[26] = 1;
  block[27] = isDirect ? 6 : 4;
  block[29] = Math.min(Math.floor(memoryBytes / (pitch * mode.height)) - 1, 255);
  block[30] = 1;
  const fields = isDirect ? colorFields(mode.bitsPerPixel) : new Array<number>(8).fill(0);
  block.set(fields, 31);
  // Bit 1 of DirectColorModeInfo: the padding bits are usable.
  block[39] = mode.bitsPerPixel === 32 ? 2 : 0;
  view.setUint32(40, framebuffer, true);
  // The same again for linear modes. [VBE-3.0]
  view.setUint16(50, pitch, true);
  block[52] = block[29]!;
  block[53] = block[29]!;
  block.set(fields, 54);
  view.setUint32(62, 230_000_000, true);
  return block;
}

/** Red, green, blue, reserved: mask size and position. */
function colorFields(bits: number): number[] {
  if (bits === 15) return [5, 10, 5, 5, 5, 0, 1, 15];
  if (bits === 16) return [5, 11, 6, 5, 5, 0, 0, 0];
  return [8, 16, 8, 8, 8, 0, bits === 32 ? 8 : 0, bits === 32 ? 24 : 0];
}
