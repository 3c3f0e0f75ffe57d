// The real host process over a real home: machines are made, changed, run, moved and found again, also after a crash.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostClient } from '../../src-main/api/client/host-client.ts';
import { localAddress } from '../../src-main/api/client/local-address.ts';
import { runBackgroundHost } from '../../src-main/app/background-host.ts';
import { startHostProcess } from '../../src-main/app/host-process.ts';
import { type MachineDefinition, machineSettings, machineUi } from '../../src-main/contract/machine.ts';
import { bootImage, busy, idle } from '../harness/boot-sectors.ts';
import { HostBench } from '../harness/host-bench.ts';
import { OspiteProcess } from '../harness/ospite-process.ts';

const settings = machineSettings.parse({ memoryMib: 16 });

let folder: string;
let home: string;
const benches: HostBench[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ospite-core-'));
  home = join(folder, 'home');
});
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()));
  await rm(folder, { recursive: true, force: true });
});
async function open(at = home): Promise<HostBench> {
  const bench = await HostBench.create(at);
  benches.push(bench);
  return bench;
}
async function close(bench: HostBench): Promise<void> {
  benches.splice(benches.indexOf(bench), 1);
  await bench.close();
}
async function taskOf(bench: HostBench, { taskId }: { taskId: string }) {
  return await bench.call('task.wait', { id: taskId, timeoutSeconds: 60 });
}
const summary = async (bench: HostBench, id: string) => (await bench.call('machine.get', { id })).summary;

describe('a machine', () => {
  it('is made with a disk, runs, tells what it does, changes live, and leaves its logs', async () => {
    const bench = await open();
    const { id: empty } = await bench.call('machine.create', {
      name: 'Empty',
      settings,
      newDisk: { sizeBytes: 2 ** 31, isPreallocated: false },
    });
    const { definition } = await bench.call('machine.get', { id: empty });
    const disk = definition.settings.storage[0]!.path!;
    expect([(await stat(disk)).size, (await stat(disk)).blocks < 1000]).toEqual([2 ** 31, true]);

    const id = await bench.run('Busy', busy);
    // The first second is the firmware's, which waits for keys.
    const { sample } = await bench.told(
      'machine.sampled',
      (event) => event.id === id && event.sample.guestCpuPercent > 50,
    );
    expect(sample.guestMips).toBeGreaterThan(0);
    expect(sample.hostCpuPercent).toBeGreaterThan(0);
    expect(await summary(bench, id)).toMatchObject({ state: 'running', accelerator: 'interpreter' });

    await bench.call('machine.update', { id, description: 'live', settings: { cpuCapPercent: 20 } });
    await expect(bench.call('machine.update', { id, settings: { memoryMib: 32 } })).rejects.toThrow(
      'settings.memoryMib',
    );
    const { width, height } = await bench.call('machine.screenshot', { id, maxWidth: 100 });
    expect([width, height]).toEqual([100, 56]); // Of 720 by 400.
    expect(await bench.call('machine.wait', { id, serial: 'RE\\w+' })).toEqual({ isMet: true, match: 'READY' });

    await bench.call('machine.powerOff', { id });
    await bench.call('machine.start', { id, startPaused: true });
    await bench.told('machine.stateChanged', (event) => event.id === id && event.state === 'paused');
    await bench.call('machine.powerOff', { id });
    const { files } = await bench.call('machine.logs', { id });
    expect(files.map(({ name }) => name)).toEqual(['machine.log', 'machine.log.1']);
    const { lines } = await bench.call('machine.log', { id, name: 'machine.log.1' });
    expect(lines[0]).toContain('Starting with 16 MiB');
    expect((await bench.call('machine.activity', { id })).samples.length).toBeLessThanOrEqual(1);

    await close(bench);
    const again = await open();
    expect((await again.call('machine.get', { id })).definition).toMatchObject({
      description: 'live',
      settings: { cpuCapPercent: 20 },
    });
  });

  it('moves, and is added to another home, which it then belongs to as well', async () => {
    const bench = await open();
    const { id } = await bench.call('machine.create', {
      name: 'Wanderer',
      settings,
      newDisk: { sizeBytes: 2 ** 20, isPreallocated: true },
    });
    const target = join(folder, 'target');
    await mkdir(target);
    const moved = await taskOf(bench, await bench.call('machine.move', { id, folder: target }));
    expect(moved).toMatchObject({ state: 'done', result: { folder: join(target, 'Wanderer') } });
    expect(await readdir(join(home, 'machines'))).toEqual([]);
    const { files } = await bench.call('machine.files', { id });
    expect(files.map(({ path }) => path)).toContain(join(target, 'Wanderer', 'Wanderer.img'));

    const other = await open(join(folder, 'other home'));
    expect(await other.call('machine.register', { path: join(target, 'Wanderer', 'machine.json') })).toEqual({ id });
    await bench.call('machine.start', { id });
    await expect(other.call('machine.start', { id })).rejects.toThrow(/runs in another Ospite/);
    await bench.call('machine.powerOff', { id });
    await other.call('machine.start', { id });
    await other.call('machine.powerOff', { id });
    await bench.call('machine.remove', { id, keepFiles: true });
    expect((await bench.call('machine.list', {})).machines).toEqual([]);
    expect((await stat(join(target, 'Wanderer', 'Wanderer.img'))).size).toBe(2 ** 20);
  });

  it('that ran when Ospite was killed is aborted, and starts again', async () => {
    const path = join(folder, 'disk.img');
    await writeFile(path, bootImage('READY', idle));
    const process = new OspiteProcess(['serve', '--no-open'], { home });
    await process.printed(/Ospite is at/);
    const client = (await HostClient.connect(localAddress(home)))!;
    const { id } = await client.call('machine.create', {
      name: 'Victim',
      settings: { ...settings, storage: [{ type: 'disk', bus: 'ide', path }] },
    });
    await client.call('machine.start', { id });
    await client.call('machine.wait', { id, serial: 'READY' });
    process.child.kill('SIGKILL');
    await process.finished;

    const bench = await open();
    expect(await summary(bench, id)).toMatchObject({ state: 'aborted', message: expect.stringContaining('plug') });
    await bench.call('machine.start', { id });
    await bench.call('machine.wait', { id, serial: 'READY' });
    await bench.call('machine.powerOff', { id });
    expect(await summary(bench, id)).toMatchObject({ state: 'poweredOff', message: '' });
  });
});

describe('a home', () => {
  it('belongs to one process', async () => {
    await open();
    await expect(startHostProcess(home)).rejects.toMatchObject({
      code: 'host.busy',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('with damaged files says so, and keeps them', async () => {
    await mkdir(join(home, 'machines', 'Broken'), { recursive: true });
    await writeFile(join(home, 'machines', 'Broken', 'machine.json'), '{');
    await writeFile(join(home, 'preferences.json'), 'theme: dark');
    await writeFile(join(home, 'registry.json'), '[]');
    const bench = await open();
    expect((await bench.call('machine.list', {})).inaccessible).toMatchObject([
      { folder: join(home, 'machines', 'Broken'), reason: expect.stringContaining('JSON') },
    ]);
    const { checks } = await bench.call('host.doctor', {});
    const files = checks.find(({ id }) => id === 'files')!;
    expect(files.explanation).toContain('preferences.json');
    expect(files.explanation).toContain('registry.json');
    await bench.call('machine.forget', { folder: join(home, 'machines', 'Broken') });
    await bench.call('preferences.set', { change: { theme: 'light' } });
    await close(bench);
    expect(await readFile(join(home, 'preferences.json.damaged'), 'utf8')).toBe('theme: dark');
    expect(await readFile(join(home, 'registry.json.damaged'), 'utf8')).toBe('[]');
    expect(await readFile(join(home, 'machines', 'Broken', 'machine.json'), 'utf8')).toBe('{');
    expect(await readFile(join(home, 'host.log'), 'utf8')).toContain('preferences.json is not valid JSON');
  });

  it('of two hundred machines is ready within moments', async () => {
    for (let number = 0; number < 200; number++) {
      const definition: MachineDefinition = {
        version: 2,
        id: `0190a0b1-0000-4000-8000-${String(number).padStart(12, '0')}`,
        name: `Machine ${number}`,
        os: 'other',
        description: '',
        group: `Group ${number % 7}`,
        createdAt: '2026-01-01T00:00:00.000Z',
        settings,
        ui: machineUi.parse({}),
      };
      const at = join(home, 'machines', definition.name);
      await mkdir(at, { recursive: true });
      await writeFile(join(at, 'machine.json'), JSON.stringify(definition));
    }
    const began = performance.now();
    const bench = await open();
    expect((await bench.call('machine.list', {})).machines).toHaveLength(200);
    expect(performance.now() - began).toBeLessThan(5000); // A fraction of a second, but for a very busy computer.
  });

  it('gives a link for a window where there is no screen to open it on', async () => {
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', '');
    const bench = await open();
    const { message } = await bench.call('host.openWindow', { page: { kind: 'open', path: process.execPath } });
    const link = /http:\S+$/.exec(message)![0];
    expect(link).toMatch(/#\/new\/.+/);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303);
    vi.unstubAllEnvs();
  });
});

describe('the end', () => {
  it('can be asked for by a client, and powers off what runs', async () => {
    const bench = await open();
    const id = await bench.run('One', idle);
    await bench.call('host.shutDown', { machines: 'powerButton' });
    await bench.ended;
    await bench.told('machine.stateChanged', (event) => event.id === id && event.state === 'poweredOff');
    expect(await readdir(home)).not.toContain('host.sock');
    await open();
  });

  it('of a background host comes by itself, but not while a machine runs or a client is there', async () => {
    const path = join(folder, 'disk.img');
    await writeFile(path, bootImage('READY', idle));
    const report = vi.fn();
    const status = runBackgroundHost(home, report, 300);
    await vi.waitFor(() => expect(report).toHaveBeenCalledWith({ isReady: true }), { timeout: 60_000 });
    let isOver = false;
    void status.then(() => {
      isOver = true;
    });
    const first = (await HostClient.connect(localAddress(home)))!;
    const { id } = await first.call('machine.create', {
      name: 'One',
      settings: { ...settings, storage: [{ type: 'disk', bus: 'ide', path }] },
    });
    expect((await first.call('host.info', {})).kind).toBe('background');
    await first.call('machine.start', { id });
    await first.close();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(isOver).toBe(false);
    const second = (await HostClient.connect(localAddress(home)))!;
    await second.call('machine.powerOff', { id });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(isOver).toBe(false);
    await second.close();
    expect(await status).toBe(0);
    expect(await HostClient.connect(localAddress(home))).toBeNull();
  });

  it('is told to the parent when the background host cannot begin', async () => {
    await open();
    const report = vi.fn();
    expect(await runBackgroundHost(home, report, 300)).toBe(1);
    expect(report).toHaveBeenCalledWith({ code: 'host.busy', message: expect.stringContaining('already runs') });
  });
});
