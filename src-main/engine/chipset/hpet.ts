// The high precision event timer block [HPET-1.0a]: a 64-bit counter at 100 MHz and three comparators, each one-shot or
// periodic, 32 or 64 bits wide, edge or level, with legacy replacement routing. No FSB (message) delivery.
import type { Clock, Timer } from '../../core/clock.ts';
import type { Device, DeviceState, IrqLine, MmioHandler } from '../bus/device.ts';
import { openBus } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

export const HPET_BASE = 0xfed00000;
const TIMERS = 3;
const TICK_NS = 10;
/** Revision 1, three timers, 64 bits, legacy routing, vendor 8086; period in femtoseconds in the high half. */
const CAPABILITIES_LOW = 0x8086a201;
const PERIOD_FS = 10_000_000;

const REG_CAPABILITIES = 0x000;
const REG_CONFIGURATION = 0x010;
const REG_STATUS = 0x020;
const REG_COUNTER = 0x0f0;
const REG_TIMERS = 0x100;
const TIMER_STRIDE = 0x20;

const CONFIG_ENABLE = 1;
const CONFIG_LEGACY = 2;

const TN_INT_LEVEL = 0x0002;
const TN_INT_ENABLE = 0x0004;
const TN_PERIODIC = 0x0008;
const TN_PERIODIC_CAPABLE = 0x0010;
const TN_SIZE_64 = 0x0020;
const TN_VALUE_SET = 0x0040;
const TN_32_BIT = 0x0100;
const TN_ROUTE_SHIFT = 9;
const TN_WRITABLE = 0x3f4e;
/** I/O APIC inputs a comparator may use: 2 and 16..23. */
const ROUTE_CAPABILITIES = 0x00ff0004;
/** A guest's period below this would be nothing but timers. */
const MIN_PERIOD_NS = 20_000;
const MASK_64 = 0xffff_ffff_ffff_ffffn;
const STATE_VERSION = 1;

interface Comparator {
  configuration: number;
  comparator: bigint;
  period: bigint;
  /** The next comparator write sets the comparator, not the period, of a periodic timer. */
  isValueSetArmed: boolean;
  timer: Timer;
}

export interface HpetOptions {
  clock: Clock;
  /** I/O APIC input as an interrupt wire. */
  gsi(input: number): IrqLine;
  /** ISA interrupts 0 and 8 for legacy replacement. */
  isaIrq(irq: number): IrqLine;
  mapMmio(gpa: number, lengthBytes: number, handler: MmioHandler): void;
  /** Legacy replacement was switched: while on, the PIT and the RTC are disconnected. */
  onLegacyChanged(isLegacy: boolean): void;
}

export class Hpet implements Device {
  readonly id = 'hpet';
  readonly #options: HpetOptions;
  readonly #gsis: readonly IrqLine[];
  readonly #legacyLines: readonly IrqLine[];
  readonly #comparators: readonly Comparator[];
  #configuration = 0;
  #status = 0;
  /** Counter value at `#startNs`, or the halted counter. */
  #base = 0n;
  #startNs = 0;

  constructor(options: HpetOptions) {
    this.#options = options;
    this.#gsis = Array.from({ length: 24 }, (_, input) => options.gsi(input));
    this.#legacyLines = [options.isaIrq(0), options.isaIrq(8)];
    this.#comparators = Array.from({ length: TIMERS }, (_, index) => ({
      configuration: 0,
      comparator: 0n,
      period: 0n,
      isValueSetArmed: false,
      timer: options.clock.createTimer(() => this.#onTimer(index)),
    }));
    options.mapMmio(HPET_BASE, 0x400, {
      read: (offset, size) => this.#read(offset, size),
      write: (offset, size, value) => this.#write(offset, size, value),
    });
    this.reset();
  }

  reset(): void {
    const wasLegacy = this.#isLegacy;
    this.#configuration = 0;
    this.#status = 0;
    this.#base = 0n;
    for (const comparator of this.#comparators) {
      comparator.configuration = TN_PERIODIC_CAPABLE | TN_SIZE_64;
      comparator.comparator = MASK_64;
      comparator.period = 0n;
      comparator.isValueSetArmed = false;
      comparator.timer.cancel();
    }
    for (const line of [...this.#gsis, ...this.#legacyLines]) line.set(false);
    if (wasLegacy) this.#options.onLegacyChanged(false);
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        configuration: this.#configuration,
        status: this.#status,
        base: this.#base.toString(),
        startNs: this.#startNs,
        comparators: this.#comparators.map((comparator) => ({
          configuration: comparator.configuration,
          comparator: comparator.comparator.toString(),
          period: comparator.period.toString(),
          isValueSetArmed: comparator.isValueSetArmed,
          timerNs: comparator.timer.deadlineNs,
        })),
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#configuration = reader.int('configuration', 0, 3);
    this.#status = reader.int('status', 0, 7);
    this.#base = readBig(reader, 'base');
    this.#startNs = reader.number('startNs');
    reader.records('comparators', TIMERS).forEach((saved, index) => {
      const comparator = this.#comparators[index]!;
      comparator.configuration = saved.u16('configuration');
      comparator.comparator = readBig(saved, 'comparator');
      comparator.period = readBig(saved, 'period');
      comparator.isValueSetArmed = saved.boolean('isValueSetArmed');
      const timerNs = saved.numberOrNull('timerNs');
      comparator.timer.cancel();
      if (timerNs !== null) comparator.timer.arm(timerNs);
    });
    this.#options.onLegacyChanged(this.#isLegacy);
    for (let index = 0; index < TIMERS; index++) if (this.#status & (1 << index)) this.#lineOf(index).set(true);
  }

  get #isRunning(): boolean {
    return (this.#configuration & CONFIG_ENABLE) !== 0;
  }

  get #isLegacy(): boolean {
    return (this.#configuration & CONFIG_LEGACY) !== 0;
  }

  #counter(): bigint {
    if (!this.#isRunning) return this.#base;
    const ticks = Math.floor((this.#options.clock.now() - this.#startNs) / TICK_NS + 1e-3);
    return (this.#base + BigInt(Math.max(ticks, 0))) & MASK_64;
  }

  #read(offset: number, size: number): number {
    const word = this.#readWord(offset & ~3);
    return size === 4 ? word : (word >>> (8 * (offset & 3))) & openBus(size);
  }

  #readWord(offset: number): number {
    if (offset >= REG_TIMERS) return this.#readComparator(offset);
    switch (offset) {
      case REG_CAPABILITIES:
        return CAPABILITIES_LOW;
      case REG_CAPABILITIES + 4:
        return PERIOD_FS;
      case REG_CONFIGURATION:
        return this.#configuration;
      case REG_STATUS:
        return this.#status;
      case REG_COUNTER:
        return lowWord(this.#counter());
      case REG_COUNTER + 4:
        return highWord(this.#counter());
      default:
        return 0;
    }
  }

  #readComparator(offset: number): number {
    const comparator = this.#comparators[(offset - REG_TIMERS) >> 5];
    if (!comparator) return 0;
    switch (offset & (TIMER_STRIDE - 4)) {
      case 0x00:
        return comparator.configuration;
      case 0x04:
        return ROUTE_CAPABILITIES;
      case 0x08:
        return lowWord(comparator.comparator);
      case 0x0c:
        return comparator.configuration & TN_32_BIT ? 0 : highWord(comparator.comparator);
      default:
        return 0;
    }
  }

  #write(offset: number, size: number, value: number): void {
    // The specification asks for 32 or 64-bit accesses; narrower ones are merged.
    const at = offset & ~3;
    const shift = 8 * (offset & 3);
    const mask = size === 4 ? 0xffffffff : (openBus(size) << shift) >>> 0;
    const isStatus = at === REG_STATUS;
    const kept = size === 4 || isStatus ? 0 : this.#readWord(at) & ~mask;
    this.#writeWord(at, (kept | ((value << shift) & mask)) >>> 0);
  }

  #writeWord(offset: number, value: number): void {
    if (offset >= REG_TIMERS) {
      this.#writeComparatorWord((offset - REG_TIMERS) >> 5, offset & (TIMER_STRIDE - 4), value);
      return;
    }
    switch (offset) {
      case REG_CONFIGURATION:
        this.#setConfiguration(value & (CONFIG_ENABLE | CONFIG_LEGACY));
        return;
      case REG_STATUS:
        this.#clearStatus(value & 7);
        return;
      case REG_COUNTER:
        this.#setCounter((this.#counter() & ~0xffffffffn) | BigInt(value));
        return;
      case REG_COUNTER + 4:
        this.#setCounter((this.#counter() & 0xffffffffn) | (BigInt(value) << 32n));
        return;
    }
  }

  #setConfiguration(value: number): void {
    const before = this.#configuration;
    this.#base = this.#counter();
    this.#startNs = this.#options.clock.now();
    if ((before ^ value) & CONFIG_LEGACY) for (let index = 0; index < TIMERS; index++) this.#lineOf(index).set(false);
    this.#configuration = value;
    if ((before ^ value) & CONFIG_LEGACY) this.#options.onLegacyChanged(this.#isLegacy);
    for (let index = 0; index < TIMERS; index++) this.#schedule(index);
  }

  #setCounter(value: bigint): void {
    this.#base = value;
    this.#startNs = this.#options.clock.now();
    for (let index = 0; index < TIMERS; index++) this.#schedule(index);
  }

  #clearStatus(bits: number): void {
    for (let index = 0; index < TIMERS; index++) if (bits & this.#status & (1 << index)) this.#lineOf(index).set(false);
    this.#status &= ~bits;
  }

  #writeComparatorWord(index: number, register: number, value: number): void {
    const comparator = this.#comparators[index];
    if (!comparator) return;
    if (register === 0x00) {
      this.#lineOf(index).set(false);
      this.#status &= ~(1 << index);
      comparator.configuration = (comparator.configuration & ~TN_WRITABLE) | (value & TN_WRITABLE & ~TN_VALUE_SET);
      comparator.isValueSetArmed = (value & TN_VALUE_SET) !== 0;
      if (value & TN_32_BIT) {
        comparator.comparator &= 0xffffffffn;
        comparator.period &= 0xffffffffn;
      }
    } else if (register === 0x08 || register === 0x0c) {
      this.#writeComparatorValue(comparator, register === 0x0c, value);
    }
    this.#schedule(index);
  }

  /** [HPET-1.0a §2.3.9.2.2]: a periodic timer's period is set by a write without, its first match by one with, VAL_SET. */
  #writeComparatorValue(comparator: Comparator, isHigh: boolean, value: number): void {
    const is32Bit = (comparator.configuration & TN_32_BIT) !== 0;
    if (isHigh && is32Bit) return;
    const merge = (old: bigint): bigint =>
      isHigh ? (old & 0xffffffffn) | (BigInt(value) << 32n) : (old & ~0xffffffffn & MASK_64) | BigInt(value);
    const isPeriodic = (comparator.configuration & TN_PERIODIC) !== 0;
    if (!isPeriodic || comparator.isValueSetArmed) comparator.comparator = merge(is32Bit ? 0n : comparator.comparator);
    if (isPeriodic) comparator.period = merge(is32Bit ? 0n : comparator.period);
    // A 64-bit value comes as two writes; the high one ends it.
    if (isHigh || is32Bit) comparator.isValueSetArmed = false;
  }

  #schedule(index: number): void {
    const comparator = this.#comparators[index]!;
    if (!this.#isRunning || (comparator.configuration & TN_INT_ENABLE) === 0) {
      comparator.timer.cancel();
      return;
    }
    const mask = comparator.configuration & TN_32_BIT ? 0xffffffffn : MASK_64;
    const ticks = (comparator.comparator - this.#counter()) & mask;
    const waitNs = Math.min(Number(ticks) * TICK_NS, 2 ** 51);
    comparator.timer.arm(this.#options.clock.now() + waitNs);
  }

  #onTimer(index: number): void {
    const comparator = this.#comparators[index]!;
    const isPeriodic = (comparator.configuration & TN_PERIODIC) !== 0;
    if (isPeriodic && comparator.period > 0n) {
      const mask = comparator.configuration & TN_32_BIT ? 0xffffffffn : MASK_64;
      const late = (this.#counter() - comparator.comparator) & mask;
      const steps = late > mask / 2n ? 1n : late / comparator.period + 1n;
      comparator.comparator = (comparator.comparator + steps * comparator.period) & mask;
      this.#schedule(index);
      const earliest = this.#options.clock.now() + MIN_PERIOD_NS;
      if ((comparator.timer.deadlineNs ?? earliest) < earliest) comparator.timer.arm(earliest);
    }
    this.#fire(index);
  }

  #fire(index: number): void {
    const line = this.#lineOf(index);
    if (this.#comparators[index]!.configuration & TN_INT_LEVEL) {
      this.#status |= 1 << index;
      line.set(true);
    } else {
      line.set(true);
      line.set(false);
    }
  }

  #lineOf(index: number): IrqLine {
    if (this.#isLegacy && index < 2) return this.#legacyLines[index]!;
    const route = (this.#comparators[index]!.configuration >> TN_ROUTE_SHIFT) & 0x1f;
    return (ROUTE_CAPABILITIES >> route) & 1 ? this.#gsis[route]! : unrouted;
  }
}

const unrouted: IrqLine = { set() {} };

function lowWord(value: bigint): number {
  return Number(value & 0xffffffffn);
}

function highWord(value: bigint): number {
  return Number(value >> 32n);
}

function readBig(reader: StateReader, name: string): bigint {
  const text = reader.string(name);
  if (!/^\d{1,20}$/.test(text)) throw reader.fault(name);
  return BigInt(text) & MASK_64;
}
