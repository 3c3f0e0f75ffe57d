import { beforeEach, describe, expect, it } from 'vitest';
import { FakeMachineHandle } from '../../test/harness/fake-machine-handle.ts';
import { MemoryFolderStore } from '../../test/harness/memory-folder-store.ts';
import { MemoryTextFile } from '../../test/harness/memory-text-file.ts';
import { machineSettings } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import type { MachineHandle } from '../engine/handle.ts';
import { MachineManager } from './machine-manager.ts';
import { MachineRegistry } from './machine-registry.ts';
import { MachineStore } from './machine-store.ts';
import { TaskRegistry } from './tasks.ts';

const settings = machineSettings.parse({});
const ended = { message: '', stats: null, screen: null } as const;

const ROOT = '/memory/machines';
const at = (name: string): string => `${ROOT}/${name}`;

let folders: MemoryFolderStore;
let registry: MemoryTextFile;
let tasks: TaskRegistry;
let machineFolder: string;
let startedWith: unknown[];
let createDisk: (path: string, options: { sizeBytes: number; isPreallocated: boolean }) => Promise<void>;
let manager: MachineManager;
let start: () => Promise<MachineHandle>;
let events: string[];
let handle: FakeMachineHandle;

beforeEach(async () => {
  folders = new MemoryFolderStore();
  registry = new MemoryTextFile('/memory/registry.json');
  machineFolder = ROOT;
  startedWith = [];
  createDisk = (path) => folders.write(folders.parentOf(path), folders.nameOf(path), '');
  handle = new FakeMachineHandle();
  start = () => Promise.resolve(handle.asHandle());
  manager = await newManager();
});

async function newManager(): Promise<MachineManager> {
  let nextId = 1;
  const clock = {
    newId: () => `0190a0b1-0000-4000-8000-${String(nextId++).padStart(12, '0')}`,
    nowIso: () => '2026-01-01T00:00:00.000Z',
    nowMs: () => 0,
    after: () => () => {},
  };
  tasks = new TaskRegistry({ ...clock, changed: () => {}, dismissed: () => {} });
  const made = new MachineManager({
    store: new MachineStore(folders, ROOT),
    registry: new MachineRegistry(registry),
    tasks,
    host: {
      ...clock,
      startMachine: (_definition, options) => {
        startedWith.push(options);
        return start();
      },
      machineFolder: () => machineFolder,
      releaseMedia: () => {},
      createDisk: (path, options) => createDisk(path, options),
    },
  });
  await made.load();
  events = [];
  made.on('machine.added', ({ name }) => events.push(`added ${name}`));
  made.on('machine.removed', () => events.push('removed'));
  made.on('machine.stateChanged', ({ state, message }) => events.push(`${state}${message && `: ${message}`}`));
  made.on('console', () => events.push('console'));
  return made;
}
const stateOf = (id: string) => manager.get(id).summary.state;
/** A promise to settle by hand. */
function held<T>(): { promise: Promise<T>; settle(value: T): void; fail(error: Error): void } {
  let settle: (value: T) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  return { promise, settle: (value) => settle(value), fail: (error) => fail(error) };
}

describe('definitions', () => {
  it('are found again by the next process', async () => {
    const id = await manager.create({ name: 'Debian', description: 'tests', settings });
    const again = await newManager();
    expect(again.get(id).definition).toEqual(manager.get(id).definition);
  });

  it('have names that differ by more than case', async () => {
    await manager.create({ name: 'Debian', settings });
    await expect(manager.create({ name: 'DEBIAN', settings })).rejects.toMatchObject({ code: 'machine.nameTaken' });
  });

  it('may change the case of their own name', async () => {
    const id = await manager.create({ name: 'debian', settings });
    await manager.update(id, { name: 'Debian' });
    expect([...folders.content.keys()]).toEqual([at('Debian')]);
  });

  it('cannot take the name of another', async () => {
    await manager.create({ name: 'One', settings });
    const id = await manager.create({ name: 'Two', settings });
    await expect(manager.update(id, { name: 'one' })).rejects.toMatchObject({ code: 'machine.nameTaken' });
    expect(manager.get(id).definition.name).toBe('Two');
  });

  it('leave a folder alone that was renamed by hand', async () => {
    const id = await manager.create({ name: 'One', settings });
    await folders.rename(at('One'), at('By hand'));
    manager = await newManager();
    await manager.update(id, { description: 'changed' });
    expect([...folders.content.keys()]).toEqual([at('By hand')]);
    await manager.update(id, { name: 'By hand' });
    expect(manager.get(id).definition.name).toBe('By hand');
  });

  it('stay as they are when they cannot be saved', async () => {
    const id = await manager.create({ name: 'One', settings });
    folders.write = () => Promise.reject(new OspiteError('host.ioError', 'full'));
    await expect(manager.update(id, { description: 'new' })).rejects.toThrow('full');
    expect(manager.get(id).definition.description).toBe('');
    expect(events).toEqual(['added One']);
    await manager.start(id); // Not held busy by the failure.
  });

  it('cannot lose what is built in, nor be removed, while they run', async () => {
    const id = await manager.create({ name: 'One', settings });
    await manager.start(id);
    await expect(manager.update(id, { settings: { memoryMib: 64 } })).rejects.toMatchObject({
      code: 'machine.wrongState',
      message: expect.stringContaining('settings.memoryMib'),
    });
    await expect(manager.remove(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
  });

  it('cannot be started while they are being removed', async () => {
    const id = await manager.create({ name: 'One', settings });
    const removal = held<void>();
    folders.remove = () => removal.promise;
    const removed = manager.remove(id);
    await expect(manager.start(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
    await expect(manager.remove(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
    removal.settle();
    await removed;
    expect(() => manager.get(id)).toThrow(expect.objectContaining({ code: 'machine.notFound' }));
  });
});

describe('starting', () => {
  let id: string;
  beforeEach(async () => {
    id = await manager.create({ name: 'One', settings });
    events.length = 0;
  });

  it('goes through starting to running', async () => {
    await manager.start(id);
    expect(manager.get(id).summary.accelerator).toBe('interpreter');
    handle.emit('state', 'running');
    expect(events).toEqual(['starting', 'console', 'running']);
  });

  it('happens once', async () => {
    const starting = held<MachineHandle>();
    start = () => starting.promise;
    const first = manager.start(id);
    await expect(manager.start(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
    starting.settle(handle.asHandle());
    await first;
    await expect(manager.start(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
  });

  it('that fails leaves the machine off, with the reason in its state and log', async () => {
    start = () => Promise.reject(new OspiteError('feature.unavailable', 'no kvm here'));
    await expect(manager.start(id)).rejects.toMatchObject({ code: 'feature.unavailable' });
    expect(events).toEqual(['starting', 'poweredOff: no kvm here']);
    expect((await manager.log(id)).at(-1)).toContain('error: Could not start: no kvm here');
    start = () => Promise.resolve(handle.asHandle());
    await manager.start(id);
  });

  it('of a machine that has ended by then reports its end', async () => {
    handle.end = { ...ended, reason: 'error', message: 'disk gone' };
    await manager.start(id);
    expect(events).toEqual(['starting', 'aborted: disk gone']);
    expect(manager.runningOrNull(id)).toBeNull();
  });

  it('has no machine to power off yet', async () => {
    start = () => held<MachineHandle>().promise;
    void manager.start(id);
    await expect(manager.powerOff(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
    expect(stateOf(id)).toBe('starting');
  });

  it('under way at the end of the process is waited for and undone', async () => {
    const starting = held<MachineHandle>();
    start = () => starting.promise;
    const started = manager.start(id);
    const down = manager.shutDown();
    starting.settle(handle.asHandle());
    await Promise.all([started, down]);
    expect(handle.end?.reason).toBe('stopped');
    expect(stateOf(id)).toBe('poweredOff');
  });
});

describe('a running machine', () => {
  let id: string;
  beforeEach(async () => {
    id = await manager.create({ name: 'One', settings });
    await manager.start(id);
    handle.emit('state', 'running');
    events.length = 0;
  });

  it('is paused and resumed', () => {
    manager.pause(id);
    manager.resume(id);
    expect(events).toEqual(['paused', 'running']);
  });

  it('ends off when it is powered off', async () => {
    await manager.powerOff(id);
    expect(events).toEqual(['stopping', 'poweredOff']);
    expect(manager.get(id).summary.accelerator).toBeNull();
  });

  it('stays stopping whatever it said before it learnt of it', async () => {
    const off = held<void>();
    handle.powerOff = () => off.promise;
    const done = manager.powerOff(id);
    handle.emit('state', 'running');
    expect(stateOf(id)).toBe('stopping');
    handle.finish({ ...ended, reason: 'stopped' });
    off.settle();
    await done;
    expect(stateOf(id)).toBe('poweredOff');
  });

  it.each([
    ['poweredOff', 'poweredOff'],
    ['stopped', 'poweredOff'],
    ['tripleFault', 'crashed: why'],
    ['crashed', 'crashed: why'],
    ['error', 'aborted: why'],
  ] as const)('that ends by %s is %s', (reason, event) => {
    handle.finish({ ...ended, reason, message: 'why' });
    expect(events).toEqual([event]);
  });

  it('of an earlier run has nothing more to say', async () => {
    handle.finish({ ...ended, reason: 'poweredOff' });
    const first = handle;
    handle = new FakeMachineHandle();
    await manager.start(id);
    first.emit('state', 'paused');
    expect(stateOf(id)).toBe('starting');
  });

  it('is refused what only a running one can do, once it is off', async () => {
    await manager.powerOff(id);
    expect(() => manager.pause(id)).toThrow(expect.objectContaining({ code: 'machine.wrongState' }));
    expect(manager.runningOrNull(id)).toBeNull();
  });

  it('keeps the newest lines of its log at hand, and the last run on disk', async () => {
    for (let line = 0; line < 2500; line++)
      (handle as unknown as MachineHandle).emit('log', { level: 'info', message: `line ${line}` });
    const lines = await manager.log(id);
    expect(lines).toHaveLength(2000);
    expect(lines.at(-1)).toBe('2026-01-01T00:00:00.000Z info: line 2499');
    manager = await newManager();
    expect(await manager.log(id)).toEqual(lines);
  });

  it('goes off with the process, which waits for its last words', async () => {
    await manager.shutDown();
    expect(handle.end?.reason).toBe('stopped');
    expect(folders.wasAwaited).toBe(true);
  });
});

it('says which machine is unknown', () => {
  expect(() => manager.get('nobody')).toThrow(expect.objectContaining({ code: 'machine.notFound' }));
});
