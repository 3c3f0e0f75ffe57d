// The 8254 interval timer and the speaker port 61h beside it [8254, PIIX3 §2.5.4]. Counters are not stepped: their state at any time
// follows from when the count was loaded, so an idle machine costs one host timer per channel 0 period. All six modes, binary
// and BCD, latching and read-back. The speaker's sound is not produced.
import type { Clock, Timer } from '../../core/clock.ts';
import type { Device, DeviceState, IrqLine, PortIoHandler } from '../bus/device.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';
import { PitChannel } from './pit-channel.ts';

const CONTROL = 3;
const READ_BACK = 3;
const PORT_B = 0x61;
const PORT_B_GATE2 = 0x01;
const PORT_B_WRITABLE = 0x0f;
const PORT_B_REFRESH = 0x10;
const PORT_B_OUT2 = 0x20;
/** The DRAM refresh request toggles bit 4 at this rate; old programs use it as a stopwatch. */
const REFRESH_NS = 15_085;
/** Periods of channel 0 that a late host still makes up for, in nanoseconds of backlog. */
const MAX_BACKLOG_NS = 500_000_000;
const MIN_CATCH_UP_NS = 50_000;
const STATE_VERSION = 1;

export class Pit implements Device {
  readonly id = 'pit';
  readonly #clock: Clock;
  readonly #irq0: IrqLine;
  readonly #timer: Timer;
  readonly #channels: readonly PitChannel[];
  #portB = 0;
  #isLineHigh = false;
  /** When channel 0's next rising edge should be, however late the host is; null if none is due. */
  #nextEdgeNs: number | null = null;

  constructor(clock: Clock, irq0: IrqLine, mapPorts: (base: number, count: number, handler: PortIoHandler) => void) {
    this.#clock = clock;
    this.#irq0 = irq0;
    this.#timer = clock.createTimer(() => this.#onEdge());
    this.#channels = [new PitChannel(clock), new PitChannel(clock), new PitChannel(clock)];
    mapPorts(
      0x40,
      4,
      new ByteWidePorts(
        (port) => this.#read(port & 3),
        (port, value) => this.#write(port & 3, value),
      ),
    );
    mapPorts(
      PORT_B,
      1,
      new ByteWidePorts(
        () => this.#readPortB(),
        (_port, value) => this.#writePortB(value),
      ),
    );
    this.reset();
  }

  /** Channel 2's square wave reaches the speaker. */
  get isSpeakerOn(): boolean {
    return (this.#portB & 3) === 3;
  }

  reset(): void {
    for (const channel of this.#channels) channel.reset();
    this.#channels[2]!.setGate(false);
    this.#portB = 0;
    this.#schedule();
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        channels: this.#channels.map((channel) => channel.save()),
        portB: this.#portB,
        isLineHigh: this.#isLineHigh,
        nextEdgeNs: this.#nextEdgeNs,
        timerNs: this.#timer.deadlineNs,
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    const channels = reader.records('channels', 3);
    this.#channels.forEach((channel, index) => {
      channel.restore(channels[index]!);
    });
    this.#portB = reader.int('portB', 0, PORT_B_WRITABLE);
    this.#nextEdgeNs = reader.numberOrNull('nextEdgeNs');
    const timerNs = reader.numberOrNull('timerNs');
    this.#timer.cancel();
    if (timerNs !== null) this.#timer.arm(timerNs);
    this.#drive(reader.boolean('isLineHigh'));
  }

  #read(register: number): number {
    return register === CONTROL ? 0xff : this.#channels[register]!.read();
  }

  #write(register: number, value: number): void {
    if (register !== CONTROL) {
      this.#channels[register]!.write(value);
    } else if (value >> 6 === READ_BACK) {
      for (let i = 0; i < 3; i++)
        if (value & (2 << i)) this.#channels[i]!.readBack((value & 0x20) === 0, (value & 0x10) === 0);
      return;
    } else {
      this.#channels[value >> 6]!.control(value);
      register = value >> 6;
    }
    if (register === 0) this.#schedule();
  }

  #readPortB(): number {
    const refresh = Math.floor(this.#clock.now() / REFRESH_NS) & 1 ? PORT_B_REFRESH : 0;
    return this.#portB | refresh | (this.#channels[2]!.output ? PORT_B_OUT2 : 0);
  }

  #writePortB(value: number): void {
    this.#portB = value & PORT_B_WRITABLE;
    this.#channels[2]!.setGate((value & PORT_B_GATE2) !== 0);
  }

  #drive(isHigh: boolean): void {
    this.#isLineHigh = isHigh;
    this.#irq0.set(isHigh);
  }

  /** After a change of channel 0: drives the line and finds its next rising edge. */
  #schedule(): void {
    this.#drive(this.#channels[0]!.output);
    this.#nextEdgeNs = this.#channels[0]!.nextRiseNs(this.#clock.now());
    if (this.#nextEdgeNs === null) this.#timer.cancel();
    else this.#timer.arm(this.#nextEdgeNs);
  }

  #onEdge(): void {
    // Only the rising edge interrupts; the low phase before it needs no timer of its own.
    this.#drive(false);
    this.#drive(true);
    const now = this.#clock.now();
    const due = this.#nextEdgeNs ?? now;
    const next = this.#channels[0]!.nextRiseNs(due);
    this.#nextEdgeNs = next;
    if (next === null) return;
    if (next > now) {
      this.#timer.arm(next);
    } else if (now - next < MAX_BACKLOG_NS) {
      // Late: guests that count ticks get them all, close together.
      this.#timer.arm(now + Math.max(MIN_CATCH_UP_NS, (next - due) / 4));
    } else {
      this.#nextEdgeNs = this.#channels[0]!.nextRiseNs(now);
      if (this.#nextEdgeNs !== null) this.#timer.arm(this.#nextEdgeNs);
    }
  }
}
