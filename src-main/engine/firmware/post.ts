// Power-on: leaves controllers, interrupt vectors, the data areas and tables as a PC BIOS does before it boots.
import { BDA, EBDA } from './bda.ts';
import { cmosContents, equipmentWord, writeCmos } from './cmos.ts';
import type { FirmwareContext, FirmwarePorts } from './firmware-context.ts';
import { acpiTablesBase, EBDA_BASE, EBDA_BYTES, EBDA_SEGMENT, facsAddress } from './memory-map.ts';
import { PciConfig, setUpPci } from './pci-setup.ts';
import { DISKETTE_TABLE } from './rom.ts';
import { CMOS_STATUS, readRtcTime, ticksOfDay } from './rtc.ts';
import { SYSTEM_SEGMENT } from './services.ts';
import { placeAcpiTables } from './tables/acpi.ts';

/** Labels in the system ROM by interrupt vector; all others get an IRET. */
const vectors: ReadonlyMap<number, string> = new Map([
  [0x02, 'int02'],
  [0x05, 'int05'],
  [0x08, 'int08'],
  [0x09, 'int09'],
  [0x0a, 'irq_master'],
  [0x0b, 'irq_master'],
  [0x0c, 'irq_master'],
  [0x0d, 'irq_master'],
  [0x0e, 'int0e'],
  [0x0f, 'irq_master'],
  [0x11, 'int11'],
  [0x12, 'int12'],
  [0x13, 'int13'],
  [0x14, 'int14'],
  [0x15, 'int15'],
  [0x16, 'int16'],
  [0x17, 'int17'],
  [0x18, 'int18'],
  [0x19, 'int19'],
  [0x1a, 'int1a'],
  [0x40, 'int13'],
  [0x70, 'int70'],
  [0x71, 'irq_slave'],
  [0x72, 'irq_slave'],
  [0x73, 'irq_slave'],
  [0x74, 'int74'],
  [0x75, 'int75'],
  [0x76, 'int76'],
  [0x77, 'irq_slave'],
]);

/** Everything up to, not including, display, option ROMs and boot. */
export function powerOn(context: FirmwareContext): void {
  initInterruptControllers(context.ports);
  initTimer(context.ports);
  for (const [index, value] of cmosContents(context.machine)) writeCmos(context.ports, index, value);
  initVectors(context);
  initDataAreas(context);
  initKeyboardController(context.ports);
  initClock(context);
  setUpPci(new PciConfig(context.ports), context.ports, context.machine);
  enableAcpi(context);
  const { tables } = placeAcpiTables(context.machine, acpiTablesBase(context.machine), facsAddress(context.machine));
  for (const table of tables) context.memory.write(table.address, table.bytes);
}

/** Vectors 08h-0fh and 70h-77h; timer, keyboard, cascade, floppy, mouse, x87 and disk interrupts open. */
function initInterruptControllers(ports: FirmwarePorts): void {
  const program = (base: number, values: number[]): void => {
    ports.write(base, 1, values[0]!);
    for (const value of values.slice(1)) ports.write(base + 1, 1, value);
  };
  program(0x20, [0x11, 0x08, 0x04, 0x01, 0xb8]);
  program(0xa0, [0x11, 0x70, 0x02, 0x01, 0x8f]);
}

/** Counter 0: 18.2 Hz square wave; 1: refresh; 2: the speaker, silent. */
function initTimer(ports: FirmwarePorts): void {
  ports.write(0x43, 1, 0x36);
  ports.write(0x40, 1, 0);
  ports.write(0x40, 1, 0);
  ports.write(0x43, 1, 0x54);
  ports.write(0x41, 1, 18);
  ports.write(0x61, 1, ports.read(0x61, 1) & 0x0c);
}

function initVectors(context: FirmwareContext): void {
  const { memory, rom } = context;
  const ignore = rom.entry('ignore');
  for (let vector = 0; vector < 0x100; vector++) {
    const label = vectors.get(vector);
    // 60h-67h and the upper half are free: zero there tells programs that nobody has taken them.
    const isFree = (vector >= 0x60 && vector < 0x68) || vector >= 0x78;
    const offset = label === undefined ? ignore : rom.entry(label);
    memory.writeU32(vector * 4, isFree ? 0 : ((SYSTEM_SEGMENT << 16) | offset) >>> 0);
  }
  memory.writeU32(0x1e * 4, ((SYSTEM_SEGMENT << 16) | DISKETTE_TABLE) >>> 0);
  memory.writeU32(0x1d * 4, 0);
  memory.writeU32(0x41 * 4, ((EBDA_SEGMENT << 16) | (EBDA.diskTable0 - EBDA_BASE)) >>> 0);
  memory.writeU32(0x46 * 4, ((EBDA_SEGMENT << 16) | (EBDA.diskTable1 - EBDA_BASE)) >>> 0);
}

function initDataAreas(context: FirmwareContext): void {
  const { memory, machine } = context;
  const resetFlag = memory.readU16(BDA.resetFlag);
  memory.write(0x400, new Uint8Array(0x100));
  memory.write(EBDA_BASE, new Uint8Array(EBDA_BYTES));
  memory.writeU8(EBDA.sizeKiB, EBDA_BYTES / 1024);
  memory.writeU16(BDA.resetFlag, resetFlag);
  machine.serialPorts.slice(0, 4).forEach((port, index) => {
    memory.writeU16(BDA.comPorts + index * 2, port.ioPort);
    memory.writeU8(BDA.comTimeouts + index, 1);
  });
  machine.parallelPorts.slice(0, 3).forEach((port, index) => {
    memory.writeU16(BDA.lptPorts + index * 2, port.ioPort);
    memory.writeU8(BDA.lptTimeouts + index, 0x14);
  });
  memory.writeU16(BDA.ebdaSegment, EBDA_SEGMENT);
  memory.writeU16(BDA.equipment, equipmentWord(machine));
  memory.writeU16(BDA.baseMemoryKiB, EBDA_BASE / 1024);
  for (const pointer of [BDA.keyHead, BDA.keyTail, BDA.keyBufferStart]) memory.writeU16(pointer, 0x1e);
  memory.writeU16(BDA.keyBufferEnd, 0x3e);
  // A keyboard with 101 keys.
  memory.writeU8(BDA.keyboardFlags, 0x10);
}

/** Self-test, both interfaces enabled, scan codes translated, keyboard interrupt on, mouse off until INT 15h/C2h asks. */
function initKeyboardController(ports: FirmwarePorts): void {
  drain(ports);
  ports.write(0x64, 1, 0xaa);
  drain(ports);
  ports.write(0x64, 1, 0xae);
  ports.write(0x64, 1, 0x60);
  ports.write(0x60, 1, 0x65);
  ports.write(0x60, 1, 0xf4);
  drain(ports);
}

/** Takes what the controller has to say; devices answer at once or not at all during POST. */
function drain(ports: FirmwarePorts): void {
  for (let count = 0; count < 32 && (ports.read(0x64, 1) & 1) !== 0; count++) ports.read(0x60, 1);
}

/** RTC running, 24-hour BCD, interrupts off; the tick count follows it. */
function initClock(context: FirmwareContext): void {
  const { ports, memory } = context;
  writeCmos(ports, CMOS_STATUS.A, 0x26);
  writeCmos(ports, CMOS_STATUS.B, 0x02);
  writeCmos(ports, 0x0f, 0);
  memory.writeU32(BDA.ticks, ticksOfDay(readRtcTime(ports)));
}

/** The machine has no SMI handler that an operating system could ask: start in ACPI mode. */
function enableAcpi(context: FirmwareContext): void {
  context.ports.write(0x604, 2, context.ports.read(0x604, 2) | 1);
}
