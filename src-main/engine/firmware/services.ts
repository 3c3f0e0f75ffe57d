// The trap: ROM code writes a service number (16 bits) to this port and TypeScript does the work. The port decodes only for
// code in the system or video ROM (the firmware checks the instruction pointer); other writers get nothing.

/** Otherwise unused on a PC. Word writes only. */
export const TRAP_PORT = 0x0b10;

/** What ROM code asks for. INT services are 0x100 + vector. */
export const SERVICE = {
  POST: 0x01,
  BOOT: 0x02,
  NEXT_BOOT: 0x03,
  OPTION_ROM: 0x04,
  VIDEO_INIT: 0x05,
  KEY: 0x09,
  RTC: 0x70,
  MOUSE: 0x74,
  INT_05: 0x105,
  INT_10: 0x110,
  INT_11: 0x111,
  INT_12: 0x112,
  INT_13: 0x113,
  INT_14: 0x114,
  INT_15: 0x115,
  INT_16: 0x116,
  INT_17: 0x117,
  INT_1A: 0x11a,
  PCI_32: 0x201,
  APM_32: 0x202,
  APM_16: 0x203,
  PNP: 0x204,
} as const;

/** What AX holds when the trap returns to a stub. */
export const TRAP_DONE = 0;
/** Nothing to give yet: the stub lets interrupts run until the next one and asks again. */
export const TRAP_WAIT = 1;

/** What AX holds after SERVICE.KEY: what the keyboard interrupt must do next. */
export const KEY_ACTION = {
  NONE: 0,
  BREAK: 1,
  PRINT_SCREEN: 2,
  SYSRQ_DOWN: 3,
  SYSRQ_UP: 4,
  PAUSE: 5,
  RESET: 6,
} as const;

export const SYSTEM_SEGMENT = 0xf000;
export const VIDEO_SEGMENT = 0xc000;
export const SYSTEM_ROM_BYTES = 0x10000;
export const VIDEO_ROM_BYTES = 0x8000;
