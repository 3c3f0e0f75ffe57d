import { describe, expect, it } from 'vitest';
import { machineMethods } from '../../../src-main/contract/methods/machine.ts';
import { presetForName } from '../../../src-main/contract/os-presets.ts';
import { en } from '../../i18n/en/index.ts';
import {
  creationOf,
  edited,
  kindOfFile,
  nameFrom,
  newWizard,
  problemsOfWizard,
  recognised,
  type WizardDraft,
  type WizardState,
  withOpenedFile,
} from './wizard-draft.ts';

const byName = (name: string): string | null => presetForName(name)?.id ?? null;
const edit = (state: WizardState, change: Partial<WizardDraft>): WizardState => edited(state, change, byName);
const problems = (draft: WizardDraft, others: string[] = []) => problemsOfWizard(draft, others, en.settings);

describe('what is typed', () => {
  it('as name chooses the system, and the hardware that suits it', () => {
    const { draft } = edit(newWizard(null), { name: 'windows xp' });
    expect(draft).toMatchObject({ os: 'windows-xp', diskBus: 'ide', rtc: 'local', diskBytes: 10 * 2 ** 30 });
  });

  it('as name changes no system that was chosen, nor one that a disc has', () => {
    const chosen = edit(newWizard(null), { os: 'freebsd' });
    expect(edit(chosen, { name: 'ubuntu' }).draft.os).toBe('freebsd');
    const withDisc = recognised(edit(newWizard(null), { isoPath: '/a/x.iso' }), 'debian');
    expect(edit(withDisc, { name: 'ubuntu' }).draft.os).toBe('debian');
  });

  it('stays when a preset comes later', () => {
    const state = edit(edit(newWizard(null), { memoryMib: 777 }), { os: 'debian' });
    expect(state.draft.memoryMib).toBe(777);
    expect(state.draft.diskBus).toBe('virtio');
  });
});

describe('a disc', () => {
  it('suggests a name until one is typed', () => {
    const state = edit(newWizard(null), { isoPath: '/isos/debian-12.5.iso' });
    expect(state.draft.name).toBe('debian-12.5');
    expect(edit(edit(state, { name: 'Mine' }), { isoPath: '/isos/other.iso' }).draft.name).toBe('Mine');
  });

  it('that needs no disk asks for none', () => {
    expect(recognised(edit(newWizard(null), { isoPath: '/m.iso' }), 'memory-test').draft.diskMode).toBe('none');
  });

  it('does not overrule a choice', () => {
    const state = edit(newWizard(null), { os: 'haiku' });
    expect(recognised(state, 'debian').draft.os).toBe('haiku');
  });
});

describe('an opened file', () => {
  it.each([
    ['/x/debian.iso', 'cdrom'],
    ['/x/disk.img', 'disk'],
    ['/x/boot.ima', 'floppy'],
    ['/boot/vmlinuz-6.1', 'kernel'],
    ['C:\\x\\ipxe.lkrn', 'kernel'],
  ] as const)('%s is taken for a %s', (path, kind) => {
    expect(kindOfFile(path)).toBe(kind);
  });

  it('is put where it belongs', () => {
    expect(newWizard('/x/a.iso').draft).toMatchObject({ name: 'a', isoPath: '/x/a.iso' });
    expect(newWizard('/x/a.img').draft).toMatchObject({ diskPath: '/x/a.img', diskMode: 'existing' });
    expect(newWizard('/x/vmlinuz').draft).toMatchObject({ kernel: '/x/vmlinuz', diskMode: 'none' });
  });

  it('moves when a look into it tells better', () => {
    const { draft } = withOpenedFile(newWizard('/x/a.img'), '/x/a.img', 'floppy');
    expect(draft).toMatchObject({ diskPath: '', floppyPath: '/x/a.img', diskMode: 'none' });
  });

  it('keeps its disk when a name brings a preset', () => {
    expect(edit(newWizard('/x/a.img'), { name: 'debian' }).draft.diskMode).toBe('existing');
  });
});

it.each([
  ['/isos/Debian 12: the disc?.iso', 'Debian 12  the disc'],
  ['C:\\isos\\x.iso', 'x'],
  ['/..hidden.iso', 'hidden'],
])('makes a name of %s', (path, name) => {
  expect(nameFrom(path)).toBe(name);
});

describe('problems', () => {
  it('are told of each wrong field', () => {
    const { draft } = newWizard(null);
    const wrong = { ...draft, name: 'a/b', isoPath: 'x.iso', memoryMib: 1, diskBytes: Number.NaN, cpuCapPercent: 0 };
    expect(Object.keys(problems(wrong)).sort()).toEqual(['cpuCapPercent', 'diskBytes', 'isoPath', 'memoryMib', 'name']);
  });

  it('include a taken name, whatever its case', () => {
    expect(problems({ ...newWizard(null).draft, name: 'DEBIAN' }, ['Debian']).name).toContain('Debian');
  });

  it('do not include what is not used', () => {
    const { draft } = newWizard(null);
    expect(problems({ ...draft, name: 'a', diskMode: 'none', diskBytes: Number.NaN, diskPath: 'x' })).toEqual({});
  });

  it('include a command line without a kernel', () => {
    expect(problems({ ...newWizard(null).draft, name: 'a', append: 'quiet' }).kernel).toBeDefined();
  });
});

describe('the machine', () => {
  const parse = (draft: WizardDraft) => machineMethods['machine.create'].input.parse(creationOf(draft));

  it('has a new disk and the disc', () => {
    const state = recognised(edit(newWizard(null), { isoPath: '/d.iso' }), 'debian');
    expect(parse(state.draft)).toMatchObject({
      name: 'd',
      os: 'debian',
      newDisk: { sizeBytes: 20 * 2 ** 30, isPreallocated: false },
      newDiskBus: 'virtio',
      settings: { memoryMib: 2048, storage: [{ type: 'cdrom', path: '/d.iso', readOnly: true }] },
    });
  });

  it('has an existing disk before its empty optical drive', () => {
    const made = parse({ ...newWizard('/x/a.img').draft, name: 'a' });
    expect(made.newDisk).toBeUndefined();
    expect(made.settings.storage).toMatchObject([
      { type: 'disk', path: '/x/a.img' },
      { type: 'cdrom', path: null },
    ]);
  });

  it('has what experts give', () => {
    const made = parse({
      ...newWizard('/x/vmlinuz').draft,
      initrd: '/x/initrd',
      append: 'console=ttyS0',
      firmwarePath: '/x/bios.bin',
      serialKind: 'file',
      serialPath: '/x/serial.log',
      floppyPath: '/x/f.img',
      group: 'Lab',
    });
    expect(made.group).toBe('Lab');
    expect(made.settings).toMatchObject({
      directBoot: { kernel: '/x/vmlinuz', initrd: '/x/initrd', append: 'console=ttyS0' },
      firmware: { kind: 'file', path: '/x/bios.bin' },
      serial: [{ kind: 'file', path: '/x/serial.log' }],
    });
    expect(made.settings.storage.at(-1)).toMatchObject({ type: 'floppy', bus: 'floppy', path: '/x/f.img' });
  });

  it('mentions no setting that is as usual', () => {
    const { settings } = creationOf({ ...newWizard(null).draft, name: 'a' });
    expect(Object.keys(settings).sort()).toEqual(['memoryMib', 'storage']);
  });
});
