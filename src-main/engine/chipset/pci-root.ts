// PCI bus 0 behind configuration mechanism #1 [PCI-3.0 §3.2.2.3.2]: CF8h selects, CFCh..CFFh is the window. One bus only; functions
// on other buses read as absent. INTx pins of a slot are swizzled onto the four PIRQ wires as on PIIX boards.
import { OspiteError } from '../../core/errors.ts';
import type { Device, DeviceState, PortIoHandler } from '../bus/device.ts';
import type { PciBus, PciFunctionDescription } from '../bus/pci.ts';
import { openBus } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';
import { PciFunctionImpl, type PciFunctionWiring } from './pci-function.ts';

const CONFIG_ADDRESS = 0xcf8;
const RESET_CONTROL = 0xcf9;
const CONFIG_DATA = 0xcfc;
const CONFIG_ENABLE = 0x8000_0000;
const STATE_VERSION = 1;

export interface PciRootWiring extends Omit<PciFunctionWiring, 'setPin'> {
  /** A PIRQ wire (0 = A .. 3 = D) changed. */
  setPirq(index: number, isAsserted: boolean): void;
  /** Byte access to the reset control register, which hides inside CF8h. */
  resetControl: { read(): number; write(value: number): void };
}

export class PciRoot implements PciBus, Device {
  readonly id = 'pci';
  readonly #wiring: PciRootWiring;
  readonly #functions = new Map<number, PciFunctionImpl>();
  /** How many functions assert each PIRQ wire. */
  readonly #pirqCounts = [0, 0, 0, 0];
  #address = 0;

  constructor(wiring: PciRootWiring, mapPorts: (base: number, count: number, handler: PortIoHandler) => void) {
    this.#wiring = wiring;
    mapPorts(CONFIG_ADDRESS, 8, {
      read: (port, size) => this.#readPort(port, size),
      write: (port, size, value) => this.#writePort(port, size, value),
    });
  }

  addFunction(
    description: PciFunctionDescription,
    place: { slot?: number; functionNumber?: number } = {},
  ): PciFunctionImpl {
    const functionNumber = place.functionNumber ?? 0;
    const slot = place.slot ?? this.#firstFreeSlot();
    const key = slot * 8 + functionNumber;
    if (slot < 0 || slot > 31 || this.#functions.has(key))
      throw new OspiteError(
        'config.invalid',
        `PCI slot ${slot} function ${functionNumber} is taken or does not exist.`,
      );
    const wiring: PciFunctionWiring = {
      mapPorts: this.#wiring.mapPorts,
      mapMmio: this.#wiring.mapMmio,
      allocateMemory: this.#wiring.allocateMemory,
      sendMsi: this.#wiring.sendMsi,
      setPin: (fn, isAsserted) => this.#onPin(fn, isAsserted),
    };
    const added = new PciFunctionImpl(description, slot, functionNumber, wiring);
    this.#functions.set(key, added);
    if (this.#functionsOf(slot).length > 1) this.#functions.get(slot * 8)?.markMultifunction();
    return added;
  }

  /** All functions, by slot and function number. For firmware tables and the inspector. */
  functions(): PciFunctionImpl[] {
    return [...this.#functions.entries()].sort(([a], [b]) => a - b).map(([, fn]) => fn);
  }

  /** Which PIRQ wire (0..3) the pin (1..4) of `slot` drives. */
  static pirqOf(slot: number, pin: number): number {
    return (pin - 1 + slot - 1) & 3;
  }

  configRead(slot: number, functionNumber: number, offset: number, size: number): number {
    const fn = this.#functions.get(slot * 8 + functionNumber);
    return fn ? fn.configRead(offset, size) : openBus(size);
  }

  configWrite(slot: number, functionNumber: number, offset: number, size: number, value: number): void {
    this.#functions.get(slot * 8 + functionNumber)?.configWrite(offset, size, value);
  }

  reset(): void {
    this.#address = 0;
    for (const fn of this.#functions.values()) fn.reset();
  }

  save(): DeviceState {
    const fields: DeviceState['fields'] = { address: this.#address };
    for (const fn of this.functions()) fields[functionKey(fn)] = fn.save();
    return { version: STATE_VERSION, fields };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#address = reader.u32('address');
    for (const fn of this.functions()) fn.restore(reader.record(functionKey(fn)));
  }

  #firstFreeSlot(): number {
    for (let slot = 2; slot < 32; slot++) if (this.#functionsOf(slot).length === 0) return slot;
    return -1;
  }

  #functionsOf(slot: number): PciFunctionImpl[] {
    return [...this.#functions.values()].filter((fn) => fn.slot === slot);
  }

  #onPin(fn: PciFunctionImpl, isAsserted: boolean): void {
    if (fn.interruptPin === 0) return;
    const index = PciRoot.pirqOf(fn.slot, fn.interruptPin);
    const before = this.#pirqCounts[index]!;
    const now = before + (isAsserted ? 1 : -1);
    this.#pirqCounts[index] = now;
    if (before > 0 !== now > 0) this.#wiring.setPirq(index, now > 0);
  }

  #readPort(port: number, size: number): number {
    if (port >= CONFIG_DATA) return this.#readData(port, size);
    if (port === CONFIG_ADDRESS && size === 4) return this.#address;
    if (port === RESET_CONTROL && size === 1) return this.#wiring.resetControl.read();
    return openBus(size);
  }

  #writePort(port: number, size: number, value: number): void {
    if (port >= CONFIG_DATA) this.#writeData(port, size, value);
    else if (port === CONFIG_ADDRESS && size === 4) this.#address = (value & 0x80fffffc) >>> 0;
    else if (port === RESET_CONTROL && size === 1) this.#wiring.resetControl.write(value & 0xff);
  }

  /** The function that CF8h selects, or null: disabled, other bus, or nobody there. */
  #selected(): PciFunctionImpl | null {
    const address = this.#address;
    if ((address & CONFIG_ENABLE) === 0 || (address & 0xff0000) !== 0) return null;
    return this.#functions.get((address >>> 8) & 0xff) ?? null;
  }

  #readData(port: number, size: number): number {
    const fn = this.#selected();
    return fn ? fn.configRead((this.#address & 0xfc) + (port & 3), size) : openBus(size);
  }

  #writeData(port: number, size: number, value: number): void {
    this.#selected()?.configWrite((this.#address & 0xfc) + (port & 3), size, value);
  }
}

function functionKey(fn: PciFunctionImpl): string {
  return `function_${fn.slot}_${fn.functionNumber}`;
}
