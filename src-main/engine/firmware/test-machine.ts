// A typical machine and plain memory for the firmware's tests.
import type { FirmwareMemory } from './firmware-cpu.ts';
import type { MachineDescription } from './machine-description.ts';

export const testMachine: MachineDescription = {
  lowMemoryBytes: 64 * 1024 * 1024,
  highMemoryBytes: 0,
  vcpuCount: 2,
  hasLongMode: true,
  hasHpet: true,
  hasIoApic: true,
  serialPorts: [{ ioPort: 0x3f8, irq: 4 }],
  parallelPorts: [{ ioPort: 0x378, irq: 7 }],
  floppyDrives: 1,
  isaBridgeSlot: 1,
  uuid: Uint8Array.from({ length: 16 }, (_, index) => index),
  productName: 'Test machine',
  serialNumber: '0',
  version: '0.1.0',
};

/** RAM from 0; reads beyond give 0xff, writes beyond vanish. */
export function createTestMemory(lengthBytes: number): FirmwareMemory & { bytes: Uint8Array } {
  const bytes = new Uint8Array(lengthBytes);
  const view = new DataView(bytes.buffer);
  const isInside = (gpa: number, size: number): boolean => gpa >= 0 && gpa + size <= lengthBytes;
  return {
    bytes,
    read(gpa, target) {
      target.fill(0xff);
      target.set(bytes.subarray(gpa, gpa + target.length));
    },
    write(gpa, source) {
      if (isInside(gpa, source.length)) bytes.set(source, gpa);
    },
    readU8: (gpa) => (isInside(gpa, 1) ? view.getUint8(gpa) : 0xff),
    readU16: (gpa) => (isInside(gpa, 2) ? view.getUint16(gpa, true) : 0xffff),
    readU32: (gpa) => (isInside(gpa, 4) ? view.getUint32(gpa, true) : 0xffffffff),
    readU64: (gpa) => (isInside(gpa, 8) ? view.getBigUint64(gpa, true) : 0xffffffffffffffffn),
    writeU8: (gpa, value) => isInside(gpa, 1) && view.setUint8(gpa, value),
    writeU16: (gpa, value) => isInside(gpa, 2) && view.setUint16(gpa, value, true),
    writeU32: (gpa, value) => isInside(gpa, 4) && view.setUint32(gpa, value, true),
    writeU64: (gpa, value) => isInside(gpa, 8) && view.setBigUint64(gpa, value, true),
  };
}
