import { describe, expect, it } from 'vitest';
import { type Attachment, machineSettings, machineUi } from '../../../src-main/contract/machine.ts';
import { en } from '../../i18n/en/index.ts';
import type { MachineDraft } from './machine-draft.ts';
import { pageFields, pageOf, pagesFor, settingsPages } from './pages.ts';
import { problemsOf } from './problems.ts';
import { hasRoom, newAttachment, seatedOn } from './storage-plan.ts';

const right: MachineDraft = {
  name: 'One',
  os: 'debian',
  group: '',
  description: '',
  settings: machineSettings.parse({}),
  ui: machineUi.parse({}),
};
const accelerators = [
  { id: 'jit' as const, isAvailable: false, reason: 'not here' },
  { id: 'interpreter' as const, isAvailable: true, reason: '' },
];
const found = (change: Partial<MachineDraft>, otherNames: string[] = []) =>
  problemsOf({ ...right, ...change }, { otherNames, accelerators }, en.settings.problems);
const inSettings = (settings: Partial<MachineDraft['settings']>) =>
  found({ settings: { ...right.settings, ...settings } });
const disk = (path: string, bus: Attachment['bus'] = 'ide'): Attachment => ({
  type: 'disk',
  bus,
  path,
  readOnly: false,
  discard: false,
});

it('finds nothing in a machine as it is made', () => {
  expect(found({})).toEqual([]);
});

describe('a problem', () => {
  it.each<[string, () => { field: string; message: string }[], string]>([
    ['an empty name', () => found({ name: '' }), 'name'],
    ['a name with a slash', () => found({ name: 'a/b' }), 'name'],
    ['a taken name', () => found({ name: 'TWO' }, ['Two']), 'name'],
    ['a group with an empty part', () => found({ group: 'a//b' }), 'group'],
    ['no memory', () => inSettings({ memoryMib: Number.NaN }), 'memoryMib'],
    ['too much memory', () => inSettings({ memoryMib: 100_000 }), 'memoryMib'],
    ['a cap of nothing', () => inSettings({ cpuCapPercent: 0 }), 'cpuCapPercent'],
    ['nothing to start from', () => inSettings({ bootOrder: [] }), 'bootOrder'],
    ['a disk without a file', () => inSettings({ storage: [disk('')] }), 'medium'],
    ['a file of no folder', () => inSettings({ storage: [disk('x.img')] }), 'medium'],
    ['one disk twice', () => inSettings({ storage: [disk('/x.img'), disk('/x.img', 'virtio')] }), 'medium'],
    ['an accelerator that is not there', () => inSettings({ accelerator: 'jit' }), 'accelerator'],
    ['a firmware file of no name', () => inSettings({ firmware: { kind: 'file', path: '' } }), 'firmwarePath'],
    ['a kernel of no name', () => inSettings({ directBoot: { kernel: '', append: 'x' } }), 'kernel'],
    ['a serial file of no name', () => inSettings({ serial: [{ kind: 'file', path: '' }] }), 'serialPath'],
    ['a tiny picture', () => found({ ui: { ...right.ui, scalePercent: 1 } }), 'scalePercent'],
  ])('%s', (_name, problems, field) => {
    const [first, ...others] = problems();
    expect(first?.field).toBe(field);
    expect(first?.message).toMatch(/\.$/);
    expect(others).toEqual([]);
  });

  it('of drives tells which one', () => {
    const storage = ['/1', '/2', '/3', '/4', '/5'].map((path) => disk(path));
    expect(inSettings({ storage })).toMatchObject([{ field: 'medium', index: 4 }]);
  });

  it('of two ports that write to one file is the second one’s', () => {
    const port = { kind: 'file' as const, path: '/x.log' };
    expect(inSettings({ serial: [port, port] })).toMatchObject([{ field: 'serialPath', index: 1 }]);
  });
});

describe('pages', () => {
  it('have every field once', () => {
    const fields = settingsPages.flatMap((page) => pageFields[page]);
    expect([...fields].sort()).toEqual(Object.keys(en.settings.fields).sort());
    expect(pageOf('cpuCapPercent')).toBe('system');
  });

  it('are found by the names of their fields', () => {
    expect(pagesFor('', en.settings)).toEqual(settingsPages);
    expect(pagesFor(' VIDEO mem', en.settings)).toEqual(['display']);
    expect(pagesFor('boot order', en.settings)).toEqual(['system']);
    expect(pagesFor('nothing like it', en.settings)).toEqual([]);
  });
});

describe('seats', () => {
  it('of IDE: disks from the primary master, discs from the secondary', () => {
    const storage = [newAttachment('ide', 'cdrom', null), disk('/a'), disk('/b'), disk('/v', 'virtio')];
    expect(seatedOn('ide', storage).map(({ index, place }) => [index, place])).toEqual([
      [1, 0],
      [2, 1],
      [0, 2],
    ]);
    expect(seatedOn('virtio', storage)).toMatchObject([{ index: 3, place: 0 }]);
  });

  it('are counted', () => {
    const four = Array.from({ length: 4 }, (_, index) => disk(`/${index}`));
    expect(hasRoom('ide', four)).toBe(false);
    expect(hasRoom('virtio', four)).toBe(true);
    expect(hasRoom('floppy', [newAttachment('floppy', 'floppy', null)])).toBe(true);
  });
});
