// PCI functions without a bridge: BARs are reached by index, interrupts and MSI-X messages are recorded. Configuration space has
// the identity, the capability list and vendor-specific bytes; sizing and moving BARs is the real bus's own test.

import type { PciBus, PciFunction, PciFunctionDescription } from '../../src-main/engine/bus/pci.ts';
import { openBus } from '../../src-main/engine/bus/port-bus.ts';

type BarIndex = 0 | 1 | 2 | 3 | 4 | 5;

export class FakePciFunction implements PciFunction {
  readonly bus = 0;
  readonly slot: number;
  readonly functionNumber: number;
  readonly description: PciFunctionDescription;
  readonly config = new Uint8Array(256);
  isInterruptAsserted = false;
  isBusMasterEnabled = true;
  isMsixEnabled = false;
  /** MSI-X vectors in the order sent. */
  readonly sentMsix: number[] = [];
  readonly #capabilityAt: number[] = [];

  constructor(description: PciFunctionDescription, slot: number, functionNumber: number) {
    this.description = description;
    this.slot = slot;
    this.functionNumber = functionNumber;
    const { identity } = description;
    const view = new DataView(this.config.buffer);
    view.setUint16(0x00, identity.vendorId, true);
    view.setUint16(0x02, identity.deviceId, true);
    view.setUint32(0x08, ((identity.classCode << 8) | (identity.revision ?? 0)) >>> 0, true);
    view.setUint16(0x2c, identity.subsystemVendorId ?? 0, true);
    view.setUint16(0x2e, identity.subsystemId ?? 0, true);
    view.setUint8(0x3d, description.interruptPin ?? 0);
    let at = 0x40;
    let link = 0x34;
    for (const capability of description.capabilities ?? []) {
      this.config[link] = at;
      this.config[at] = capability.id;
      this.config.set(capability.payload, at + 2);
      this.#capabilityAt.push(at);
      link = at + 1;
      at += (capability.payload.length + 2 + 3) & ~3;
    }
  }

  setInterrupt(isAsserted: boolean): void {
    this.isInterruptAsserted = isAsserted;
  }

  sendMsix(index: number): void {
    this.sentMsix.push(index);
  }

  barRead(index: BarIndex, offset: number, size: number): number {
    const bar = this.description.bars?.[index];
    if (!bar || bar.kind === 'memory') return openBus(size);
    return bar.handler.read(offset, size) >>> 0;
  }

  barWrite(index: BarIndex, offset: number, size: number, value: number): void {
    const bar = this.description.bars?.[index];
    if (bar && bar.kind !== 'memory') bar.handler.write(offset, size, value);
  }

  configRead(offset: number, size: number): number {
    const own = this.description.configRead?.(offset, size);
    if (own !== undefined) return own >>> 0;
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.config[(offset + i) & 0xff]! << (8 * i);
    return value >>> 0;
  }

  configWrite(offset: number, size: number, value: number): void {
    if (this.description.configWrite?.(offset, size, value)) return;
    this.#capabilityAt.forEach((at, index) => {
      const capability = this.description.capabilities![index]!;
      for (let i = 0; i < size; i++) {
        const inPayload = offset + i - at - 2;
        const mask = capability.writableMask?.[inPayload] ?? 0;
        if (inPayload < 0 || mask === 0) continue;
        const byte = (value >>> (8 * i)) & 0xff;
        this.config[offset + i] = (this.config[offset + i]! & ~mask) | (byte & mask);
        if (i === size - 1 || inPayload === capability.payload.length - 1) capability.onWrite?.(inPayload);
      }
    });
  }
}

export class FakePciBus implements PciBus {
  readonly functions: FakePciFunction[] = [];

  addFunction(
    description: PciFunctionDescription,
    place: { slot?: number; functionNumber?: number } = {},
  ): FakePciFunction {
    const slot = place.slot ?? this.functions.length + 2;
    const added = new FakePciFunction(description, slot, place.functionNumber ?? 0);
    this.functions.push(added);
    return added;
  }
}
