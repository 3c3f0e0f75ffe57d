// What the wizard gathers, and the machine that it makes of it. Pure.
import {
  type Attachment,
  type MachineSettings,
  MEMORY_MAX_MIB,
  MEMORY_MIN_MIB,
  machineSettings,
} from '../../../src-main/contract/machine.ts';
import type { MethodInput } from '../../../src-main/contract/methods.ts';
import { presetFor } from '../../../src-main/contract/os-presets.ts';
import type { Text } from '../../i18n/text.ts';
import { nameProblem, pathProblem } from '../settings/problems.ts';

export type DiskMode = 'new' | 'existing' | 'none';

export interface WizardDraft {
  name: string;
  isoPath: string;
  floppyPath: string;
  os: string;
  memoryMib: number;
  cpuCapPercent: number;
  videoMemoryMib: MachineSettings['videoMemoryMib'];
  pointingDevice: MachineSettings['pointingDevice'];
  rtc: MachineSettings['rtc'];
  diskMode: DiskMode;
  diskBytes: number;
  isPreallocated: boolean;
  diskBus: 'ide' | 'virtio';
  diskPath: string;
  kernel: string;
  initrd: string;
  append: string;
  firmwarePath: string;
  serialKind: 'none' | 'console' | 'file';
  serialPath: string;
  group: string;
  startsRightAway: boolean;
}

export interface WizardState {
  draft: WizardDraft;
  /** What the person chose: a preset or a recognised disc no longer changes it. */
  touched: ReadonlySet<keyof WizardDraft>;
}

export type Step = 'name' | 'hardware' | 'disk' | 'summary';
export const steps: readonly Step[] = ['name', 'hardware', 'disk', 'summary'];

export type WizardField =
  | 'name'
  | 'isoPath'
  | 'floppyPath'
  | 'memoryMib'
  | 'cpuCapPercent'
  | 'diskBytes'
  | 'diskPath'
  | 'kernel'
  | 'initrd'
  | 'firmwarePath'
  | 'serialPath';
export type WizardProblems = Partial<Record<WizardField, string>>;

export const stepFields: Record<Step, readonly WizardField[]> = {
  name: ['name', 'isoPath'],
  hardware: ['memoryMib', 'cpuCapPercent'],
  disk: ['diskBytes', 'diskPath'],
  summary: ['floppyPath', 'kernel', 'initrd', 'firmwarePath', 'serialPath'],
};

const DISK_MIN = 1_048_576;
const DISK_MAX = 2 ** 43;

export function newWizard(openedFile: string | null, group = ''): WizardState {
  const blank: WizardState = {
    draft: {
      name: '',
      isoPath: '',
      floppyPath: '',
      os: 'other',
      memoryMib: 512,
      cpuCapPercent: 100,
      videoMemoryMib: 16,
      pointingDevice: 'vmmouse',
      rtc: 'utc',
      diskMode: 'new',
      diskBytes: 8 * 2 ** 30,
      isPreallocated: false,
      diskBus: 'ide',
      diskPath: '',
      kernel: '',
      initrd: '',
      append: '',
      firmwarePath: '',
      serialKind: 'console',
      serialPath: '',
      group,
      startsRightAway: false,
    },
    touched: new Set(),
  };
  return openedFile === null ? blank : withOpenedFile(blank, openedFile, kindOfFile(openedFile));
}

export type FileKind = 'cdrom' | 'disk' | 'floppy' | 'kernel';

/** What a file is most likely meant as, by its name; looking into it may tell better. */
export function kindOfFile(path: string): FileKind {
  if (/\.(ima|flp|vfd)$/i.test(path)) return 'floppy';
  if (/\.(img|raw|dd)$/i.test(path)) return 'disk';
  return /(vmlinuz[^/\\]*|bzimage|\.(lkrn|linux|elf|bin))$/i.test(path) ? 'kernel' : 'cdrom';
}

/** A machine made of the file that the application was opened with. */
export function withOpenedFile(state: WizardState, path: string, kind: FileKind): WizardState {
  const cleared = { ...state.draft, isoPath: '', floppyPath: '', diskPath: '', kernel: '' };
  const filled: WizardDraft = {
    cdrom: { ...cleared, isoPath: path, diskMode: 'none' as const },
    disk: { ...cleared, diskPath: path, diskMode: 'existing' as const },
    floppy: { ...cleared, floppyPath: path, diskMode: 'none' as const },
    kernel: { ...cleared, kernel: path, diskMode: 'none' as const },
  }[kind];
  // A disc says by its system whether it wants a hard disk; the other files say it themselves.
  const touched = kind === 'cdrom' ? state.touched : new Set([...state.touched, 'diskMode' as const]);
  return suggested({ draft: filled, touched }, path);
}

/** Changes what the person changed; further fields follow where they were not touched. */
export function edited(
  state: WizardState,
  change: Partial<WizardDraft>,
  presetOfName: (name: string) => string | null,
): WizardState {
  const touched = new Set([...state.touched, ...(Object.keys(change) as (keyof WizardDraft)[])]);
  let next: WizardState = { draft: { ...state.draft, ...change }, touched };
  if (change.os !== undefined) next = withPreset(next, change.os);
  if (change.name !== undefined && !touched.has('os') && next.draft.isoPath === '') {
    const os = presetOfName(change.name);
    if (os !== null) next = withPreset({ ...next, draft: { ...next.draft, os } }, os);
  }
  const file = change.isoPath ?? change.diskPath ?? change.kernel ?? change.floppyPath;
  return file === undefined || file === '' ? next : suggested(next, file);
}

/** What a disc told when it was looked into. */
export function recognised(state: WizardState, os: string): WizardState {
  return state.touched.has('os') ? state : withPreset({ ...state, draft: { ...state.draft, os } }, os);
}

function suggested(state: WizardState, path: string): WizardState {
  return state.touched.has('name') ? state : { ...state, draft: { ...state.draft, name: nameFrom(path) } };
}

/** A file's name without its ending and without what a machine's name may not have. */
export function nameFrom(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? '';
  return file
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replaceAll(/[:*?"<>|]/g, ' ')
    .replace(/^[. ]+/, '')
    .slice(0, 60)
    .replace(/[. ]+$/, '');
}

function withPreset({ draft, touched }: WizardState, os: string): WizardState {
  const preset = presetFor(os);
  const hardware: Partial<WizardDraft> = {
    memoryMib: preset.memoryMib,
    videoMemoryMib: preset.videoMemoryMib,
    pointingDevice: preset.pointingDevice,
    rtc: preset.rtc,
    diskBus: preset.diskBus,
    diskMode: preset.diskMib === 0 ? 'none' : 'new',
    ...(preset.diskMib === 0 ? {} : { diskBytes: preset.diskMib * 2 ** 20 }),
  };
  const untouched = Object.entries(hardware).filter(([field]) => !touched.has(field as keyof WizardDraft));
  return { touched, draft: { ...draft, ...Object.fromEntries(untouched) } };
}

export function problemsOfWizard(
  draft: WizardDraft,
  otherNames: readonly string[],
  { problems: words, size }: Text['settings'],
): WizardProblems {
  const found: WizardProblems = {};
  const add = (field: WizardField, message: string): void => {
    if (message !== '') found[field] = message;
  };
  add('name', nameProblem(draft.name, otherNames, words));
  add('isoPath', pathProblem(draft.isoPath, false, words));
  add('floppyPath', pathProblem(draft.floppyPath, false, words));
  add('kernel', pathProblem(draft.kernel, draft.initrd !== '' || draft.append !== '', words));
  add('initrd', pathProblem(draft.initrd, false, words));
  add('firmwarePath', pathProblem(draft.firmwarePath, false, words));
  if (draft.diskMode === 'existing') add('diskPath', pathProblem(draft.diskPath, true, words));
  if (draft.diskMode === 'new' && !(draft.diskBytes >= DISK_MIN && draft.diskBytes <= DISK_MAX))
    add('diskBytes', size.invalid);
  if (draft.serialKind === 'file') add('serialPath', pathProblem(draft.serialPath, true, words));
  if (!(draft.memoryMib >= MEMORY_MIN_MIB && draft.memoryMib <= MEMORY_MAX_MIB))
    add('memoryMib', words.memory(MEMORY_MIN_MIB, MEMORY_MAX_MIB));
  if (!(draft.cpuCapPercent >= 1 && draft.cpuCapPercent <= 100)) add('cpuCapPercent', words.percent(1, 100));
  return found;
}

/** The call that makes the machine. Only what differs from the contract's defaults is mentioned. */
export function creationOf(draft: WizardDraft): MethodInput<'machine.create'> {
  const usual = machineSettings.parse({});
  const { memoryMib, cpuCapPercent, videoMemoryMib, pointingDevice, rtc } = draft;
  const chosen = { memoryMib, cpuCapPercent, videoMemoryMib, pointingDevice, rtc };
  const different = Object.entries(chosen).filter(([field, value]) => usual[field as keyof typeof chosen] !== value);
  return {
    name: draft.name,
    os: draft.os,
    ...(draft.group === '' ? {} : { group: draft.group }),
    settings: {
      ...Object.fromEntries(different),
      memoryMib,
      storage: storageOf(draft),
      ...(draft.kernel === ''
        ? {}
        : {
            directBoot: {
              kernel: draft.kernel,
              append: draft.append,
              ...(draft.initrd === '' ? {} : { initrd: draft.initrd }),
            },
          }),
      ...(draft.firmwarePath === '' ? {} : { firmware: { kind: 'file', path: draft.firmwarePath } }),
      ...(draft.serialKind === 'console' ? {} : { serial: serialOf(draft) }),
    },
    ...(draft.diskMode === 'new'
      ? {
          newDisk: { sizeBytes: draft.diskBytes, ...(draft.isPreallocated ? { isPreallocated: true } : {}) },
          newDiskBus: draft.diskBus,
        }
      : {}),
  };
}

function storageOf({ diskMode, diskPath, diskBus, isoPath, floppyPath }: WizardDraft): Attachment[] {
  const attached = { readOnly: false, discard: false };
  return [
    ...(diskMode === 'existing' ? [{ ...attached, type: 'disk' as const, bus: diskBus, path: diskPath }] : []),
    { ...attached, type: 'cdrom', bus: 'ide', path: isoPath === '' ? null : isoPath, readOnly: true },
    ...(floppyPath === '' ? [] : [{ ...attached, type: 'floppy' as const, bus: 'floppy' as const, path: floppyPath }]),
  ];
}

function serialOf({ serialKind, serialPath }: WizardDraft): MachineSettings['serial'] {
  return serialKind === 'file' ? [{ kind: 'file', path: serialPath }] : [];
}
