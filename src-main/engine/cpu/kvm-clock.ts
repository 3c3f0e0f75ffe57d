// kvmclock, the paravirtual clock of the KVM interface: the guest names a page and reads from it how its time-stamp counter
// relates to nanoseconds. Linux then need not calibrate the counter. [LINUX-KVM-MSR].
// One per vCPU. The counter runs at a constant rate, so the page is written once; not modelled: steal time.
//
// struct pvclock_vcpu_time_info: +0 version u32, even when stable  +8 tsc_timestamp u64  +16 system_time u64 ns
//                                +24 tsc_to_system_mul u32  +28 tsc_shift s8  +29 flags u8 (1: stable over all vCPUs)
// struct pvclock_wall_clock:     +0 version u32  +4 sec u32  +8 nsec u32: wall time when system_time was 0
import type { Clock } from '../../core/clock.ts';
import type { DeviceState, DmaAccess } from '../bus/device.ts';

export const MSR_KVM_WALL_CLOCK_NEW = 0x4b564d00;
export const MSR_KVM_SYSTEM_TIME_NEW = 0x4b564d01;

const PVCLOCK_TSC_STABLE_BIT = 1;
const SYSTEM_TIME_ENABLE = 1n;

export interface KvmClockOptions {
  readonly clock: Clock;
  readonly dma: Pick<DmaAccess, 'write'>;
  readonly tscHz: number;
  /** The counter as this vCPU reads it, its offset included. */
  readonly readTsc: () => bigint;
}

/** 32.32 fixed-point factor and shift by which guests turn counter ticks into nanoseconds. */
export function pvclockScale(tscHz: number): { multiplier: number; shift: number } {
  let shift = 0;
  let nanosecondsPerTick = 1e9 / tscHz;
  while (nanosecondsPerTick >= 1) {
    nanosecondsPerTick /= 2;
    shift++;
  }
  while (nanosecondsPerTick < 0.5) {
    nanosecondsPerTick *= 2;
    shift--;
  }
  return { multiplier: Math.min(Math.round(nanosecondsPerTick * 2 ** 32), 0xffffffff), shift };
}

export class KvmClock {
  readonly #options: KvmClockOptions;
  #systemTime = 0n;
  #wallClock = 0n;
  #version = 0;

  constructor(options: KvmClockOptions) {
    this.#options = options;
  }

  reset(): void {
    this.#systemTime = 0n;
    this.#wallClock = 0n;
    this.#version = 0;
  }

  /** Undefined for other registers. */
  readMsr(index: number): bigint | undefined {
    if (index === MSR_KVM_SYSTEM_TIME_NEW) return this.#systemTime;
    return index === MSR_KVM_WALL_CLOCK_NEW ? this.#wallClock : undefined;
  }

  /** False for other registers. */
  writeMsr(index: number, value: bigint): boolean {
    if (index === MSR_KVM_SYSTEM_TIME_NEW) {
      this.#systemTime = value;
      this.refresh();
      return true;
    }
    if (index !== MSR_KVM_WALL_CLOCK_NEW) return false;
    this.#wallClock = value;
    this.#writeWallClock();
    return true;
  }

  /** Writes the page anew, as after the guest or a restore changed the counter's offset. */
  refresh(): void {
    if (!(this.#systemTime & SYSTEM_TIME_ENABLE)) return;
    this.#version = (this.#version + 2) >>> 0;
    const { multiplier, shift } = pvclockScale(this.#options.tscHz);
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.#version, true);
    view.setBigUint64(8, BigInt.asUintN(64, this.#options.readTsc()), true);
    view.setBigUint64(16, BigInt(Math.floor(this.#options.clock.now())), true);
    view.setUint32(24, multiplier, true);
    view.setInt8(28, shift);
    view.setUint8(29, PVCLOCK_TSC_STABLE_BIT);
    this.#write(this.#systemTime & ~SYSTEM_TIME_ENABLE, bytes);
  }

  #writeWallClock(): void {
    const { clock } = this.#options;
    const bootNs = BigInt(Math.floor(clock.wallMs())) * 1_000_000n - BigInt(Math.floor(clock.now()));
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 2, true);
    view.setUint32(4, Number(BigInt.asUintN(32, bootNs / 1_000_000_000n)), true);
    view.setUint32(8, Number(BigInt.asUintN(32, bootNs % 1_000_000_000n)), true);
    this.#write(this.#wallClock, bytes);
  }

  /** A guest may name any address; beyond what a number holds there is no memory. */
  #write(gpa: bigint, bytes: Uint8Array): void {
    if (gpa < 1n << 52n) this.#options.dma.write(Number(gpa), bytes);
  }

  save(): DeviceState {
    return {
      version: 1,
      fields: {
        systemTime: this.#systemTime.toString(16),
        wallClock: this.#wallClock.toString(16),
        pageVersion: this.#version,
      },
    };
  }

  restore(state: DeviceState): void {
    const { systemTime, wallClock, pageVersion } = state.fields;
    this.#systemTime = parseHex(systemTime);
    this.#wallClock = parseHex(wallClock);
    this.#version = typeof pageVersion === 'number' ? pageVersion : 0;
  }
}

function parseHex(value: unknown): bigint {
  return typeof value === 'string' && /^[0-9a-f]{1,16}$/.test(value) ? BigInt(`0x${value}`) : 0n;
}
