// The ACPI tables of the board, free of addresses: pointers between tables are listed, so that the same set is placed in
// memory by our BIOS or handed to another firmware through fw_cfg. [ACPI-6.5 §5.2]
import {
  HPET_ADDRESS,
  IOAPIC_ADDRESS,
  ioApicId,
  LOCAL_APIC_ADDRESS,
  type MachineDescription,
  PCI_IRQS,
  PM_IO_BASE,
  SCI_IRQ,
} from '../machine-description.ts';
import { buildDsdtBody } from './dsdt.ts';

export type AcpiTableName = 'FACS' | 'DSDT' | 'FACP' | 'APIC' | 'HPET' | 'RSDT' | 'XSDT';

export interface AcpiPointer {
  /** Byte offset of the pointer in its table. */
  offset: number;
  sizeBytes: 4 | 8;
  target: AcpiTableName;
}

export interface AcpiTable {
  name: AcpiTableName;
  bytes: Uint8Array;
  pointers: AcpiPointer[];
  /** The FACS has no checksum. */
  hasChecksum: boolean;
}

const HEADER_BYTES = 36;
export const CHECKSUM_OFFSET = 9;
const IO_SPACE = 1;

const FADT_WBINVD = 1 << 0;
const FADT_PROC_C1 = 1 << 2;
/** Set: no fixed sleep button. */
const FADT_SLP_BUTTON = 1 << 5;
const FADT_RESET_REG_SUP = 1 << 10;
const LEVEL_ACTIVE_HIGH = 0xd;

/** All tables but the RSDP; pointers hold zero, checksums are not yet set. */
export function buildAcpiTables(machine: MachineDescription): AcpiTable[] {
  const listed: AcpiTable[] = [fadt(), madt(machine)];
  if (machine.hasHpet) listed.push(hpet());
  return [facs(), dsdt(machine), ...listed, rootTable('RSDT', listed), rootTable('XSDT', listed)];
}

function header(signature: string, revision: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  putText(bytes, 0, signature);
  view.setUint32(4, bytes.length, true);
  bytes[8] = revision;
  putText(bytes, 10, 'OSPITE');
  putText(bytes, 16, 'OSPITEPC');
  view.setUint32(24, 1, true);
  putText(bytes, 28, 'OSPT');
  view.setUint32(32, 1, true);
  bytes.set(body, HEADER_BYTES);
  return bytes;
}

function facs(): AcpiTable {
  const bytes = new Uint8Array(64);
  putText(bytes, 0, 'FACS');
  new DataView(bytes.buffer).setUint32(4, bytes.length, true);
  bytes[32] = 1;
  return { name: 'FACS', bytes, pointers: [], hasChecksum: false };
}

function dsdt(machine: MachineDescription): AcpiTable {
  // Revision 1: integers are 32 bits wide, which every interpreter knows.
  return { name: 'DSDT', bytes: header('DSDT', 1, buildDsdtBody(machine)), pointers: [], hasChecksum: true };
}

/** Revision 3, the first with the reset register. [ACPI-6.5 §5.2.9] */
function fadt(): AcpiTable {
  const bytes = header('FACP', 3, new Uint8Array(244 - HEADER_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint16(46, SCI_IRQ, true);
  view.setUint32(48, 0xb2, true);
  bytes[52] = 0xf1;
  bytes[53] = 0xf0;
  view.setUint32(56, PM_IO_BASE, true);
  view.setUint32(64, PM_IO_BASE + 4, true);
  view.setUint32(76, PM_IO_BASE + 8, true);
  view.setUint32(80, 0xafe0, true);
  bytes[88] = 4;
  bytes[89] = 2;
  bytes[91] = 4;
  bytes[92] = 4;
  // C2 and C3 latencies beyond their limits: not supported.
  view.setUint16(96, 0xfff, true);
  view.setUint16(98, 0xfff, true);
  bytes[108] = 0x32;
  // IAPC_BOOT_ARCH: legacy devices and an 8042 are there. [ACPI-6.5 §5.2.9.3]
  view.setUint16(109, 3, true);
  view.setUint32(112, FADT_WBINVD | FADT_PROC_C1 | FADT_SLP_BUTTON | FADT_RESET_REG_SUP, true);
  genericAddress(view, 116, 0xcf9, 8);
  bytes[128] = 6;
  genericAddress(view, 148, PM_IO_BASE, 32);
  genericAddress(view, 172, PM_IO_BASE + 4, 16);
  genericAddress(view, 208, PM_IO_BASE + 8, 32);
  genericAddress(view, 220, 0xafe0, 32);
  return {
    name: 'FACP',
    bytes,
    pointers: [
      { offset: 36, sizeBytes: 4, target: 'FACS' },
      { offset: 40, sizeBytes: 4, target: 'DSDT' },
      { offset: 140, sizeBytes: 8, target: 'DSDT' },
    ],
    hasChecksum: true,
  };
}

function genericAddress(view: DataView, offset: number, ioPort: number, bits: number): void {
  view.setUint8(offset, IO_SPACE);
  view.setUint8(offset + 1, bits);
  view.setUint8(offset + 3, bits / 8 === 4 ? 3 : bits / 8);
  view.setUint32(offset + 4, ioPort, true);
}

/** [ACPI-6.5 §5.2.12] */
function madt(machine: MachineDescription): AcpiTable {
  const body: number[] = [...le32(LOCAL_APIC_ADDRESS), ...le32(1)];
  for (let index = 0; index < machine.vcpuCount; index++) body.push(0, 8, index, index, ...le32(1));
  if (machine.hasIoApic) {
    body.push(1, 12, ioApicId(machine), 0, ...le32(IOAPIC_ADDRESS), ...le32(0));
    body.push(2, 10, 0, 0, ...le32(2), 0, 0);
    for (const irq of [...PCI_IRQS, SCI_IRQ].sort((left, right) => left - right)) {
      body.push(2, 10, 0, irq, ...le32(irq), LEVEL_ACTIVE_HIGH, 0);
    }
  }
  // Local APIC NMI on LINT1 of every processor.
  body.push(4, 6, 0xff, 0, 0, 1);
  return { name: 'APIC', bytes: header('APIC', 3, Uint8Array.from(body)), pointers: [], hasChecksum: true };
}

/** [HPET-1.0a §3.2.4]: three comparators, 64-bit counter, legacy replacement, vendor 8086. */
function hpet(): AcpiTable {
  const body = [...le32(0x8086a201), 0, 64, 0, 0, ...le32(HPET_ADDRESS), ...le32(0), 0, 0, 0, 0];
  return { name: 'HPET', bytes: header('HPET', 1, Uint8Array.from(body)), pointers: [], hasChecksum: true };
}

function rootTable(name: 'RSDT' | 'XSDT', listed: AcpiTable[]): AcpiTable {
  const sizeBytes = name === 'RSDT' ? 4 : 8;
  return {
    name,
    bytes: header(name, 1, new Uint8Array(listed.length * sizeBytes)),
    pointers: listed.map((table, index) => ({
      offset: HEADER_BYTES + index * sizeBytes,
      sizeBytes,
      target: table.name,
    })),
    hasChecksum: true,
  };
}

export const RSDP_BYTES = 36;

/** Revision 2 root pointer with zero checksums. */
export function buildRsdpTemplate(rsdtAddress: number, xsdtAddress: number): Uint8Array {
  const bytes = new Uint8Array(RSDP_BYTES);
  const view = new DataView(bytes.buffer);
  putText(bytes, 0, 'RSD PTR ');
  putText(bytes, 9, 'OSPITE');
  bytes[15] = 2;
  view.setUint32(16, rsdtAddress, true);
  view.setUint32(20, RSDP_BYTES, true);
  view.setUint32(24, xsdtAddress, true);
  return bytes;
}

export function buildRsdp(rsdtAddress: number, xsdtAddress: number): Uint8Array {
  const bytes = buildRsdpTemplate(rsdtAddress, xsdtAddress);
  bytes[8] = checksum(bytes.subarray(0, 20));
  bytes[32] = checksum(bytes);
  return bytes;
}

/** Where each table goes: the FACS alone at `facsAddress`, the others from `base` up, 16-byte aligned. */
export function placeAcpiTables(
  machine: MachineDescription,
  base: number,
  facsAddress: number,
): { tables: { address: number; bytes: Uint8Array }[]; rsdtAddress: number; xsdtAddress: number; endAddress: number } {
  const tables = buildAcpiTables(machine);
  const addresses = new Map<AcpiTableName, number>();
  let next = base;
  for (const table of tables) {
    if (table.name === 'FACS') {
      addresses.set('FACS', facsAddress);
      continue;
    }
    addresses.set(table.name, next);
    next = (next + table.bytes.length + 15) & ~15;
    next >>>= 0;
  }
  for (const table of tables) {
    const view = new DataView(table.bytes.buffer);
    for (const pointer of table.pointers) view.setUint32(pointer.offset, addresses.get(pointer.target)!, true);
    if (table.hasChecksum) table.bytes[CHECKSUM_OFFSET] = checksum(table.bytes);
  }
  return {
    tables: tables.map((table) => ({ address: addresses.get(table.name)!, bytes: table.bytes })),
    rsdtAddress: addresses.get('RSDT')!,
    xsdtAddress: addresses.get('XSDT')!,
    endAddress: next,
  };
}

/** The byte that makes the sum of `bytes` zero, if that byte is now zero. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xff;
}

export function putText(bytes: Uint8Array, offset: number, text: string): void {
  for (let index = 0; index < text.length; index++) bytes[offset + index] = text.charCodeAt(index);
}

function le32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
