// The floppy disk controller of a PC/AT: Intel 82077AA at 3F0h-3F7h, IRQ 6, DMA channel 2. [82077AA]
// Register and command phases are here; transfer.ts executes what touches sectors. Seeks end at once, motors need no time to
// start, deleted marks and scans are not modelled.
import type { RemovableBackend } from '../../../core/backends/block.ts';
import { WorkQueue } from '../../../core/work-queue.ts';
import type { Device, DeviceContext, DeviceState, IrqLine, IsaDmaChannel } from '../../bus/device.ts';
import { ByteWidePorts } from '../../bus/port-bus.ts';
import { StateReader } from '../../bus/state-fields.ts';
import { FloppyDrive } from './floppy-drive.ts';
import {
  COMMAND_MT,
  CONFIGURE_EFIFO,
  CONFIGURE_EIS,
  CONTROL_COMMAND,
  DATA_COMMAND,
  DATA_COMMAND_MASK,
  DIR_DSKCHG,
  DOR_DMAGATE,
  DOR_DRIVE,
  DOR_MOTOR0,
  DOR_NRESET,
  DSR_SWRESET,
  MSR_CB,
  MSR_DIO,
  MSR_NDMA,
  MSR_RQM,
  PART_ID_82078,
  parameterCount,
  RATE_MASK,
  REG_DIR_CCR,
  REG_DOR,
  REG_FIFO,
  REG_MSR_DSR,
  REG_TDR,
  SPECIFY_ND,
  ST0_ABNORMAL,
  ST0_EC,
  ST0_INVALID,
  ST0_POLLING,
  ST0_SE,
  ST1_MA,
  ST1_ND,
  ST2_CM,
  ST3_READY,
  ST3_TRK0,
  ST3_TWO_SIDE,
  ST3_WP,
  VERSION_82077AA,
} from './registers.ts';
import { Transfer, type TransferHost, type TransferKind } from './transfer.ts';

const basePort = 0x3f0;
const irqNumber = 6;
const dmaChannel = 2;
const driveCount = 4;
const stateVersion = 1;
/** 250 kbit/s after reset. [82077AA §2.1.5] */
const rateAfterReset = 2;
const noCountLimit = 0xffff;

type Phase = 'command' | 'busy' | 'dataIn' | 'dataOut' | 'result';
const phases: readonly Phase[] = ['command', 'busy', 'dataIn', 'dataOut', 'result'];

export class FloppyController implements Device, TransferHost {
  readonly id: string;
  readonly work = new WorkQueue();
  readonly dma: IsaDmaChannel;
  readonly #ctx: DeviceContext;
  readonly #irq: IrqLine;
  readonly #drives: readonly (FloppyDrive | null)[];
  #phase: Phase = 'command';
  #command: number[] = [];
  #results: number[] = [];
  #transfer: Transfer | null = null;
  #fifoPosition = 0;
  #dor = DOR_NRESET | DOR_DMAGATE;
  #tdr = 0;
  #rate = rateAfterReset;
  #isInterruptPending = false;
  /** What SENSE INTERRUPT STATUS will answer: ST0 bytes, drive in the low two bits. */
  #senses: number[] = [];
  #specify: [number, number] = [0, 0];
  #configuration = CONFIGURE_EFIFO;
  #precompensationTrack = 0;
  #perpendicular = 0;
  #isLocked = false;
  #lastEndOfTrack = 0;

  constructor(id: string, ctx: DeviceContext, trays: readonly (RemovableBackend | null)[]) {
    this.id = id;
    this.#ctx = ctx;
    this.#irq = ctx.isaIrq(irqNumber);
    this.dma = ctx.isaDma(dmaChannel);
    this.#drives = trays.map((tray) => (tray ? new FloppyDrive(tray) : null));
    const ports = new ByteWidePorts(
      (port) => this.#read(port - basePort),
      (port, value) => this.#write(port - basePort, value),
    );
    ctx.mapPorts(basePort, 6, ports);
    ctx.mapPorts(basePort + REG_DIR_CCR, 1, ports);
  }

  // --- what transfers ask ----------------------------------------------------------------------------------------------

  drive(index: number): FloppyDrive | null {
    return this.#drives[index] ?? null;
  }

  rate(): number {
    return this.#rate;
  }

  activity(kind: 'read' | 'write'): void {
    this.#ctx.activity(kind);
  }

  logFailure(what: string, error: unknown): void {
    this.#ctx.log.limited(`${this.id}.${what}`, 'error', `${this.id}: ${what} failed: ${String(error)}`);
  }

  offerFifo(direction: 'dataIn' | 'dataOut'): void {
    this.#phase = direction;
    this.#fifoPosition = 0;
    this.#setInterrupt(true);
  }

  finish(results: number[]): void {
    this.#transfer = null;
    this.#enterResult(results);
    this.#setInterrupt(true);
  }

  // --- registers -------------------------------------------------------------------------------------------------------

  #read(register: number): number {
    switch (register) {
      case REG_DOR:
        return this.#dor;
      case REG_TDR:
        return this.#tdr | 0xfc;
      case REG_MSR_DSR:
        return this.#mainStatus();
      case REG_FIFO:
        return this.#readFifo();
      case REG_DIR_CCR:
        return this.#digitalInput();
      default:
        // SRA and SRB exist in PS/2 mode only.
        return 0xff;
    }
  }

  #write(register: number, value: number): void {
    switch (register) {
      case REG_DOR:
        return this.#writeDor(value);
      case REG_TDR:
        this.#tdr = value & 3;
        return;
      case REG_MSR_DSR:
        this.#rate = value & RATE_MASK;
        if (value & DSR_SWRESET) this.#softReset();
        return;
      case REG_FIFO:
        return this.#writeFifo(value);
      case REG_DIR_CCR:
        this.#rate = value & RATE_MASK;
        return;
    }
  }

  get #isHeldInReset(): boolean {
    return (this.#dor & DOR_NRESET) === 0;
  }

  #mainStatus(): number {
    if (this.#isHeldInReset) return 0;
    switch (this.#phase) {
      case 'command':
        return MSR_RQM | (this.#command.length > 0 ? MSR_CB : 0);
      case 'busy':
        return MSR_CB;
      case 'dataIn':
        return MSR_RQM | MSR_DIO | MSR_NDMA | MSR_CB;
      case 'dataOut':
        return MSR_RQM | MSR_NDMA | MSR_CB;
      case 'result':
        return MSR_RQM | MSR_DIO | MSR_CB;
    }
  }

  #digitalInput(): number {
    const selected = this.#dor & DOR_DRIVE;
    const isMotorOn = (this.#dor & (DOR_MOTOR0 << selected)) !== 0;
    return isMotorOn && this.drive(selected)?.isChangeLineActive ? DIR_DSKCHG : 0;
  }

  #writeDor(value: number): void {
    const wasHeld = this.#isHeldInReset;
    this.#dor = value;
    if (this.#isHeldInReset) this.#abandon();
    else if (wasHeld) this.#softReset();
    this.#driveInterrupt();
  }

  #setInterrupt(isPending: boolean): void {
    this.#isInterruptPending = isPending;
    this.#driveInterrupt();
  }

  #driveInterrupt(): void {
    this.#irq.set(this.#isInterruptPending && (this.#dor & DOR_DMAGATE) !== 0);
  }

  #abandon(): void {
    this.work.abandon();
    this.#transfer = null;
    this.#phase = 'command';
    this.#command = [];
    this.#results = [];
    this.#senses = [];
    this.#setInterrupt(false);
  }

  /** Leaving reset: the chip polls its four drives and interrupts once. */
  #softReset(): void {
    this.#abandon();
    if (!this.#isLocked) {
      this.#configuration = CONFIGURE_EFIFO;
      this.#precompensationTrack = 0;
    }
    this.#perpendicular = 0;
    this.#senses = [0, 1, 2, 3].map((drive) => ST0_POLLING | drive);
    this.#setInterrupt(true);
  }

  #readFifo(): number {
    if (this.#phase === 'dataIn') return this.#readData();
    if (this.#phase !== 'result') return 0;
    this.#setInterrupt(false);
    const value = this.#results.shift() ?? 0;
    if (this.#results.length === 0) this.#phase = 'command';
    // A seek of another drive ended meanwhile.
    if (this.#phase === 'command' && this.#senses.length > 0) this.#setInterrupt(true);
    return value;
  }

  // hot path: one call per byte of non-DMA transfers.
  #readData(): number {
    const transfer = this.#transfer;
    if (!transfer) return 0;
    const value = transfer.buffer[this.#fifoPosition++] ?? 0;
    this.#afterFifoByte(transfer);
    return value;
  }

  #afterFifoByte(transfer: Transfer): void {
    if (this.#fifoPosition < transfer.buffer.length) return;
    this.#phase = 'busy';
    this.#setInterrupt(false);
    transfer.fifoMoved();
  }

  #writeFifo(value: number): void {
    if (this.#isHeldInReset) return;
    if (this.#phase === 'dataOut' && this.#transfer) {
      this.#transfer.buffer[this.#fifoPosition++] = value;
      return this.#afterFifoByte(this.#transfer);
    }
    if (this.#phase !== 'command') return;
    this.#command.push(value);
    const parameters = parameterCount(this.#command[0]!);
    if (parameters !== null && this.#command.length <= parameters) return;
    const [command = 0, ...rest] = this.#command;
    this.#command = [];
    this.#execute(command, rest);
  }

  #enterResult(results: number[]): void {
    this.#results = results;
    this.#phase = 'result';
  }

  // --- commands --------------------------------------------------------------------------------------------------------

  // hot path: opcode dispatch.
  #execute(command: number, parameters: number[]): void {
    // Any other command gives up the polling answers of a reset.
    if (command !== CONTROL_COMMAND.SENSE_INTERRUPT_STATUS) this.#dropPollingSenses();
    const [first = 0, second = 0] = parameters;
    switch (command) {
      case CONTROL_COMMAND.SPECIFY:
        this.#specify = [first, second];
        return;
      case CONTROL_COMMAND.SENSE_DRIVE_STATUS:
        return this.#enterResult([this.#driveStatus(first)]);
      case CONTROL_COMMAND.RECALIBRATE:
        return this.#recalibrate(first & DOR_DRIVE);
      case CONTROL_COMMAND.SENSE_INTERRUPT_STATUS:
        return this.#senseInterrupt();
      case CONTROL_COMMAND.DUMPREG:
        return this.#enterResult(this.#dump());
      case CONTROL_COMMAND.SEEK:
        return this.#seek(first, second);
      case CONTROL_COMMAND.RELATIVE_SEEK_IN:
        return this.#seek(first, (this.drive(first & DOR_DRIVE)?.cylinder ?? 0) + second);
      case CONTROL_COMMAND.RELATIVE_SEEK_OUT:
        return this.#seek(first, (this.drive(first & DOR_DRIVE)?.cylinder ?? 0) - second);
      case CONTROL_COMMAND.VERSION:
        return this.#enterResult([VERSION_82077AA]);
      case CONTROL_COMMAND.PART_ID:
        return this.#enterResult([PART_ID_82078]);
      case CONTROL_COMMAND.PERPENDICULAR_MODE:
        this.#perpendicular = first;
        return;
      case CONTROL_COMMAND.CONFIGURE:
        this.#configuration = second;
        this.#precompensationTrack = parameters[2] ?? 0;
        return;
      case CONTROL_COMMAND.LOCK:
      case CONTROL_COMMAND.UNLOCK:
        this.#isLocked = command === CONTROL_COMMAND.LOCK;
        return this.#enterResult([this.#isLocked ? 0x10 : 0]);
      default:
        return this.#executeData(command, parameters);
    }
  }

  #executeData(command: number, parameters: number[]): void {
    switch (command & DATA_COMMAND_MASK) {
      case DATA_COMMAND.READ:
        return this.#transferSectors('read', command, parameters, 0);
      case DATA_COMMAND.READ_DELETED:
        // Every sector has a normal mark.
        return this.#transferSectors('read', command, parameters, ST2_CM);
      case DATA_COMMAND.READ_TRACK:
        parameters[3] = 1;
        return this.#transferSectors('read', command & ~COMMAND_MT, parameters, 0);
      case DATA_COMMAND.WRITE:
      case DATA_COMMAND.WRITE_DELETED:
        return this.#transferSectors('write', command, parameters, 0);
      case DATA_COMMAND.VERIFY:
        return this.#transferSectors('verify', command, parameters, 0);
      case DATA_COMMAND.READ_ID:
        return this.#readId(parameters[0] ?? 0);
      case DATA_COMMAND.FORMAT:
        return this.#format(parameters);
      default:
        return this.#enterResult([ST0_INVALID]);
    }
  }

  get #isDma(): boolean {
    return (this.#specify[1] & SPECIFY_ND) === 0;
  }

  #transferSectors(kind: TransferKind, command: number, parameters: number[], st2: number): void {
    const [select = 0, cylinder = 0, head = 0, sector = 0, sizeCode = 0, endOfTrack = 0, , dataLength = 0] = parameters;
    const drive = select & DOR_DRIVE;
    this.#lastEndOfTrack = endOfTrack;
    if (this.#configuration & CONFIGURE_EIS) this.drive(drive)?.stepTo(cylinder);
    const isCounted = kind === 'verify' && (select & 0x80) !== 0;
    this.#beginTransfer({
      kind,
      drive,
      side: (select >> 2) & 1,
      cylinder,
      head,
      sector,
      sizeCode,
      endOfTrack,
      isMultiTrack: (command & COMMAND_MT) !== 0,
      isDma: this.#isDma,
      sectorsLeft: isCounted ? dataLength : noCountLimit,
      filler: 0,
      st2,
    });
  }

  #format(parameters: number[]): void {
    const [select = 0, sizeCode = 0, sectorCount = 0, , filler = 0] = parameters;
    const drive = select & DOR_DRIVE;
    const side = (select >> 2) & 1;
    const cylinder = this.drive(drive)?.cylinder ?? 0;
    this.#beginTransfer({
      kind: 'format',
      drive,
      side,
      cylinder,
      head: side,
      sector: 1,
      sizeCode,
      endOfTrack: sectorCount,
      isMultiTrack: false,
      isDma: this.#isDma,
      sectorsLeft: noCountLimit,
      filler,
      st2: 0,
    });
  }

  #beginTransfer(request: ConstructorParameters<typeof Transfer>[1]): void {
    this.#phase = 'busy';
    this.#transfer = new Transfer(this, request);
    this.#transfer.begin();
  }

  #readId(select: number): void {
    const index = select & DOR_DRIVE;
    const side = (select >> 2) & 1;
    const drive = this.drive(index);
    const format = drive?.format;
    const isReadable = format?.rates.includes(this.#rate) && side < format.heads && drive!.cylinder < format.cylinders;
    const where = (side << 2) | index;
    if (!drive || !format || !isReadable) return this.finish([ST0_ABNORMAL | where, ST1_MA | ST1_ND, 0, 0, 0, 0, 0]);
    const sector = drive.nextSectorId > format.sectors ? 1 : drive.nextSectorId;
    drive.nextSectorId = sector + 1;
    this.finish([where, 0, 0, drive.cylinder, side, sector, 2]);
  }

  #driveStatus(select: number): number {
    const drive = this.drive(select & DOR_DRIVE);
    const base = (select & 7) | ST3_READY | ST3_TWO_SIDE;
    if (!drive) return base;
    return base | (drive.cylinder === 0 ? ST3_TRK0 : 0) | (drive.medium?.isReadOnly ? ST3_WP : 0);
  }

  #recalibrate(index: number): void {
    const drive = this.drive(index);
    drive?.stepTo(0);
    // Without a drive, track 0 is never found.
    this.#seekEnded(index, drive ? ST0_SE : ST0_ABNORMAL | ST0_SE | ST0_EC);
  }

  #seek(select: number, cylinder: number): void {
    const index = select & DOR_DRIVE;
    this.drive(index)?.stepTo(cylinder);
    this.#seekEnded(index, ST0_SE | (select & 4));
  }

  #seekEnded(index: number, st0: number): void {
    this.#senses = this.#senses.filter((sense) => (sense & DOR_DRIVE) !== index);
    this.#senses.push(st0 | index);
    this.#setInterrupt(true);
  }

  #dropPollingSenses(): void {
    this.#senses = this.#senses.filter((sense) => (sense & ST0_POLLING) !== ST0_POLLING);
    if (this.#senses.length === 0) this.#setInterrupt(false);
  }

  #senseInterrupt(): void {
    this.#setInterrupt(false);
    const st0 = this.#senses.shift();
    if (st0 === undefined) return this.#enterResult([ST0_INVALID]);
    this.#enterResult([st0, this.drive(st0 & DOR_DRIVE)?.cylinder ?? 0]);
  }

  #dump(): number[] {
    const cylinders = Array.from({ length: driveCount }, (_, index) => this.drive(index)?.cylinder ?? 0);
    const lockAndPerpendicular = (this.#isLocked ? 0x80 : 0) | (this.#perpendicular & 0x7f);
    return [
      ...cylinders,
      ...this.#specify,
      this.#lastEndOfTrack,
      lockAndPerpendicular,
      this.#configuration,
      this.#precompensationTrack,
    ];
  }

  // --- device ----------------------------------------------------------------------------------------------------------

  reset(): void {
    this.#abandon();
    for (const drive of this.#drives) drive?.reset();
    this.#dor = DOR_NRESET | DOR_DMAGATE;
    this.#tdr = 0;
    this.#rate = rateAfterReset;
    this.#specify = [0, 0];
    this.#configuration = CONFIGURE_EFIFO;
    this.#precompensationTrack = 0;
    this.#perpendicular = 0;
    this.#isLocked = false;
    this.#lastEndOfTrack = 0;
    this.#fifoPosition = 0;
    this.#driveInterrupt();
  }

  quiesce(): Promise<void> {
    return this.work.settle();
  }

  save(): DeviceState {
    return {
      version: stateVersion,
      fields: {
        phase: this.#phase,
        command: [...this.#command],
        results: [...this.#results],
        transfer: this.#transfer?.save() ?? null,
        fifoPosition: this.#fifoPosition,
        dor: this.#dor,
        tdr: this.#tdr,
        rate: this.#rate,
        isInterruptPending: this.#isInterruptPending,
        senses: [...this.#senses],
        specify: [...this.#specify],
        configuration: this.#configuration,
        precompensationTrack: this.#precompensationTrack,
        perpendicular: this.#perpendicular,
        isLocked: this.#isLocked,
        lastEndOfTrack: this.#lastEndOfTrack,
        drives: this.#drives.map((drive) => ({
          cylinder: drive?.cylinder ?? 0,
          hasChanged: drive?.hasChanged ?? true,
          nextSectorId: drive?.nextSectorId ?? 1,
        })),
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, stateVersion);
    this.#abandon();
    this.#phase = reader.oneOf('phase', phases);
    this.#command = reader.ints('command', { maxLength: 9 }, 0, 0xff);
    this.#results = reader.ints('results', { maxLength: 16 }, 0, 0xff);
    const hasTransfer = state.fields['transfer'] !== null;
    this.#transfer = hasTransfer ? Transfer.restore(this, reader.record('transfer')) : null;
    this.#fifoPosition = reader.int('fifoPosition', 0, this.#transfer?.buffer.length ?? 0xffff);
    this.#dor = reader.u8('dor');
    this.#tdr = reader.int('tdr', 0, 3);
    this.#rate = reader.int('rate', 0, RATE_MASK);
    this.#senses = reader.ints('senses', { maxLength: driveCount }, 0, 0xff);
    const specify = reader.ints('specify', 2, 0, 0xff);
    this.#specify = [specify[0]!, specify[1]!];
    this.#configuration = reader.u8('configuration');
    this.#precompensationTrack = reader.u8('precompensationTrack');
    this.#perpendicular = reader.u8('perpendicular');
    this.#isLocked = reader.boolean('isLocked');
    this.#lastEndOfTrack = reader.u8('lastEndOfTrack');
    reader.records('drives', this.#drives.length).forEach((saved, index) => {
      const drive = this.#drives[index];
      if (!drive) return;
      drive.stepTo(saved.int('cylinder', 0, 83));
      drive.hasChanged = saved.boolean('hasChanged');
      drive.nextSectorId = saved.int('nextSectorId', 1, 64);
    });
    this.#setInterrupt(reader.boolean('isInterruptPending'));
  }
}
