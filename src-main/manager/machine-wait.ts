// Waiting until a machine shows a text, prints one, or reaches a state.
import type { MachineState } from '../contract/machine.ts';
import type { MethodOutput } from '../contract/methods.ts';
import { OspiteError } from '../core/errors.ts';
import { textLines } from '../core/text-screen.ts';
import type { Entry } from './machine-entry.ts';
import { isUp } from './machine-entry.ts';
import type { MachineManager } from './machine-manager.ts';

/** Finds a text in another: the part that matched, or null. @throws {OspiteError} usage.invalid */
export type Finder = (text: string) => string | null;

export interface MachineWait {
  screen?: Finder;
  serial?: Finder;
  state?: MachineState;
  timeoutMs: number;
}

interface WaitHost {
  events: Pick<MachineManager, 'on'>;
  after(ms: number, callback: () => void): () => void;
  /** Aborted when whoever waits is gone. */
  gone?: AbortSignal;
}

type Outcome = MethodOutput<'machine.wait'>;

const POLL_MS = 100;
/** Longest text told as the match. */
const MATCH_MAX = 1000;
const unmet: Outcome = { isMet: false, match: '' };

/** Resolves unmet when the time is over, or when the machine ends and nothing more can come. @throws {OspiteError} machine.wrongState, usage.invalid */
export async function waitForMachine(entry: Entry, wish: MachineWait, host: WaitHost): Promise<Outcome> {
  if (!wish.screen && !wish.serial && !wish.state)
    throw new OspiteError(
      'usage.invalid',
      'Say what to wait for: a text on the screen, on the serial port, or a state',
    );
  if (entry.state === wish.state) return met(entry.state);
  if (!wish.state && !isUp(entry))
    throw new OspiteError('machine.wrongState', `Machine "${entry.definition.name}" is not running; start it first`);
  return await new Waiter(entry, wish, host).run();
}

class Waiter {
  readonly #entry: Entry;
  readonly #wish: MachineWait;
  readonly #host: WaitHost;
  #cancelPoll: () => void = () => {};
  /** Bytes that the serial ports had printed when they were last looked at. */
  #printed = -1;

  constructor(entry: Entry, wish: MachineWait, host: WaitHost) {
    this.#entry = entry;
    this.#wish = wish;
    this.#host = host;
  }

  async run(): Promise<Outcome> {
    let dispose = (): void => {};
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        const look = (): void => {
          this.#look().then((outcome) => {
            if (outcome) resolve(outcome);
            else this.#cancelPoll = this.#host.after(POLL_MS, look);
          }, reject);
        };
        const subscription = this.#host.events.on('machine.stateChanged', ({ id, state }) => {
          if (id === this.#entry.definition.id && state === this.#wish.state) resolve(met(state));
        });
        const cancelTimeout = this.#host.after(this.#wish.timeoutMs, () => resolve(unmet));
        const leave = (): void => resolve(unmet);
        this.#host.gone?.addEventListener('abort', leave, { once: true });
        dispose = () => {
          subscription.dispose();
          cancelTimeout();
          this.#host.gone?.removeEventListener('abort', leave);
        };
        if (this.#host.gone?.aborted) leave();
        else look();
      });
    } finally {
      this.#cancelPoll();
      this.#cancelPoll = () => {};
      dispose();
    }
  }

  async #look(): Promise<Outcome | null> {
    const mayGoOn = isUp(this.#entry) || this.#wish.state !== undefined;
    const match = this.#inSerial() ?? (await this.#onScreen());
    if (match !== null) return met(match);
    return mayGoOn ? null : unmet;
  }

  #inSerial(): string | null {
    const { serial } = this.#wish;
    if (!serial) return null;
    const histories = [...this.#entry.serial.values()];
    const printed = histories.reduce((sum, { received }) => sum + received, 0);
    if (printed === this.#printed) return null;
    this.#printed = printed;
    for (const history of histories) {
      const match = serial(latin1(history.contents()));
      if (match !== null) return match;
    }
    return null;
  }

  async #onScreen(): Promise<string | null> {
    const { handle } = this.#entry;
    if (!this.#wish.screen || !handle) return null;
    const screen = await handle.textScreen().catch(() => null); // It has just ended; the next look says so.
    return screen && this.#wish.screen(textLines(screen).join('\n'));
  }
}

function met(match: string): Outcome {
  return { isMet: true, match: match.slice(0, MATCH_MAX) };
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
