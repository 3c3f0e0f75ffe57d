// INT 10h/1Ch and 4F04h: the adapter's registers, data area and palette as one block of bytes that the caller keeps.
import { BDA } from '../bda.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { DISPI, DISPI_NOCLEARMEM, type VgaPorts } from './vga-ports.ts';

export const STATE_HARDWARE = 1;
export const STATE_DATA_AREA = 2;
export const STATE_PALETTE = 4;
export const STATE_DISPI = 8;

const HARDWARE_BYTES = 1 + 5 + 25 + 9 + 21 + 2;
/** Video part of the data area, its second part, save pointer, INT 1Fh and 43h. */
const DATA_AREA_BYTES = 0x1e + 7 + 4 + 4 + 4;
const PALETTE_BYTES = 768 + 1;
const DISPI_BYTES = 20;

export class VideoState {
  private readonly context: FirmwareContext;
  private readonly vga: VgaPorts;

  constructor(context: FirmwareContext, vga: VgaPorts) {
    this.context = context;
    this.vga = vga;
  }

  sizeBytes(parts: number): number {
    return (
      ((parts & STATE_HARDWARE) !== 0 ? HARDWARE_BYTES : 0) +
      ((parts & STATE_DATA_AREA) !== 0 ? DATA_AREA_BYTES : 0) +
      ((parts & STATE_PALETTE) !== 0 ? PALETTE_BYTES : 0) +
      ((parts & STATE_DISPI) !== 0 ? DISPI_BYTES : 0)
    );
  }

  save(parts: number): Uint8Array {
    const { vga } = this;
    const bytes: number[] = [];
    if ((parts & STATE_HARDWARE) !== 0) {
      bytes.push(vga.readMisc());
      for (let index = 0; index < 5; index++) bytes.push(vga.readSequencer(index));
      for (let index = 0; index < 25; index++) bytes.push(vga.readCrtc(index));
      for (let index = 0; index < 9; index++) bytes.push(vga.readGraphics(index));
      for (let index = 0; index < 21; index++) bytes.push(vga.readAttribute(index));
      bytes.push(vga.crtcPort & 0xff, vga.crtcPort >> 8);
    }
    if ((parts & STATE_DATA_AREA) !== 0)
      bytes.push(...this.dataArea().map((address) => this.context.memory.readU8(address)));
    if ((parts & STATE_PALETTE) !== 0) bytes.push(vga.readDacMask(), ...vga.readDac(0, 256));
    if ((parts & STATE_DISPI) !== 0) {
      for (let index = 0; index < 10; index++) {
        const value = vga.readDispi(index);
        bytes.push(value & 0xff, value >> 8);
      }
    }
    return Uint8Array.from(bytes);
  }

  restore(parts: number, bytes: Uint8Array): void {
    const { vga } = this;
    let at = 0;
    const next = (): number => bytes[at++]!;
    // Before the rest: enabling DISPI reprograms the standard registers.
    if ((parts & STATE_DISPI) !== 0) this.restoreDispi(bytes.subarray(bytes.length - DISPI_BYTES));
    if ((parts & STATE_HARDWARE) !== 0) {
      const misc = next();
      vga.misc(misc);
      vga.crtcPort = (misc & 1) !== 0 ? 0x3d4 : 0x3b4;
      for (let index = 0; index < 5; index++) vga.sequencer(index, index === 0 ? next() | 3 : next());
      vga.crtc(0x11, 0);
      for (let index = 0; index < 25; index++) vga.crtc(index, next());
      for (let index = 0; index < 9; index++) vga.graphics(index, next());
      for (let index = 0; index < 21; index++) vga.attribute(index, next());
      at += 2;
    }
    if ((parts & STATE_DATA_AREA) !== 0) {
      for (const address of this.dataArea()) this.context.memory.writeU8(address, next());
    }
    if ((parts & STATE_PALETTE) !== 0) {
      vga.dacMask(next());
      vga.dac(0, bytes.subarray(at, at + 768));
    }
  }

  private restoreDispi(bytes: Uint8Array): void {
    const value = (index: number): number => bytes[index * 2]! | (bytes[index * 2 + 1]! << 8);
    this.vga.dispi(DISPI.ENABLE, 0);
    for (const index of [DISPI.XRES, DISPI.YRES, DISPI.BPP]) this.vga.dispi(index, value(index));
    this.vga.dispi(DISPI.ENABLE, value(DISPI.ENABLE) | DISPI_NOCLEARMEM);
    for (const index of [DISPI.VIRT_WIDTH, DISPI.X_OFFSET, DISPI.Y_OFFSET, DISPI.BANK])
      this.vga.dispi(index, value(index));
  }

  private dataArea(): number[] {
    const range = (start: number, count: number): number[] =>
      Array.from({ length: count }, (_, index) => start + index);
    return [
      ...range(BDA.videoMode, 0x1e),
      ...range(BDA.lastRow, 7),
      ...range(BDA.videoSavePointer, 4),
      ...range(0x1f * 4, 4),
      ...range(0x43 * 4, 4),
    ];
  }
}
