// Runs a real guest in a real worker and waits for what it shows: text on its screen or serial port. Waits are for marks; the
// limits only end a test whose guest is stuck, so they are far longer than a slow machine needs.

import { startMachine } from '../../src-main/app/start-machine.ts';
import { type MachineSettingsInput, machineSettings } from '../../src-main/contract/machine.ts';
import { textLines } from '../../src-main/core/text-screen.ts';
import { typingEvents } from '../../src-main/core/us-keyboard.ts';
import type { MachineEnd, MachineHandle } from '../../src-main/engine/handle.ts';
import { loadCore } from '../../src-main/host/core-module.ts';

/** A guest that has not shown its mark after this long is stuck. */
export const GUEST_LIMIT_MS = 40 * 60_000;
const POLL_MS = 100;

export class GuestRun {
  readonly handle: MachineHandle;
  serial = '';

  private constructor(handle: MachineHandle) {
    this.handle = handle;
    handle.on('serial', ({ port, bytes }) => {
      if (port === 0) this.serial += Buffer.from(bytes).toString('latin1');
    });
  }

  static async start(settings: MachineSettingsInput): Promise<GuestRun> {
    return new GuestRun(
      startMachine({ name: 'guest', settings: machineSettings.parse(settings), core: await loadCore() }),
    );
  }

  /** The text screen's lines, or an empty list in a graphics mode. */
  async screen(): Promise<string[]> {
    const screen = await this.handle.textScreen();
    return screen ? textLines(screen) : [];
  }

  /** The screen's text once it matches. */
  async untilScreen(pattern: RegExp): Promise<string> {
    return await this.#until(`"${pattern.source}" on the screen`, async () => {
      const text = (await this.screen()).join('\n');
      return pattern.test(text) ? text : null;
    });
  }

  async untilSerial(pattern: RegExp): Promise<string> {
    return await this.#until(`"${pattern.source}" on the serial port`, () =>
      Promise.resolve(pattern.test(this.serial) ? this.serial : null),
    );
  }

  async untilEnd(): Promise<MachineEnd> {
    return await this.#until('the end', () => Promise.resolve(this.handle.end));
  }

  type(text: string): void {
    for (const event of typingEvents(text)) this.handle.key(event);
  }

  press(...codes: string[]): void {
    for (const code of codes) this.handle.key({ code, isDown: true });
    for (const code of codes.toReversed()) this.handle.key({ code, isDown: false });
  }

  async stop(): Promise<void> {
    await this.handle.powerOff();
  }

  async #until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    const limit = Date.now() + GUEST_LIMIT_MS;
    for (;;) {
      const found = await look().catch((error: unknown) => {
        if (!this.handle.end) throw error;
        return null;
      });
      if (found !== null) return found;
      if (this.handle.end && what !== 'the end')
        throw new Error(
          `The guest ended (${this.handle.end.reason}: ${this.handle.end.message}) before it showed ${what}\n${this.#lastWords()}`,
        );
      if (Date.now() > limit)
        throw new Error(
          `The guest never showed ${what}\n${(await this.screen().catch(() => [])).join('\n')}\n${this.#lastWords()}`,
        );
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #lastWords(): string {
    return this.serial.slice(-3000);
  }
}
