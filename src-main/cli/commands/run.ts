// `ospite run`: one throw-away machine in this terminal, for people in a hurry, scripts, tests and benchmarks.
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { deflateSync } from 'node:zlib';
import { startMachine } from '../../app/start-machine.ts';
import type { MachineSettings } from '../../contract/machine.ts';
import { settingsFromOptions } from '../../contract/machine-options.ts';
import { OspiteError } from '../../core/errors.ts';
import { encodePng } from '../../core/png.ts';
import { textLines } from '../../core/text-screen.ts';
import type { MachineEnd, MachineHandle } from '../../engine/handle.ts';
import { loadCore } from '../../host/core-module.ts';
import type { ArgumentsOf } from '../arguments.ts';
import { parseSeconds } from '../seconds.ts';

const STATUS = { done: 0, failed: 1, tripleFault: 3, resetRefused: 4, timeout: 124 } as const;

/** How often the text screen is looked at for --until-screen. */
const SCREEN_POLL_MS = 200;
/** Serial text kept for --until-serial: a match may span this many characters. */
const SERIAL_TAIL = 65_536;

/** Ctrl-] leaves, as in telnet and virsh. */
const ESCAPE_BYTE = 0x1d;

export async function run({ options: values, given, json }: ArgumentsOf<'run'>): Promise<number> {
  const settings = settingsFromOptions(given, { resolvePath: (path) => resolve(path) });
  if (values.display !== undefined && values.display !== 'none') {
    throw new OspiteError(
      'feature.unavailable',
      `--display ${values.display} is not in this version; use "ospite serve" and start the machine there, or --display none`,
    );
  }
  const wish = {
    untilSerial: values['until-serial'] === undefined ? null : regex('until-serial', values['until-serial']),
    untilScreen: values['until-screen'] === undefined ? null : regex('until-screen', values['until-screen']),
    timeoutMs: values.timeout === undefined ? null : parseSeconds('timeout', values.timeout) * 1000,
    screenshot: values.screenshot === undefined ? null : writable('screenshot', values.screenshot),
    screenshotAfterMs:
      values['screenshot-after'] === undefined
        ? null
        : parseSeconds('screenshot-after', values['screenshot-after']) * 1000,
    stats: values.stats === undefined ? null : writable('stats', values.stats),
  };
  if (wish.screenshotAfterMs !== null && wish.screenshot === null)
    throw new OspiteError('usage.invalid', '--screenshot-after needs --screenshot FILE.png');
  refuseVain(settings, wish);

  const machine = startMachine({
    name: 'run',
    settings,
    core: await loadCore(),
    noReboot: values['no-reboot'] === true,
  });
  const usesTerminal = settings.serial[0]?.kind === 'console';
  const detach = usesTerminal ? connectTerminal(machine) : () => {};
  try {
    return await follow(machine, wish, json);
  } finally {
    detach();
    await machine.powerOff();
  }
}

interface Wish {
  untilSerial: RegExp | null;
  untilScreen: RegExp | null;
  timeoutMs: number | null;
  screenshot: string | null;
  screenshotAfterMs: number | null;
  stats: string | null;
}

type Outcome =
  | { kind: 'matched'; where: string }
  | { kind: 'timeout' }
  | { kind: 'interrupted' }
  /** Nobody reads standard output any more. */
  | { kind: 'outputClosed' }
  | { kind: 'ended'; end: MachineEnd };

/** Waits for the first of: end, match, timeout, Ctrl-C; then writes what was asked for. */
async function follow(machine: MachineHandle, wish: Wish, wantsJson: boolean): Promise<number> {
  const timers: NodeJS.Timeout[] = [];
  const outcome = await new Promise<Outcome>((settle) => {
    void machine.ended().then((end) => settle({ kind: 'ended', end }));
    if (wish.timeoutMs !== null) timers.push(setTimeout(() => settle({ kind: 'timeout' }), wish.timeoutMs));
    if (wish.untilSerial) watchSerial(machine, wish.untilSerial, () => settle({ kind: 'matched', where: 'serial' }));
    if (wish.untilScreen)
      timers.push(watchScreen(machine, wish.untilScreen, () => settle({ kind: 'matched', where: 'screen' })));
    const { screenshot, screenshotAfterMs } = wish;
    if (screenshot !== null && screenshotAfterMs !== null) {
      timers.push(
        setTimeout(
          () => void saveScreenshot(machine, screenshot).catch((error) => settle(failure(error))),
          screenshotAfterMs,
        ),
      );
    }
    process.stdout.on('error', () => settle({ kind: 'outputClosed' }));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => settle({ kind: 'interrupted' }));
  });
  for (const timer of timers) clearTimeout(timer);

  if (
    wish.screenshot !== null &&
    wish.screenshotAfterMs === null &&
    !(outcome.kind === 'ended' && outcome.end.screen === null)
  ) {
    await saveScreenshot(machine, wish.screenshot);
  }
  if (wish.stats !== null) {
    const stats = await machine.stats().catch(() => null);
    writeFileSync(wish.stats, `${JSON.stringify({ outcome: outcome.kind, ...stats }, null, 2)}\n`);
  }
  const status = statusOf(outcome);
  if (wantsJson)
    process.stderr.write(
      `${JSON.stringify({ outcome: outcome.kind, status, ...(outcome.kind === 'ended' ? { reason: outcome.end.reason, message: outcome.end.message } : {}) })}\n`,
    );
  else explain(outcome);
  return status;
}

function failure(error: unknown): Outcome {
  return {
    kind: 'ended',
    end: {
      reason: 'error',
      message: error instanceof Error ? error.message : String(error),
      stats: null,
      screen: null,
    },
  };
}

function statusOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'matched':
      return STATUS.done;
    case 'timeout':
      return STATUS.timeout;
    case 'interrupted':
    case 'outputClosed':
      return STATUS.failed;
    case 'ended':
      return {
        poweredOff: STATUS.done,
        stopped: STATUS.done,
        tripleFault: STATUS.tripleFault,
        resetRefused: STATUS.resetRefused,
        error: STATUS.failed,
        crashed: STATUS.failed,
      }[outcome.end.reason];
  }
}

function explain(outcome: Outcome): void {
  if (outcome.kind === 'ended' && outcome.end.reason !== 'poweredOff' && outcome.end.reason !== 'stopped')
    process.stderr.write(`ospite: ${outcome.end.message}\n`);
  if (outcome.kind === 'timeout') process.stderr.write('ospite: The time given by --timeout is over\n');
}

function watchSerial(machine: MachineHandle, pattern: RegExp, onMatch: () => void): void {
  const decoder = new TextDecoder('latin1');
  let tail = '';
  machine.on('serial', ({ port, bytes }) => {
    if (port !== 0) return;
    tail = (tail + decoder.decode(bytes)).slice(-SERIAL_TAIL);
    if (pattern.test(tail)) onMatch();
  });
}

function watchScreen(machine: MachineHandle, pattern: RegExp, onMatch: () => void): NodeJS.Timeout {
  let isAsking = false;
  return setInterval(() => {
    if (isAsking || machine.end) return;
    isAsking = true;
    machine
      .textScreen()
      .then((screen) => {
        if (screen && pattern.test(textLines(screen).join('\n'))) onMatch();
      })
      .catch(() => {}) // The machine ended between the question and the answer; `ended` tells.
      .finally(() => {
        isAsking = false;
      });
  }, SCREEN_POLL_MS);
}

async function saveScreenshot(machine: MachineHandle, path: string): Promise<void> {
  writeFileSync(path, encodePng(await machine.screenshot(), deflateSync));
}

/** Joins the terminal to the first serial port; the returned function undoes it. */
function connectTerminal(machine: MachineHandle): () => void {
  machine.on('serial', ({ port, bytes }) => {
    if (port === 0 && process.stdout.writable) process.stdout.write(bytes);
  });
  const onData = (bytes: Buffer): void => {
    const escapeAt = process.stdin.isTTY ? bytes.indexOf(ESCAPE_BYTE) : -1;
    if (escapeAt >= 0) process.kill(process.pid, 'SIGINT');
    else machine.serialInput(0, new Uint8Array(bytes));
  };
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
  process.stdin.on('data', onData);
  process.stdin.on('error', () => {}); // Standard input may be closed; the machine runs on without it.
  return () => {
    process.stdin.off('data', onData);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.pause();
  };
}

/** A wait that can never end is a mistake. */
function refuseVain(settings: MachineSettings, wish: Wish): void {
  if (wish.untilSerial && settings.serial[0]?.kind !== 'console')
    throw new OspiteError('usage.invalid', '--until-serial needs --serial stdio');
  if (settings.vga !== 'none') return;
  if (wish.untilScreen) throw new OspiteError('usage.invalid', '--until-screen needs a display; leave out --vga none');
  if (wish.screenshot !== null)
    throw new OspiteError('usage.invalid', '--screenshot needs a display; leave out --vga none');
}

function regex(option: string, source: string): RegExp {
  try {
    return new RegExp(source, 'm');
  } catch (error) {
    throw new OspiteError('usage.invalid', `--${option}: ${(error as Error).message}`);
  }
}

/** Makes sure before the run that the file can be written after it; creates nothing. */
function writable(option: string, path: string): string {
  const full = resolve(path);
  const existing = statSync(full, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw new OspiteError('usage.invalid', `--${option}: ${full} is a folder; name a file`);
  const target = existing ? full : dirname(full);
  try {
    accessSync(target, constants.W_OK);
  } catch {
    throw new OspiteError(
      'host.permissionDenied',
      `--${option}: ${full} cannot be written; check that ${target} exists and is yours`,
    );
  }
  return full;
}
