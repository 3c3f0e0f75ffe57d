// INT 14h (serial ports) and INT 17h (printers), and INT 05h, which prints the screen with the latter.
// [PS2-BIOS, PC16550D, PCAT-TR]
import { BDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import type { Screen } from '../video/screen.ts';

const LSR_DATA_READY = 0x01;
const LSR_THRE = 0x20;
const TIMED_OUT = 0x80;
const LPT_NOT_BUSY = 0x80;
const divisors = [1047, 768, 384, 192, 96, 48, 24, 12];
const PRINT_STATUS = 0x500;

export class PortServices {
  private readonly context: FirmwareContext;

  constructor(context: FirmwareContext) {
    this.context = context;
  }

  /** INT 14h. Receiving waits about a second, counted in timer ticks, while interrupts run. */
  serial(frame: CallFrame): void {
    const { memory, ports } = this.context;
    const base = frame.dx < 4 ? memory.readU16(BDA.comPorts + frame.dx * 2) : 0;
    if (base === 0) {
      frame.ah = TIMED_OUT;
      return;
    }
    const status = (): void => {
      frame.ah = ports.read(base + 5, 1) & 0xff;
      frame.al = ports.read(base + 6, 1) & 0xff;
    };
    switch (frame.ah) {
      case 0x00:
        this.initSerial(base, frame.al);
        status();
        return;
      case 0x01:
        ports.write(base + 4, 1, (ports.read(base + 4, 1) | 3) & 0xff);
        if ((ports.read(base + 5, 1) & LSR_THRE) !== 0) {
          ports.write(base, 1, frame.al);
          frame.ah = ports.read(base + 5, 1) & 0x7f;
        } else {
          frame.ah = (ports.read(base + 5, 1) & 0x7f) | TIMED_OUT;
        }
        return;
      case 0x02:
        if ((ports.read(base + 5, 1) & LSR_DATA_READY) !== 0) {
          frame.ah = ports.read(base + 5, 1) & 0x1e;
          frame.al = ports.read(base, 1) & 0xff;
        } else {
          frame.ah = TIMED_OUT;
        }
        return;
      case 0x03:
        status();
        return;
      default:
        frame.ah = TIMED_OUT;
    }
  }

  /** Bits 7-5 rate, 4-3 parity, 2 stop bits, 1-0 length. */
  private initSerial(base: number, parameters: number): void {
    const { ports } = this.context;
    const divisor = divisors[parameters >> 5]!;
    ports.write(base + 3, 1, 0x80);
    ports.write(base, 1, divisor & 0xff);
    ports.write(base + 1, 1, divisor >> 8);
    ports.write(base + 3, 1, parameters & 0x1f);
    ports.write(base + 1, 1, 0);
  }

  /** INT 17h. */
  printer(frame: CallFrame): void {
    const { memory, ports } = this.context;
    const base = frame.dx < 3 ? memory.readU16(BDA.lptPorts + frame.dx * 2) : 0;
    if (base === 0 || frame.ah > 2) {
      frame.ah = 1;
      return;
    }
    if (frame.ah === 0) {
      this.print(base, frame.al);
    } else if (frame.ah === 1) {
      ports.write(base + 2, 1, 0x08);
      ports.write(base + 2, 1, 0x0c);
    }
    // The adapter's status with the two inverted lines as INT 17h reports them.
    frame.ah = ((ports.read(base + 1, 1) & 0xff) ^ 0x48) & 0xf8;
  }

  private print(base: number, byte: number): boolean {
    const { ports } = this.context;
    if ((ports.read(base + 1, 1) & LPT_NOT_BUSY) === 0) return false;
    ports.write(base, 1, byte);
    ports.write(base + 2, 1, 0x0d);
    ports.write(base + 2, 1, 0x0c);
    return true;
  }

  /** INT 05h: the text screen to the first printer; 50:0 tells how it went. */
  printScreen(screen: Screen): void {
    const { memory } = this.context;
    const base = memory.readU16(BDA.lptPorts);
    if (memory.readU8(PRINT_STATUS) === 1) return;
    let isGood = base !== 0;
    if (isGood) {
      for (const byte of screenText(screen)) isGood = isGood && this.print(base, byte);
    }
    memory.writeU8(PRINT_STATUS, isGood ? 0 : 0xff);
  }
}

function screenText(screen: Screen): number[] {
  const page = screen.activePage();
  const saved = screen.cursor(page);
  const bytes = [13, 10];
  for (let row = 0; row < screen.rows(); row++) {
    for (let column = 0; column < screen.columns(); column++) {
      screen.setCursor(page, column, row);
      bytes.push(screen.readCell(page).character || 0x20);
    }
    bytes.push(13, 10);
  }
  screen.setCursor(page, saved.column, saved.row);
  return bytes;
}
