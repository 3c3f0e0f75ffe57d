// One PCI function's configuration space, header type 0 [PCI-3.0 §6.1, §6.2]: identity, command and status, BARs that the guest
// sizes, moves and switches, the expansion ROM, the capability list, MSI-X, the interrupt pin.
import type { DeviceMemory, DeviceState, Mapping, MmioHandler, PortIoHandler } from '../bus/device.ts';
import type { PciBar, PciFunction, PciFunctionDescription } from '../bus/pci.ts';
import { openBus } from '../bus/port-bus.ts';
import type { StateReader } from '../bus/state-fields.ts';
import { Msix, PCI_CAP_ID_MSIX } from './pci-msix.ts';

export const PCI_COMMAND = 0x04;
const PCI_STATUS = 0x06;
const PCI_HEADER_TYPE = 0x0e;
const PCI_BASE_ADDRESS_0 = 0x10;
const PCI_ROM_ADDRESS = 0x30;
const PCI_CAPABILITY_LIST = 0x34;
const PCI_INTERRUPT_LINE = 0x3c;
const PCI_INTERRUPT_PIN = 0x3d;
const FIRST_CAPABILITY = 0x40;

const COMMAND_IO = 0x0001;
const COMMAND_MEMORY = 0x0002;
const COMMAND_MASTER = 0x0004;
const COMMAND_INTX_DISABLE = 0x0400;
/** I/O, memory, master, parity response, SERR#, interrupt disable. */
const COMMAND_WRITABLE = 0x0547;
const STATUS_INTERRUPT = 0x08;
const STATUS_CAPABILITIES = 0x10;
const ROM_ENABLE = 1;

/** What a function needs of its surroundings. */
export interface PciFunctionWiring {
  mapPorts(base: number, count: number, handler: PortIoHandler): Mapping;
  mapMmio(gpa: number, lengthBytes: number, handler: MmioHandler): Mapping;
  allocateMemory(lengthBytes: number, label: string): DeviceMemory;
  sendMsi(address: number, data: number): void;
  /** The INTx wire of this function changed. */
  setPin(fn: PciFunctionImpl, isAsserted: boolean): void;
}

interface BarSlot {
  readonly index: number;
  readonly bar: PciBar;
  readonly handler: MmioHandler | PortIoHandler | null;
  /** Where it is decoded now, or null. */
  address: number | null;
  mapping: Mapping | null;
}

export class PciFunctionImpl implements PciFunction {
  readonly bus = 0;
  readonly slot: number;
  readonly functionNumber: number;
  readonly config = new Uint8Array(256);
  readonly #view = new DataView(this.config.buffer);
  readonly #description: PciFunctionDescription;
  readonly #wiring: PciFunctionWiring;
  readonly #bars: BarSlot[] = [];
  readonly #msix: Msix | null;
  readonly #msixAt: number;
  readonly #capabilities: { at: number; index: number; length: number }[] = [];
  readonly #rom: DeviceMemory | null;
  readonly #romSizeBytes: number;
  #isPinAsserted = false;
  #isPinDriven = false;

  constructor(description: PciFunctionDescription, slot: number, functionNumber: number, wiring: PciFunctionWiring) {
    this.#description = description;
    this.slot = slot;
    this.functionNumber = functionNumber;
    this.#wiring = wiring;
    this.#msix = description.msix ? new Msix(description.msix, wiring.sendMsi) : null;
    this.#collectBars();
    const rom = description.expansionRom;
    this.#romSizeBytes = rom ? Math.max(0x1000, nextPowerOfTwo(rom.length)) : 0;
    this.#rom = rom ? wiring.allocateMemory(this.#romSizeBytes, `option ROM of ${slot}.${functionNumber}`) : null;
    if (rom) this.#rom?.bytes.set(rom);
    this.#writeIdentity();
    this.#msixAt = this.#writeCapabilities();
    this.reset();
  }

  get isBusMasterEnabled(): boolean {
    return (this.#command & COMMAND_MASTER) !== 0;
  }

  get isMsixEnabled(): boolean {
    return this.#msix?.isEnabled ?? false;
  }

  get interruptPin(): number {
    return this.config[PCI_INTERRUPT_PIN]!;
  }

  setInterrupt(isAsserted: boolean): void {
    this.#isPinAsserted = isAsserted;
    this.#drivePin();
  }

  sendMsix(index: number): void {
    this.#msix?.trigger(index);
  }

  /** Marks function 0 of a slot that has more than one. */
  markMultifunction(): void {
    this.config[PCI_HEADER_TYPE]! |= 0x80;
  }

  reset(): void {
    this.#view.setUint16(PCI_COMMAND, 0, true);
    this.config[0x0c] = 0;
    this.config[0x0d] = 0;
    this.config[PCI_INTERRUPT_LINE] = 0;
    for (const slot of this.#bars) {
      this.#view.setUint32(barOffset(slot), barFlags(slot.bar), true);
      if (isBar64(slot.bar)) this.#view.setUint32(barOffset(slot) + 4, 0, true);
    }
    this.#view.setUint32(PCI_ROM_ADDRESS, 0, true);
    this.#msix?.reset();
    this.#resetCapabilities();
    this.#storeMsixControl();
    this.#isPinAsserted = false;
    this.#drivePin();
    this.#updateMappings();
  }

  configRead(offset: number, size: number): number {
    const own = this.#description.configRead?.(offset, size);
    if (own !== undefined) return (own & openBus(size)) >>> 0;
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.config[(offset + i) & 0xff]! << (8 * i);
    return value >>> 0;
  }

  configWrite(offset: number, size: number, value: number): void {
    if (this.#description.configWrite?.(offset, size, value)) return;
    for (let i = 0; i < size; i++) this.#writeByte((offset + i) & 0xff, (value >>> (8 * i)) & 0xff);
    if (offset < FIRST_CAPABILITY) {
      this.#drivePin();
      this.#updateMappings();
    } else {
      this.#afterCapabilityWrite(offset, size);
    }
  }

  save(): DeviceState['fields'] {
    return {
      config: this.config.slice(),
      isPinAsserted: this.#isPinAsserted,
      msix: this.#msix ? this.#msix.save() : null,
    };
  }

  restore(reader: StateReader): void {
    const saved = reader.bytes('config', 256);
    // Identity and read-only bits are this build's; only what a guest can write comes from the file.
    this.config.set(saved.subarray(PCI_COMMAND, PCI_COMMAND + 2), PCI_COMMAND);
    for (let at = 0x0c; at < PCI_CAPABILITY_LIST; at++) if (at !== PCI_HEADER_TYPE) this.#writeByte(at, saved[at]!);
    this.config[PCI_INTERRUPT_LINE] = saved[PCI_INTERRUPT_LINE]!;
    for (let at = FIRST_CAPABILITY; at < 256; at++) this.#writeByte(at, saved[at]!);
    if (this.#msix) this.#msix.restore(reader.record('msix'));
    this.#storeMsixControl();
    this.#isPinAsserted = reader.boolean('isPinAsserted');
    this.#drivePin();
    this.#updateMappings();
  }

  get #command(): number {
    return this.#view.getUint16(PCI_COMMAND, true);
  }

  #collectBars(): void {
    const { bars = {}, msix } = this.#description;
    for (let index = 0; index < 6; index++) {
      let bar = bars[index as 0];
      let handler: MmioHandler | PortIoHandler | null = bar && bar.kind !== 'memory' ? bar.handler : null;
      if (msix?.bar === index && this.#msix) {
        const inner = bar?.kind === 'mmio' ? bar.handler : null;
        const window = this.#msix.window(inner);
        handler = window;
        bar ??= { kind: 'mmio', sizeBytes: msixBarSize(msix), handler: window };
      }
      if (bar) this.#bars.push({ index, bar, handler, address: null, mapping: null });
      if (bar && isBar64(bar)) index++;
    }
  }

  #writeIdentity(): void {
    const { identity, interruptPin } = this.#description;
    const view = this.#view;
    view.setUint16(0x00, identity.vendorId, true);
    view.setUint16(0x02, identity.deviceId, true);
    view.setUint32(0x08, ((identity.classCode << 8) | (identity.revision ?? 0)) >>> 0, true);
    view.setUint16(0x2c, identity.subsystemVendorId ?? 0x1af4, true);
    view.setUint16(0x2e, identity.subsystemId ?? 0x1100, true);
    this.config[PCI_INTERRUPT_PIN] = interruptPin ?? 0;
  }

  /** Lays out the capability list; returns where MSI-X is, 0 if absent. */
  #writeCapabilities(): number {
    let at = FIRST_CAPABILITY;
    let link = PCI_CAPABILITY_LIST;
    const add = (id: number, payload: Uint8Array): number => {
      const here = at;
      this.config[link] = here;
      this.config[here] = id;
      this.config.set(payload, here + 2);
      link = here + 1;
      at = (here + 2 + payload.length + 3) & ~3;
      this.config[PCI_STATUS]! |= STATUS_CAPABILITIES;
      return here;
    };
    (this.#description.capabilities ?? []).forEach((capability, index) => {
      const here = add(capability.id, capability.payload);
      this.#capabilities.push({ at: here, index, length: capability.payload.length });
    });
    return this.#msix ? add(PCI_CAP_ID_MSIX, this.#msix.payload) : 0;
  }

  #resetCapabilities(): void {
    for (const { at, index } of this.#capabilities)
      this.config.set(this.#description.capabilities![index]!.payload, at + 2);
  }

  #storeMsixControl(): void {
    if (this.#msix) this.config.set(this.#msix.payload.subarray(0, 2), this.#msixAt + 2);
  }

  #writeByte(at: number, value: number): void {
    if (at >= FIRST_CAPABILITY) this.#writeCapabilityByte(at, value);
    else if (at === PCI_COMMAND || at === PCI_COMMAND + 1) {
      this.config[at] = value & (COMMAND_WRITABLE >> (8 * (at - PCI_COMMAND)));
    } else if (at === PCI_STATUS + 1) {
      // Error bits are cleared by writing ones.
      this.config[at]! &= ~(value & 0xf9);
    } else if (at === 0x0c || at === 0x0d || at === PCI_INTERRUPT_LINE) this.config[at] = value;
    else if (at >= PCI_ROM_ADDRESS && at < PCI_ROM_ADDRESS + 4) this.#writeRomByte(at, value);
    else if (at >= PCI_BASE_ADDRESS_0 && at < PCI_BASE_ADDRESS_0 + 24) this.#writeBarByte(at, value);
  }

  #writeRomByte(at: number, value: number): void {
    if (!this.#rom) return;
    const mask = ((~(this.#romSizeBytes - 1) | ROM_ENABLE) >>> 0) >>> (8 * (at - PCI_ROM_ADDRESS));
    this.config[at] = value & mask;
  }

  #writeBarByte(at: number, value: number): void {
    for (const slot of this.#bars) {
      const start = barOffset(slot);
      const inBar = at - start;
      if (inBar < 0 || inBar >= (isBar64(slot.bar) ? 8 : 4)) continue;
      // All device BARs are below 4 GiB in size, so the high half of a 64-bit one is fully writable.
      const mask = inBar >= 4 ? 0xff : ((~(slot.bar.sizeBytes - 1) >>> 0) >>> (8 * inBar)) & 0xff;
      const flags = inBar === 0 ? barFlags(slot.bar) : 0;
      this.config[at] = (value & mask) | flags;
    }
  }

  #writeCapabilityByte(at: number, value: number): void {
    if (this.#msix && at === this.#msixAt + 3) {
      this.config[at] = (this.config[at]! & 0x3f) | (value & 0xc0);
      return;
    }
    for (const capability of this.#capabilities) {
      const inPayload = at - capability.at - 2;
      if (inPayload < 0 || inPayload >= capability.length) continue;
      const mask = this.#description.capabilities![capability.index]!.writableMask?.[inPayload] ?? 0;
      this.config[at] = (this.config[at]! & ~mask) | (value & mask);
    }
  }

  #afterCapabilityWrite(offset: number, size: number): void {
    if (this.#msix && offset <= this.#msixAt + 3 && offset + size > this.#msixAt + 3)
      this.#msix.setControl(this.#view.getUint16(this.#msixAt + 2, true));
    for (const capability of this.#capabilities) {
      const first = Math.max(offset - capability.at - 2, 0);
      const last = Math.min(offset + size - capability.at - 2, capability.length);
      if (first < last) this.#description.capabilities![capability.index]!.onWrite?.(first);
    }
  }

  #drivePin(): void {
    if (this.#isPinAsserted) this.config[PCI_STATUS]! |= STATUS_INTERRUPT;
    else this.config[PCI_STATUS]! &= ~STATUS_INTERRUPT;
    const isDriven = this.#isPinAsserted && (this.#command & COMMAND_INTX_DISABLE) === 0;
    if (isDriven === this.#isPinDriven) return;
    this.#isPinDriven = isDriven;
    this.#wiring.setPin(this, isDriven);
  }

  /** The address a BAR decodes now: null while switched off, unset, or being sized. */
  #barAddress(slot: BarSlot): number | null {
    const { bar } = slot;
    const raw = this.#view.getUint32(barOffset(slot), true);
    if (bar.kind === 'io') {
      const base = raw & ~3;
      return (this.#command & COMMAND_IO) !== 0 && base > 0 && base + bar.sizeBytes <= 0x10000 ? base : null;
    }
    if ((this.#command & COMMAND_MEMORY) === 0) return null;
    const high = isBar64(bar) ? this.#view.getUint32(barOffset(slot) + 4, true) : 0;
    const base = high * 0x1_0000_0000 + ((raw & ~15) >>> 0);
    const limit = high === 0 ? 0xffffffff : 2 ** 52;
    return base > 0 && base + bar.sizeBytes <= limit ? base : null;
  }

  #updateMappings(): void {
    for (const slot of this.#bars) {
      const address = this.#barAddress(slot);
      if (address === slot.address) continue;
      slot.address = address;
      slot.mapping?.remove();
      slot.mapping = null;
      if (slot.bar.kind === 'memory') slot.bar.place(address);
      else if (address !== null) slot.mapping = this.#mapBar(slot, address);
    }
    this.#placeRom();
  }

  #mapBar(slot: BarSlot, address: number): Mapping {
    const handler = slot.handler!;
    if (slot.bar.kind !== 'io') return this.#wiring.mapMmio(address, slot.bar.sizeBytes, handler);
    return this.#wiring.mapPorts(address, slot.bar.sizeBytes, {
      read: (port, size) => handler.read(port - address, size),
      write: (port, size, value) => handler.write(port - address, size, value),
    });
  }

  #placeRom(): void {
    if (!this.#rom) return;
    const raw = this.#view.getUint32(PCI_ROM_ADDRESS, true);
    const base = (raw & ~(this.#romSizeBytes - 1)) >>> 0;
    const isDecoded = (raw & ROM_ENABLE) !== 0 && (this.#command & COMMAND_MEMORY) !== 0;
    const isSane = base > 0 && base + this.#romSizeBytes <= 0xffffffff;
    this.#rom.mapAt(isDecoded && isSane ? base : null, { writable: false, logDirty: false });
  }
}

function barOffset(slot: BarSlot): number {
  return PCI_BASE_ADDRESS_0 + 4 * slot.index;
}

function isBar64(bar: PciBar): boolean {
  return bar.kind === 'mmio' && bar.is64Bit === true;
}

/** The read-only low bits: space, width, prefetchable. */
function barFlags(bar: PciBar): number {
  if (bar.kind === 'io') return 1;
  return (isBar64(bar) ? 4 : 0) | (bar.prefetchable ? 8 : 0);
}

function msixBarSize(msix: { vectors: number; tableOffset: number; pbaOffset: number }): number {
  const end = Math.max(msix.tableOffset + msix.vectors * 16, msix.pbaOffset + Math.ceil(msix.vectors / 64) * 8);
  return Math.max(0x1000, nextPowerOfTwo(end));
}

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(value, 1)));
}
