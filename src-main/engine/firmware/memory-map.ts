// The physical memory map as INT 15h E820, boot_params, PVH and fw_cfg report it, and where firmware keeps its tables.
// [ACPI-6.5 §15.1] for the range types.
import type { MachineDescription } from './machine-description.ts';

export const E820_RAM = 1;
export const E820_RESERVED = 2;
export const E820_ACPI = 3;
export const E820_NVS = 4;

export interface E820Entry {
  base: number;
  lengthBytes: number;
  type: number;
}

export const EBDA_SEGMENT = 0x9fc0;
export const EBDA_BASE = EBDA_SEGMENT << 4;
export const EBDA_BYTES = 0x400;
const FOUR_GIB = 0x100000000;
/** Top of low RAM: ACPI tables (reclaimable), then FACS (non-volatile) in the last page. */
const ACPI_TABLE_BYTES = 0xf000;
const ACPI_NVS_BYTES = 0x1000;

export function acpiTablesBase(machine: MachineDescription): number {
  return machine.lowMemoryBytes - ACPI_TABLE_BYTES - ACPI_NVS_BYTES;
}

export function facsAddress(machine: MachineDescription): number {
  return machine.lowMemoryBytes - ACPI_NVS_BYTES;
}

/** End of RAM below 4 GiB that an operating system may use. */
export function lowUsableEnd(machine: MachineDescription): number {
  return acpiTablesBase(machine);
}

/** Ranges in ascending order, none overlapping. */
export function buildE820(machine: MachineDescription): E820Entry[] {
  const acpi = acpiTablesBase(machine);
  const entries: E820Entry[] = [
    { base: 0, lengthBytes: EBDA_BASE, type: E820_RAM },
    { base: EBDA_BASE, lengthBytes: 0xa0000 - EBDA_BASE, type: E820_RESERVED },
    { base: 0xf0000, lengthBytes: 0x10000, type: E820_RESERVED },
    { base: 0x100000, lengthBytes: acpi - 0x100000, type: E820_RAM },
    { base: acpi, lengthBytes: ACPI_TABLE_BYTES, type: E820_ACPI },
    { base: facsAddress(machine), lengthBytes: ACPI_NVS_BYTES, type: E820_NVS },
    { base: 0xfffc0000, lengthBytes: 0x40000, type: E820_RESERVED },
  ];
  if (machine.highMemoryBytes > 0) {
    entries.push({ base: FOUR_GIB, lengthBytes: machine.highMemoryBytes, type: E820_RAM });
  }
  return entries;
}
