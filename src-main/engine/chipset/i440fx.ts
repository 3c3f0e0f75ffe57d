// The host bridge, PCI 00:00.0: Intel 82441FX [82441FX §3.2]. Its one duty here is the PAM registers, which route C0000..FFFFF
// between RAM and ROM so that firmware can shadow itself. SMRAM is kept as a register without effect; DRAM timing,
// ECC and error reporting are not modelled.
import type { Device, DeviceState } from '../bus/device.ts';
import type { PciBus } from '../bus/pci.ts';
import { StateReader } from '../bus/state-fields.ts';

const PAM0 = 0x59;
const PAM6 = 0x5f;
const SMRAM = 0x72;
const SMRAM_LOCK = 0x10;
const STATE_VERSION = 1;
const VENDOR_START = 0x40;

export interface ShadowControl {
  setShadow(index: number, options: { readsRam: boolean; writesRam: boolean }): void;
}

export class I440fx implements Device {
  readonly id = 'i440fx';
  readonly #shadow: ShadowControl;
  /** Configuration bytes from 40h. */
  readonly #registers = new Uint8Array(256 - VENDOR_START);

  constructor(pci: PciBus, shadow: ShadowControl) {
    this.#shadow = shadow;
    pci.addFunction(
      {
        identity: { vendorId: 0x8086, deviceId: 0x1237, classCode: 0x060000, revision: 2 },
        configRead: (offset, size) => this.#read(offset, size),
        configWrite: (offset, size, value) => this.#write(offset, size, value),
      },
      { slot: 0 },
    );
    this.reset();
  }

  reset(): void {
    this.#registers.fill(0);
    this.#registers[SMRAM - VENDOR_START] = 0x02;
    this.#applyPam();
  }

  save(): DeviceState {
    return { version: STATE_VERSION, fields: { registers: this.#registers.slice() } };
  }

  restore(state: DeviceState): void {
    this.#registers.set(new StateReader(state, this.id, STATE_VERSION).bytes('registers', this.#registers.length));
    this.#applyPam();
  }

  #read(offset: number, size: number): number | undefined {
    if (offset < VENDOR_START) return undefined;
    let value = 0;
    for (let i = 0; i < size; i++) value |= (this.#registers[offset + i - VENDOR_START] ?? 0) << (8 * i);
    return value >>> 0;
  }

  #write(offset: number, size: number, value: number): boolean {
    if (offset < VENDOR_START) return false;
    for (let i = 0; i < size; i++) this.#writeByte(offset + i, (value >>> (8 * i)) & 0xff);
    if (offset <= PAM6 && offset + size > PAM0) this.#applyPam();
    return true;
  }

  #writeByte(at: number, value: number): void {
    if (at > 0xff) return;
    const isLocked = at === SMRAM && (this.#registers[SMRAM - VENDOR_START]! & SMRAM_LOCK) !== 0;
    if (!isLocked) this.#registers[at - VENDOR_START] = value;
  }

  /** PAM0's high half is F0000..FFFFF; each half of PAM1..6 is 16 KiB from C0000 up. In each: bit 0 read enable, bit 1 write enable. */
  #applyPam(): void {
    for (let segment = 0; segment < 12; segment++) {
      const register = this.#registers[PAM0 + 1 + (segment >> 1) - VENDOR_START]!;
      this.#setSegment(segment, segment & 1 ? register >> 4 : register);
    }
    for (let segment = 12; segment < 16; segment++)
      this.#setSegment(segment, this.#registers[PAM0 - VENDOR_START]! >> 4);
  }

  #setSegment(segment: number, attributes: number): void {
    this.#shadow.setShadow(segment, { readsRam: (attributes & 1) !== 0, writesRam: (attributes & 2) !== 0 });
  }
}
