// Commands that look at a running machine and act on it as a person in front of it would.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { HostClient } from '../../api/client/host-client.ts';
import { wrongUsage } from '../../contract/commands/fault.ts';
import { parseInteger } from '../../contract/commands/words.ts';
import { chordEvents } from '../../contract/key-names.ts';
import { machineState } from '../../contract/machine.ts';
import { OspiteError } from '../../core/errors.ts';
import { typingEvents } from '../../core/us-keyboard.ts';
import { findMachine, stateName } from '../machines.ts';
import { parseSeconds, secondsText } from '../seconds.ts';
import type { Handler } from '../surroundings.ts';
import { printable } from '../text-layout.ts';

/** What the contract takes in one call. */
const TYPE_CHARACTERS = 10_000;
const WAIT_SECONDS = 60;

export const view: Handler<'view'> = async ({ words: { NAME }, json }, around) => {
  const host = await around.host();
  const { id } = await findMachine(host, NAME);
  const opened = await host.call('host.openWindow', { page: { kind: 'console', id } });
  around.print(json ? JSON.stringify(opened) : opened.message);
  return 0;
};

export const text: Handler<'text'> = async ({ words: { NAME }, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const screen = await host.call('machine.text', { id });
  if (json) around.print(JSON.stringify(screen));
  else if (screen.lines === null)
    throw new OspiteError('machine.wrongState', `"${name}" shows graphics, not text; use "ospite screenshot"`);
  else
    around.print(
      screen.lines
        .map((line) => printable(line).trimEnd())
        .join('\n')
        .trimEnd(),
    );
  return 0;
};

export const screenshot: Handler<'screenshot'> = async ({ words, options, json }, around) => {
  const file = words['FILE.png'];
  const maxWidth = options['max-width'];
  const width = maxWidth === undefined ? {} : { maxWidth: parseInteger('max-width', maxWidth) };
  const host = await around.host();
  const { id } = await findMachine(host, words.NAME);
  const picture = await host.call('machine.screenshot', { id, ...width });
  const png = Buffer.from(picture.png, 'base64');
  if (file === '-') {
    process.stdout.write(png);
    return 0;
  }
  const path = resolve(file);
  await writeFile(path, png).catch((error: NodeJS.ErrnoException) => {
    throw new OspiteError(
      'host.ioError',
      `${path} cannot be written (${error.code}); name a file in a folder of yours`,
    );
  });
  around.print(
    json
      ? JSON.stringify({ file: path, width: picture.width, height: picture.height })
      : `Wrote ${picture.width}x${picture.height} pixels to ${path}.`,
  );
  return 0;
};

export const type: Handler<'type'> = async ({ words: { NAME, TEXT }, options, json }, around) => {
  const host = await around.host();
  const { id } = await findMachine(host, NAME);
  const typed = `${TEXT ?? (await textOf(process.stdin))}${options.enter ? '\n' : ''}`;
  const missing = [...new Set(typed)].filter((character) => typingEvents(character).length === 0);
  if (missing.length > 0) around.warn(`ospite: A US keyboard has no ${printable(missing.join(' '))}; left out`);
  for (let at = 0; at < typed.length; at += TYPE_CHARACTERS)
    await host.call('machine.type', { id, text: typed.slice(at, at + TYPE_CHARACTERS) });
  if (json) around.print('null');
  return 0;
};

export const key: Handler<'key'> = async ({ words: { NAME, KEYS }, json }, around) => {
  const events = KEYS.flatMap(chordEvents);
  const host = await around.host();
  const { id } = await findMachine(host, NAME);
  await host.call('machine.keys', { id, events });
  if (json) around.print('null');
  return 0;
};

export const wait: Handler<'wait'> = async ({ words: { NAME }, options, json }, around) => {
  const { screen, serial, state, timeout } = options;
  if ([screen, serial, state].filter((wish) => wish !== undefined).length !== 1)
    throw wrongUsage('ospite wait needs one of --screen REGEX, --serial REGEX, --state STATE');
  const wanted = state === undefined ? undefined : machineState.safeParse(state);
  if (wanted && !wanted.success)
    throw wrongUsage(`--state is one of ${machineState.options.join(', ')}, not "${state}"`);
  const timeoutSeconds = timeout === undefined ? WAIT_SECONDS : parseSeconds('timeout', timeout);
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const found = await host.call('machine.wait', {
    id,
    ...(screen === undefined ? {} : { screen }),
    ...(serial === undefined ? {} : { serial }),
    ...(wanted === undefined ? {} : { state: wanted.data }),
    timeoutSeconds,
  });
  if (json) around.print(JSON.stringify(found));
  else if (found.isMet) around.print(printable(found.match));
  if (found.isMet) return 0;
  const missed =
    state !== undefined
      ? `"${name}" was not ${stateName(machineState.parse(state)).toLowerCase()}`
      : `The ${screen === undefined ? 'serial port' : 'screen'} of "${name}" did not show "${screen ?? serial}"`;
  throw new OspiteError('machine.wrongState', `${missed} within ${secondsText(timeoutSeconds)}`);
};

/** Index of the drive meant: that of the number given, or the only one. */
async function driveOf(host: HostClient, id: string, option: string | undefined): Promise<number> {
  const { definition } = await host.call('machine.get', { id });
  const { storage } = definition.settings;
  const drives = storage.flatMap(({ type }, index) => (type === 'disk' ? [] : [index]));
  const numbers = drives.map((index) => `${index + 1} (${storage[index]!.type})`).join(', ');
  if (option !== undefined) {
    const index = parseInteger('drive', option) - 1;
    if (!drives.includes(index))
      throw wrongUsage(
        `--drive ${option} is no drive of "${definition.name}"; ${numbers === '' ? 'it has none' : `it has ${numbers}`}`,
      );
    return index;
  }
  if (drives.length === 1) return drives[0]!;
  throw wrongUsage(
    drives.length === 0
      ? `"${definition.name}" has no drive; "ospite set --cdrom empty" gives it one`
      : `"${definition.name}" has several drives; name one by --drive: ${numbers}`,
  );
}

export const insert: Handler<'insert'> = async ({ words: { NAME, FILE }, options, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const attachment = await driveOf(host, id, options.drive);
  const path = resolve(FILE);
  await host.call('machine.changeMedium', { id, attachment, path });
  around.print(json ? 'null' : `Drive ${attachment + 1} of "${name}" has ${path} now.`);
  return 0;
};

export const eject: Handler<'eject'> = async ({ words: { NAME }, options, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const attachment = await driveOf(host, id, options.drive);
  await host.call('machine.changeMedium', { id, attachment, path: null });
  around.print(json ? 'null' : `Drive ${attachment + 1} of "${name}" is empty now.`);
  return 0;
};
