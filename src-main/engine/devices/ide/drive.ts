// What disks and packet drives share: registers, the interrupt, the data register over one transfer buffer, asynchronous medium
// work that a reset can disown, and the saved state of all that. While a medium is being waited for the drive is BSY.
import { WorkQueue } from '../../../core/work-queue.ts';
import type { StateValue } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import type { BusMaster, DmaClient } from './bus-master.ts';
import { BSY, DRDY, DRQ, DSC, ERR } from './registers.ts';
import { TaskFile } from './task-file.ts';

/** What a drive may ask of the channel it is plugged into. */
export interface DrivePort {
  readonly busMaster: BusMaster;
  interruptChanged(): void;
  activity(kind: 'read' | 'write'): void;
  logFailure(what: string, error: unknown): void;
}

/** `data…` phases move words through the data register, `dma…` phases wait for or use the bus master. */
const phases = ['idle', 'busy', 'dataIn', 'dataOut', 'dmaIn', 'dmaOut'] as const;
export type Phase = (typeof phases)[number];

/** Medium work is done in pieces of at most this size. */
export const chunkBytes = 128 * 1024;

export abstract class Drive implements DmaClient {
  readonly taskFile = new TaskFile();
  protected readonly port: DrivePort;
  protected phase: Phase = 'idle';
  protected buffer = new Uint8Array(chunkBytes);
  /** Next byte for the data register, end of the current DRQ block, end of the valid bytes. */
  protected position = 0;
  protected blockEnd = 0;
  protected bufferEnd = 0;
  #status = 0;
  #error = 0;
  #isInterruptPending = false;
  readonly #work = new WorkQueue();

  constructor(port: DrivePort) {
    this.port = port;
  }

  /** Runs a command that the channel found acceptable now. */
  abstract execute(command: number): void;
  /** Registers after power-on, software reset and EXECUTE DEVICE DIAGNOSTIC. */
  protected abstract presentSignature(): void;
  /** The guest has emptied (dataIn) or filled (dataOut) the current DRQ block. */
  protected abstract blockDone(): void;
  abstract dmaReady(): void;
  protected abstract saveOwn(): { [name: string]: StateValue };
  protected abstract restoreOwn(reader: StateReader): void;

  get status(): number {
    return this.#status;
  }
  get error(): number {
    return this.#error;
  }
  get isInterruptPending(): boolean {
    return this.#isInterruptPending;
  }
  get isBusy(): boolean {
    return (this.#status & BSY) !== 0;
  }

  acknowledgeInterrupt(): void {
    if (!this.#isInterruptPending) return;
    this.#isInterruptPending = false;
    this.port.interruptChanged();
  }

  protected raiseInterrupt(): void {
    this.#isInterruptPending = true;
    this.port.interruptChanged();
  }

  protected setRegisters(status: number, error: number): void {
    this.#status = status;
    this.#error = error;
  }

  protected setBusy(): void {
    this.phase = 'busy';
    this.#status = BSY | DRDY | DSC;
    this.#error = 0;
  }

  protected complete(): void {
    this.phase = 'idle';
    this.setRegisters(DRDY | DSC, 0);
    this.raiseInterrupt();
  }

  protected fail(error: number): void {
    this.phase = 'idle';
    this.setRegisters(DRDY | DSC | ERR, error);
    this.raiseInterrupt();
  }

  /** Offers or asks for the bytes from `position` to `blockEnd`. */
  protected presentBlock(direction: 'dataIn' | 'dataOut', blockEnd: number): void {
    this.blockEnd = blockEnd;
    this.phase = direction;
    this.setRegisters(DRDY | DSC | DRQ, 0);
  }

  protected presentDma(direction: 'dmaIn' | 'dmaOut'): void {
    this.phase = direction;
    this.setRegisters(BSY | DRDY | DSC, 0);
    this.port.busMaster.request(this);
  }

  // hot path: one call per word of PIO data (REP INSW).
  readData(size: number): number {
    if (this.phase !== 'dataIn') return 0;
    const at = this.position;
    const end = Math.min(at + size, this.blockEnd);
    let value = 0;
    for (let i = at; i < end; i++) value |= this.buffer[i] << (8 * (i - at));
    this.position = end;
    if (end >= this.blockEnd) this.blockDone();
    return value >>> 0;
  }

  // hot path: one call per word of PIO data (REP OUTSW).
  writeData(size: number, value: number): void {
    if (this.phase !== 'dataOut') return;
    const at = this.position;
    const end = Math.min(at + size, this.blockEnd);
    for (let i = at; i < end; i++) this.buffer[i] = value >>> (8 * (i - at));
    this.position = end;
    if (end >= this.blockEnd) this.blockDone();
  }

  /** Starts medium work; `done` or `failed` follows, unless a reset came in between. Works of one drive never overlap. */
  protected start(work: () => Promise<void>, done: () => void, failed: (error: unknown) => void): void {
    this.#work.start(work, done, failed);
  }

  /** Waits until no medium work is under way. */
  settle(): Promise<void> {
    return this.#work.settle();
  }

  /** Software reset begins: whatever was under way is forgotten. */
  holdInReset(): void {
    this.abandon();
    this.phase = 'busy';
    this.setRegisters(BSY, 0);
  }

  /** Software reset or diagnostics ends. */
  endReset(): void {
    this.abandon();
    this.presentSignature();
  }

  /** Device 0 reports the end of EXECUTE DEVICE DIAGNOSTIC. */
  diagnosed(): void {
    this.raiseInterrupt();
  }

  protected abandon(): void {
    this.#work.abandon();
    this.port.busMaster.withdraw(this);
    // Work in flight still owns the old buffer.
    if (this.#work.isBusy) this.buffer = new Uint8Array(chunkBytes);
    this.phase = 'idle';
    this.position = 0;
    this.blockEnd = 0;
    this.bufferEnd = 0;
    this.#isInterruptPending = false;
  }

  save(): { [name: string]: StateValue } {
    const isDataValid = this.phase !== 'idle' && this.phase !== 'busy';
    return {
      taskFile: this.taskFile.save(),
      status: this.#status,
      error: this.#error,
      isInterruptPending: this.#isInterruptPending,
      phase: this.phase,
      position: this.position,
      blockEnd: this.blockEnd,
      bufferEnd: this.bufferEnd,
      buffer: isDataValid ? this.buffer.slice(0, Math.max(this.blockEnd, this.bufferEnd)) : new Uint8Array(0),
      own: this.saveOwn(),
    };
  }

  restore(reader: StateReader): void {
    this.abandon();
    this.taskFile.restore(reader.record('taskFile'));
    this.#status = reader.u8('status');
    this.#error = reader.u8('error');
    this.#isInterruptPending = reader.boolean('isInterruptPending');
    this.phase = reader.oneOf('phase', phases);
    const saved = reader.bytes('buffer', { maxLength: chunkBytes });
    this.buffer = new Uint8Array(chunkBytes);
    this.buffer.set(saved);
    this.blockEnd = reader.int('blockEnd', 0, chunkBytes);
    this.bufferEnd = reader.int('bufferEnd', 0, chunkBytes);
    this.position = reader.int('position', 0, chunkBytes);
    this.restoreOwn(reader.record('own'));
    if (this.phase === 'dmaIn' || this.phase === 'dmaOut') this.port.busMaster.request(this);
  }
}
