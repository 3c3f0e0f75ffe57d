// PCI as a device sees it: it describes its function, the bus gives configuration space, BAR placement and interrupts.
import type { MmioHandler, PortIoHandler } from './device.ts';

export type PciBar =
  | { kind: 'io'; sizeBytes: number; handler: PortIoHandlerAt }
  | { kind: 'mmio'; sizeBytes: number; handler: MmioHandler; is64Bit?: boolean; prefetchable?: boolean }
  /** Backed by device memory: `place` is called with the new guest-physical address, or null when decoding is off. */
  | { kind: 'memory'; sizeBytes: number; prefetchable?: boolean; place: (gpa: number | null) => void };

/** Port handler whose `port` argument is the offset into the BAR. */
export type PortIoHandlerAt = PortIoHandler;

export interface PciIdentity {
  vendorId: number;
  deviceId: number;
  /** 24 bits: class, subclass, programming interface. */
  classCode: number;
  revision?: number;
  subsystemVendorId?: number;
  subsystemId?: number;
}

export interface PciFunctionDescription {
  identity: PciIdentity;
  /** Index 0..5; a 64-bit BAR takes two. */
  bars?: Partial<Record<0 | 1 | 2 | 3 | 4 | 5, PciBar>>;
  /** 1..4 for INTA..INTD; absent: no interrupt pin. */
  interruptPin?: number;
  expansionRom?: Uint8Array;
  /** Capabilities in list order: id plus payload following the two header bytes; `writableMask` marks guest-writable payload bits. */
  capabilities?: { id: number; payload: Uint8Array; writableMask?: Uint8Array; onWrite?: (offset: number) => void }[];
  /** Vendor-specific configuration bytes outside the standard header and BARs. */
  configRead?(offset: number, size: number): number | undefined;
  configWrite?(offset: number, size: number, value: number): boolean;
  /** MSI-X table entries (0 = none); the bus provides table and PBA in the given BAR and `sendMsix`. */
  msix?: { vectors: number; bar: 0 | 1 | 2 | 3 | 4 | 5; tableOffset: number; pbaOffset: number };
}

export interface PciFunction {
  readonly bus: number;
  readonly slot: number;
  readonly functionNumber: number;
  /** Drives the INTx pin. */
  setInterrupt(isAsserted: boolean): void;
  /** Command register bit 2. */
  readonly isBusMasterEnabled: boolean;
  readonly isMsixEnabled: boolean;
  /** Sends vector `index` (pends it while masked). */
  sendMsix(index: number): void;
  /** The 256 configuration bytes as the guest reads them (for firmware and saved state). */
  readonly config: Uint8Array;
}

export interface PciBus {
  /** Adds a function at `slot` (0..31), or at the first free slot from 2 when omitted. */
  addFunction(description: PciFunctionDescription, place?: { slot?: number; functionNumber?: number }): PciFunction;
}
