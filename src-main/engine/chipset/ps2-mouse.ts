// A PS/2 mouse [PS2-HITR Mouse]: stream and remote mode, scaling, resolution, sampling rate, and
// the knocks by which drivers turn it into an IntelliMouse (id 3, wheel) or IntelliMouse Explorer (id 4, five buttons).
//
//   byte 0:  Yovf Xovf Ysign Xsign 1 M R L | byte 1: dX | byte 2: dY (up positive) | byte 3 (ids 3, 4): wheel, buttons 4 and 5
import type { PointerEventRelative, PointerSink } from '../../core/backends/input.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import type { DeviceState } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';
import { type Ps2Device, Ps2Queue } from './ps2-device.ts';

const ACK = 0xfa;
const NAK = 0xfe;
const BAT_OK = 0xaa;

const CMD_SCALING_1 = 0xe6;
const CMD_SCALING_2 = 0xe7;
const CMD_RESOLUTION = 0xe8;
const CMD_STATUS = 0xe9;
const CMD_STREAM = 0xea;
const CMD_READ_DATA = 0xeb;
const CMD_RESET_WRAP = 0xec;
const CMD_WRAP = 0xee;
const CMD_REMOTE = 0xf0;
const CMD_IDENTIFY = 0xf2;
const CMD_SAMPLE_RATE = 0xf3;
const CMD_ENABLE = 0xf4;
const CMD_DISABLE = 0xf5;
const CMD_DEFAULTS = 0xf6;
const CMD_RESEND = 0xfe;
const CMD_RESET = 0xff;

const ID_PLAIN = 0;
const ID_WHEEL = 3;
const ID_EXPLORER = 4;
const QUEUE_BYTES = 64;
/** Movement kept while the guest is slow; more is forgotten. */
const MAX_PENDING = 4096;

export class Ps2Mouse implements Ps2Device, PointerSink {
  readonly #clock: Clock;
  readonly #onData: () => void;
  readonly #queue = new Ps2Queue(QUEUE_BYTES);
  readonly #sampleTimer: Timer;
  #deltaX = 0;
  #deltaY = 0;
  #wheel = 0;
  #buttons = 0;
  #sentButtons = 0;
  #isReporting = false;
  #isRemote = false;
  #isWrapping = false;
  #isDoubled = false;
  #resolution = 2;
  #sampleRate = 100;
  #typeId = ID_PLAIN;
  #command = 0;
  #lastSent = BAT_OK;
  /** The last three sampling rates set, newest last: the knock. */
  #rates = [0, 0, 0];

  /** @param onData called when bytes are waiting */
  constructor(clock: Clock, onData: () => void) {
    this.#clock = clock;
    this.#onData = onData;
    this.#sampleTimer = clock.createTimer(() => this.#sample());
  }

  move(event: PointerEventRelative): void {
    this.#deltaX = clamp(this.#deltaX + Math.round(event.dx), MAX_PENDING);
    // The mouse's Y grows upwards, the screen's downwards; rolling away from the user is negative here.
    this.#deltaY = clamp(this.#deltaY - Math.round(event.dy), MAX_PENDING);
    this.#wheel = clamp(this.#wheel - Math.round(event.wheel), MAX_PENDING);
    this.#buttons = event.buttons & 0x1f;
    if (this.isEnabled() && this.#sampleTimer.deadlineNs === null) this.#sample();
  }

  /** Sends a packet that says nothing, so that the guest's driver looks where else there may be news. */
  nudge(): void {
    if (!this.isEnabled() || this.#queue.free < 8) return;
    this.#sendPacket();
    this.#onData();
  }

  isEnabled(): boolean {
    return this.#isReporting && !this.#isRemote;
  }

  get hasData(): boolean {
    return this.#queue.length > 0;
  }

  take(): number {
    const byte = this.#queue.take();
    if (byte >= 0) this.#lastSent = byte;
    return byte;
  }

  receive(byte: number): void {
    if (this.#isWrapping && byte !== CMD_RESET_WRAP && byte !== CMD_RESET) this.#queue.push(byte);
    else if (this.#command !== 0) this.#argument(byte);
    else this.#execute(byte);
    this.#onData();
  }

  reset(): void {
    this.#queue.clear();
    this.#typeId = ID_PLAIN;
    this.#isWrapping = false;
    this.#command = 0;
    this.#rates = [0, 0, 0];
    this.#setDefaults();
  }

  save(): DeviceState['fields'] {
    return {
      queue: this.#queue.toArray(),
      deltaX: this.#deltaX,
      deltaY: this.#deltaY,
      wheel: this.#wheel,
      buttons: this.#buttons,
      sentButtons: this.#sentButtons,
      isReporting: this.#isReporting,
      isRemote: this.#isRemote,
      isWrapping: this.#isWrapping,
      isDoubled: this.#isDoubled,
      resolution: this.#resolution,
      sampleRate: this.#sampleRate,
      typeId: this.#typeId,
      command: this.#command,
      lastSent: this.#lastSent,
      rates: [...this.#rates],
      sampleNs: this.#sampleTimer.deadlineNs,
    };
  }

  restore(reader: StateReader): void {
    this.#queue.load(reader, 'queue');
    this.#deltaX = reader.int('deltaX', -MAX_PENDING, MAX_PENDING);
    this.#deltaY = reader.int('deltaY', -MAX_PENDING, MAX_PENDING);
    this.#wheel = reader.int('wheel', -MAX_PENDING, MAX_PENDING);
    this.#buttons = reader.int('buttons', 0, 0x1f);
    this.#sentButtons = reader.int('sentButtons', 0, 0x1f);
    this.#isReporting = reader.boolean('isReporting');
    this.#isRemote = reader.boolean('isRemote');
    this.#isWrapping = reader.boolean('isWrapping');
    this.#isDoubled = reader.boolean('isDoubled');
    this.#resolution = reader.int('resolution', 0, 3);
    this.#sampleRate = reader.int('sampleRate', 1, 0xff);
    this.#typeId = reader.int('typeId', 0, 4);
    this.#command = reader.u8('command');
    this.#lastSent = reader.u8('lastSent');
    this.#rates = reader.ints('rates', 3, 0, 0xff);
    const sampleNs = reader.numberOrNull('sampleNs');
    this.#sampleTimer.cancel();
    if (sampleNs !== null) this.#sampleTimer.arm(sampleNs);
  }

  #setDefaults(): void {
    this.#isReporting = false;
    this.#isRemote = false;
    this.#isDoubled = false;
    this.#resolution = 2;
    this.#sampleRate = 100;
    this.#clearMovement();
    this.#sampleTimer.cancel();
  }

  #clearMovement(): void {
    this.#deltaX = 0;
    this.#deltaY = 0;
    this.#wheel = 0;
  }

  #execute(byte: number): void {
    switch (byte) {
      case CMD_RESET:
        this.reset();
        this.#queue.push(ACK, BAT_OK, ID_PLAIN);
        return;
      case CMD_RESEND:
        this.#queue.push(this.#lastSent);
        return;
      case CMD_IDENTIFY:
        this.#queue.push(ACK, this.#typeId);
        return;
      case CMD_STATUS:
        this.#queue.push(ACK, this.#statusByte(), this.#resolution, this.#sampleRate);
        return;
      case CMD_READ_DATA:
        this.#queue.push(ACK);
        this.#sendPacket();
        return;
      case CMD_RESOLUTION:
      case CMD_SAMPLE_RATE:
        this.#command = byte;
        break;
      case CMD_SCALING_1:
      case CMD_SCALING_2:
        this.#isDoubled = byte === CMD_SCALING_2;
        break;
      case CMD_STREAM:
      case CMD_REMOTE:
        this.#isRemote = byte === CMD_REMOTE;
        this.#clearMovement();
        break;
      case CMD_WRAP:
      case CMD_RESET_WRAP:
        this.#isWrapping = byte === CMD_WRAP;
        break;
      case CMD_ENABLE:
      case CMD_DISABLE:
        this.#isReporting = byte === CMD_ENABLE;
        this.#clearMovement();
        this.#sampleTimer.cancel();
        break;
      case CMD_DEFAULTS:
        this.#setDefaults();
        break;
      default:
        this.#queue.push(NAK);
        return;
    }
    this.#queue.push(ACK);
  }

  #argument(byte: number): void {
    if (this.#command === CMD_RESOLUTION) {
      this.#resolution = byte & 3;
    } else {
      this.#sampleRate = Math.max(byte, 1);
      this.#rates = [this.#rates[1]!, this.#rates[2]!, byte];
      const knock = this.#rates.join();
      if (knock === '200,100,80' && this.#typeId === ID_PLAIN) this.#typeId = ID_WHEEL;
      else if (knock === '200,200,80' && this.#typeId === ID_WHEEL) this.#typeId = ID_EXPLORER;
    }
    this.#command = 0;
    this.#queue.push(ACK);
  }

  #statusByte(): number {
    const buttons = ((this.#buttons & 1) << 2) | ((this.#buttons & 4) >> 1) | ((this.#buttons & 2) >> 1);
    return (this.#isRemote ? 0x40 : 0) | (this.#isReporting ? 0x20 : 0) | (this.#isDoubled ? 0x10 : 0) | buttons;
  }

  get #hasNews(): boolean {
    return this.#deltaX !== 0 || this.#deltaY !== 0 || this.#wheel !== 0 || this.#buttons !== this.#sentButtons;
  }

  /** Sends at most one packet per sampling period. */
  #sample(): void {
    if (!this.isEnabled() || !this.#hasNews) return;
    if (this.#queue.free >= 8) {
      this.#sendPacket();
      this.#onData();
    }
    this.#sampleTimer.arm(this.#clock.now() + 1e9 / this.#sampleRate);
  }

  #sendPacket(): void {
    // In stream mode 2:1 scaling applies; a packet carries at most 9 bits, the rest waits for the next one.
    const dx = clamp(this.#deltaX, 255);
    const dy = clamp(this.#deltaY, 255);
    this.#deltaX -= dx;
    this.#deltaY -= dy;
    const x = this.#isDoubled && !this.#isRemote ? doubled(dx) : dx;
    const y = this.#isDoubled && !this.#isRemote ? doubled(dy) : dy;
    const packet = [8 | (this.#buttons & 7) | (x < 0 ? 0x10 : 0) | (y < 0 ? 0x20 : 0), x & 0xff, y & 0xff];
    if (this.#typeId !== ID_PLAIN) {
      const wheel = Math.max(-8, Math.min(7, this.#wheel));
      this.#wheel -= wheel;
      packet.push(this.#typeId === ID_WHEEL ? wheel & 0xff : (wheel & 0x0f) | ((this.#buttons & 0x18) << 1));
    } else {
      this.#wheel = 0;
    }
    this.#sentButtons = this.#buttons;
    this.#queue.push(...packet);
  }
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/** The 2:1 scaling table for small movements; larger ones double. */
function doubled(value: number): number {
  const size = Math.abs(value);
  const scaled = size < 6 ? [0, 1, 1, 3, 6, 9][size]! : size * 2;
  return clamp(value < 0 ? -scaled : scaled, 255);
}
