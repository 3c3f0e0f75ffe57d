// Reading and setting the real-time clock. [MC146818A]

import { readCmos, writeCmos } from './cmos.ts';
import type { FirmwarePorts } from './firmware-context.ts';

export const CMOS_STATUS = { A: 0x0a, B: 0x0b, C: 0x0c, D: 0x0d } as const;
const STATUS_B_BINARY = 4;
/** PIT ticks in a day. */
export const TICKS_PER_DAY = 0x1800b0;

export interface RtcTime {
  hours: number;
  minutes: number;
  seconds: number;
}

export function toBcd(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10);
}

export function fromBcd(value: number): number {
  return (value >> 4) * 10 + (value & 0xf);
}

/** One clock register in BCD, whatever the clock counts in. */
export function readBcd(ports: FirmwarePorts, register: number): number {
  const value = readCmos(ports, register);
  return (readCmos(ports, CMOS_STATUS.B) & STATUS_B_BINARY) !== 0 ? toBcd(value) : value;
}

export function writeBcd(ports: FirmwarePorts, register: number, value: number): void {
  const isBinary = (readCmos(ports, CMOS_STATUS.B) & STATUS_B_BINARY) !== 0;
  writeCmos(ports, register, isBinary ? fromBcd(value) : value);
}

export function readRtcTime(ports: FirmwarePorts): RtcTime {
  return {
    hours: fromBcd(readBcd(ports, 4)),
    minutes: fromBcd(readBcd(ports, 2)),
    seconds: fromBcd(readBcd(ports, 0)),
  };
}

/** Value of the tick count at a time of day. */
export function ticksOfDay(time: RtcTime): number {
  const seconds = time.hours * 3600 + time.minutes * 60 + time.seconds;
  return Math.min(Math.floor((seconds * TICKS_PER_DAY) / 86400), TICKS_PER_DAY - 1);
}
