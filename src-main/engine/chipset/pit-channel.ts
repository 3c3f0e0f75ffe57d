// One counter of an 8254: what it holds and what its OUT pin shows, as a function of guest time.
import type { Clock } from '../../core/clock.ts';
import type { DeviceState } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';

const PIT_HZ = 1_193_181.8;
const ACCESS_LSB = 1;
const ACCESS_MSB = 2;
const STATUS_OUT = 0x80;
const STATUS_NULL = 0x40;
/** The shortest period that may interrupt; a hostile reload of 1 would otherwise be a megahertz of timers. */
const MIN_PERIOD_TICKS = 24;

function ticksToNs(ticks: number): number {
  return (ticks * 1e9) / PIT_HZ;
}

export class PitChannel {
  readonly #clock: Clock;
  #mode = 0;
  #access = 3;
  #isBcd = false;
  #gate = true;
  /** Ticks of a full count, 1..65536; 0 before the first count after a control word. */
  #count = 0;
  /** A count waiting for the period's end (modes 2, 3) or the next trigger (1, 5); 0 if none. */
  #nextCount = 0;
  #startNs = 0;
  /** Ticks counted when the gate closed, or -1 while counting. */
  #heldTicks = -1;
  /** Modes 1 and 5 count only after a trigger. */
  #isTriggered = false;
  #writeLow = 0;
  #isSecondWrite = false;
  #isSecondRead = false;
  #latchedCount = -1;
  #latchedStatus = -1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  reset(): void {
    this.#mode = 0;
    this.#access = 3;
    this.#isBcd = false;
    this.#gate = true;
    this.#clear();
  }

  /** A control word for this counter, or a latch command. */
  control(value: number): void {
    const access = (value >> 4) & 3;
    if (access === 0) {
      if (this.#latchedCount < 0) this.#latchedCount = this.#readable();
      return;
    }
    this.#access = access;
    const mode = (value >> 1) & 7;
    this.#mode = mode > 5 ? mode - 4 : mode;
    this.#isBcd = (value & 1) !== 0;
    this.#clear();
  }

  readBack(latchesCount: boolean, latchesStatus: boolean): void {
    if (latchesCount && this.#latchedCount < 0) this.#latchedCount = this.#readable();
    if (latchesStatus && this.#latchedStatus < 0)
      this.#latchedStatus =
        (this.output ? STATUS_OUT : 0) |
        (this.#count === 0 || this.#nextCount !== 0 ? STATUS_NULL : 0) |
        (this.#access << 4) |
        (this.#mode << 1) |
        (this.#isBcd ? 1 : 0);
  }

  read(): number {
    if (this.#latchedStatus >= 0) {
      const status = this.#latchedStatus;
      this.#latchedStatus = -1;
      return status;
    }
    const value = this.#latchedCount >= 0 ? this.#latchedCount : this.#readable();
    const isMsb = this.#access === ACCESS_MSB || (this.#access === 3 && this.#isSecondRead);
    const isLast = this.#access !== 3 || this.#isSecondRead;
    this.#isSecondRead = !isLast;
    if (isLast) this.#latchedCount = -1;
    return isMsb ? value >> 8 : value & 0xff;
  }

  write(value: number): void {
    if (this.#access === ACCESS_LSB) this.#load(value);
    else if (this.#access === ACCESS_MSB) this.#load(value << 8);
    else if (this.#isSecondWrite) {
      this.#isSecondWrite = false;
      this.#load(this.#writeLow | (value << 8));
    } else {
      this.#isSecondWrite = true;
      this.#writeLow = value;
      // In mode 0 the first byte of a new count stops the counting.
      if (this.#mode === 0) this.#count = 0;
    }
  }

  setGate(isOpen: boolean): void {
    if (isOpen === this.#gate) return;
    const ticks = this.#ticks();
    this.#gate = isOpen;
    const now = this.#clock.now();
    switch (this.#mode) {
      case 1:
      case 5:
        if (isOpen) this.#trigger(now);
        return;
      case 2:
      case 3:
        if (isOpen) this.#trigger(now);
        else this.#heldTicks = 0;
        return;
      default:
        if (isOpen) {
          this.#startNs = now - ticksToNs(Math.max(this.#heldTicks, 0));
          this.#heldTicks = -1;
        } else {
          this.#heldTicks = ticks;
        }
    }
  }

  get output(): boolean {
    this.#advance();
    const ticks = this.#ticks();
    const count = this.#count;
    switch (this.#mode) {
      case 0:
        return count !== 0 && ticks >= count;
      case 1:
        return !this.#isTriggered || count === 0 || ticks >= count;
      case 2:
        return count === 0 || !this.#gate || ticks % count !== count - 1;
      case 3:
        return count === 0 || !this.#gate || ticks % count < (count + 1) >> 1;
      case 4:
        return count === 0 || ticks !== count;
      default:
        return !this.#isTriggered || count === 0 || ticks !== count;
    }
  }

  /** When OUT next rises after `afterNs`, or null if it will not by itself. */
  nextRiseNs(afterNs: number): number | null {
    this.#advance();
    if (this.#count === 0 || this.#heldTicks >= 0) return null;
    const count = this.#count;
    switch (this.#mode) {
      case 2:
      case 3: {
        const period = ticksToNs(Math.max(count, MIN_PERIOD_TICKS));
        const passed = Math.max(0, Math.floor((afterNs - this.#startNs) / period + 1e-6));
        return this.#startNs + (passed + 1) * period;
      }
      default: {
        if ((this.#mode === 1 || this.#mode === 5) && !this.#isTriggered) return null;
        // The strobe of modes 4 and 5 is low for one tick.
        const rise = this.#startNs + ticksToNs(this.#mode >= 4 ? count + 1 : count);
        return rise > afterNs ? rise : null;
      }
    }
  }

  save(): DeviceState['fields'] {
    return {
      mode: this.#mode,
      access: this.#access,
      isBcd: this.#isBcd,
      gate: this.#gate,
      count: this.#count,
      nextCount: this.#nextCount,
      startNs: this.#startNs,
      heldTicks: this.#heldTicks,
      isTriggered: this.#isTriggered,
      writeLow: this.#writeLow,
      isSecondWrite: this.#isSecondWrite,
      isSecondRead: this.#isSecondRead,
      latchedCount: this.#latchedCount,
      latchedStatus: this.#latchedStatus,
    };
  }

  restore(reader: StateReader): void {
    this.#mode = reader.int('mode', 0, 5);
    this.#access = reader.int('access', 1, 3);
    this.#isBcd = reader.boolean('isBcd');
    this.#gate = reader.boolean('gate');
    this.#count = reader.int('count', 0, 0x10000);
    this.#nextCount = reader.int('nextCount', 0, 0x10000);
    this.#startNs = reader.number('startNs');
    this.#heldTicks = reader.int('heldTicks', -1, 2 ** 52);
    this.#isTriggered = reader.boolean('isTriggered');
    this.#writeLow = reader.u8('writeLow');
    this.#isSecondWrite = reader.boolean('isSecondWrite');
    this.#isSecondRead = reader.boolean('isSecondRead');
    this.#latchedCount = reader.int('latchedCount', -1, 0xffff);
    this.#latchedStatus = reader.int('latchedStatus', -1, 0xff);
  }

  #clear(): void {
    this.#count = 0;
    this.#nextCount = 0;
    this.#heldTicks = this.#gate ? -1 : 0;
    this.#isTriggered = false;
    this.#writeLow = 0;
    this.#isSecondWrite = false;
    this.#isSecondRead = false;
    this.#latchedCount = -1;
    this.#latchedStatus = -1;
  }

  #load(raw: number): void {
    const ticks = this.#isBcd ? fromBcd(raw) || 10000 : raw || 0x10000;
    const isPeriodic = this.#mode === 2 || this.#mode === 3;
    const isHardwareTriggered = this.#mode === 1 || this.#mode === 5;
    if (isHardwareTriggered && this.#isTriggered) {
      this.#nextCount = ticks;
    } else if (isPeriodic && this.#count !== 0 && this.#heldTicks < 0) {
      this.#advance();
      this.#nextCount = ticks === this.#count ? 0 : ticks;
    } else {
      this.#count = ticks;
      this.#nextCount = 0;
      this.#startNs = this.#clock.now();
      if (this.#heldTicks > 0) this.#heldTicks = 0;
    }
  }

  #trigger(now: number): void {
    if (this.#nextCount !== 0) {
      this.#count = this.#nextCount;
      this.#nextCount = 0;
    }
    this.#startNs = now;
    this.#heldTicks = -1;
    this.#isTriggered = true;
  }

  /** Takes over a waiting count once the running period of mode 2 or 3 has ended. */
  #advance(): void {
    if (this.#nextCount === 0 || this.#count === 0 || (this.#mode !== 2 && this.#mode !== 3)) return;
    const period = ticksToNs(this.#count);
    const passed = Math.floor((this.#clock.now() - this.#startNs) / period);
    if (passed < 1) return;
    this.#startNs += period;
    this.#count = this.#nextCount;
    this.#nextCount = 0;
  }

  #ticks(): number {
    if (this.#count === 0) return 0;
    if (this.#heldTicks >= 0) return this.#heldTicks;
    // The small term keeps a timer that fires exactly on an edge from landing on the tick before it.
    return Math.max(0, Math.floor(((this.#clock.now() - this.#startNs) * PIT_HZ) / 1e9 + 1e-4));
  }

  /** The counting element as a read sees it. */
  #readable(): number {
    this.#advance();
    if (this.#count === 0) return 0;
    const ticks = this.#isHardwareIdle ? 0 : this.#ticks();
    const modulus = this.#isBcd ? 10000 : 0x10000;
    let value: number;
    if (this.#mode === 2) value = this.#count - (ticks % this.#count);
    else if (this.#mode === 3) value = this.#squareWaveValue(ticks);
    else value = (((this.#count - ticks) % modulus) + modulus) % modulus;
    value %= modulus;
    return this.#isBcd ? toBcd(value) : value;
  }

  get #isHardwareIdle(): boolean {
    return (this.#mode === 1 || this.#mode === 5) && !this.#isTriggered;
  }

  /** Mode 3 counts down by two, twice per period; odd counts run one tick longer in the high half. */
  #squareWaveValue(ticks: number): number {
    const inPeriod = ticks % this.#count;
    const highTicks = (this.#count + 1) >> 1;
    const even = this.#count & ~1;
    const inHalf = inPeriod < highTicks ? inPeriod : inPeriod - highTicks;
    return Math.max(even - 2 * inHalf, 0);
  }
}

function fromBcd(value: number): number {
  return (value & 15) + ((value >> 4) & 15) * 10 + ((value >> 8) & 15) * 100 + ((value >> 12) & 15) * 1000;
}

function toBcd(value: number): number {
  return (
    (value % 10) |
    ((Math.floor(value / 10) % 10) << 4) |
    ((Math.floor(value / 100) % 10) << 8) |
    ((Math.floor(value / 1000) % 10) << 12)
  );
}
