// What CMOS memory says about the machine, for software that reads it instead of asking the BIOS, and for BIOS images made
// for QEMU, which size memory from it. [PCAT-TR, FW-CFG]
import type { FirmwarePorts } from './firmware-context.ts';
import type { MachineDescription } from './machine-description.ts';

export const CMOS_SHUTDOWN = 0x0f;
const CMOS_FLOPPY_TYPES = 0x10;
const CMOS_EQUIPMENT = 0x14;
const FLOPPY_1440 = 4;

export function readCmos(ports: FirmwarePorts, index: number): number {
  ports.write(0x70, 1, index);
  return ports.read(0x71, 1) & 0xff;
}

export function writeCmos(ports: FirmwarePorts, index: number, value: number): void {
  ports.write(0x70, 1, index);
  ports.write(0x71, 1, value & 0xff);
}

/** INT 11h word: floppies, x87, 80x25 colour, serial and parallel ports, mouse. */
export function equipmentWord(machine: MachineDescription): number {
  const floppies = machine.floppyDrives > 0 ? 1 | ((machine.floppyDrives - 1) << 6) : 0;
  return 0x02 | 0x04 | 0x20 | floppies | (machine.serialPorts.length << 9) | (machine.parallelPorts.length << 14);
}

/** Register and value pairs a board presets before any firmware runs. */
export function cmosContents(machine: MachineDescription): [number, number][] {
  const extendedKiB = Math.min((machine.lowMemoryBytes - 0x100000) >>> 10, 0xffff);
  const above16MiB = Math.max(machine.lowMemoryBytes - 0x1000000, 0) >>> 16;
  const high = machine.highMemoryBytes / 0x10000;
  const types = machine.floppyDrives > 1 ? (FLOPPY_1440 << 4) | FLOPPY_1440 : machine.floppyDrives * (FLOPPY_1440 << 4);
  return [
    [CMOS_FLOPPY_TYPES, types],
    [CMOS_EQUIPMENT, equipmentWord(machine) & 0xff],
    [0x15, 0x80],
    [0x16, 0x02],
    [0x17, extendedKiB & 0xff],
    [0x18, extendedKiB >>> 8],
    [0x30, extendedKiB & 0xff],
    [0x31, extendedKiB >>> 8],
    [0x34, above16MiB & 0xff],
    [0x35, above16MiB >>> 8],
    [0x5b, high & 0xff],
    [0x5c, (high >>> 8) & 0xff],
    [0x5d, (high >>> 16) & 0xff],
    [0x5f, machine.vcpuCount - 1],
  ];
}
