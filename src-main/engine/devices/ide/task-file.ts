// The command block registers of one drive. The 8-bit registers are two-byte FIFOs: a write pushes the earlier value to the
// "high order byte" place that 48-bit commands read first. [ATAPI-6 §6.20]
import type { StateValue } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import { DEVICE_LBA } from './registers.ts';

export class TaskFile {
  features = 0;
  count = 0;
  lbaLow = 0;
  lbaMid = 0;
  lbaHigh = 0;
  device = 0;
  featuresHob = 0;
  countHob = 0;
  lbaLowHob = 0;
  lbaMidHob = 0;
  lbaHighHob = 0;

  get isLba(): boolean {
    return (this.device & DEVICE_LBA) !== 0;
  }

  get count28(): number {
    return this.count === 0 ? 256 : this.count;
  }

  get count48(): number {
    return (this.countHob << 8) | this.count || 65536;
  }

  get lba28(): number {
    return ((this.device & 0x0f) << 24) | (this.lbaHigh << 16) | (this.lbaMid << 8) | this.lbaLow;
  }

  get lba48(): number {
    const low = ((this.lbaLowHob << 24) | (this.lbaHigh << 16) | (this.lbaMid << 8) | this.lbaLow) >>> 0;
    return low + ((this.lbaHighHob << 8) | this.lbaMidHob) * 2 ** 32;
  }

  setLba28(lba: number): void {
    this.lbaLow = lba & 0xff;
    this.lbaMid = (lba >>> 8) & 0xff;
    this.lbaHigh = (lba >>> 16) & 0xff;
    this.device = (this.device & 0xf0) | ((lba >>> 24) & 0x0f);
  }

  setLba48(lba: number): void {
    const low = lba % 2 ** 32;
    const high = Math.floor(lba / 2 ** 32);
    this.lbaLow = low & 0xff;
    this.lbaMid = (low >>> 8) & 0xff;
    this.lbaHigh = (low >>> 16) & 0xff;
    this.lbaLowHob = (low >>> 24) & 0xff;
    this.lbaMidHob = high & 0xff;
    this.lbaHighHob = (high >>> 8) & 0xff;
  }

  /** What a reset or a diagnostic leaves: the signature that tells disks (mid, high = 0, 0) from packet devices (14h, EBh). */
  setSignature(lbaMid: number, lbaHigh: number): void {
    this.count = 1;
    this.lbaLow = 1;
    this.lbaMid = lbaMid;
    this.lbaHigh = lbaHigh;
    this.device &= 0x10;
    this.countHob = 0;
    this.lbaLowHob = 0;
    this.lbaMidHob = 0;
    this.lbaHighHob = 0;
  }

  save(): { [name: string]: StateValue } {
    return Object.fromEntries(registerNames.map((name) => [name, this[name]]));
  }

  clear(): void {
    for (const name of registerNames) this[name] = 0;
  }

  restore(reader: StateReader): void {
    for (const name of registerNames) this[name] = reader.u8(name);
  }
}

const registerNames = [
  'features',
  'count',
  'lbaLow',
  'lbaMid',
  'lbaHigh',
  'device',
  'featuresHob',
  'countHob',
  'lbaLowHob',
  'lbaMidHob',
  'lbaHighHob',
] as const;
