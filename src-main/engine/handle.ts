// The main thread's end of a machine worker: one handle per running machine. The worker may crash, hang or be killed; the
// handle then reports it once as `ended` and everything asked of it is refused. Never blocks.
import { Worker } from 'node:worker_threads';
import { type ErrorCode, errorTable } from '../contract/errors.ts';
import type { TextScreen } from '../core/backends/display.ts';
import type { KeyEvent, PointerEventAbsolute, PointerEventRelative } from '../core/backends/input.ts';
import { reportBug } from '../core/bug-report.ts';
import { Emitter } from '../core/emitter.ts';
import { OspiteError } from '../core/errors.ts';
import type { LogLevel } from '../core/logger.ts';
import type {
  ActivityReport,
  DisplayFrame,
  EndReason,
  FromWorker,
  MachineStats,
  PointerMode,
  ReplyValue,
  Screenshot,
  ToWorker,
  WorkerStart,
} from './protocol.ts';

export interface MachineEnd {
  /** `crashed`: the worker itself failed (a bug of ours or the host out of memory); the others are orderly. */
  reason: EndReason | 'crashed';
  message: string;
  code?: ErrorCode;
  stats: MachineStats | null;
  /** What the screen showed last. */
  screen: Screenshot | null;
}

type HandleEvents = {
  state: 'running' | 'paused';
  serial: { port: number; bytes: Uint8Array };
  frame: DisplayFrame;
  leds: number;
  pointerMode: PointerMode;
  activity: ActivityReport[];
  log: { level: LogLevel; message: string };
  reset: undefined;
  ended: MachineEnd;
};

interface PendingReply {
  resolve(value: ReplyValue): void;
  reject(error: OspiteError): void;
}

/** How long an orderly stop may take before the worker is terminated. Ends well even if a slice hangs. */
const STOP_GRACE_MS = 5000;

export class MachineHandle extends Emitter<HandleEvents> {
  readonly name: string;
  /** What runs the guest's code, and why. */
  readonly accelerator: WorkerStart['accelerator'];
  /** Null while the machine runs, then how it ended. */
  end: MachineEnd | null = null;
  isPaused: boolean;
  /** Of the machine's worker; names the owner of its file locks. */
  readonly threadId: number;
  readonly #worker: Worker;
  readonly #replies = new Map<number, PendingReply>();
  #nextRequest = 1;
  #isStopping = false;

  /** Starts the machine at once. Errors of its configuration or media arrive as `ended` with reason `error`. */
  constructor(start: WorkerStart) {
    super();
    this.name = start.name;
    this.accelerator = start.accelerator;
    this.isPaused = start.startPaused;
    this.#worker = new Worker(new URL('./worker.js', distUrl()), {
      workerData: start,
      name: `machine ${start.name}`,
      // The guest's RAM is outside of V8's heap; what is left is devices and buffers.
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      stderr: false,
      stdout: false,
    });
    this.threadId = this.#worker.threadId;
    this.#worker.on('message', (message: FromWorker) => {
      if (this.end) return;
      try {
        this.#receive(message);
      } catch (error) {
        // A listener's bug must not take the process, and with it all machines, down.
        reportBug(`machine ${this.name}`, error);
      }
    });
    this.#worker.on('error', (error) => this.#finish(crash(error)));
    this.#worker.on('exit', (code) =>
      this.#finish(
        this.#isStopping
          ? { reason: 'stopped', message: '', stats: null, screen: null }
          : crash(new Error(`its thread ended with status ${code}`)),
      ),
    );
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }
  resume(): void {
    this.#send({ type: 'resume' });
  }
  reset(): void {
    this.#send({ type: 'reset' });
  }
  /** Presses the ACPI power button. */
  powerButton(): void {
    this.#send({ type: 'powerButton' });
  }
  /** Pulls the plug. Resolves when the worker is gone, at the latest after a few seconds. */
  async powerOff(): Promise<void> {
    if (this.end) return;
    this.#send({ type: 'powerOff' });
    this.#isStopping = true;
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_GRACE_MS);
    await this.ended();
    clearTimeout(timer);
  }
  /** Resolves when the machine has ended, however it did. */
  ended(): Promise<MachineEnd> {
    if (this.end) return Promise.resolve(this.end);
    return new Promise((resolve) => {
      const subscription = this.on('ended', (end) => {
        subscription.dispose();
        resolve(end);
      });
    });
  }
  key(event: KeyEvent): void {
    this.#send({ type: 'key', event });
  }
  pointer(event: PointerEventRelative): void {
    this.#send({ type: 'pointer', event });
  }
  /** For guests whose driver asked for it; others do not see it. */
  pointerAbsolute(event: PointerEventAbsolute): void {
    this.#send({ type: 'pointerAbsolute', event });
  }
  /** Share of a host processor that the machine may use from now on, 1 to 100 percent. */
  setCpuCap(percent: number): void {
    this.#send({ type: 'cpuCap', percent });
  }
  serialInput(port: number, bytes: Uint8Array): void {
    this.#send({ type: 'serialInput', port, bytes });
  }
  watchDisplay(isWatched: boolean): void {
    this.#send({ type: 'watchDisplay', isWatched });
  }
  frameShown(): void {
    this.#send({ type: 'frameShown' });
  }
  /** Puts the file into the drive (attachment index of the settings), or takes the medium out for null. */
  async changeMedium(attachment: number, path: string | null): Promise<void> {
    await this.#ask((request) => ({ type: 'changeMedium', attachment, path, request }));
  }
  /** The screen now, or the last one of an ended machine. @throws {OspiteError} machine.wrongState, feature.unavailable without a display */
  async screenshot(): Promise<Screenshot> {
    if (this.end?.screen) return this.end.screen;
    const value = await this.#ask((request) => ({ type: 'screenshot', request }));
    if (value.kind !== 'screenshot')
      throw new OspiteError('internal', 'The machine answered a screenshot request with something else');
    return value.screen;
  }
  /** The text screen, or null in a graphics mode. */
  async textScreen(): Promise<TextScreen | null> {
    const value = await this.#ask((request) => ({ type: 'textScreen', request }));
    return value.kind === 'text' ? value.screen : null;
  }
  async stats(): Promise<MachineStats | null> {
    if (this.end) return this.end.stats;
    const value = await this.#ask((request) => ({ type: 'stats', request }));
    return value.kind === 'stats' ? value.stats : null;
  }

  #ask(message: (request: number) => ToWorker): Promise<ReplyValue> {
    if (this.end) return Promise.reject(this.#gone());
    const request = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      this.#replies.set(request, { resolve, reject });
      this.#send(message(request));
    });
  }

  #gone(): OspiteError {
    return new OspiteError('machine.wrongState', `Machine "${this.name}" is not running; start it first`);
  }

  #send(message: ToWorker): void {
    if (!this.end) this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'state':
        this.isPaused = message.state === 'paused';
        return this.emit('state', message.state);
      case 'serialOutput':
        return this.emit('serial', message);
      case 'frame':
        return this.emit('frame', message.frame);
      case 'leds':
        return this.emit('leds', message.leds);
      case 'pointerMode':
        return this.emit('pointerMode', message.mode);
      case 'activity':
        return this.emit('activity', message.reports);
      case 'log':
        return this.emit('log', message);
      case 'reset':
        return this.emit('reset', undefined);
      case 'reply':
        this.#replies.get(message.request)?.resolve(message.value);
        this.#replies.delete(message.request);
        return;
      case 'failure':
        this.#replies.get(message.request)?.reject(new OspiteError(errorCode(message.code), message.message));
        this.#replies.delete(message.request);
        return;
      case 'ended':
        this.#finish({
          reason: message.reason,
          message: message.message,
          stats: message.stats,
          screen: message.screen,
          ...(message.code === undefined ? {} : { code: errorCode(message.code) }),
        });
        return;
    }
  }

  #finish(end: MachineEnd): void {
    if (this.end) return;
    this.end = end;
    for (const reply of this.#replies.values()) reply.reject(this.#gone());
    this.#replies.clear();
    void this.#worker.terminate();
    this.emit('ended', end);
  }
}

function crash(error: Error): MachineEnd {
  return {
    reason: 'crashed',
    code: 'machine.crashed',
    message: `The machine's engine failed: ${error.message}`,
    stats: null,
    screen: null,
  };
}

function errorCode(code: string): ErrorCode {
  return code in errorTable ? (code as ErrorCode) : 'internal';
}

/** Worker threads need compiled JavaScript: next to this file in a build, under dist/ when the sources run under vitest. */
function distUrl(): string {
  return import.meta.url.endsWith('.ts')
    ? new URL('../../dist/src-main/engine/handle.js', import.meta.url).href
    : import.meta.url;
}
