// SMBIOS 2.8 structures: what dmidecode shows. [DSP0134]. Types 0, 1, 3, 4, 7, 16, 17, 19, 32, 127.
import type { MachineDescription } from '../machine-description.ts';
import { checksum, putText } from './acpi.ts';

interface Structure {
  type: number;
  handle: number;
  /** The formatted area behind the four header bytes. */
  body: number[];
  strings: string[];
}

export const SMBIOS_ENTRY_BYTES = 31;
const MIB = 1024 * 1024;

/** The structure table and how it is announced. */
export interface SmbiosTable {
  bytes: Uint8Array;
  structureCount: number;
  largestBytes: number;
}

export function buildSmbiosTable(machine: MachineDescription): SmbiosTable {
  const structures = [
    bios(machine),
    system(machine),
    chassis(),
    ...Array.from({ length: machine.vcpuCount }, (_, index) => processorStructure(index)),
    ...memory(machine),
    { type: 32, handle: 0x2000, body: [0, 0, 0, 0, 0, 0, 0], strings: [] },
    { type: 127, handle: 0x7f00, body: [], strings: [] },
  ];
  const encoded = structures.map(encode);
  const bytes = new Uint8Array(encoded.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of encoded) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, structureCount: structures.length, largestBytes: Math.max(...encoded.map((part) => part.length)) };
}

/** The 32-bit entry point. [DSP0134 §5.2.1] */
export function buildSmbiosEntry(table: SmbiosTable, tableAddress: number): Uint8Array {
  const entry = new Uint8Array(SMBIOS_ENTRY_BYTES);
  const view = new DataView(entry.buffer);
  putText(entry, 0, '_SM_');
  entry[5] = SMBIOS_ENTRY_BYTES;
  entry[6] = 2;
  entry[7] = 8;
  view.setUint16(8, table.largestBytes, true);
  putText(entry, 16, '_DMI_');
  view.setUint16(22, table.bytes.length, true);
  view.setUint32(24, tableAddress, true);
  view.setUint16(28, table.structureCount, true);
  entry[30] = 0x28;
  entry[21] = checksum(entry.subarray(16));
  entry[4] = checksum(entry);
  return entry;
}

function encode(structure: Structure): Uint8Array {
  const text =
    structure.strings.map((value) => `${value}\0`).join('') + (structure.strings.length === 0 ? '\0\0' : '\0');
  const bytes = new Uint8Array(4 + structure.body.length + text.length);
  bytes[0] = structure.type;
  bytes[1] = 4 + structure.body.length;
  bytes[2] = structure.handle & 0xff;
  bytes[3] = structure.handle >>> 8;
  bytes.set(structure.body, 4);
  putText(bytes, 4 + structure.body.length, text);
  return bytes;
}

function bios(machine: MachineDescription): Structure {
  // Characteristics: bit 3 not supported is clear; PCI (7), boot from CD (15), selectable boot (16), EDD (19).
  const characteristics = (1 << 7) | (1 << 15) | (1 << 16) | (1 << 19);
  return {
    type: 0,
    handle: 0,
    body: [1, 2, ...le16(0xf000), 3, 0, ...le32(characteristics), ...le32(0), 1, 0x14, 0, 0, 0xff, 0xff],
    strings: ['Ospite', machine.version, '11/20/2026'],
  };
}

function system(machine: MachineDescription): Structure {
  return {
    type: 1,
    handle: 0x100,
    body: [1, 2, 3, 4, ...smbiosUuid(machine.uuid), 6, 0, 5],
    strings: ['Ospite', machine.productName || 'PC', 'i440FX', machine.serialNumber || '0', 'Virtual Machine'],
  };
}

/** The first three fields of a UUID are little-endian. [DSP0134 §7.2.1] */
function smbiosUuid(uuid: Uint8Array): number[] {
  return [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((index) => uuid[index] ?? 0);
}

function chassis(): Structure {
  return {
    type: 3,
    handle: 0x300,
    body: [1, 1, 2, 0, 0, 3, 3, 3, 2, ...le32(0), 0, 0, 0, 0, 0],
    strings: ['Ospite', '1.0'],
  };
}

function processorStructure(index: number): Structure {
  return {
    type: 4,
    handle: 0x400 + index,
    body: [
      1,
      3,
      1,
      2,
      ...new Array<number>(8).fill(0),
      3,
      0x80,
      ...le16(0),
      ...le16(2000),
      ...le16(2000),
      0x41,
      1,
      ...le16(0xffff),
      ...le16(0xffff),
      ...le16(0xffff),
      0,
      0,
      0,
      1,
      1,
      1,
      ...le16(4),
      ...le16(1),
    ],
    strings: [`CPU ${index}`, 'Ospite', 'virtual'],
  };
}

/** One memory array with one device, and the ranges it is mapped at. */
function memory(machine: MachineDescription): Structure[] {
  const totalMib = Math.floor((machine.lowMemoryBytes + machine.highMemoryBytes) / MIB);
  const totalKib = totalMib * 1024;
  const isHuge = totalMib >= 0x7fff;
  const structures: Structure[] = [
    {
      type: 16,
      handle: 0x1000,
      body: [1, 3, 6, ...le32(Math.min(totalKib, 0x80000000)), ...le16(0xfffe), ...le16(1), ...le64(0)],
      strings: [],
    },
    {
      type: 17,
      handle: 0x1100,
      body: [
        ...le16(0x1000),
        ...le16(0xfffe),
        ...le16(64),
        ...le16(64),
        ...le16(isHuge ? 0x7fff : totalMib),
        9,
        0,
        1,
        0,
        7,
        ...le16(2),
        ...le16(0),
        2,
        0,
        0,
        0,
        0,
        ...le32(isHuge ? totalMib : 0),
        ...le16(0),
        ...le16(0),
        ...le16(0),
        ...le16(0),
      ],
      strings: ['DIMM 0', 'Ospite'],
    },
    mappedRange(0x1300, 0, machine.lowMemoryBytes),
  ];
  if (machine.highMemoryBytes > 0) structures.push(mappedRange(0x1301, 0x100000000, machine.highMemoryBytes));
  return structures;
}

function mappedRange(handle: number, base: number, lengthBytes: number): Structure {
  return {
    type: 19,
    handle,
    body: [...le32(base / 1024), ...le32((base + lengthBytes) / 1024 - 1), ...le16(0x1000), 1, ...le64(0), ...le64(0)],
    strings: [],
  };
}

function le16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}
function le32(value: number): number[] {
  return [...le16(value), ...le16(Math.floor(value / 0x10000))];
}
function le64(value: number): number[] {
  return [...le32(value % 0x100000000), ...le32(Math.floor(value / 0x100000000))];
}
