// Interrupt routing for systems that do not use ACPI: the MultiProcessor configuration [MPSPEC-1.4] and the PCI IRQ
// routing table $PIR [PIR-1.0].
import {
  IOAPIC_ADDRESS,
  ioApicId,
  LOCAL_APIC_ADDRESS,
  type MachineDescription,
  PCI_IRQS,
  PIRQ_DEFAULT,
  pirqOf,
} from '../machine-description.ts';
import { checksum, putText } from './acpi.ts';

const PCI_BUS = 0;
const ISA_BUS = 1;
const CPU_ENABLED = 1;
const CPU_BOOT = 2;
const INT = 0;
const NMI = 1;
const EXT_INT = 3;
/** Polarity and trigger mode: level, active high, as the PIRQ routing gives them to the IOAPIC. */
const LEVEL_HIGH = 0x0d;

/** The floating pointer, 16 bytes. */
export function buildMpFloating(tableAddress: number): Uint8Array {
  const bytes = new Uint8Array(16);
  putText(bytes, 0, '_MP_');
  new DataView(bytes.buffer).setUint32(4, tableAddress, true);
  bytes[8] = 1;
  bytes[9] = 4;
  bytes[10] = checksum(bytes);
  return bytes;
}

/** @param cpuSignature CPUID leaf 1 EAX and EDX of the vCPUs */
export function buildMpTable(machine: MachineDescription, cpuSignature: { eax: number; edx: number }): Uint8Array {
  const entries: number[][] = [];
  for (let index = 0; index < machine.vcpuCount; index++) {
    const flags = CPU_ENABLED | (index === 0 ? CPU_BOOT : 0);
    entries.push([0, index, 0x14, flags, ...le32(cpuSignature.eax), ...le32(cpuSignature.edx), ...le32(0), ...le32(0)]);
  }
  entries.push([1, PCI_BUS, ...ascii('PCI   ')], [1, ISA_BUS, ...ascii('ISA   ')]);
  const apic = ioApicId(machine);
  if (machine.hasIoApic) {
    entries.push([2, apic, 0x11, 1, ...le32(IOAPIC_ADDRESS)]);
    for (let slot = 1; slot < 32; slot++) {
      for (let pin = 1; pin <= 4; pin++) {
        const irq = PIRQ_DEFAULT[pirqOf(slot, pin)]!;
        entries.push([3, INT, LEVEL_HIGH, 0, PCI_BUS, (slot << 2) | (pin - 1), apic, irq]);
      }
    }
    for (let irq = 0; irq < 16; irq++) {
      // The cascade has no source, PCI interrupts are listed above, and the timer sits on input 2.
      if (irq === 2 || (PCI_IRQS as readonly number[]).includes(irq)) continue;
      entries.push([3, INT, 0, 0, ISA_BUS, irq, apic, irq === 0 ? 2 : irq]);
    }
  }
  entries.push([4, EXT_INT, 0, 0, ISA_BUS, 0, 0xff, 0], [4, NMI, 0, 0, ISA_BUS, 0, 0xff, 1]);

  const body = entries.flat();
  const bytes = new Uint8Array(44 + body.length);
  const view = new DataView(bytes.buffer);
  putText(bytes, 0, 'PCMP');
  view.setUint16(4, bytes.length, true);
  bytes[6] = 4;
  putText(bytes, 8, 'OSPITE  PC          ');
  view.setUint16(34, entries.length, true);
  view.setUint32(36, LOCAL_APIC_ADDRESS, true);
  bytes.set(body, 44);
  bytes[7] = checksum(bytes);
  return bytes;
}

/** One slot entry of $PIR: bus, devfn, four (link, bitmap) pairs, slot number, reserved. */
export function pirSlotEntries(machine: MachineDescription): Uint8Array {
  const bitmap = PCI_IRQS.reduce((bits, irq) => bits | (1 << irq), 0);
  const entries: number[] = [];
  for (let slot = 1; slot < 32; slot++) {
    entries.push(PCI_BUS, slot << 3);
    for (let pin = 1; pin <= 4; pin++) entries.push(0x60 + pirqOf(slot, pin), bitmap & 0xff, bitmap >>> 8);
    entries.push(slot === machine.isaBridgeSlot ? 0 : slot, 0);
  }
  return Uint8Array.from(entries);
}

export function buildPirTable(machine: MachineDescription): Uint8Array {
  const slots = pirSlotEntries(machine);
  const bytes = new Uint8Array(32 + slots.length);
  const view = new DataView(bytes.buffer);
  putText(bytes, 0, '$PIR');
  view.setUint16(4, 0x0100, true);
  view.setUint16(6, bytes.length, true);
  bytes[9] = machine.isaBridgeSlot << 3;
  // Compatible router: the PIIX (8086:122e); PIIX3 and PIIX4 route alike.
  view.setUint32(12, 0x122e8086, true);
  bytes.set(slots, 32);
  bytes[31] = checksum(bytes);
  return bytes;
}

function ascii(value: string): number[] {
  return [...value].map((character) => character.charCodeAt(0));
}
function le32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
