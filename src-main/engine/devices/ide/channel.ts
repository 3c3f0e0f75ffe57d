// One ATA channel: the command and control block registers, which of two drives they reach, the shared interrupt line.
// Register writes go to both drives, reads and commands to the selected one. [ATAPI-6 §5-7, §9.1]
// An absent drive reads as zero, as the one that is present answers for it.
import type { IrqLine, PortIoHandler, StateValue } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import { AtaDrive } from './ata-drive.ts';
import type { AtapiDrive } from './atapi-drive.ts';
import type { BusMaster } from './bus-master.ts';
import {
  COMMAND,
  CONTROL_HOB,
  CONTROL_NIEN,
  CONTROL_SRST,
  DEVICE_DEV,
  DRQ,
  REG_COUNT,
  REG_DATA,
  REG_DEVICE,
  REG_ERROR_FEATURES,
  REG_LBA_HIGH,
  REG_LBA_LOW,
  REG_LBA_MID,
  REG_STATUS_COMMAND,
} from './registers.ts';
import type { TaskFile } from './task-file.ts';

export type AnyDrive = AtaDrive | AtapiDrive;

export class Channel {
  readonly busMaster: BusMaster;
  /** Device 0 and device 1; filled by the controller, which builds drives on this channel's port. */
  readonly drives: [AnyDrive | null, AnyDrive | null] = [null, null];
  readonly commandBlock: PortIoHandler;
  readonly controlBlock: PortIoHandler;
  readonly #irq: IrqLine;
  #control = 0;
  #selected = 0;
  #isLineHigh = false;

  constructor(busMaster: BusMaster, irq: IrqLine) {
    this.busMaster = busMaster;
    this.#irq = irq;
    this.commandBlock = {
      read: (port, size) => this.#readCommandBlock(port & 7, size),
      write: (port, size, value) => this.#writeCommandBlock(port & 7, size, value),
    };
    this.controlBlock = {
      read: () => this.#current()?.status ?? 0,
      write: (_port, _size, value) => this.#writeControl(value & 0xff),
    };
  }

  #current(): AnyDrive | null {
    return this.drives[this.#selected] ?? null;
  }

  hardReset(): void {
    this.#control = 0;
    this.#selected = 0;
    this.busMaster.reset();
    for (const drive of this.drives) drive?.hardReset();
    this.updateInterrupt();
  }

  // hot path: the data register is first, it carries every PIO word.
  #readCommandBlock(register: number, size: number): number {
    const drive = this.#current();
    if (register === REG_DATA) return drive ? drive.readData(size) : 0;
    return drive ? this.#readRegister(drive, register) : 0;
  }

  #readRegister(drive: AnyDrive, register: number): number {
    const { taskFile } = drive;
    const isHigh = (this.#control & CONTROL_HOB) !== 0;
    switch (register) {
      case REG_ERROR_FEATURES:
        return isHigh ? taskFile.featuresHob : drive.error;
      case REG_COUNT:
        return isHigh ? taskFile.countHob : taskFile.count;
      case REG_LBA_LOW:
        return isHigh ? taskFile.lbaLowHob : taskFile.lbaLow;
      case REG_LBA_MID:
        return isHigh ? taskFile.lbaMidHob : taskFile.lbaMid;
      case REG_LBA_HIGH:
        return isHigh ? taskFile.lbaHighHob : taskFile.lbaHigh;
      case REG_DEVICE:
        return taskFile.device | 0xa0;
      default:
        drive.acknowledgeInterrupt();
        return drive.status;
    }
  }

  #writeCommandBlock(register: number, size: number, value: number): void {
    if (register === REG_DATA) return this.#current()?.writeData(size, value);
    const byte = value & 0xff;
    if (register === REG_STATUS_COMMAND) return this.#command(byte);
    this.#control &= ~CONTROL_HOB;
    if (register === REG_DEVICE) return this.#writeDevice(byte);
    for (const drive of this.drives) {
      if (drive && !drive.isBusy) push(drive.taskFile, register, byte);
    }
  }

  #writeDevice(value: number): void {
    for (const drive of this.drives) if (drive && !drive.isBusy) drive.taskFile.device = value;
    this.#selected = value & DEVICE_DEV ? 1 : 0;
    this.updateInterrupt();
  }

  #command(command: number): void {
    this.#control &= ~CONTROL_HOB;
    if (command === COMMAND.EXECUTE_DEVICE_DIAGNOSTIC) return this.#diagnose();
    const drive = this.#current();
    if (!drive) return;
    const isOccupied = drive.isBusy || (drive.status & DRQ) !== 0;
    // Only packet devices take DEVICE RESET in the middle of a command.
    const isAccepted = !isOccupied || (command === COMMAND.DEVICE_RESET && !(drive instanceof AtaDrive));
    if (!isAccepted) return;
    drive.acknowledgeInterrupt();
    drive.execute(command);
  }

  /** Both drives take part, whichever is selected; device 0 reports and interrupts. */
  #diagnose(): void {
    for (const drive of this.drives) {
      drive?.endReset();
      if (drive) drive.taskFile.device = 0;
    }
    this.#selected = 0;
    this.drives[0]?.diagnosed();
    this.updateInterrupt();
  }

  #writeControl(value: number): void {
    const wasReset = (this.#control & CONTROL_SRST) !== 0;
    const isReset = (value & CONTROL_SRST) !== 0;
    this.#control = value & (CONTROL_HOB | CONTROL_SRST | CONTROL_NIEN);
    if (isReset && !wasReset) for (const drive of this.drives) drive?.holdInReset();
    if (!isReset && wasReset) {
      for (const drive of this.drives) {
        if (drive) drive.taskFile.device = 0;
        drive?.endReset();
      }
      this.#selected = 0;
    }
    this.updateInterrupt();
  }

  /** INTRQ: driven by the selected drive, tri-stated by nIEN. The bus master latches its rise. */
  updateInterrupt(): void {
    const isEnabled = (this.#control & CONTROL_NIEN) === 0;
    const isHigh = isEnabled && (this.#current()?.isInterruptPending ?? false);
    if (isHigh === this.#isLineHigh) return;
    this.#isLineHigh = isHigh;
    if (isHigh) this.busMaster.interruptRose();
    this.#irq.set(isHigh);
  }

  async settle(): Promise<void> {
    for (const drive of this.drives) await drive?.settle();
  }

  save(): { [name: string]: StateValue } {
    return {
      control: this.#control,
      selected: this.#selected,
      busMaster: this.busMaster.save(),
      drives: this.drives.map((drive) => drive?.save() ?? {}),
    };
  }

  restore(reader: StateReader): void {
    this.#control = reader.u8('control');
    this.#selected = reader.int('selected', 0, 1);
    this.busMaster.restore(reader.record('busMaster'));
    reader.records('drives', 2).forEach((saved, index) => {
      this.drives[index]?.restore(saved);
    });
    this.updateInterrupt();
  }
}

function push(taskFile: TaskFile, register: number, byte: number): void {
  switch (register) {
    case REG_ERROR_FEATURES:
      taskFile.featuresHob = taskFile.features;
      taskFile.features = byte;
      return;
    case REG_COUNT:
      taskFile.countHob = taskFile.count;
      taskFile.count = byte;
      return;
    case REG_LBA_LOW:
      taskFile.lbaLowHob = taskFile.lbaLow;
      taskFile.lbaLow = byte;
      return;
    case REG_LBA_MID:
      taskFile.lbaMidHob = taskFile.lbaMid;
      taskFile.lbaMid = byte;
      return;
    case REG_LBA_HIGH:
      taskFile.lbaHighHob = taskFile.lbaHigh;
      taskFile.lbaHigh = byte;
      return;
  }
}
