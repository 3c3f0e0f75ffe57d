// The life of machines by the command line, as a script lives it: commands in processes of their own, a host in the background
// that the first one starts, real guests.
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MachineDefinition } from '../../src-main/contract/machine.ts';
import type { MachineSummary } from '../../src-main/contract/methods.ts';
import type { Task } from '../../src-main/contract/task.ts';
import { busy, echo, idle, obedient, typewriter } from '../harness/boot-sectors.ts';
import { OspiteHome } from '../harness/ospite-home.ts';

let ospite: OspiteHome;

beforeAll(async () => {
  ospite = await OspiteHome.create();
});
afterAll(() => ospite.dispose());

const summaryOf = async (name: string): Promise<MachineSummary> =>
  (await ospite.json<{ summary: MachineSummary }>('show', name)).summary;
const definitionOf = async (name: string): Promise<MachineDefinition> =>
  (await ospite.json<{ definition: MachineDefinition }>('show', name)).definition;

it('lives a whole life', async () => {
  await ospite.machine('writer', typewriter, '--os', 'freedos', '--group', 'Old/DOS');
  expect(await ospite.ok('list')).toMatch(
    /^NAME +STATE +MEMORY +SYSTEM +GROUP +ID\nwriter +Powered Off +16 MiB +freedos/,
  );
  expect(await ospite.ok('start', 'writer', '--headless')).toBe('"writer" is running on the interpreter.\n');
  expect(await ospite.ok('wait', 'writer', '--serial', 'REA.Y', '--timeout', '120')).toBe('READY\n');

  await ospite.ok('type', 'writer', 'Hello from a script');
  await ospite.ok('key', 'writer', 'shift-1', 'enter');
  expect(await ospite.ok('wait', 'writer', '--screen', 'Hello .* script!', '--timeout', '120')).toBe(
    'Hello from a script!\n',
  );
  expect(await ospite.ok('text', 'writer')).toMatch(/^Hello from a script!$/m);
  const typed = await ospite.run(['type', 'writer'], 'piped ü');
  expect(typed).toMatchObject({ status: 0, stderr: 'ospite: A US keyboard has no ü; left out\n' });
  await ospite.ok('wait', 'writer', '--screen', 'piped', '--timeout', '120');

  await ospite.ok('screenshot', 'writer', 'screen.png');
  const png = await readFile(join(ospite.folder, 'screen.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const small = await ospite.json<{ width: number }>('screenshot', 'writer', 'small.png', '--max-width', '100');
  expect(small.width).toBe(100);
  const piped = await ospite.run(['screenshot', 'writer', '-']);
  expect(piped.stdout.slice(1, 4)).toBe('PNG');

  expect(await ospite.ok('pause', 'writer')).toBe('"writer" is paused.\n');
  expect(await summaryOf('writer')).toMatchObject({ state: 'paused' });
  expect(await ospite.ok('list', '--running')).toMatch(/writer +Paused/);
  expect(await ospite.ok('resume', 'writer')).toBe('"writer" is running.\n');
  await ospite.ok('reset', 'writer');
  expect((await ospite.json<{ lines: string[] }>('logs', 'writer')).lines.join('\n')).toMatch(/reset/);
  expect(await ospite.json('stats', 'writer')).toMatchObject({ accelerator: 'interpreter', ramBytes: 16 * 2 ** 20 });

  const refused = await ospite.run(['remove', 'writer', '--yes']);
  expect(refused).toMatchObject({
    status: 1,
    stderr: 'ospite: "writer" is running; "ospite stop" it before you remove it\n',
  });
  expect(await ospite.ok('stop', 'writer', '--force')).toBe('"writer" is powered off.\n');
  expect(await ospite.ok('stop', 'writer')).toBe('"writer" is off already.\n');

  const { folder } = await summaryOf('writer');
  const unasked = await ospite.run(['remove', 'writer']);
  expect(unasked).toMatchObject({ status: 2, stderr: expect.stringContaining('needs --yes') });
  expect(await ospite.ok('remove', 'writer', '--yes')).toBe('Removed "writer".\n');
  await expect(access(folder)).rejects.toThrow();
  await access(join(ospite.folder, 'writer.img')); // Media outside its folder stay.
});

it('shuts a guest down that listens, and says when one does not', async () => {
  await ospite.machine('obedient', obedient);
  await ospite.machine('stubborn', idle);
  for (const name of ['obedient', 'stubborn']) {
    await ospite.ok('start', name, '--headless');
    await ospite.ok('wait', name, '--serial', 'READY', '--timeout', '120');
  }
  expect(await ospite.ok('stop', 'obedient', '--timeout', '120')).toBe('"obedient" is powered off.\n');
  const { status, stderr } = await ospite.run(['stop', 'stubborn', '--timeout', '1']);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^ospite: "stubborn" still runs a second after .*"ospite stop --force" pulls the plug\n$/,
    ),
  });
  expect(await ospite.ok('stop', 'stubborn', '--timeout', '0')).toMatch(/power button of "stubborn" was pressed/);
  await ospite.ok('stop', 'stubborn', '--force');
});

it('finds machines by name, id and the beginning of an id, and says why not', async () => {
  const { id } = await ospite.json<{ id: string }>('create', 'Zwölf Äpfel');
  for (const name of ['Zwölf Äpfel', 'zwölf äpfel', id, id.slice(0, 13)])
    expect((await definitionOf(name)).id).toBe(id);
  expect(await ospite.run(['show', 'nobody'])).toMatchObject({
    status: 1,
    stderr: 'ospite: There is no machine "nobody"; "ospite list" tells which there are\n',
  });
  expect(await ospite.run(['create', 'ZWÖLF äpfel'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('already'),
  });
});

it('changes what is named, and nothing else', async () => {
  await ospite.ok(
    'create',
    'plain',
    '--os',
    'debian',
    '--new-disk',
    '2M',
    '--cdrom',
    'empty',
    '--on-close',
    'power-off',
  );
  expect(await definitionOf('plain')).toMatchObject({
    os: 'debian',
    settings: {
      memoryMib: 2048,
      storage: [
        { type: 'disk', bus: 'virtio' },
        { type: 'cdrom', path: null },
      ],
    },
    ui: { closeAction: 'powerOff' },
  });
  await ospite.ok('set', 'plain', '--memory', '64', '--cdrom', 'none', '--name', 'plainer', '--cpu-cap', '50');
  expect(await definitionOf('plainer')).toMatchObject({
    os: 'debian',
    settings: { memoryMib: 64, cpuCapPercent: 50, storage: [{ type: 'disk', bus: 'virtio' }] },
  });
  await ospite.ok('rename', 'plainer', 'plain');
  await ospite.ok('group', 'plain', 'A/B');
  expect((await definitionOf('plain')).group).toBe('A/B');
  await ospite.ok('group', 'plain');
  expect((await definitionOf('plain')).group).toBe('');
  expect((await ospite.run(['set', 'plain'])).status).toBe(2);

  await mkdir(join(ospite.folder, 'elsewhere'));
  const task = await ospite.json<Task>('move', 'plain', 'elsewhere');
  expect(task).toMatchObject({ state: 'done', progress: 1 });
  const { folder } = await summaryOf('plain');
  expect(folder.startsWith(join(ospite.folder, 'elsewhere'))).toBe(true);
  await ospite.ok('remove', 'plain', '--keep-media');
  await access(join(folder, 'machine.json'));
  expect(await ospite.ok('add', folder)).toBe('Added "plain".\n');
});

it('changes media while the machine runs', async () => {
  await ospite.machine('drives', idle, '--floppy', 'empty', '--cdrom', 'empty');
  await ospite.ok('start', 'drives', '--headless');
  const several = await ospite.run(['eject', 'drives']);
  expect(several).toMatchObject({ status: 2, stderr: expect.stringContaining('--drive: 2 (floppy), 3 (cdrom)') });
  await ospite.ok('disk', 'create', 'floppy.img', '--size', '1440K');
  await ospite.ok('insert', 'drives', 'floppy.img', '--drive', '2');
  expect((await definitionOf('drives')).settings.storage[1]).toMatchObject({ path: join(ospite.folder, 'floppy.img') });
  await ospite.ok('eject', 'drives', '--drive', '2');
  expect((await definitionOf('drives')).settings.storage[1]).toMatchObject({ path: null });
  await ospite.ok('stop', 'drives', '--force');
});

it('joins standard input and output to a serial port', async () => {
  await ospite.machine('echo', echo);
  expect(await ospite.run(['console', 'echo'])).toMatchObject({ status: 1, stderr: expect.stringContaining('is off') });
  await ospite.ok('start', 'echo', '--headless');
  const joined = ospite.start('console', 'echo');
  await joined.printed(/READY/);
  joined.child.stdin!.end('there and back');
  await joined.printed(/READYthere and back/);
  await ospite.ok('stop', 'echo', '--force');
  expect(await joined.finished).toMatchObject({ status: 0, stderr: '' });
});

it('follows a log and counters', async () => {
  await ospite.machine('loud', busy);
  await ospite.ok('start', 'loud', '--headless');
  const log = ospite.start('logs', 'loud', '--follow');
  await log.printed(/interpreter/);
  await ospite.ok('reset', 'loud');
  await log.printed(/was reset/);
  const counters = ospite.start('stats', 'loud', '--watch');
  await counters.printed(/^TIME .*\n\d\d:\d\d:\d\d /);
  expect((await log.interrupt()).status).toBe(0);
  await ospite.ok('stop', 'loud', '--force');
  expect(await counters.finished).toMatchObject({ status: 0, stderr: '' });
});

it('throws away what a disposable machine writes', async () => {
  await ospite.machine('throwaway', idle);
  await ospite.ok('start', 'throwaway', '--headless', '--disposable');
  expect(await summaryOf('throwaway')).toMatchObject({ isDisposable: true });
  expect(await ospite.ok('list')).toMatch(/throwaway +Running \(disposable\)/);
  await ospite.ok('stop', 'throwaway', '--force');
});

it('makes, looks into, copies and deletes images', async () => {
  expect(await ospite.ok('disk', 'create', 'a.img', '--size', '3M')).toBe(
    `Made ${join(ospite.folder, 'a.img')}, 3 MiB.\n`,
  );
  expect(await ospite.json('disk', 'info', 'a.img')).toMatchObject({ kind: 'disk', capacityBytes: 3 * 2 ** 20 });
  await ospite.ok('disk', 'copy', 'a.img', 'b.img');
  expect((await readFile(join(ospite.folder, 'b.img'))).length).toBe(3 * 2 ** 20);
  expect(await ospite.run(['disk', 'copy', 'a.img', 'b.img'])).toMatchObject({ status: 1, stderr: /b\.img/ });
  await ospite.ok('disk', 'remove', 'b.img', '--delete', '--yes');
  await expect(access(join(ospite.folder, 'b.img'))).rejects.toThrow();
  expect(await ospite.run(['disk', 'info', 'nothing.img'])).toMatchObject({ status: 1, stderr: /nothing\.img/ });
});

it('keeps preferences', async () => {
  expect(await ospite.ok('preferences', 'set', 'theme=dark', 'uiScalePercent=125', 'recentMedia=["/a.iso"]')).toBe(
    'theme=dark\nuiScalePercent=125\nrecentMedia=["/a.iso"]\n',
  );
  expect(await ospite.ok('preferences', 'get', 'theme')).toBe('dark\n');
  expect(await ospite.json('preferences', 'get')).toMatchObject({ theme: 'dark', uiScalePercent: 125 });
});

it('examines the host', async () => {
  const { checks } = await ospite.json<{ checks: { id: string; status: string }[] }>('doctor');
  expect(checks).toContainEqual(expect.objectContaining({ id: 'accelerator.interpreter', status: 'ok' }));
  expect(await ospite.ok('doctor')).toMatch(/^ok +Accelerator: interpreter$/m);
});

it('tells of machines that cannot be used', async () => {
  await mkdir(join(ospite.home, 'machines', 'broken'), { recursive: true });
  await writeFile(join(ospite.home, 'machines', 'broken', 'machine.json'), '{');
  const { status, stderr } = await ospite.run(['list', '--refresh']);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^ospite: .*broken is inaccessible: .+\n$/);
  expect(await ospite.run(['start', 'broken'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^ospite: "broken" is inaccessible: /),
  });
  expect(await ospite.ok('remove', 'broken', '--keep-media')).toMatch(/broken is off the list; its files stay/);
  expect((await ospite.run(['list'])).stderr).toBe('');
  await access(join(ospite.home, 'machines', 'broken', 'machine.json'));
});
