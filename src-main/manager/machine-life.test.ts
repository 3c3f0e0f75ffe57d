// What happens to a machine while it runs: live changes, media, logs, activity, waiting for it.
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeMachineHandle } from '../../test/harness/fake-machine-handle.ts';
import { MACHINES, ManagerBench } from '../../test/harness/manager-bench.ts';
import type { ActivitySample } from '../contract/activity.ts';
import { machineSettings } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import type { MachineHandle } from '../engine/handle.ts';

const settings = machineSettings.parse({
  storage: [
    { type: 'cdrom', bus: 'ide', path: null },
    { type: 'disk', bus: 'ide', path: '/disk.img' },
  ],
});

let bench: ManagerBench;
let id: string;
let handle: FakeMachineHandle;
beforeEach(async () => {
  bench = new ManagerBench();
  await bench.open();
  id = await bench.manager.create({ name: 'One', settings });
  handle = bench.handle;
});
const stored = async () => JSON.parse((await bench.folders.read(`${MACHINES}/One`, 'machine.json')) ?? '');
async function run(): Promise<void> {
  await bench.manager.start(id);
  handle.emit('state', 'running');
}
const say = (level: string, message: string): void =>
  (handle as unknown as MachineHandle).emit('log', { level: level as 'info', message });

describe('while it runs', () => {
  beforeEach(run);

  it('its description, group, window and execution cap change', async () => {
    const change = { description: 'd', group: 'G', ui: { scalePercent: 200 }, settings: { cpuCapPercent: 40 } };
    await bench.manager.update(id, change);
    expect(await stored()).toMatchObject(change);
    expect(handle.asked).toContainEqual({ cap: 40 });
  });

  it('what stays the same may be mentioned', async () => {
    await bench.manager.update(id, { name: 'One', os: 'other', settings: { ...settings, cpuCapPercent: 50 } });
    expect((await stored()).settings.cpuCapPercent).toBe(50);
  });

  it.each([
    ['name', { name: 'Two' }],
    ['os', { os: 'debian' }],
    ['settings.memoryMib', { settings: { memoryMib: 64 } }],
    ['settings.storage', { description: 'not even this', settings: { cpuCapPercent: 50, storage: [] } }],
  ])('%s does not, and nothing else of the change either', async (field, change) => {
    const before = await stored();
    await expect(bench.manager.update(id, change)).rejects.toMatchObject({
      code: 'machine.wrongState',
      message: expect.stringContaining(field),
    });
    expect(await stored()).toEqual(before);
    expect(handle.asked).not.toContainEqual({ cap: 50 });
  });

  it('changes that come together are all kept', async () => {
    await Promise.all([
      bench.manager.update(id, { description: 'd' }),
      bench.manager.update(id, { group: 'G' }),
      bench.manager.changeMedium(id, 0, '/a.iso'),
    ]);
    expect(await stored()).toMatchObject({ description: 'd', group: 'G' });
    expect((await stored()).settings.storage[0].path).toBe('/a.iso');
  });
});

describe('the medium of a drive', () => {
  it('changes while the machine is off', async () => {
    await bench.manager.changeMedium(id, 0, '/a.iso');
    expect((await stored()).settings.storage[0].path).toBe('/a.iso');
    expect(handle.asked).toEqual([]);
  });

  it('changes in the running machine first', async () => {
    await run();
    await bench.manager.changeMedium(id, 0, '/a.iso');
    expect(handle.asked).toContainEqual({ attachment: 0, path: '/a.iso' });
    handle.changeMedium = () => Promise.reject(new OspiteError('medium.locked', 'The guest holds the tray'));
    await expect(bench.manager.changeMedium(id, 0, null)).rejects.toThrow('holds the tray');
    expect((await stored()).settings.storage[0].path).toBe('/a.iso');
  });

  it.each([1, 2])('of attachment %i cannot be changed', async (attachment) => {
    await expect(bench.manager.changeMedium(id, attachment, null)).rejects.toMatchObject({ code: 'usage.invalid' });
  });
});

describe('a start', () => {
  it('may be disposable and paused', async () => {
    await bench.manager.start(id, { isDisposable: true, startPaused: true });
    expect(bench.starts).toEqual([{ startPaused: true, scratchFolder: `${MACHINES}/One/scratch` }]);
    expect(bench.manager.get(id).summary.isDisposable).toBe(true);
    await bench.manager.powerOff(id);
    expect(bench.manager.get(id).summary.isDisposable).toBe(false);
    await bench.manager.start(id);
    expect(bench.starts[1]).toEqual({ startPaused: false, scratchFolder: null });
  });

  it('holds the folder until the end', async () => {
    await run();
    expect(bench.folders.locks.get(`${MACHINES}/One`)).toBe('held');
    await bench.manager.powerOff(id);
    expect(bench.folders.locks.size).toBe(0);
  });

  it('that fails lets go of the folder', async () => {
    bench.startMachine = () => Promise.reject(new OspiteError('feature.unavailable', 'no kvm here'));
    await expect(bench.manager.start(id)).rejects.toThrow('no kvm here');
    expect(bench.folders.locks.size).toBe(0);
  });

  it('right after the guest has gone off works', async () => {
    await run();
    handle.finish({ reason: 'poweredOff', message: '', stats: null, screen: null });
    bench.handle = new FakeMachineHandle();
    await bench.manager.start(id);
    expect(bench.folders.locks.get(`${MACHINES}/One`)).toBe('held');
  });

  it('is refused once the process is ending', async () => {
    await bench.manager.shutDown();
    await expect(bench.manager.start(id)).rejects.toMatchObject({ code: 'host.busy' });
  });

  it('tells since when it is in its state', async () => {
    await bench.pass(5000);
    await run();
    expect(bench.manager.get(id).summary.stateSince).toBe('2026-01-01T00:00:05.000Z');
  });
});

describe('logs', () => {
  it('are files of their own for each start', async () => {
    for (let start = 1; start <= 5; start++) {
      await run();
      say('info', `run ${start}`);
      await bench.manager.powerOff(id);
      handle = bench.handle = new FakeMachineHandle();
    }
    const { files } = await bench.manager.logs(id);
    expect(files.map(({ name }) => name)).toEqual(['machine.log', 'machine.log.1', 'machine.log.2', 'machine.log.3']);
    expect((await bench.manager.log(id)).join()).toContain('run 5');
    expect((await bench.manager.log(id, 'machine.log.3')).join()).toContain('run 2');
  });

  it.each(['machine.log.4', '../machine.json', 'machine.log/../../machine.json', ''])(
    'named %j are not there',
    async (name) => {
      await expect(bench.manager.log(id, name)).rejects.toMatchObject({ code: 'host.fileNotFound' });
    },
  );

  it('are told line by line, but not all of a flood', async () => {
    const lines: string[] = [];
    bench.manager.on('machine.logged', ({ line }) => lines.push(line));
    await run();
    for (let line = 0; line < 500; line++) say('warn', `flood ${line}`);
    expect(lines).toHaveLength(50);
    await bench.pass(1000);
    say('info', 'after');
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^\d+ more lines came too fast/),
      expect.stringContaining('info: after'),
    ]);
    expect(await bench.manager.log(id)).toHaveLength(502);
  });
});

describe('activity', () => {
  function counters(second: number): object {
    return {
      wallSeconds: second,
      threadSeconds: second * 0.5,
      haltedSeconds: second * 0.25,
      instructions: second * 3e6,
      exits: second * 40,
      interrupts: second * 100,
      diskReadBytes: second * 4096,
      diskWriteBytes: 512,
      ramBytes: 2 ** 24,
    };
  }

  it('is sampled each second from the differences of the counters', async () => {
    const told: ActivitySample[] = [];
    bench.manager.on('machine.sampled', ({ sample }) => told.push(sample));
    let second = 0;
    handle.stats = () => Promise.resolve(counters(second++));
    await run();
    await bench.pass(3000);
    const { samples, totals } = bench.manager.activity(id);
    expect(samples).toEqual(told);
    expect(samples).toHaveLength(3);
    expect(samples[2]).toEqual({
      at: '2026-01-01T00:00:03.000Z',
      hostCpuPercent: 50,
      guestCpuPercent: 75,
      guestMips: 3,
      ramBytes: 2 ** 24,
      diskReadBytesPerSecond: 4096,
      diskWriteBytesPerSecond: 0,
      networkReceiveBytesPerSecond: 0,
      networkSendBytesPerSecond: 0,
      exitsPerSecond: 40,
      interruptsPerSecond: 100,
      translatedShare: 0,
    });
    expect(totals).toMatchObject({ diskReadBytes: 3 * 4096, diskWriteBytes: 512 });
  });

  it('is kept after the end, and begins anew with the next start', async () => {
    let second = 0;
    handle.stats = () => Promise.resolve(counters(second++));
    await run();
    await bench.pass(400_000);
    expect(bench.manager.activity(id).samples).toHaveLength(300);
    await bench.manager.powerOff(id);
    await bench.pass(5000);
    expect(bench.manager.activity(id).samples).toHaveLength(300);
    bench.handle = new FakeMachineHandle();
    await bench.manager.start(id);
    expect(bench.manager.activity(id).samples).toEqual([]);
  });

  it('goes on when a machine gives no counters', async () => {
    let second = 0;
    handle.stats = () => (second++ % 2 === 0 ? Promise.resolve(counters(second)) : Promise.reject(new Error('busy')));
    await run();
    await bench.pass(4000);
    expect(bench.manager.activity(id).samples.length).toBeGreaterThan(0);
  });
});

describe('waiting', () => {
  const finder = (pattern: string) => (text: string) => new RegExp(pattern, 'm').exec(text)?.[0] ?? null;
  const print = (text: string): void => handle.emit('serial', { port: 0, bytes: new TextEncoder().encode(text) });
  function show(text: string): void {
    const cells = new Uint8Array(2 * 80 * 25);
    [...text].forEach((letter, at) => {
      cells[at * 2] = letter.charCodeAt(0);
    });
    (handle as unknown as { textScreen(): Promise<object> }).textScreen = () =>
      Promise.resolve({ columns: 80, rows: 25, cells, cursor: null });
  }

  it('for what was printed already is over at once', async () => {
    await run();
    print('Debian login: ');
    const outcome = await bench.manager.wait(id, { serial: finder('^.* login:'), timeoutMs: 1000 });
    expect(outcome).toEqual({ isMet: true, match: 'Debian login:' });
  });

  it('for a text on the screen lasts until it is shown', async () => {
    await run();
    const waiting = bench.manager.wait(id, { screen: finder('Press \\w+'), timeoutMs: 10_000 });
    await bench.pass(500);
    show('Press Enter');
    await bench.pass(200);
    expect(await waiting).toEqual({ isMet: true, match: 'Press Enter' });
  });

  it('for a state is told by the state', async () => {
    const waiting = bench.manager.wait(id, { state: 'running', timeoutMs: 10_000 });
    await run();
    expect(await waiting).toEqual({ isMet: true, match: 'running' });
    expect(await bench.manager.wait(id, { state: 'running', timeoutMs: 0 })).toMatchObject({ isMet: true });
  });

  it('ends with the time', async () => {
    await run();
    const waiting = bench.manager.wait(id, { serial: finder('never'), timeoutMs: 1000 });
    await bench.pass(1000);
    expect(await waiting).toEqual({ isMet: false, match: '' });
  });

  it('ends with the machine, after a last look', async () => {
    await run();
    const found = bench.manager.wait(id, { serial: finder('last words'), timeoutMs: 1e6 });
    const lost = bench.manager.wait(id, { screen: finder('never'), timeoutMs: 1e6 });
    await bench.pass(100);
    print('last words');
    handle.finish({ reason: 'poweredOff', message: '', stats: null, screen: null });
    await bench.pass(200);
    expect(await found).toMatchObject({ isMet: true });
    expect(await lost).toMatchObject({ isMet: false });
  });

  it('ends with whoever waits', async () => {
    await run();
    const gone = new AbortController();
    const waiting = bench.manager.wait(id, { serial: finder('never'), timeoutMs: 1e6 }, gone.signal);
    gone.abort();
    expect(await waiting).toMatchObject({ isMet: false });
    const late = bench.manager.wait(id, { serial: finder('never'), timeoutMs: 1e6 }, gone.signal);
    expect(await late).toMatchObject({ isMet: false });
  });

  it('fails with the search', async () => {
    await run();
    print('aaaa');
    const serial = (): string => {
      throw new OspiteError('usage.invalid', 'takes too long');
    };
    await expect(bench.manager.wait(id, { serial, timeoutMs: 1000 })).rejects.toThrow('takes too long');
  });

  it('for nothing, or for a text of a machine that is off, is refused', async () => {
    await expect(bench.manager.wait(id, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(bench.manager.wait(id, { screen: finder('x'), timeoutMs: 1 })).rejects.toMatchObject({
      code: 'machine.wrongState',
    });
  });
});
