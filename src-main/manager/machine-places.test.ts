// Where machines are: registered, forgotten, arranged, moved, damaged, edited by hand.
import { beforeEach, describe, expect, it } from 'vitest';
import { MACHINES, ManagerBench } from '../../test/harness/manager-bench.ts';
import { machineSettings } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';

const settings = machineSettings.parse({});
const at = (name: string): string => `${MACHINES}/${name}`;

let bench: ManagerBench;
let events: string[];
beforeEach(async () => {
  bench = new ManagerBench();
  await bench.open();
  events = [];
  const { manager } = bench;
  manager.on('machine.added', ({ name }) => events.push(`added ${name}`));
  manager.on('machine.changed', ({ name }) => events.push(`changed ${name}`));
  manager.on('machine.removed', () => events.push('removed'));
  manager.on('machine.arranged', () => events.push('arranged'));
  manager.on('machine.inaccessibleChanged', ({ inaccessible }) => events.push(`inaccessible ${inaccessible.length}`));
});
const create = (name: string, more: object = {}) => bench.manager.create({ name, settings, ...more });
const names = () => bench.manager.list().machines.map(({ name }) => name);
const reasons = () => bench.manager.list().inaccessible.map(({ reason }) => reason);
async function edit(folder: string, change: (definition: Record<string, unknown>) => object): Promise<void> {
  const old = JSON.parse((await bench.folders.read(folder, 'machine.json')) ?? '') as Record<string, unknown>;
  await bench.folders.write(folder, 'machine.json', JSON.stringify(change(old)));
}
async function taskOf(taskId: string) {
  const waiting = bench.tasks.wait(taskId, 1000);
  await bench.pass(0);
  return await waiting;
}

describe('a machine from elsewhere', () => {
  const folder = '/usb/Debian';
  beforeEach(async () => {
    await create('Debian');
    await bench.folders.rename(at('Debian'), folder);
    await bench.manager.refresh();
    events.length = 0;
  });

  it.each([folder, `${folder}/`, `${folder}/machine.json`])('is added as %s and found again', async (path) => {
    const id = await bench.manager.register(path);
    expect(events).toEqual(['added Debian']);
    await bench.open();
    expect(bench.manager.get(id).summary.folder).toBe(folder);
  });

  it('added again is the same', async () => {
    const id = await bench.manager.register(folder);
    expect(await bench.manager.register(folder)).toBe(id);
    expect(names()).toEqual(['Debian']);
  });

  it('whose place has gone is inaccessible until it is back, or forgotten', async () => {
    await bench.manager.register(folder);
    await bench.folders.rename(folder, '/elsewhere');
    await bench.manager.refresh();
    expect(names()).toEqual([]);
    expect(reasons()[0]).toContain('connect its disk');
    await bench.folders.rename('/elsewhere', folder);
    await bench.manager.refresh();
    expect(names()).toEqual(['Debian']);
    await bench.folders.rename(folder, '/elsewhere');
    await bench.manager.refresh();
    await bench.manager.forget(folder);
    expect(reasons()).toEqual([]);
    await bench.open();
    expect(reasons()).toEqual([]);
  });

  it('removed with its files keeps what is not its own', async () => {
    const id = await bench.manager.register(folder);
    await bench.folders.write(folder, 'holiday.jpg', 'mine');
    await bench.folders.write(folder, 'logs/machine.log', 'x');
    await bench.manager.remove(id);
    expect([...bench.folders.content.get(folder)!.keys()]).toEqual(['holiday.jpg']);
  });

  it.each([
    ['relative/path', 'host.fileNotFound'],
    ['/nowhere', 'host.fileNotFound'],
  ])('is refused as %s', async (path, code) => {
    await expect(bench.manager.register(path)).rejects.toMatchObject({ code });
  });

  it('is refused when it is a copy, has a taken name, or is damaged', async () => {
    const id = await bench.manager.register(folder);
    const { definition } = bench.manager.get(id);
    const put = async (path: string, text: string): Promise<void> => {
      await bench.folders.create(path);
      await bench.folders.write(path, 'machine.json', text);
    };
    await put('/copy', JSON.stringify(definition));
    await expect(bench.manager.register('/copy')).rejects.toThrow(/copy of "Debian"/);
    await put('/other', JSON.stringify({ ...definition, id: id.replace(/.$/, '9'), name: 'DEBIAN' }));
    await expect(bench.manager.register('/other')).rejects.toMatchObject({ code: 'machine.nameTaken' });
    await put('/damaged', '{');
    await expect(bench.manager.register('/damaged')).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

describe('removing', () => {
  it('with the files kept takes it off the list, until it is added again', async () => {
    const id = await create('One');
    await bench.manager.remove(id, true);
    expect(await bench.folders.isFolder(at('One'))).toBe(true);
    await bench.open();
    expect(bench.manager.list()).toEqual({ machines: [], inaccessible: [] });
    expect(await bench.manager.register(at('One'))).toBe(id);
    await bench.open();
    expect(names()).toEqual(['One']);
  });

  it('is refused while another machine uses a disk of its folder', async () => {
    const id = await create('One', { newDisk: { sizeBytes: 1000, isPreallocated: false } });
    const { path } = bench.manager.get(id).definition.settings.storage[0]!;
    await bench.manager.create({
      name: 'Two',
      settings: { ...settings, storage: [{ type: 'disk', bus: 'ide', path, readOnly: false, discard: false }] },
    });
    expect((await bench.manager.files(id)).files.find((file) => file.path === path)?.usedBy).toEqual(['Two']);
    await expect(bench.manager.remove(id)).rejects.toMatchObject({ code: 'medium.locked' });
    expect(await bench.folders.isFolder(at('One'))).toBe(true);
    await bench.manager.remove(id, true);
  });
});

describe('the order', () => {
  it('is that of age until it is arranged, and then stays', async () => {
    const ids = [];
    for (const name of ['c', 'a', 'b']) {
      ids.push(await create(name));
      await bench.pass(1000);
    }
    expect(names()).toEqual(['c', 'a', 'b']);
    await bench.manager.arrange([
      { id: ids[2]!, group: 'Lab/Web' },
      { id: ids[0]!, group: '' },
    ]);
    expect(names()).toEqual(['b', 'c', 'a']);
    await bench.open();
    expect(names()).toEqual(['b', 'c', 'a']);
    expect(bench.manager.list().machines[0]!.group).toBe('Lab/Web');
  });

  it('is told to everybody', async () => {
    const one = await create('one');
    const two = await create('two');
    events.length = 0;
    await bench.manager.arrange([
      { id: two, group: '' },
      { id: one, group: 'G' },
    ]);
    expect(events).toEqual(['arranged', 'changed one']);
  });

  it('of unknown machines changes nothing', async () => {
    const id = await create('one');
    await expect(
      bench.manager.arrange([
        { id, group: 'G' },
        { id: id.replace(/.$/, '9'), group: '' },
      ]),
    ).rejects.toMatchObject({ code: 'machine.notFound' });
    expect(bench.manager.get(id).definition.group).toBe('');
  });

  it('survives a damaged list: its previous copy is used, and the damaged one put aside at the next change', async () => {
    const [one, two] = [await create('one'), await create('two')];
    for (const order of [[two, one], [two, one].reverse(), [two, one]])
      await bench.manager.arrange(order.map((id) => ({ id, group: '' })));
    bench.registry.previous = bench.registry.content;
    bench.registry.content = '{ "version": 1, "order": ';
    await bench.open();
    expect(names()).toEqual(['two', 'one']);
    expect(bench.registry.content).toBe('{ "version": 1, "order": ');
    await bench.manager.remove(one, true);
    expect(bench.registry.damaged).toBe('{ "version": 1, "order": ');
    await bench.open();
    expect(names()).toEqual(['two']);
  });
});

describe('a new disk', () => {
  const newDisk = { sizeBytes: 1_048_577, isPreallocated: false };

  it('lies in the folder, is named after the machine, of whole sectors, and comes first', async () => {
    const made: unknown[] = [];
    bench.createDisk = (path, options) => {
      made.push(path, options);
      return Promise.resolve();
    };
    const cdrom = { type: 'cdrom', bus: 'ide', path: null, readOnly: false, discard: false } as const;
    const id = await bench.manager.create({
      name: 'One',
      settings: { ...settings, storage: [cdrom] },
      newDisk,
      newDiskBus: 'ide',
    });
    expect(made).toEqual([`${at('One')}/One.img`, { sizeBytes: 1_049_088, isPreallocated: false }]);
    expect(bench.manager.get(id).definition.settings.storage).toMatchObject([
      { type: 'disk', bus: 'ide', path: `${at('One')}/One.img` },
      { type: 'cdrom' },
    ]);
  });

  it('that cannot be made leaves nothing behind', async () => {
    bench.createDisk = () => Promise.reject(new OspiteError('host.ioError', 'The disk is full'));
    await expect(create('One', { newDisk })).rejects.toThrow('The disk is full');
    expect([...bench.folders.content.keys()]).toEqual([]);
    expect(names()).toEqual([]);
    expect(bench.tasks.list()).toMatchObject([{ state: 'failed', message: 'The disk is full' }]);
  });

  it('may be cancelled', async () => {
    bench.createDisk = () => {
      bench.tasks.cancel(bench.tasks.list()[0]!.id);
      return Promise.reject(new OspiteError('task.cancelled', 'cancelled'));
    };
    await expect(create('One', { newDisk })).rejects.toMatchObject({ code: 'task.cancelled' });
    expect([...bench.folders.content.keys()]).toEqual([]);
  });
});

describe('the folder for new machines', () => {
  it('may be another, whose machines are found again', async () => {
    bench.folders.content.set('/big', new Map());
    bench.machineFolder = '/big';
    const id = await create('One');
    expect(bench.manager.get(id).summary.folder).toBe('/big/One');
    bench.machineFolder = MACHINES;
    await bench.open();
    expect(names()).toEqual(['One']);
  });

  it('that has gone is not made anew in its place', async () => {
    bench.machineFolder = '/unplugged';
    await expect(create('One')).rejects.toMatchObject({ code: 'host.fileNotFound' });
    expect(bench.folders.content.size).toBe(0);
  });
});

describe('moving', () => {
  let id: string;
  beforeEach(async () => {
    id = await create('One', { newDisk: { sizeBytes: 512, isPreallocated: false } });
    bench.folders.content.set('/target', new Map());
  });

  it('takes the folder along, with its disks, for this machine and others', async () => {
    const { storage } = bench.manager.get(id).definition.settings;
    const other = await bench.manager.create({ name: 'Two', settings: { ...settings, storage } });
    expect(await taskOf(await bench.manager.move(id, '/target'))).toMatchObject({
      state: 'done',
      result: { folder: '/target/One' },
    });
    for (const machine of [id, other])
      expect(bench.manager.get(machine).definition.settings.storage[0]!.path).toBe('/target/One/One.img');
    await bench.open();
    expect(names()).toEqual(['One', 'Two']);
    expect(bench.manager.get(id).definition.settings.storage[0]!.path).toBe('/target/One/One.img');
  });

  it('and back needs no line in the registry', async () => {
    await taskOf(await bench.manager.move(id, '/target'));
    expect(JSON.parse(bench.registry.content!)).toMatchObject({ machines: ['/target/One'] });
    bench.folders.content.set(MACHINES, new Map());
    await taskOf(await bench.manager.move(id, MACHINES));
    expect(JSON.parse(bench.registry.content!)).toMatchObject({ machines: [] });
  });

  it('keeps starts and changes out meanwhile', async () => {
    const taskId = await bench.manager.move(id, '/target');
    await expect(bench.manager.start(id)).rejects.toMatchObject({ code: 'machine.wrongState' });
    await expect(bench.manager.update(id, { description: 'x' })).rejects.toMatchObject({ code: 'machine.wrongState' });
    expect((await taskOf(taskId)).state).toBe('done');
    await bench.manager.start(id);
  });

  it('that fails leaves it where it was, ready to start', async () => {
    bench.folders.move = () => Promise.reject(new OspiteError('host.ioError', 'The disk is full'));
    expect(await taskOf(await bench.manager.move(id, '/target'))).toMatchObject({
      state: 'failed',
      message: 'The disk is full',
    });
    expect(bench.manager.get(id).summary.folder).toBe(at('One'));
    await bench.manager.start(id);
  });

  it.each([
    ['into nowhere', '/nowhere', 'host.fileNotFound'],
    ['into a relative folder', 'target', 'host.fileNotFound'],
    ['to where it is', MACHINES, 'machine.nameTaken'],
    ['into itself', at('One'), 'usage.invalid'],
    ['over another folder', '/full', 'machine.nameTaken'],
  ])('is refused %s', async (_what, folder, code) => {
    bench.folders.content.set('/full/One', new Map());
    await expect(bench.manager.move(id, folder)).rejects.toMatchObject({ code });
    await bench.manager.start(id);
  });

  it('is refused while it runs, or another runs with its disk', async () => {
    const { storage } = bench.manager.get(id).definition.settings;
    const other = await bench.manager.create({ name: 'Two', settings: { ...settings, storage } });
    await bench.manager.start(other);
    await expect(bench.manager.move(id, '/target')).rejects.toThrow('"Two" runs with a file of "One"');
    await expect(bench.manager.move(other, '/target')).rejects.toMatchObject({ code: 'machine.wrongState' });
  });
});

describe('renaming', () => {
  it('takes the disks in the folder along, for this machine and others', async () => {
    const id = await create('One', { newDisk: { sizeBytes: 512, isPreallocated: false } });
    const { storage } = bench.manager.get(id).definition.settings;
    const other = await bench.manager.create({ name: 'Two', settings: { ...settings, storage } });
    await bench.manager.update(id, { name: 'Uno' });
    for (const machine of [id, other])
      expect(bench.manager.get(machine).definition.settings.storage[0]!.path).toBe(`${at('Uno')}/One.img`);
  });

  it('that cannot be saved leaves the folder its name', async () => {
    const id = await create('One');
    const { write } = bench.folders;
    bench.folders.write = () => Promise.reject(new OspiteError('host.ioError', 'full'));
    await expect(bench.manager.update(id, { name: 'Uno' })).rejects.toThrow('full');
    bench.folders.write = write;
    expect([...bench.folders.content.keys()]).toEqual([at('One')]);
    await bench.manager.update(id, { description: 'still here' });
  });

  it('to where there is something already leaves the machine its name', async () => {
    const id = await create('One');
    bench.folders.content.set(at('Uno'), new Map());
    await expect(bench.manager.update(id, { name: 'Uno' })).rejects.toMatchObject({ code: 'machine.nameTaken' });
    await bench.open();
    expect(bench.manager.get(id).summary).toMatchObject({ name: 'One', folder: at('One') });
    await bench.manager.start(id);
  });
});

it('lets two machines that use each other’s disks be renamed at once', async () => {
  const newDisk = { sizeBytes: 512, isPreallocated: false };
  const [one, two] = [await create('One', { newDisk }), await create('Two', { newDisk })];
  const disk = (id: string) => bench.manager.get(id).definition.settings.storage[0]!;
  const both = [disk(one), disk(two)];
  await bench.manager.update(one, { settings: { storage: both } });
  await bench.manager.update(two, { settings: { storage: both } });
  await Promise.all([bench.manager.update(one, { name: 'Uno' }), bench.manager.update(two, { name: 'Due' })]);
  for (const id of [one, two])
    expect(bench.manager.get(id).definition.settings.storage.map(({ path }) => path)).toEqual([
      `${at('Uno')}/One.img`,
      `${at('Due')}/Two.img`,
    ]);
  await bench.open();
  expect(names().sort()).toEqual(['Due', 'Uno']);
  expect(disk(one).path).toBe(`${at('Uno')}/One.img`);
});

it('keeps a machine that somebody looks for just while it is renamed', async () => {
  const id = await create('One');
  const { rename } = bench.folders;
  bench.folders.rename = async (from, to) => {
    await rename.call(bench.folders, from, to);
    await bench.manager.refresh();
  };
  await bench.manager.update(id, { name: 'Uno' });
  expect(events).toEqual(['added One', 'changed Uno']);
  expect(bench.manager.get(id).summary.folder).toBe(at('Uno'));
});

describe('definitions edited by hand', () => {
  let id: string;
  beforeEach(async () => {
    id = await create('One');
    events.length = 0;
  });

  it('are taken over when somebody looks again', async () => {
    await edit(at('One'), (old) => ({ ...old, description: 'by hand' }));
    await bench.manager.refresh();
    expect(bench.manager.get(id).definition.description).toBe('by hand');
    expect(events).toEqual(['changed One']);
  });

  it('are taken over by a change, of which nothing is lost, and by a start', async () => {
    await edit(at('One'), (old) => ({ ...old, description: 'by hand' }));
    await bench.manager.update(id, { os: 'debian' });
    expect(bench.manager.get(id).definition).toMatchObject({ description: 'by hand', os: 'debian' });
    await edit(at('One'), (old) => ({ ...old, description: 'again' }));
    await bench.manager.start(id);
    expect(bench.manager.get(id).definition.description).toBe('again');
  });

  it('are not overwritten while the machine runs', async () => {
    await bench.manager.start(id);
    await edit(at('One'), (old) => ({ ...old, description: 'by hand' }));
    await expect(bench.manager.update(id, { description: 'x' })).rejects.toThrow('changed by another program');
    await bench.manager.refresh();
    expect(bench.manager.get(id).definition.description).toBe('');
    await bench.manager.powerOff(id);
    await bench.manager.refresh();
    expect(bench.manager.get(id).definition.description).toBe('by hand');
  });

  it('that are damaged make the machine inaccessible, untouched, until they are mended', async () => {
    const good = (await bench.folders.read(at('One'), 'machine.json'))!;
    await bench.folders.write(at('One'), 'machine.json', '{');
    await expect(bench.manager.start(id)).rejects.toMatchObject({ code: 'machine.inaccessible' });
    await bench.pass(0);
    expect(events.slice(-2)).toEqual(['removed', 'inaccessible 1']);
    await expect(bench.manager.update(id, {})).rejects.toMatchObject({ code: 'machine.notFound' });
    expect(await bench.folders.read(at('One'), 'machine.json')).toBe('{');
    await bench.folders.write(at('One'), 'machine.json', good);
    await bench.manager.refresh();
    expect(names()).toEqual(['One']);
    expect(reasons()).toEqual([]);
  });

  it('that appear and vanish are noticed', async () => {
    const text = (await bench.folders.read(at('One'), 'machine.json'))!;
    await bench.folders.create(at('Two'));
    await bench.folders.write(
      at('Two'),
      'machine.json',
      text.replace(id, id.replace(/.$/, '9')).replace('"One"', '"Two"'),
    );
    await bench.folders.create(at('Twin'));
    await bench.folders.write(at('Twin'), 'machine.json', text);
    await bench.manager.refresh();
    expect(names()).toEqual(['One', 'Two']);
    expect(reasons()).toEqual([expect.stringContaining('same id')]);
    await bench.folders.remove(at('Two'));
    await bench.folders.remove(at('Twin'));
    await bench.manager.refresh();
    expect(names()).toEqual(['One']);
    expect(reasons()).toEqual([]);
  });
});

describe('after a crash of Ospite', () => {
  it('a machine that ran is aborted, and starts again', async () => {
    const id = await create('One');
    bench.folders.locks.set(at('One'), 'stale');
    await bench.open();
    expect(bench.manager.get(id).summary).toMatchObject({ state: 'aborted', message: expect.stringContaining('plug') });
    await bench.manager.start(id);
    await bench.manager.powerOff(id);
    expect(bench.folders.locks.size).toBe(0);
  });

  it('a machine that runs in another Ospite is left to it', async () => {
    const id = await create('One');
    bench.folders.locks.set(at('One'), 'held');
    await bench.open();
    expect(bench.manager.get(id).summary.message).toContain('another Ospite');
    await expect(bench.manager.start(id)).rejects.toThrow('runs in another Ospite (process 7)');
    expect(bench.manager.get(id).summary.state).toBe('poweredOff');
  });
});

it('loads two hundred machines, and keeps their order, within a moment', async () => {
  for (let number = 0; number < 200; number++) await create(`Machine ${number}`);
  const began = performance.now();
  await bench.open();
  expect(names()).toHaveLength(200);
  expect(performance.now() - began).toBeLessThan(5000);
});
