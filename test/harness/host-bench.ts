// The real host process without a door: machines of a temporary home, in real workers, and a session that shows every frame
// at once.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { Session } from '../../src-main/api/session.ts';
import { type HostProcess, startHostProcess } from '../../src-main/app/host-process.ts';
import type { EventName, Events } from '../../src-main/contract/events.ts';
import { machineSettings } from '../../src-main/contract/machine.ts';
import type { ServerMessage } from '../../src-main/contract/messages.ts';
import type { MethodInput, MethodName, MethodOutput } from '../../src-main/contract/methods.ts';
import { parseStreamFrame, type ScreenUpdate, STREAM_SCREEN } from '../../src-main/contract/streams.ts';
import { bootImage } from './boot-sectors.ts';

export class HostBench {
  readonly home: string;
  readonly #host: HostProcess;
  readonly #session: Session;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #next = 1;
  /** Serial output of all opened consoles, by machine. */
  readonly serial = new Map<string, string>();
  /** Events pushed so far, oldest first. */
  readonly events: { event: string; data: unknown }[] = [];
  onFrame: (frame: ScreenUpdate) => void = () => {};
  readonly #keepsHome: boolean;

  /** @param home kept at the end when given */
  static async create(home?: string): Promise<HostBench> {
    const folder = home ?? (await mkdtemp(join(tmpdir(), 'ospite-host-')));
    return new HostBench(folder, await startHostProcess(folder), home !== undefined);
  }

  private constructor(home: string, host: HostProcess, keepsHome: boolean) {
    this.home = home;
    this.#host = host;
    this.#keepsHome = keepsHome;
    this.#session = new Session(
      { sendText: (text) => this.#receive(JSON.parse(text)), sendBinary: (bytes) => this.#stream(bytes) },
      host.services,
      host.consoles,
    );
  }

  call<Name extends MethodName>(method: Name, params: MethodInput<Name>): Promise<MethodOutput<Name>> {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      void this.#session.receive(JSON.stringify({ call, method, params }));
    });
  }

  /** Makes a machine of one sector's code, opens its console, starts it and waits until it greets. */
  async run(name: string, code: readonly number[], memoryMib = 16): Promise<string> {
    const path = join(this.home, `${name}.img`);
    await writeFile(path, bootImage('READY', code));
    const settings = machineSettings.parse({ memoryMib, storage: [{ type: 'disk', bus: 'ide', path }] });
    const { id } = await this.call('machine.create', { name, settings });
    await this.call('console.open', { id });
    await this.call('machine.start', { id });
    await this.prints(id, 'READY');
    return id;
  }

  /** Resolves when the host process has ended by itself. */
  get ended(): Promise<void> {
    return this.#host.ended;
  }

  /** Waits for an event that fits, past or to come. */
  async told<Name extends EventName>(name: Name, fits: (data: Events[Name]) => boolean): Promise<Events[Name]> {
    return await vi.waitFor(
      () => {
        const found = this.events.find(({ event, data }) => event === name && fits(data as Events[Name]));
        if (!found) throw new Error(`No ${name} that fits was told`);
        return found.data as Events[Name];
      },
      { timeout: 60_000, interval: 20 },
    );
  }

  /** Waits until the machine has sent `text` to its first serial port. */
  async prints(id: string, text: string): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.serial.get(id)?.includes(text)) throw new Error(`${id} has not printed ${text}`);
      },
      { timeout: 120_000, interval: 20 },
    );
  }

  async close(): Promise<void> {
    this.#session.close();
    await this.#host.shutDown();
    if (!this.#keepsHome) await rm(this.home, { recursive: true, force: true });
  }

  #receive(message: ServerMessage): void {
    if ('event' in message) return void this.events.push(message);
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if ('error' in message) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result);
  }

  #stream(bytes: Uint8Array): void {
    const frame = parseStreamFrame(bytes);
    if (!frame) throw new Error('The host sent a frame that cannot be read');
    if (frame.kind === STREAM_SCREEN) {
      this.onFrame(frame);
      void this.call('console.frameShown', { id: frame.id });
    } else {
      this.serial.set(frame.id, (this.serial.get(frame.id) ?? '') + Buffer.from(frame.bytes).toString('latin1'));
    }
  }
}
