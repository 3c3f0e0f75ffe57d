// Names and paths that would lead elsewhere, in every text field of every method, with the real host behind them: they are
// refused in words, or do nothing outside the home.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callMethod, errorBody } from '../../src-main/api/session.ts';
import { type HostProcess, startHostProcess } from '../../src-main/app/host-process.ts';
import { machineSettings } from '../../src-main/contract/machine.ts';
import { type MethodName, methods } from '../../src-main/contract/methods.ts';
import { sampleOf, textPlaces, withValueAt } from '../harness/schema-sample.ts';

/** These end, serve or show something, or run a guest; what text they take is asked of others too. */
const leftOut = new Set<MethodName>([
  'host.shutDown',
  'host.serve',
  'host.openWindow',
  'machine.start',
  'machine.wait',
  'task.wait',
]);

/** No path of this host, and no name either. */
const nowhere = [
  '../../evil',
  '../evil.img',
  '..',
  '.',
  'evil.img',
  '..\\..\\evil',
  'C:\\evil.img',
  '\\\\server\\share\\evil.img',
  '~/evil.img',
  'file:///evil.img',
  '-evil',
  '',
  '   ',
  'evil\u0000.img',
  '/tmp/evil\u0000.img',
  `${'../'.repeat(1000)}evil`,
  'x'.repeat(5000),
];
const hostile = [
  ...nowhere,
  'evil\nname',
  '\u202eevil',
  '/proc/self/mem',
  '/dev/zero',
  '/dev/stdin',
  '/tmp/../dev/full',
  '__proto__',
  'con',
];

let root: string;
let host: HostProcess;
let machine: string;
const startedIn = process.cwd();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ospite-paths-'));
  for (const folder of ['cwd/deep', 'files', 'home']) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'files/disk.img'), new Uint8Array(1024));
  process.chdir(join(root, 'cwd/deep')); // Where relative paths would lead.
  host = await startHostProcess(join(root, 'home'));
  const { result } = await call('machine.create', { name: 'victim', settings: machineSettings.parse({}) });
  machine = (result as { id: string }).id;
});
afterAll(async () => {
  await host.shutDown();
  process.chdir(startedIn);
  await rm(root, { recursive: true, force: true });
});

const noCaller = { openConsole() {}, closeConsole() {}, frameShown() {} };

async function call(
  method: string,
  params: unknown,
): Promise<{ result?: unknown; error?: { code: string; message: string } }> {
  try {
    return { result: await callMethod(method, params, { ...host.services, caller: noCaller }) };
  } catch (error) {
    return { error: errorBody(error) };
  }
}

/** Names, sizes and contents of all that lies outside the home. */
async function outside(): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    if (name === 'home' || name.startsWith('home/')) continue;
    const path = join(root, name);
    found.push((await stat(path)).isFile() ? `${name}: ${(await readFile(path)).toString('base64')}` : name);
  }
  return found;
}

/** Fields that name a file or folder of the host which something opens or makes. */
const pathFields = new Set(['path', 'target', 'folder', 'kernel', 'initrd', 'variables', 'machineFolder']);

function sample(method: MethodName): unknown {
  const folders = { folder: join(root, 'files'), machineFolder: join(root, 'files') };
  const texts: Record<string, string> = { id: machine, name: 'fine', data: 'aGk=', ...folders };
  return sampleOf(methods[method].input, {
    text: (name) => texts[name] ?? (pathFields.has(name) ? join(root, 'files/disk.img') : undefined),
  });
}

async function settled(): Promise<void> {
  for (;;) {
    const { result } = await call('task.list', {});
    const { tasks } = result as { tasks: { id: string; state: string }[] };
    if (tasks.length === 0) return;
    for (const task of tasks) {
      await call('task.wait', { id: task.id, timeoutSeconds: 30 });
      await call('task.dismiss', { id: task.id });
    }
  }
}

describe.each((Object.keys(methods) as MethodName[]).filter((method) => !leftOut.has(method)))('%s', (method) => {
  it('takes a sample of each of its fields', () => {
    expect(methods[method].input.safeParse(sample(method)).error).toBeUndefined();
  });

  it('leaves the rest of the host alone, whatever is in its text', async () => {
    const before = await outside();
    for (const place of textPlaces(sample(method))) {
      for (const text of hostile) {
        const { error } = await call(method, withValueAt(sample(method), place, text));
        const field = place.findLast((key) => !/^\d+$/.test(String(key)));
        if (pathFields.has(String(field)) && nowhere.includes(text))
          expect(error, `${place.join('.')} took ${JSON.stringify(text)}`).toBeDefined();
        if (error) {
          expect(`${place.join('.')} ${JSON.stringify(text).slice(0, 40)}: ${error.code}`).not.toMatch(/: internal$/);
          expect(error.message).not.toMatch(/node_modules|\.ts:\d|\.js:\d/);
          expect(error.message.length).toBeLessThan(5000);
        }
      }
    }
    await settled();
    expect(await outside()).toEqual(before);
    expect((await call('machine.get', { id: machine })).error).toBeUndefined();
  });
});
