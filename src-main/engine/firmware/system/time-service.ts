// INT 1Ah: tick count, real-time clock, alarm; and the RTC interrupt. [PS2-BIOS]
import { BDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import { readCmos, writeCmos } from '../cmos.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { CMOS_STATUS, readBcd, writeBcd } from '../rtc.ts';

const SET = 0x80;
const PERIODIC = 0x40;
const ALARM = 0x20;
const DAYLIGHT = 1;

export class TimeService {
  private readonly context: FirmwareContext;

  constructor(context: FirmwareContext) {
    this.context = context;
  }

  handle(frame: CallFrame): void {
    const { memory, ports } = this.context;
    switch (frame.ah) {
      case 0x00: {
        const ticks = memory.readU32(BDA.ticks);
        frame.cx = ticks >>> 16;
        frame.dx = ticks;
        frame.al = memory.readU8(BDA.midnight);
        memory.writeU8(BDA.midnight, 0);
        frame.ah = 0;
        frame.carry = false;
        return;
      }
      case 0x01:
        memory.writeU32(BDA.ticks, frame.cx * 0x10000 + frame.dx);
        memory.writeU8(BDA.midnight, 0);
        frame.succeed();
        return;
      case 0x02:
        frame.ch = readBcd(ports, 4);
        frame.cl = readBcd(ports, 2);
        frame.dh = readBcd(ports, 0);
        frame.dl = readCmos(ports, CMOS_STATUS.B) & DAYLIGHT;
        frame.succeed();
        return;
      case 0x03:
        this.setting(() => {
          writeBcd(ports, 4, frame.ch);
          writeBcd(ports, 2, frame.cl);
          writeBcd(ports, 0, frame.dh);
        });
        frame.succeed();
        return;
      case 0x04:
        frame.ch = readBcd(ports, 0x32);
        frame.cl = readBcd(ports, 9);
        frame.dh = readBcd(ports, 8);
        frame.dl = readBcd(ports, 7);
        frame.succeed();
        return;
      case 0x05:
        this.setting(() => {
          writeBcd(ports, 0x32, frame.ch);
          writeBcd(ports, 9, frame.cl);
          writeBcd(ports, 8, frame.dh);
          writeBcd(ports, 7, frame.dl);
        });
        frame.succeed();
        return;
      case 0x06:
        this.setAlarm(frame);
        return;
      case 0x07:
        this.changeStatusB(0, ALARM);
        frame.succeed();
        return;
      default:
        frame.fail(0x86);
    }
  }

  private changeStatusB(on: number, off: number): void {
    const { ports } = this.context;
    writeCmos(ports, CMOS_STATUS.B, (readCmos(ports, CMOS_STATUS.B) | on) & ~off);
  }

  /** Stops the update cycle while several registers change. */
  private setting(write: () => void): void {
    this.changeStatusB(SET, 0);
    write();
    this.changeStatusB(0, SET);
  }

  private setAlarm(frame: CallFrame): void {
    const { ports } = this.context;
    if ((readCmos(ports, CMOS_STATUS.B) & ALARM) !== 0) {
      frame.fail(0);
      return;
    }
    writeBcd(ports, 5, frame.ch);
    writeBcd(ports, 3, frame.cl);
    writeBcd(ports, 1, frame.dh);
    ports.write(0xa1, 1, ports.read(0xa1, 1) & ~1);
    this.changeStatusB(ALARM, 0);
    frame.succeed();
  }

  /** IRQ 8: acknowledges the clock; true when the alarm went off, for INT 4Ah. */
  interrupt(): { isAlarm: boolean; isPeriodic: boolean } {
    const flags = readCmos(this.context.ports, CMOS_STATUS.C) & readCmos(this.context.ports, CMOS_STATUS.B);
    return { isAlarm: (flags & ALARM) !== 0, isPeriodic: (flags & PERIODIC) !== 0 };
  }
}
