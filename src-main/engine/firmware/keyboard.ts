// Keyboard: scan codes from IRQ 1 into the BIOS buffer, and INT 16h on top of it. All state is in the BIOS data area, where
// programs read and change it.
import { BDA } from './bda.ts';
import type { CallFrame } from './call-frame.ts';
import type { FirmwareContext, FirmwarePorts } from './firmware-context.ts';
import type { FirmwareMemory } from './firmware-cpu.ts';
import { extendedKeyWords, isLetter, keyWords } from './keyboard-codes.ts';
import { KEY_ACTION } from './services.ts';

// 40:17
const RIGHT_SHIFT = 0x01;
const LEFT_SHIFT = 0x02;
const CTRL = 0x04;
const ALT = 0x08;
const SCROLL_LOCK = 0x10;
const NUM_LOCK = 0x20;
const CAPS_LOCK = 0x40;
const INSERT = 0x80;
// 40:18
const LEFT_CTRL = 0x01;
const LEFT_ALT = 0x02;
const SYSRQ = 0x04;
const PAUSE = 0x08;
// 40:96
const LAST_E0 = 0x02;
const LAST_E1 = 0x01;
const RIGHT_CTRL = 0x04;
const RIGHT_ALT = 0x08;

const lockKeys: ReadonlyMap<number, number> = new Map([
  [0x3a, CAPS_LOCK],
  [0x45, NUM_LOCK],
  [0x46, SCROLL_LOCK],
]);

export class Keyboard {
  private readonly memory: FirmwareMemory;
  private readonly ports: FirmwarePorts;

  constructor(context: FirmwareContext) {
    this.memory = context.memory;
    this.ports = context.ports;
  }

  /** Takes one scan code; returns a KEY_ACTION. */
  scanCode(code: number): number {
    const flags3 = this.memory.readU8(BDA.keyboardFlags);
    if (code === 0xe0 || code === 0xe1) {
      this.memory.writeU8(BDA.keyboardFlags, flags3 | (code === 0xe0 ? LAST_E0 : LAST_E1));
      return KEY_ACTION.NONE;
    }
    // Answers of the keyboard itself: acknowledge, resend.
    if (code === 0xfa || code === 0xfe) return KEY_ACTION.NONE;
    const isExtended = (flags3 & LAST_E0) !== 0;
    const isPauseSequence = (flags3 & LAST_E1) !== 0;
    const scan = code & 0x7f;
    const isDown = (code & 0x80) === 0;
    // Pause is E1 1D 45 E1 9D C5: the prefix covers two codes.
    if (isPauseSequence && scan === 0x1d) return KEY_ACTION.NONE;
    this.memory.writeU8(BDA.keyboardFlags, flags3 & ~(LAST_E0 | LAST_E1));
    if (isPauseSequence) return isDown && scan === 0x45 ? this.pause() : KEY_ACTION.NONE;
    return this.key(scan, isDown, isExtended);
  }

  private pause(): number {
    if (this.isPaused()) return KEY_ACTION.NONE;
    this.memory.writeU8(BDA.shiftFlags2, this.memory.readU8(BDA.shiftFlags2) | PAUSE);
    return KEY_ACTION.PAUSE;
  }

  private isPaused(): boolean {
    return (this.memory.readU8(BDA.shiftFlags2) & PAUSE) !== 0;
  }

  private key(scan: number, isDown: boolean, isExtended: boolean): number {
    const modifier = this.modifierBit(scan, isExtended);
    if (modifier !== null) {
      this.modifier(scan, modifier, isDown, isExtended);
      return KEY_ACTION.NONE;
    }
    // Shift codes that the keyboard itself puts around extended keys.
    if (isExtended && (scan === 0x2a || scan === 0x36)) return KEY_ACTION.NONE;
    const flags = this.memory.readU8(BDA.shiftFlags);
    if (scan === 0x54) return isDown ? KEY_ACTION.SYSRQ_DOWN : KEY_ACTION.SYSRQ_UP;
    const lock = isExtended ? undefined : lockKeys.get(scan);
    if (lock !== undefined && !(scan === 0x46 && (flags & CTRL) !== 0) && !(scan === 0x45 && (flags & CTRL) !== 0)) {
      this.lock(lock, isDown);
      return KEY_ACTION.NONE;
    }
    if (!isDown) {
      this.release(scan);
      return KEY_ACTION.NONE;
    }
    if (this.isPaused()) {
      this.memory.writeU8(BDA.shiftFlags2, this.memory.readU8(BDA.shiftFlags2) & ~PAUSE);
      return KEY_ACTION.NONE;
    }
    return this.press(scan, isExtended, flags);
  }

  private modifierBit(scan: number, isExtended: boolean): number | null {
    switch (scan) {
      case 0x2a:
        return isExtended ? null : LEFT_SHIFT;
      case 0x36:
        return isExtended ? null : RIGHT_SHIFT;
      case 0x1d:
        return CTRL;
      case 0x38:
        return ALT;
      default:
        return null;
    }
  }

  private modifier(scan: number, bit: number, isDown: boolean, isExtended: boolean): void {
    const { memory } = this;
    const change = (address: number, mask: number, on: boolean): void => {
      const old = memory.readU8(address);
      memory.writeU8(address, on ? old | mask : old & ~mask);
    };
    if (bit === CTRL)
      change(isExtended ? BDA.keyboardFlags : BDA.shiftFlags2, isExtended ? RIGHT_CTRL : LEFT_CTRL, isDown);
    if (bit === ALT)
      change(isExtended ? BDA.keyboardFlags : BDA.shiftFlags2, isExtended ? RIGHT_ALT : LEFT_ALT, isDown);
    // Ctrl and Alt stay on while either of the two keys is down.
    const isOtherDown =
      (bit === CTRL || bit === ALT) &&
      !isDown &&
      ((memory.readU8(BDA.shiftFlags2) & (bit === CTRL ? LEFT_CTRL : LEFT_ALT)) !== 0 ||
        (memory.readU8(BDA.keyboardFlags) & (bit === CTRL ? RIGHT_CTRL : RIGHT_ALT)) !== 0);
    change(BDA.shiftFlags, bit, isDown || isOtherDown);
    if (scan === 0x38 && !isDown && !isOtherDown) this.finishAltNumber();
  }

  /** Alt and digits on the keypad enter a character by its number. */
  private finishAltNumber(): void {
    const value = this.memory.readU8(BDA.altInput);
    this.memory.writeU8(BDA.altInput, 0);
    if (value !== 0) this.put(value);
  }

  private lock(bit: number, isDown: boolean): void {
    const { memory } = this;
    const held = memory.readU8(BDA.shiftFlags2);
    if (!isDown) {
      memory.writeU8(BDA.shiftFlags2, held & ~bit);
      return;
    }
    // Typematic repetition of a held lock key does not toggle.
    if ((held & bit) !== 0) return;
    memory.writeU8(BDA.shiftFlags2, held | bit);
    memory.writeU8(BDA.shiftFlags, memory.readU8(BDA.shiftFlags) ^ bit);
    this.updateLeds();
  }

  private updateLeds(): void {
    const leds = (this.memory.readU8(BDA.shiftFlags) >> 4) & 7;
    this.memory.writeU8(BDA.keyboardLeds, (this.memory.readU8(BDA.keyboardLeds) & ~7) | leds);
    this.ports.write(0x60, 1, 0xed);
    this.ports.write(0x60, 1, leds);
  }

  private release(scan: number): void {
    if (scan === 0x52) this.memory.writeU8(BDA.shiftFlags2, this.memory.readU8(BDA.shiftFlags2) & ~INSERT);
  }

  private press(scan: number, isExtended: boolean, flags: number): number {
    const { memory } = this;
    const isCtrl = (flags & CTRL) !== 0;
    const isAlt = (flags & ALT) !== 0;
    if (isCtrl && isAlt && scan === 0x53) {
      memory.writeU16(BDA.resetFlag, 0x1234);
      return KEY_ACTION.RESET;
    }
    if (scan === 0x46 && isCtrl) {
      memory.writeU8(BDA.breakFlag, 0x80);
      this.empty();
      this.put(0);
      return KEY_ACTION.BREAK;
    }
    if (scan === 0x45 && isCtrl) return this.pause();
    if (scan === 0x37 && isExtended && !isCtrl) return isAlt ? KEY_ACTION.SYSRQ_DOWN : KEY_ACTION.PRINT_SCREEN;
    if (isAlt && !isExtended && this.altDigit(scan)) return KEY_ACTION.NONE;
    if (scan === 0x52 && !isAlt && !isCtrl) {
      const held = memory.readU8(BDA.shiftFlags2);
      if ((held & INSERT) === 0) memory.writeU8(BDA.shiftFlags, memory.readU8(BDA.shiftFlags) ^ INSERT);
      memory.writeU8(BDA.shiftFlags2, held | INSERT);
    }
    const word = this.translate(scan, isExtended, flags);
    if (word !== 0) this.put(word);
    return KEY_ACTION.NONE;
  }

  private altDigit(scan: number): boolean {
    const digit = [0x52, 0x4f, 0x50, 0x51, 0x4b, 0x4c, 0x4d, 0x47, 0x48, 0x49].indexOf(scan);
    if (digit < 0) return false;
    this.memory.writeU8(BDA.altInput, (this.memory.readU8(BDA.altInput) * 10 + digit) & 0xff);
    return true;
  }

  private translate(scan: number, isExtended: boolean, flags: number): number {
    const words = (isExtended ? extendedKeyWords : keyWords).get(scan);
    if (words === undefined) return 0;
    if ((flags & ALT) !== 0) return words[3];
    if ((flags & CTRL) !== 0) return words[2];
    let isShifted = (flags & (LEFT_SHIFT | RIGHT_SHIFT)) !== 0;
    if (isLetter(scan) && (flags & CAPS_LOCK) !== 0) isShifted = !isShifted;
    if (!isExtended && scan >= 0x47 && scan <= 0x53 && (flags & NUM_LOCK) !== 0) isShifted = !isShifted;
    return words[isShifted ? 1 : 0];
  }

  private bounds(): { start: number; end: number } {
    const start = this.memory.readU16(BDA.keyBufferStart);
    const end = this.memory.readU16(BDA.keyBufferEnd);
    return start >= 0x1e && end > start && end <= 0x100 ? { start, end } : { start: 0x1e, end: 0x3e };
  }

  /** Adds a word to the buffer; false (and a beep on real machines) when it is full. */
  put(word: number): boolean {
    const { memory } = this;
    const { start, end } = this.bounds();
    const tail = memory.readU16(BDA.keyTail);
    const next = tail + 2 >= end ? start : tail + 2;
    if (next === memory.readU16(BDA.keyHead)) return false;
    memory.writeU16(0x400 + (tail & 0xff), word);
    memory.writeU16(BDA.keyTail, next);
    return true;
  }

  private empty(): void {
    const { start } = this.bounds();
    this.memory.writeU16(BDA.keyHead, start);
    this.memory.writeU16(BDA.keyTail, start);
  }

  /** The next word, or null. */
  peek(): number | null {
    const head = this.memory.readU16(BDA.keyHead);
    return head === this.memory.readU16(BDA.keyTail) ? null : this.memory.readU16(0x400 + (head & 0xff));
  }

  take(): number | null {
    const word = this.peek();
    if (word === null) return null;
    const { start, end } = this.bounds();
    const next = this.memory.readU16(BDA.keyHead) + 2;
    this.memory.writeU16(BDA.keyHead, next >= end ? start : next);
    return word;
  }

  /** INT 16h. */
  handle(frame: CallFrame): void {
    switch (frame.ah) {
      case 0x00:
      case 0x10: {
        let word = this.take();
        while (word !== null && frame.ah === 0 && toOldKeyboard(word) === null) word = this.take();
        if (word === null) frame.wait();
        else frame.ax = frame.ah === 0 ? toOldKeyboard(word)! : word;
        break;
      }
      case 0x01:
      case 0x11:
        this.status(frame);
        break;
      case 0x02:
        frame.al = this.memory.readU8(BDA.shiftFlags);
        break;
      case 0x03:
        break;
      case 0x05:
        frame.al = this.put(frame.cx) ? 0 : 1;
        break;
      case 0x09:
        frame.al = 0x30;
        break;
      case 0x0a:
        frame.bx = 0x41ab;
        break;
      case 0x12: {
        const held = this.memory.readU8(BDA.shiftFlags2);
        const right = this.memory.readU8(BDA.keyboardFlags);
        frame.al = this.memory.readU8(BDA.shiftFlags);
        frame.ah = (held & 0x73) | (right & (RIGHT_CTRL | RIGHT_ALT)) | ((held & SYSRQ) << 5);
        break;
      }
      case 0x92:
        frame.ah = 0x80;
        break;
      case 0xa2:
        break;
      default:
        break;
    }
  }

  private status(frame: CallFrame): void {
    let word = this.peek();
    while (word !== null && frame.ah === 1 && toOldKeyboard(word) === null) {
      this.take();
      word = this.peek();
    }
    frame.zero = word === null;
    if (word !== null) frame.ax = frame.ah === 1 ? toOldKeyboard(word)! : word;
  }
}

/** What a program for the 84-key keyboard may see of a word; null for keys it does not know. */
function toOldKeyboard(word: number): number | null {
  const scan = word >> 8;
  const ascii = word & 0xff;
  if (scan === 0xe0) return ascii === 0x2f ? 0x352f : 0x1c00 | ascii;
  if (ascii === 0xe0 && scan !== 0) return scan << 8;
  return scan >= 0x85 && ascii === 0 ? null : word;
}
