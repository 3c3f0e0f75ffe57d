// A machine in its worker: joins machine, loop, media, serial lines and screen to the messages of its handle.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CharBackend } from '../core/backends/char.ts';
import { OspiteError } from '../core/errors.ts';
import { hostEntropy } from '../host/entropy.ts';
import { FileLine } from '../host/file-line.ts';
import { hostFiles } from '../host/files.ts';
import { threadCpuSeconds } from '../host/thread-cpu.ts';
import { ActivityMeter } from './activity-meter.ts';
import { DisplayPump } from './display-pump.ts';
import { Machine } from './machine.ts';
import { MachineLoop } from './machine-loop.ts';
import { MachineMedia, readBootFiles } from './machine-media.ts';
import type {
  EndReason,
  FromWorker,
  MachineStats,
  PointerMode,
  ReplyValue,
  Screenshot,
  ToWorker,
  WorkerStart,
} from './protocol.ts';
import { SerialLine } from './serial-line.ts';
import { WorkerLog } from './worker-log.ts';

export type Post = (message: FromWorker, transfer?: ArrayBuffer[]) => void;

const ACTIVITY_MS = 100;

export class MachineWorker {
  readonly #start: WorkerStart;
  readonly #post: Post;
  readonly #lines = new Map<number, SerialLine>();
  readonly #activity = new ActivityMeter();
  readonly #log: WorkerLog;
  /** What came before the machine was there. */
  #early: ToWorker[] = [];
  #machine: Machine | null = null;
  #loop: MachineLoop | null = null;
  #media: MachineMedia | null = null;
  #pump: DisplayPump | null = null;
  #isWatched = false;
  #pointerMode: PointerMode = { isEnabled: false, isAbsolute: false };
  #end: { reason: EndReason; message: string; code?: string } | null = null;
  #startedAt = performance.now();

  constructor(start: WorkerStart, post: Post) {
    this.#start = start;
    this.#post = post;
    this.#log = new WorkerLog((level, message) => post({ type: 'log', level, message }));
  }

  /** Resolves when the machine is off and everything is closed. Never rejects for what a guest or a file did. */
  async run(): Promise<void> {
    const timer = setInterval(() => this.#reportActivity(), ACTIVITY_MS);
    try {
      await this.#powerOn();
      await this.#loop?.run();
    } catch (error) {
      this.#fail(error);
    }
    clearInterval(timer);
    this.#pump?.stop();
    this.#machine?.dispose();
    this.#machine?.dispose();
    for (const line of this.#lines.values()) line.flush();
    await this.#machine?.quiesce().catch(() => {}); // Requests that fail at the end have nobody left to tell.
    // What could not be written is worth more than how the machine ended.
    await this.#media?.close().catch((error: unknown) => {
      this.#end = null;
      this.#fail(error);
    });
    this.#reportActivity();
    const end = this.#end ?? { reason: 'stopped' as const, message: '' };
    this.#post({ type: 'ended', ...end, stats: this.#stats(), screen: this.#screenshot() });
  }

  receive(message: ToWorker): void {
    if (!this.#machine && message.type !== 'powerOff') {
      this.#early.push(message);
      return;
    }
    this.#handle(message);
  }

  async #powerOn(): Promise<void> {
    const { settings } = this.#start;
    const files = await readBootFiles(hostFiles, settings);
    const media = await MachineMedia.open(hostFiles, settings.storage, this.#start.scratchFolder);
    this.#media = media;
    if (this.#end) return;
    this.#machine = await Machine.create({
      settings,
      core: this.#start.core,
      isTranslating: this.#start.accelerator.id === 'jit',
      uuid: this.#start.uuid,
      version: this.#start.version,
      files,
      disk: (attachment) => media.disk(attachment),
      drive: (attachment) => media.drive(attachment),
      serialLine: (port) => this.#serialLine(port),
      entropy: hostEntropy,
      nowNs: () => performance.now() * 1e6,
      wallMs: () => Date.now(),
      log: this.#log,
      onActivity: (device, kind) => this.#activity.count(device, kind),
      onWake: () => {
        this.#loop?.wake();
        this.#pump?.poke();
      },
      onPowerOff: () => this.#finish({ reason: 'poweredOff', message: '' }),
      onTripleFault: (where) =>
        this.#finish({ reason: 'tripleFault', message: `The guest stopped with a triple fault (${where})` }),
      onResetRequest: () => this.#guestReset(),
      onLeds: (leds) => this.#post({ type: 'leds', leds }),
    });
    this.#loop = new MachineLoop(
      this.#machine,
      {
        nowMs: () => performance.now(),
        turn: () => nextTurn(),
        after: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return () => clearTimeout(timer);
        },
      },
      this.#start.startPaused,
    );
    this.#loop.setCap(settings.cpuCapPercent);
    if (this.#machine.display)
      this.#pump = new DisplayPump(
        this.#machine.display,
        () => this.#machine?.instructions() ?? 0,
        (frame) => this.#post({ type: 'frame', frame }, [frame.pixels.buffer as ArrayBuffer]),
      );
    this.#pump?.watch(this.#isWatched);
    this.#startedAt = performance.now();
    this.#postState();
    for (const message of this.#early.splice(0)) this.#handle(message);
  }

  #handle(message: ToWorker): void {
    switch (message.type) {
      case 'pause':
        this.#loop?.pause();
        return this.#postState();
      case 'resume':
        this.#loop?.resume();
        return this.#postState();
      case 'reset':
        this.#machine?.reset();
        this.#post({ type: 'reset' });
        this.#loop?.wake();
        return;
      case 'powerButton':
        this.#machine?.powerButton();
        this.#loop?.wake();
        return;
      case 'powerOff':
        return this.#finish({ reason: 'stopped', message: '' });
      case 'key':
        return this.#machine?.key(message.event);
      case 'pointer':
        return this.#machine?.pointer(message.event);
      case 'pointerAbsolute':
        return this.#machine?.pointerAbsolute(message.event);
      case 'cpuCap':
        return this.#loop?.setCap(message.percent);
      case 'serialInput':
        return this.#lines.get(message.port)?.receive(message.bytes);
      case 'watchDisplay':
        this.#isWatched = message.isWatched;
        return this.#pump?.watch(message.isWatched);
      case 'frameShown':
        return this.#pump?.shown();
      case 'changeMedium':
        void this.#answer(message.request, async () => {
          await this.#media?.change(message.attachment, message.path);
          return { kind: 'done' };
        });
        return;
      case 'screenshot':
        void this.#answer(message.request, () => {
          const screen = this.#screenshot();
          if (!screen)
            throw new OspiteError(
              'feature.unavailable',
              'This machine has no display adapter; give it one in its settings',
            );
          return { kind: 'screenshot', screen };
        });
        return;
      case 'textScreen':
        void this.#answer(message.request, () => ({ kind: 'text', screen: this.#machine?.display?.text() ?? null }));
        return;
      case 'stats':
        void this.#answer(message.request, () => ({ kind: 'stats', stats: this.#stats()! }));
        return;
    }
  }

  async #answer(request: number, work: () => ReplyValue | Promise<ReplyValue>): Promise<void> {
    try {
      this.#post({ type: 'reply', request, value: await work() });
    } catch (error) {
      const { code, message } = describe(error);
      this.#post({ type: 'failure', request, code, message });
    }
  }

  #guestReset(): void {
    if (this.#start.noReboot)
      return this.#finish({ reason: 'resetRefused', message: 'The guest asked for a reset and --no-reboot was given' });
    this.#machine?.reset();
    this.#post({ type: 'reset' });
  }

  #finish(end: { reason: EndReason; message: string; code?: string }): void {
    this.#end ??= end;
    this.#loop?.stop();
  }

  #fail(error: unknown): void {
    const { code, message: sentence } = describe(error);
    const { directBoot } = this.#start.settings;
    // The loader sees bytes; the person gave a file.
    const message = code === 'kernel.invalid' && directBoot ? `${directBoot.kernel}: ${sentence}` : sentence;
    if (code === 'internal' && error instanceof Error) this.#log.log('error', error.stack ?? error.message);
    this.#finish({ reason: 'error', code, message });
  }

  #postState(): void {
    this.#post({ type: 'state', state: this.#loop?.isPaused ? 'paused' : 'running' });
  }

  #reportActivity(): void {
    const reports = this.#activity.take();
    if (reports.length > 0) this.#post({ type: 'activity', reports });
    const mode = this.#machine?.pointerMode();
    if (!mode || (mode.isEnabled === this.#pointerMode.isEnabled && mode.isAbsolute === this.#pointerMode.isAbsolute))
      return;
    this.#pointerMode = mode;
    this.#post({ type: 'pointerMode', mode });
  }

  #serialLine(port: number): CharBackend | null {
    const wish = this.#start.settings.serial[port];
    if (!wish || wish.kind === 'none') return null;
    if (wish.kind === 'file')
      return new FileLine(wish.path, (message) => this.#log.limited('serial-file', 'error', message));
    const line = new SerialLine((bytes) => this.#post({ type: 'serialOutput', port, bytes }));
    this.#lines.set(port, line);
    return line;
  }

  #screenshot(): Screenshot | null {
    const display = this.#machine?.display;
    if (!display) return null;
    return this.#pump?.screenshot() ?? null;
  }

  #stats(): MachineStats | null {
    const machine = this.#machine;
    if (!machine) return null;
    const cpu = process.cpuUsage();
    return {
      ...machine.stats(),
      accelerator: this.#start.accelerator.id,
      acceleratorReason: this.#start.accelerator.reason,
      wallSeconds: (performance.now() - this.#startedAt) / 1000,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      threadSeconds: threadCpuSeconds() ?? (this.#loop?.busyMs ?? 0) / 1000,
      diskReadBytes: this.#media?.readBytes ?? 0,
      diskWriteBytes: this.#media?.writeBytes ?? 0,
      haltedSeconds: (this.#loop?.haltedMs ?? 0) / 1000,
    };
  }
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof OspiteError) return { code: error.code, message: error.message };
  return {
    code: 'internal',
    message: `The machine's engine failed: ${error instanceof Error ? error.message : String(error)}`,
  };
}
