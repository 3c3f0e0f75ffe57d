// Registers, status bits and commands of the 82077AA. [82077AA §2.1, §4-6]
//
// Ports, offsets from 3F0h:  2 DOR | 3 TDR | 4 MSR (read), DSR (write) | 5 FIFO | 7 DIR (read), CCR (write).  3F6h is the disk's.

export const REG_DOR = 2;
export const REG_TDR = 3;
export const REG_MSR_DSR = 4;
export const REG_FIFO = 5;
export const REG_DIR_CCR = 7;

export const DOR_DRIVE = 0x03;
export const DOR_NRESET = 0x04;
export const DOR_DMAGATE = 0x08;
export const DOR_MOTOR0 = 0x10;

export const MSR_CB = 0x10;
export const MSR_NDMA = 0x20;
export const MSR_DIO = 0x40;
export const MSR_RQM = 0x80;

export const DSR_SWRESET = 0x80;
export const DIR_DSKCHG = 0x80;
export const RATE_MASK = 0x03;

/** Interrupt code "abnormal", "invalid command", "polling"; seek end; equipment check. */
export const ST0_ABNORMAL = 0x40;
export const ST0_INVALID = 0x80;
export const ST0_POLLING = 0xc0;
export const ST0_SE = 0x20;
export const ST0_EC = 0x10;

export const ST1_EN = 0x80;
export const ST1_DE = 0x20;
export const ST1_OR = 0x10;
export const ST1_ND = 0x04;
export const ST1_NW = 0x02;
export const ST1_MA = 0x01;

export const ST2_CM = 0x40;
export const ST2_WC = 0x10;

export const ST3_WP = 0x40;
export const ST3_READY = 0x20;
export const ST3_TRK0 = 0x10;
export const ST3_TWO_SIDE = 0x08;

export const CONFIGURE_EIS = 0x40;
export const CONFIGURE_EFIFO = 0x20;
export const SPECIFY_ND = 0x01;

/** Commands that carry MT, MFM and SK flags in their top three bits. */
export const DATA_COMMAND = {
  READ_TRACK: 0x02,
  WRITE: 0x05,
  READ: 0x06,
  WRITE_DELETED: 0x09,
  READ_ID: 0x0a,
  READ_DELETED: 0x0c,
  FORMAT: 0x0d,
  VERIFY: 0x16,
} as const;
export const DATA_COMMAND_MASK = 0x1f;
export const COMMAND_MT = 0x80;

export const CONTROL_COMMAND = {
  SPECIFY: 0x03,
  SENSE_DRIVE_STATUS: 0x04,
  RECALIBRATE: 0x07,
  SENSE_INTERRUPT_STATUS: 0x08,
  DUMPREG: 0x0e,
  SEEK: 0x0f,
  VERSION: 0x10,
  PERPENDICULAR_MODE: 0x12,
  CONFIGURE: 0x13,
  UNLOCK: 0x14,
  PART_ID: 0x18,
  RELATIVE_SEEK_OUT: 0x8f,
  LOCK: 0x94,
  RELATIVE_SEEK_IN: 0xcf,
} as const;

/** VERSION answers 90h: 82077AA and later. */
export const VERSION_82077AA = 0x90;
export const PART_ID_82078 = 0x41;

const parameterCounts = new Map<number, number>([
  [CONTROL_COMMAND.SPECIFY, 2],
  [CONTROL_COMMAND.SENSE_DRIVE_STATUS, 1],
  [CONTROL_COMMAND.RECALIBRATE, 1],
  [CONTROL_COMMAND.SENSE_INTERRUPT_STATUS, 0],
  [CONTROL_COMMAND.DUMPREG, 0],
  [CONTROL_COMMAND.SEEK, 2],
  [CONTROL_COMMAND.VERSION, 0],
  [CONTROL_COMMAND.PERPENDICULAR_MODE, 1],
  [CONTROL_COMMAND.CONFIGURE, 3],
  [CONTROL_COMMAND.UNLOCK, 0],
  [CONTROL_COMMAND.PART_ID, 0],
  [CONTROL_COMMAND.RELATIVE_SEEK_OUT, 2],
  [CONTROL_COMMAND.LOCK, 0],
  [CONTROL_COMMAND.RELATIVE_SEEK_IN, 2],
]);

const dataParameterCounts = new Map<number, number>([
  [DATA_COMMAND.READ_TRACK, 8],
  [DATA_COMMAND.WRITE, 8],
  [DATA_COMMAND.READ, 8],
  [DATA_COMMAND.WRITE_DELETED, 8],
  [DATA_COMMAND.READ_ID, 1],
  [DATA_COMMAND.READ_DELETED, 8],
  [DATA_COMMAND.FORMAT, 5],
  [DATA_COMMAND.VERIFY, 8],
]);

/** How many bytes follow a command byte; null if there is no such command. */
export function parameterCount(command: number): number | null {
  return parameterCounts.get(command) ?? dataParameterCounts.get(command & DATA_COMMAND_MASK) ?? null;
}
