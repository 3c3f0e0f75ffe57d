// All that a device may know of its machine. A device never sees the CPU, the memory map, another device or Node.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { PciBus } from './pci.ts';

/** A level-triggered wire. `set(true)` while asserted; edge receivers see the rising change. */
export interface IrqLine {
  set(isAsserted: boolean): void;
}

/** Reads and writes of 1, 2 or 4 bytes; values are unsigned 32-bit. Guest mistakes are answered as hardware would, never thrown. */
export interface PortIoHandler {
  read(port: number, size: number): number;
  write(port: number, size: number, value: number): void;
}

/** `offset` counts from the start of the mapped range. Sizes 1, 2, 4 (the bus splits 8-byte accesses, low half first). */
export interface MmioHandler {
  read(offset: number, size: number): number;
  write(offset: number, size: number, value: number): void;
}

/** A mapped range: movable (PCI BARs), removable. */
export interface Mapping {
  remove(): void;
}

/** Guest-physical memory as a bus master sees it. Out-of-range reads give 0xff bytes, out-of-range writes vanish; both are logged. */
export interface DmaAccess {
  read(gpa: number, target: Uint8Array): void;
  write(gpa: number, source: Uint8Array): void;
  readU8(gpa: number): number;
  readU16(gpa: number): number;
  readU32(gpa: number): number;
  readU64(gpa: number): bigint;
  writeU8(gpa: number, value: number): void;
  writeU16(gpa: number, value: number): void;
  writeU32(gpa: number, value: number): void;
  writeU64(gpa: number, value: bigint): void;
}

/** A block of guest-visible memory that a device owns (VRAM, flash, option ROM). Lives in the engine's WebAssembly memory. */
export interface DeviceMemory {
  readonly bytes: Uint8Array;
  /** Maps it at `gpa` (page-aligned), replacing its earlier place; null unmaps. Read-only mappings send writes to the MMIO handler under it. */
  mapAt(gpa: number | null, options: { writable: boolean; logDirty: boolean }): void;
  /** Calls `visit` for each run of pages written by the guest or DMA since the last call (needs `logDirty`): byte offsets into `bytes`. */
  harvestDirty(visit: (startByte: number, endByte: number) => void): void;
}

/** One ISA DMA channel as the device on its DREQ line sees it. */
export interface IsaDmaChannel {
  /** Moves bytes from the device into memory as far as the programmed count goes; returns how many went. 0 while masked or set up for the other direction. */
  toMemory(source: Uint8Array): number;
  /** Moves bytes from memory to the device; the same rules. */
  fromMemory(target: Uint8Array): number;
  /** Whether the last transfer ended the programmed count (the TC line). */
  readonly isTerminalCount: boolean;
}

export interface PowerEvents {
  /** Guest asked for power-off (ACPI S5 ...). */
  powerOff(): void;
  /** Guest asked for a reset (port 0xcf9, 0x92, keyboard controller, triple fault is separate). */
  reset(): void;
  /** The A20 gate changed. */
  setA20(isEnabled: boolean): void;
}

export interface DeviceContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly dma: DmaAccess;
  readonly pci: PciBus;
  readonly power: PowerEvents;
  /** ISA interrupt 0..15 (wired to the PIC pair and, with the usual IRQ0 override, the IOAPIC). */
  isaIrq(irq: number): IrqLine;
  /** IOAPIC input 0..23 directly. */
  gsi(input: number): IrqLine;
  /** ISA DMA channel 0..3, 5..7. */
  isaDma(channel: number): IsaDmaChannel;
  /** Delivers a message-signalled interrupt. */
  sendMsi(address: number, data: number): void;
  mapPorts(base: number, count: number, handler: PortIoHandler): Mapping;
  mapMmio(gpa: number, lengthBytes: number, handler: MmioHandler): Mapping;
  allocateMemory(lengthBytes: number, label: string): DeviceMemory;
  /** Lights the status bar's indicator for this device, or for one of its parts. Cheap; call at each transfer. */
  activity(kind: 'read' | 'write', part?: string): void;
}

/** JSON-like named fields; byte arrays stay byte arrays. Never positional. */
export type StateValue = number | string | boolean | null | Uint8Array | StateValue[] | { [name: string]: StateValue };
export interface DeviceState {
  version: number;
  fields: { [name: string]: StateValue };
}

/** A device instance. Constructed in its power-on state. */
export interface Device {
  /** Unique in its machine, stable across saves: "serial0", "ide0". */
  readonly id: string;
  /** To the state after RESET#; same as freshly constructed for all that the guest can see, media and links kept. */
  reset(): void;
  save(): DeviceState;
  /** @throws {OspiteError} state.incompatible for a version or shape it does not know. */
  restore(state: DeviceState): void;
  /** Waits until requests under way have settled, so that `save` is complete. */
  quiesce?(): Promise<void>;
  dispose?(): void;
}
