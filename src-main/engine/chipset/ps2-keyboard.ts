// A 102-key PS/2 keyboard [PS2-HITR Keyboard]: scan sets 1, 2 and 3, all host commands,
// typematic repeat, lights. Takes keys by DOM code; PrintScreen, Pause and the Korean keys have their historical sequences.
import type { KeyboardSink, KeyEvent } from '../../core/backends/input.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import type { DeviceState } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';
import { type Ps2Device, Ps2Queue } from './ps2-device.ts';
import { codeAliases, scanCodes, set3MakeBreak, translate } from './scan-codes.ts';

const ACK = 0xfa;
const RESEND = 0xfe;
const BAT_OK = 0xaa;
const ECHO = 0xee;
const OVERRUN = 0x00;
const BREAK = 0xf0;
const EXTENDED = 0xe0;

const CMD_SET_LEDS = 0xed;
const CMD_ECHO = 0xee;
const CMD_SCAN_SET = 0xf0;
const CMD_IDENTIFY = 0xf2;
const CMD_TYPEMATIC = 0xf3;
const CMD_ENABLE = 0xf4;
const CMD_DISABLE = 0xf5;
const CMD_DEFAULTS = 0xf6;
const CMD_ALL_TYPEMATIC = 0xf7;
const CMD_ALL_MAKE_BREAK = 0xf8;
const CMD_ALL_MAKE = 0xf9;
const CMD_ALL_EVERYTHING = 0xfa;
const CMD_KEY_TYPEMATIC = 0xfb;
const CMD_KEY_MAKE_BREAK = 0xfc;
const CMD_KEY_MAKE = 0xfd;
const CMD_RESEND = 0xfe;
const CMD_RESET = 0xff;

const QUEUE_BYTES = 32;
const DEFAULT_TYPEMATIC = 0x2b;
/** Set 3 key kinds. */
const TYPEMATIC = 0;
const MAKE_BREAK = 1;
const MAKE_ONLY = 2;
const EVERYTHING = 3;

const isShift = (code: string): boolean => code === 'ShiftLeft' || code === 'ShiftRight';
const isControl = (code: string): boolean => code === 'ControlLeft' || code === 'ControlRight';
const isAlt = (code: string): boolean => code === 'AltLeft' || code === 'AltRight';

export class Ps2Keyboard implements Ps2Device, KeyboardSink {
  readonly #clock: Clock;
  readonly #onData: () => void;
  readonly #queue = new Ps2Queue(QUEUE_BYTES);
  readonly #repeatTimer: Timer;
  readonly #down = new Set<string>();
  readonly #set3Kinds = new Uint8Array(256);
  #ledListener: (leds: number) => void = () => {};
  #leds = 0;
  #set = 2;
  #typematic = DEFAULT_TYPEMATIC;
  #isEnabled = true;
  /** Command whose argument comes next, 0 if none. */
  #command = 0;
  #lastSent = BAT_OK;
  #repeatCode: string | null = null;

  /** @param onData called when bytes are waiting */
  constructor(clock: Clock, onData: () => void) {
    this.#clock = clock;
    this.#onData = onData;
    this.#repeatTimer = clock.createTimer(() => this.#repeat());
    this.reset();
  }

  key(event: KeyEvent): void {
    const code = codeAliases.get(event.code) ?? event.code;
    const isRepeatOfHost = event.isDown && this.#down.has(code);
    if (isRepeatOfHost || (!event.isDown && !this.#down.has(code))) return;
    if (event.isDown) this.#down.add(code);
    else this.#down.delete(code);
    if (!this.#isEnabled) return;
    this.#send(code, event.isDown);
    if (event.isDown) this.#startRepeat(code);
    else if (this.#repeatCode === code) this.#stopRepeat();
  }

  onLeds(listener: (leds: number) => void): void {
    this.#ledListener = listener;
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
    if (this.#command !== 0) this.#argument(byte);
    else this.#execute(byte);
    this.#onData();
  }

  /** Power-on state: scan set 2, enabled, lights off. Keys held by the user stay held. */
  reset(): void {
    this.#queue.clear();
    this.#command = 0;
    this.#setDefaults();
    this.#isEnabled = true;
    this.#setLeds(0);
  }

  save(): DeviceState['fields'] {
    return {
      queue: this.#queue.toArray(),
      set3Kinds: this.#set3Kinds.slice(),
      leds: this.#leds,
      set: this.#set,
      typematic: this.#typematic,
      isEnabled: this.#isEnabled,
      command: this.#command,
      lastSent: this.#lastSent,
      repeatCode: this.#repeatCode,
      repeatNs: this.#repeatTimer.deadlineNs,
    };
  }

  restore(reader: StateReader): void {
    this.#queue.load(reader, 'queue');
    this.#set3Kinds.set(reader.bytes('set3Kinds', 256));
    this.#setLeds(reader.int('leds', 0, 7));
    this.#set = reader.int('set', 1, 3);
    this.#typematic = reader.int('typematic', 0, 0x7f);
    this.#isEnabled = reader.boolean('isEnabled');
    this.#command = reader.u8('command');
    this.#lastSent = reader.u8('lastSent');
    this.#stopRepeat();
    const repeatNs = reader.numberOrNull('repeatNs');
    if (repeatNs !== null) {
      this.#repeatCode = reader.string('repeatCode');
      this.#repeatTimer.arm(repeatNs);
    }
  }

  #execute(byte: number): void {
    switch (byte) {
      case CMD_ECHO:
        this.#queue.push(ECHO);
        return;
      case CMD_RESEND:
        this.#queue.push(this.#lastSent);
        return;
      case CMD_IDENTIFY:
        this.#queue.push(ACK, 0xab, 0x83);
        return;
      case CMD_RESET:
        this.reset();
        this.#queue.push(ACK, BAT_OK);
        return;
      case CMD_ENABLE:
        this.#queue.clear();
        this.#isEnabled = true;
        break;
      case CMD_DISABLE:
      case CMD_DEFAULTS:
        this.#queue.clear();
        this.#setDefaults();
        this.#isEnabled = byte === CMD_DEFAULTS;
        break;
      case CMD_ALL_TYPEMATIC:
      case CMD_ALL_MAKE_BREAK:
      case CMD_ALL_MAKE:
      case CMD_ALL_EVERYTHING:
        this.#set3Kinds.fill([TYPEMATIC, MAKE_BREAK, MAKE_ONLY, EVERYTHING][byte - CMD_ALL_TYPEMATIC]!);
        break;
      case CMD_SET_LEDS:
      case CMD_SCAN_SET:
      case CMD_TYPEMATIC:
      case CMD_KEY_TYPEMATIC:
      case CMD_KEY_MAKE_BREAK:
      case CMD_KEY_MAKE:
        this.#command = byte;
        break;
      default:
        this.#queue.push(RESEND);
        return;
    }
    this.#queue.push(ACK);
  }

  #argument(byte: number): void {
    const command = this.#command;
    // A command byte where an argument was due starts anew.
    if (byte >= 0xed && command !== CMD_KEY_TYPEMATIC) {
      this.#command = 0;
      this.#execute(byte);
      return;
    }
    const isKeyList = command >= CMD_KEY_TYPEMATIC && command <= CMD_KEY_MAKE;
    if (!isKeyList) this.#command = 0;
    switch (command) {
      case CMD_SET_LEDS:
        this.#setLeds(byte & 7);
        break;
      case CMD_TYPEMATIC:
        this.#typematic = byte & 0x7f;
        break;
      case CMD_SCAN_SET:
        this.#queue.push(ACK);
        if (byte === 0) this.#queue.push(this.#set);
        else if (byte <= 3) this.#set = byte;
        return;
      default:
        this.#set3Kinds[byte] =
          command === CMD_KEY_TYPEMATIC ? TYPEMATIC : command === CMD_KEY_MAKE_BREAK ? MAKE_BREAK : MAKE_ONLY;
        // One key per command is how drivers use it; the list form would swallow their next command.
        this.#command = 0;
    }
    this.#queue.push(ACK);
  }

  #setDefaults(): void {
    this.#set = 2;
    this.#typematic = DEFAULT_TYPEMATIC;
    this.#stopRepeat();
    this.#set3Kinds.fill(TYPEMATIC);
    for (const [code, { set3 }] of scanCodes) this.#set3Kinds[set3] = set3MakeBreak.has(code) ? MAKE_BREAK : TYPEMATIC;
  }

  #setLeds(leds: number): void {
    if (leds === this.#leds) return;
    this.#leds = leds;
    this.#ledListener(leds);
  }

  #send(code: string, isDown: boolean): void {
    const bytes = this.#sequence(code, isDown);
    if (bytes.length === 0) return;
    if (!this.#queue.push(...bytes)) this.#queue.push(OVERRUN);
    this.#onData();
  }

  /** The bytes a key sends in the current scan set. */
  #sequence(code: string, isDown: boolean): number[] {
    if (this.#set === 3) return this.#set3Sequence(code, isDown);
    const set2 = this.#set2Sequence(code, isDown);
    return this.#set === 2 ? set2 : toSet1(set2);
  }

  #isHeld(test: (code: string) => boolean): boolean {
    for (const code of this.#down) if (test(code)) return true;
    return false;
  }

  #set2Sequence(code: string, isDown: boolean): number[] {
    switch (code) {
      case 'Pause':
        // Sends make and break at once, and nothing when released; with Control it is Break.
        if (!isDown) return [];
        if (this.#isHeld(isControl)) return [EXTENDED, 0x7e, EXTENDED, BREAK, 0x7e];
        return [0xe1, 0x14, 0x77, 0xe1, BREAK, 0x14, BREAK, 0x77];
      case 'PrintScreen':
        return this.#printScreen(isDown);
      case 'Lang1':
        return isDown ? [0xf2] : [];
      case 'Lang2':
        return isDown ? [0xf1] : [];
    }
    const scanCode = scanCodes.get(code);
    if (!scanCode) return [];
    const prefix = scanCode.set2 > 0xff ? [EXTENDED] : [];
    return [...prefix, ...(isDown ? [] : [BREAK]), scanCode.set2 & 0xff];
  }

  /** With Alt it is SysRq; with Shift or Control it sends no fake shift of its own. */
  #printScreen(isDown: boolean): number[] {
    if (this.#isHeld(isAlt)) return isDown ? [0x84] : [BREAK, 0x84];
    const key = isDown ? [EXTENDED, 0x7c] : [EXTENDED, BREAK, 0x7c];
    if (this.#isHeld(isShift) || this.#isHeld(isControl)) return key;
    return isDown ? [EXTENDED, 0x12, ...key] : [...key, EXTENDED, BREAK, 0x12];
  }

  #set3Sequence(code: string, isDown: boolean): number[] {
    const special: Record<string, number> = { Pause: 0x62, PrintScreen: 0x57 };
    const key = special[code] ?? scanCodes.get(code)?.set3 ?? 0;
    if (key === 0) return [];
    if (isDown) return [key];
    const kind = this.#set3Kinds[key]!;
    return kind === MAKE_BREAK || kind === EVERYTHING ? [BREAK, key] : [];
  }

  #startRepeat(code: string): void {
    const isSilent = code === 'Pause' || code === 'Lang1' || code === 'Lang2';
    const kind = this.#set === 3 ? this.#set3Kinds[scanCodes.get(code)?.set3 ?? 0]! : EVERYTHING;
    if (isSilent || kind === MAKE_BREAK || kind === MAKE_ONLY) {
      this.#stopRepeat();
      return;
    }
    this.#repeatCode = code;
    const delayMs = 250 * (1 + ((this.#typematic >> 5) & 3));
    this.#repeatTimer.arm(this.#clock.now() + delayMs * 1e6);
  }

  #stopRepeat(): void {
    this.#repeatCode = null;
    this.#repeatTimer.cancel();
  }

  /** Period is (8 + A) * 2^B * 4.17 ms, A = bits 0-2, B = bits 3-4. */
  #repeat(): void {
    const code = this.#repeatCode;
    if (code === null || !this.#isEnabled) return;
    // A guest that does not listen gets no backlog of repeats.
    if (this.#queue.length === 0) this.#send(code, true);
    const periodMs = (8 + (this.#typematic & 7)) * 2 ** ((this.#typematic >> 3) & 3) * 4.17;
    this.#repeatTimer.arm(this.#clock.now() + periodMs * 1e6);
  }
}

/** Set 1 from set 2: codes translated, F0 folded into bit 7. Prefixes stay. */
function toSet1(set2: readonly number[]): number[] {
  const out: number[] = [];
  let breakBit = 0;
  for (const byte of set2) {
    if (byte === BREAK) breakBit = 0x80;
    else if (byte === EXTENDED || byte === 0xe1) out.push(byte);
    else {
      out.push(byte === 0xf1 || byte === 0xf2 ? byte : translate(byte) | breakBit);
      breakBit = 0;
    }
  }
  return out;
}
