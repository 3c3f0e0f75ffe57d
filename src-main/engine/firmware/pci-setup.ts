// Gives PCI functions their resources, as POST does: BARs, interrupt routing, decoding, bus mastering. Bus 0 only: the board
// has no bridges. Configuration mechanism 1. [PCI-3.0 §3.2.2.3.2, §6.2.5]
import type { FirmwarePorts } from './firmware-context.ts';
import {
  type MachineDescription,
  PCI_IO_START,
  PCI_WINDOW_END,
  PIRQ_DEFAULT,
  PM_IO_BASE,
  pciWindowStart,
  pirqOf,
  SMB_IO_BASE,
} from './machine-description.ts';

const CONFIG_ADDRESS = 0xcf8;
const CONFIG_DATA = 0xcfc;
const COMMAND_IO = 1;
const COMMAND_MEMORY = 2;
const COMMAND_BUS_MASTER = 4;

/** Address of a function: bus << 8 | slot << 3 | function. */
export type PciAddress = number;

/** Configuration space through the two ports. */
export class PciConfig {
  private readonly ports: FirmwarePorts;

  constructor(ports: FirmwarePorts) {
    this.ports = ports;
  }

  read(address: PciAddress, offset: number, size: 1 | 2 | 4): number {
    this.select(address, offset);
    return this.ports.read(CONFIG_DATA + (offset & 3), size) >>> 0;
  }

  write(address: PciAddress, offset: number, size: 1 | 2 | 4, value: number): void {
    this.select(address, offset);
    this.ports.write(CONFIG_DATA + (offset & 3), size, value >>> 0);
  }

  private select(address: PciAddress, offset: number): void {
    this.ports.write(CONFIG_ADDRESS, 4, (0x80000000 | (address << 8) | (offset & 0xfc)) >>> 0);
  }

  /** Functions that answer on bus 0, in order. */
  functions(): PciAddress[] {
    const found: PciAddress[] = [];
    for (let slot = 0; slot < 32; slot++) {
      const first = slot << 3;
      if (this.read(first, 0, 2) === 0xffff) continue;
      const count = (this.read(first, 0x0e, 1) & 0x80) !== 0 ? 8 : 1;
      for (let index = 0; index < count; index++) {
        if (this.read(first | index, 0, 2) !== 0xffff) found.push(first | index);
      }
    }
    return found;
  }
}

interface BarNeed {
  address: PciAddress;
  register: number;
  sizeBytes: number;
  isIo: boolean;
  is64Bit: boolean;
}

/** Assigns everything; what does not fit stays at zero with decoding off. */
export function setUpPci(config: PciConfig, ports: FirmwarePorts, machine: MachineDescription): void {
  const functions = config.functions();
  routeInterrupts(config, ports, machine);
  const needs = functions.flatMap((address) => sizeBars(config, address));
  const failed = assignBars(config, needs, machine);
  for (const address of functions) {
    const pin = config.read(address, 0x3d, 1);
    if (pin >= 1 && pin <= 4) config.write(address, 0x3c, 1, PIRQ_DEFAULT[pirqOf(address >> 3, pin)]!);
    enable(config, address, failed.has(address));
    applyChipsetDefaults(config, address);
  }
}

function routeInterrupts(config: PciConfig, ports: FirmwarePorts, machine: MachineDescription): void {
  const bridge = machine.isaBridgeSlot << 3;
  PIRQ_DEFAULT.forEach((irq, index) => {
    config.write(bridge, 0x60 + index, 1, irq);
  });
  // Edge/level control: the routed interrupts and the SCI are level-triggered.
  ports.write(0x4d0, 1, 0);
  ports.write(0x4d1, 1, 0x0e);
}

function sizeBars(config: PciConfig, address: PciAddress): BarNeed[] {
  if ((config.read(address, 0x0e, 1) & 0x7f) !== 0) return [];
  const command = config.read(address, 4, 2);
  config.write(address, 4, 2, command & ~(COMMAND_IO | COMMAND_MEMORY));
  const needs: BarNeed[] = [];
  for (let register = 0x10; register < 0x28; register += 4) {
    const before = config.read(address, register, 4);
    config.write(address, register, 4, 0xffffffff);
    const mask = config.read(address, register, 4);
    config.write(address, register, 4, before);
    if (mask === 0) continue;
    const isIo = (mask & 1) !== 0;
    const is64Bit = !isIo && (mask & 6) === 4;
    const sizeBytes = isIo ? ~(mask | 0xffff0003) + 1 : ~(mask & 0xfffffff0) + 1;
    needs.push({ address, register, sizeBytes: sizeBytes >>> 0, isIo, is64Bit });
    if (is64Bit) register += 4;
  }
  return needs;
}

/** Largest first, so that natural alignment wastes nothing. Returns functions with a BAR that found no room. */
function assignBars(config: PciConfig, needs: BarNeed[], machine: MachineDescription): Set<PciAddress> {
  const failed = new Set<PciAddress>();
  let nextIo = PCI_IO_START;
  // 32-bit systems of old map little below 0xe0000000; use the window's start only when the upper part is too small.
  let nextMemory = 0xe0000000;
  const total = needs.reduce((sum, need) => sum + (need.isIo ? 0 : need.sizeBytes), 0);
  if (nextMemory + total > PCI_WINDOW_END) nextMemory = pciWindowStart(machine);
  let nextHigh = Math.max(0x8000000000, 0x100000000 + machine.highMemoryBytes);
  for (const need of needs.toSorted((left, right) => right.sizeBytes - left.sizeBytes)) {
    const align = (next: number): number => Math.ceil(next / need.sizeBytes) * need.sizeBytes;
    if (need.isIo) {
      const base = align(nextIo);
      if (base + need.sizeBytes > 0x10000) {
        failed.add(need.address);
        continue;
      }
      config.write(need.address, need.register, 4, base);
      nextIo = base + need.sizeBytes;
      continue;
    }
    const base = align(nextMemory);
    if (need.sizeBytes > 0 && base + need.sizeBytes <= PCI_WINDOW_END) {
      config.write(need.address, need.register, 4, base);
      if (need.is64Bit) config.write(need.address, need.register + 4, 4, 0);
      nextMemory = base + need.sizeBytes;
    } else if (need.is64Bit && need.sizeBytes > 0) {
      const high = align(nextHigh);
      config.write(need.address, need.register, 4, high % 0x100000000);
      config.write(need.address, need.register + 4, 4, Math.floor(high / 0x100000000));
      nextHigh = high + need.sizeBytes;
    } else {
      failed.add(need.address);
    }
  }
  return failed;
}

function enable(config: PciConfig, address: PciAddress, hasFailed: boolean): void {
  const baseClass = config.read(address, 0x0b, 1);
  const isBusMasterAtBoot = baseClass === 1 || baseClass === 2 || baseClass === 6 || baseClass === 0x0c;
  const decoding = hasFailed ? 0 : COMMAND_IO | COMMAND_MEMORY;
  const command = config.read(address, 4, 2) | decoding | (isBusMasterAtBoot ? COMMAND_BUS_MASTER : 0);
  config.write(address, 4, 2, command);
}

/** Registers of the PIIX functions and the host bridge that a BIOS for this board sets. */
function applyChipsetDefaults(config: PciConfig, address: PciAddress): void {
  const id = config.read(address, 0, 4);
  if (id === 0x12378086) {
    // PAM: RAM in 0xc0000-0xeffff for option ROMs; 0xf0000 stays ROM.
    for (let register = 0x5a; register <= 0x5f; register++) config.write(address, register, 1, 0x33);
  } else if (id === 0x70108086 || id === 0x71118086) {
    config.write(address, 0x40, 2, 0x8000);
    config.write(address, 0x42, 2, 0x8000);
  } else if (id === 0x71138086) {
    config.write(address, 0x3c, 1, 9);
    config.write(address, 0x40, 4, PM_IO_BASE | 1);
    config.write(address, 0x80, 1, 1);
    config.write(address, 0x90, 4, SMB_IO_BASE | 1);
    config.write(address, 0xd2, 1, 9);
  }
}
