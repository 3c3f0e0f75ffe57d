// The MC146818 real-time clock and its CMOS memory [MC146818A, PIIX4 §11.3]. Time follows the host's wall clock plus what the guest set;
// BCD or binary, 12 or 24 hours, alarm, periodic and update-ended interrupts, the century byte. Daylight saving (DSE) is not
// modelled, as in every chip since the nineties.
import type { Clock, Timer } from '../../core/clock.ts';
import type { Device, DeviceState, IrqLine, PortIoHandler } from '../bus/device.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

const SECONDS = 0;
const SECONDS_ALARM = 1;
const MINUTES = 2;
const MINUTES_ALARM = 3;
const HOURS = 4;
const HOURS_ALARM = 5;
const WEEKDAY = 6;
const DAY = 7;
const MONTH = 8;
const YEAR = 9;
const REG_A = 0x0a;
const REG_B = 0x0b;
const REG_C = 0x0c;
const REG_D = 0x0d;
const CENTURY = 0x32;
const CMOS_BYTES = 128;
const CHECKSUM_HIGH = 0x2e;

const A_UIP = 0x80;
const A_DV = 0x70;
const A_DV_RUNNING = 0x20;
const A_RS = 0x0f;
const B_SET = 0x80;
const B_PIE = 0x40;
const B_AIE = 0x20;
const B_UIE = 0x10;
const B_DM_BINARY = 0x04;
const B_24H = 0x02;
const C_IRQF = 0x80;
const C_PF = 0x40;
const C_AF = 0x20;
const C_UF = 0x10;
const D_VRT = 0x80;
const PM = 0x80;
const ALARM_ANY = 0xc0;

/** UIP rises this long before each update. */
const UIP_NS = 244_000;
const SECOND_NS = 1e9;
/** Wall clock steps above this (host suspend, NTP) are followed at once. */
const RESYNC_MS = 100;
const STATE_VERSION = 1;

export interface RtcOptions {
  clock: Clock;
  irq8: IrqLine;
  mapPorts(base: number, count: number, handler: PortIoHandler): void;
  /** What the clock holds at power-on: UTC, or the host's local time. */
  base: 'utc' | 'local';
}

export class Rtc implements Device {
  readonly id = 'rtc';
  readonly #clock: Clock;
  readonly #irq8: IrqLine;
  readonly #base: 'utc' | 'local';
  readonly #cmos = new Uint8Array(CMOS_BYTES);
  readonly #secondTimer: Timer;
  readonly #periodicTimer: Timer;
  #index = 0;
  /** What the guest added to the host's time. */
  #offsetMs = 0;
  #anchorWallMs: number;
  #anchorNs: number;
  /** Guest time up to which periodic flags were given. */
  #periodicNs = 0;

  constructor(options: RtcOptions) {
    this.#clock = options.clock;
    this.#irq8 = options.irq8;
    this.#base = options.base;
    this.#anchorWallMs = this.#clock.wallMs();
    this.#anchorNs = this.#clock.now();
    if (this.#base === 'local') this.#offsetMs = -new Date(this.#anchorWallMs).getTimezoneOffset() * 60_000;
    this.#secondTimer = this.#clock.createTimer(() => this.#onSecond());
    this.#periodicTimer = this.#clock.createTimer(() => this.#onPeriodic());
    this.#cmos[REG_A] = A_DV_RUNNING | 6;
    this.#cmos[REG_B] = B_24H;
    this.#cmos[REG_D] = D_VRT;
    options.mapPorts(
      0x70,
      2,
      new ByteWidePorts(
        (port) => (port & 1 ? this.#readData() : 0xff),
        (port, value) => (port & 1 ? this.#writeData(value) : this.#select(value)),
      ),
    );
    this.#armSecond();
  }

  /** Reads a byte of CMOS memory, 14..127: for firmware. */
  cmos(index: number): number {
    return this.#cmos[index & 0x7f]!;
  }

  /** Sets a byte of CMOS memory, 14..127, keeping the standard checksum: for the board and firmware. */
  setCmos(index: number, value: number): void {
    this.#cmos[index & 0x7f] = value;
    let sum = 0;
    for (let i = 0x10; i < CHECKSUM_HIGH; i++) sum += this.#cmos[i]!;
    this.#cmos[CHECKSUM_HIGH] = (sum >> 8) & 0xff;
    this.#cmos[CHECKSUM_HIGH + 1] = sum & 0xff;
  }

  /** The clock's calendar time as milliseconds since 1970, as if it held UTC. */
  timeMs(): number {
    return this.#wallMs() + this.#offsetMs;
  }

  /** RESET# clears the interrupt enables and flags only; time and memory are battery-backed. */
  reset(): void {
    this.#cmos[REG_B]! &= ~(B_PIE | B_AIE | B_UIE);
    this.#cmos[REG_C] = 0;
    this.#index = 0;
    this.#periodicTimer.cancel();
    this.#irq8.set(false);
  }

  save(): DeviceState {
    if (!this.#isFrozen) this.#storeTime();
    return {
      version: STATE_VERSION,
      fields: {
        cmos: this.#cmos.slice(),
        index: this.#index,
        offsetMs: this.#offsetMs,
        periodicNs: this.#periodicNs,
        periodicTimerNs: this.#periodicTimer.deadlineNs,
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#cmos.set(reader.bytes('cmos', CMOS_BYTES));
    this.#index = reader.int('index', 0, 0x7f);
    this.#offsetMs = reader.number('offsetMs');
    this.#periodicNs = reader.number('periodicNs');
    const periodicTimerNs = reader.numberOrNull('periodicTimerNs');
    this.#periodicTimer.cancel();
    if (periodicTimerNs !== null) this.#periodicTimer.arm(periodicTimerNs);
    this.#armSecond();
    this.#irq8.set((this.#cmos[REG_C]! & C_IRQF) !== 0);
  }

  /** Bit 7 masks NMI on a PC; nothing here raises one that it could mask. */
  #select(value: number): void {
    this.#index = value & 0x7f;
  }

  /** Host wall clock with the guest clock's resolution. */
  #wallMs(): number {
    const wall = this.#clock.wallMs();
    const estimate = this.#anchorWallMs + (this.#clock.now() - this.#anchorNs) / 1e6;
    if (Math.abs(wall - estimate) <= RESYNC_MS) return estimate;
    this.#anchorWallMs = wall;
    this.#anchorNs = this.#clock.now();
    return wall;
  }

  /** Updates are inhibited by SET, or by holding the divider chain in reset. */
  get #isFrozen(): boolean {
    return (this.#cmos[REG_B]! & B_SET) !== 0 || (this.#cmos[REG_A]! & A_DV) !== A_DV_RUNNING;
  }

  #readData(): number {
    const index = this.#index;
    if (isTimeRegister(index) && !this.#isFrozen) this.#storeTime();
    if (index === REG_A) return this.#cmos[REG_A]! | (this.#isUpdating() ? A_UIP : 0);
    if (index === REG_C) return this.#readFlags();
    return this.#cmos[index]!;
  }

  #writeData(value: number): void {
    const index = this.#index;
    switch (index) {
      case REG_A:
        this.#withTimeKept(() => {
          this.#cmos[REG_A] = value & ~A_UIP;
        });
        this.#armPeriodic();
        return;
      case REG_B:
        this.#withTimeKept(() => {
          this.#cmos[REG_B] = value & B_SET ? value & ~B_UIE : value;
        });
        this.#armPeriodic();
        this.#updateIrq();
        return;
      case REG_C:
      case REG_D:
        return;
      default:
        if (!isTimeRegister(index)) {
          this.#cmos[index] = value;
        } else if (this.#isFrozen) {
          this.#cmos[index] = value;
        } else {
          this.#storeTime();
          this.#cmos[index] = value;
          this.#takeTime();
        }
    }
  }

  /** Freezing puts the running time into the registers; thawing starts from what they hold, also in a new format. */
  #withTimeKept(change: () => void): void {
    const wasFrozen = this.#isFrozen;
    if (!wasFrozen) this.#storeTime();
    change();
    if (wasFrozen && !this.#isFrozen) this.#takeTime();
  }

  #encode(value: number): number {
    return this.#cmos[REG_B]! & B_DM_BINARY ? value : (Math.floor(value / 10) << 4) | (value % 10);
  }

  #decode(value: number): number {
    return this.#cmos[REG_B]! & B_DM_BINARY ? value : (value >> 4) * 10 + (value & 15);
  }

  #encodeHour(hour: number): number {
    if (this.#cmos[REG_B]! & B_24H) return this.#encode(hour);
    return this.#encode(hour % 12 || 12) | (hour >= 12 ? PM : 0);
  }

  #decodeHour(value: number): number {
    if (this.#cmos[REG_B]! & B_24H) return this.#decode(value);
    return (this.#decode(value & ~PM) % 12) + (value & PM ? 12 : 0);
  }

  #storeTime(): void {
    const date = new Date(this.timeMs());
    const cmos = this.#cmos;
    cmos[SECONDS] = this.#encode(date.getUTCSeconds());
    cmos[MINUTES] = this.#encode(date.getUTCMinutes());
    cmos[HOURS] = this.#encodeHour(date.getUTCHours());
    cmos[WEEKDAY] = this.#encode(date.getUTCDay() + 1);
    cmos[DAY] = this.#encode(date.getUTCDate());
    cmos[MONTH] = this.#encode(date.getUTCMonth() + 1);
    cmos[YEAR] = this.#encode(date.getUTCFullYear() % 100);
    cmos[CENTURY] = this.#encode(Math.floor(date.getUTCFullYear() / 100) % 100);
  }

  #takeTime(): void {
    const cmos = this.#cmos;
    const year = this.#decode(cmos[CENTURY]!) * 100 + this.#decode(cmos[YEAR]!);
    const time = Date.UTC(
      year,
      this.#decode(cmos[MONTH]!) - 1,
      this.#decode(cmos[DAY]!),
      this.#decodeHour(cmos[HOURS]!),
      this.#decode(cmos[MINUTES]!),
      this.#decode(cmos[SECONDS]!),
    );
    if (Number.isNaN(time)) return;
    this.#offsetMs = time - this.#wallMs();
    this.#armSecond();
  }

  /** Nanoseconds into the current second. */
  #phaseNs(): number {
    const ms = this.timeMs();
    return (ms - Math.floor(ms / 1000) * 1000) * 1e6;
  }

  #isUpdating(): boolean {
    return !this.#isFrozen && this.#phaseNs() >= SECOND_NS - UIP_NS;
  }

  #armSecond(): void {
    this.#secondTimer.arm(this.#clock.now() + SECOND_NS - this.#phaseNs());
  }

  #onSecond(): void {
    this.#armSecond();
    if (this.#isFrozen) return;
    this.#storeTime();
    this.#cmos[REG_C]! |= C_UF | (this.#matchesAlarm() ? C_AF : 0);
    this.#updateIrq();
  }

  #matchesAlarm(): boolean {
    const cmos = this.#cmos;
    const matches = (alarm: number, time: number): boolean =>
      (cmos[alarm]! & ALARM_ANY) === ALARM_ANY || cmos[alarm] === cmos[time];
    return matches(SECONDS_ALARM, SECONDS) && matches(MINUTES_ALARM, MINUTES) && matches(HOURS_ALARM, HOURS);
  }

  /** Rates 1 and 2 repeat 8 and 9 [MC146818A table 5, 32.768 kHz]; 0 is off. */
  get #periodNs(): number {
    const rate = this.#cmos[REG_A]! & A_RS;
    if (rate === 0) return 0;
    return (2 ** ((rate <= 2 ? rate + 7 : rate) - 1) * 1e9) / 32768;
  }

  #armPeriodic(): void {
    const period = this.#periodNs;
    if ((this.#cmos[REG_B]! & B_PIE) === 0 || period === 0) {
      this.#periodicTimer.cancel();
      return;
    }
    this.#periodicTimer.arm((Math.floor(this.#clock.now() / period) + 1) * period);
  }

  #onPeriodic(): void {
    this.#cmos[REG_C]! |= C_PF;
    this.#periodicNs = this.#clock.now();
    this.#armPeriodic();
    this.#updateIrq();
  }

  #readFlags(): number {
    const period = this.#periodNs;
    const now = this.#clock.now();
    if (period !== 0 && Math.floor(now / period) !== Math.floor(this.#periodicNs / period)) {
      this.#cmos[REG_C]! |= C_PF;
      this.#periodicNs = now;
    }
    const flags = this.#cmos[REG_C]!;
    this.#cmos[REG_C] = 0;
    this.#irq8.set(false);
    return flags;
  }

  #updateIrq(): void {
    const isRaised = (this.#cmos[REG_C]! & this.#cmos[REG_B]! & (C_PF | C_AF | C_UF)) !== 0;
    if (isRaised) this.#cmos[REG_C]! |= C_IRQF;
    else this.#cmos[REG_C]! &= ~C_IRQF;
    this.#irq8.set(isRaised);
  }
}

function isTimeRegister(index: number): boolean {
  return (
    index === SECONDS ||
    index === MINUTES ||
    index === HOURS ||
    (index >= WEEKDAY && index <= YEAR) ||
    index === CENTURY
  );
}
