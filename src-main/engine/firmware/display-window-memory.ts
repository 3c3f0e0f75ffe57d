// Firmware's memory on a board whose DMA path knows only RAM: the display window 0xa0000-0xbffff goes through the MMIO bus,
// byte by byte or in the size asked for, as the guest's own accesses would.
import type { DmaAccess } from '../bus/device.ts';
import type { FirmwareMemory } from './firmware-cpu.ts';

export interface MmioAccess {
  read(gpa: number, size: number): number;
  write(gpa: number, size: number, value: number): void;
}

const WINDOW_START = 0xa0000;
const WINDOW_END = 0xc0000;

function isInWindow(gpa: number): boolean {
  return gpa >= WINDOW_START && gpa < WINDOW_END;
}

export function withDisplayWindow(dma: DmaAccess, mmio: MmioAccess): FirmwareMemory {
  return {
    read(gpa, target) {
      if (!isInWindow(gpa)) {
        dma.read(gpa, target);
        return;
      }
      for (let index = 0; index < target.length; index++) target[index] = mmio.read(gpa + index, 1);
    },
    write(gpa, source) {
      if (!isInWindow(gpa)) {
        dma.write(gpa, source);
        return;
      }
      for (let index = 0; index < source.length; index++) mmio.write(gpa + index, 1, source[index]!);
    },
    readU8: (gpa) => (isInWindow(gpa) ? mmio.read(gpa, 1) & 0xff : dma.readU8(gpa)),
    readU16: (gpa) => (isInWindow(gpa) ? mmio.read(gpa, 2) & 0xffff : dma.readU16(gpa)),
    readU32: (gpa) => (isInWindow(gpa) ? mmio.read(gpa, 4) >>> 0 : dma.readU32(gpa)),
    readU64: (gpa) => dma.readU64(gpa),
    writeU8: (gpa, value) => (isInWindow(gpa) ? mmio.write(gpa, 1, value & 0xff) : dma.writeU8(gpa, value & 0xff)),
    writeU16: (gpa, value) =>
      isInWindow(gpa) ? mmio.write(gpa, 2, value & 0xffff) : dma.writeU16(gpa, value & 0xffff),
    writeU32: (gpa, value) => (isInWindow(gpa) ? mmio.write(gpa, 4, value >>> 0) : dma.writeU32(gpa, value >>> 0)),
    writeU64: (gpa, value) => dma.writeU64(gpa, value),
  };
}
