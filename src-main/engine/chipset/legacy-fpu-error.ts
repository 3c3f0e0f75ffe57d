// The PC/AT's way of reporting x87 errors: FERR# latches interrupt 13, a write to port F0h (or F1h) clears it.
import type { Device, DeviceState, IrqLine, PortIoHandler } from '../bus/device.ts';
import { StateReader } from '../bus/state-fields.ts';

const STATE_VERSION = 1;

export class LegacyFpuError implements Device {
  readonly id = 'fpu-error';
  readonly #irq13: IrqLine;
  #isRaised = false;

  constructor(irq13: IrqLine, mapPorts: (base: number, count: number, handler: PortIoHandler) => void) {
    this.#irq13 = irq13;
    mapPorts(0xf0, 2, { read: () => 0, write: () => this.#set(false) });
  }

  raise(): void {
    this.#set(true);
  }

  reset(): void {
    this.#set(false);
  }

  save(): DeviceState {
    return { version: STATE_VERSION, fields: { isRaised: this.#isRaised } };
  }

  restore(state: DeviceState): void {
    this.#set(new StateReader(state, this.id, STATE_VERSION).boolean('isRaised'));
  }

  #set(isRaised: boolean): void {
    this.#isRaised = isRaised;
    this.#irq13.set(isRaised);
  }
}
