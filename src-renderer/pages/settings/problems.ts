// What is wrong with a draft, by field, in sentences. The contract's schemas decide; the rules that only the machine's plan knows
// (how many drives a controller holds) are told here before they are refused there.
import {
  type Attachment,
  MEMORY_MAX_MIB,
  MEMORY_MIN_MIB,
  machineGroup,
  machineSettings,
  machineUi,
} from '../../../src-main/contract/machine.ts';
import type { MethodOutput } from '../../../src-main/contract/methods.ts';
import { machineName } from '../../../src-main/contract/primitives.ts';
import { isWholePath } from '../../forms/whole-path.ts';
import type { Text } from '../../i18n/text.ts';
import type { MachineDraft } from './machine-draft.ts';
import type { FieldName } from './pages.ts';

export interface Problem {
  field: FieldName;
  /** Which attachment or serial port. */
  index: number | null;
  message: string;
}

export interface ProblemContext {
  /** Names of the other machines. */
  otherNames: readonly string[];
  accelerators: MethodOutput<'host.info'>['accelerators'];
}

type Words = Text['settings']['problems'];

/** Most of a bus's drives. */
export const IDE_DRIVES = 4;
export const FLOPPY_DRIVES = 2;

export function problemsOf(draft: MachineDraft, context: ProblemContext, words: Words): Problem[] {
  const { settings } = draft;
  const problems: Problem[] = [];
  const add = (field: FieldName, message: string, index: number | null = null): void => {
    if (message !== '' && !problems.some((known) => known.field === field && known.index === index))
      problems.push({ field, index, message });
  };
  add('name', nameProblem(draft.name, context.otherNames, words));
  if (!machineGroup.safeParse(draft.group).success) add('group', words.group);
  if (draft.description.length > 65_535) add('description', words.descriptionLong);
  if (settings.bootOrder.length === 0 && !settings.directBoot) add('bootOrder', words.bootOrderEmpty);
  for (const { field, index, message } of fileProblems(draft, words)) add(field, message, index);
  settings.storage.forEach((attachment, index) => {
    add('medium', attachmentProblem(attachment, index, settings.storage, words), index);
  });
  const accelerator = context.accelerators.find(({ id }) => id === settings.accelerator);
  if (accelerator && !accelerator.isAvailable) add('accelerator', words.accelerator(accelerator.reason));
  for (const issue of machineSettings.safeParse(settings).error?.issues ?? []) {
    const [name, index] = issue.path;
    add(fieldOf(issue.path), schemaSentence(String(name), issue.message, words), indexOf(String(name), index));
  }
  for (const issue of machineUi.safeParse(draft.ui).error?.issues ?? []) {
    const name = String(issue.path[0]);
    add(fieldOf(issue.path), name === 'scalePercent' ? words.percent(50, 400) : words.other(issue.message));
  }
  return problems;
}

/** Empty when the name is free and may be used. */
export function nameProblem(name: string, otherNames: readonly string[], words: Words): string {
  if (name === '') return words.nameEmpty;
  if (name.length > 120) return words.nameLong;
  if (!machineName.safeParse(name).success) return words.nameInvalid;
  const taken = otherNames.find((other) => other.toLowerCase() === name.toLowerCase());
  return taken === undefined ? '' : words.nameTaken(taken);
}

/** Empty for a whole path, and for none where none is needed. */
export function pathProblem(path: string, isNeeded: boolean, words: Words): string {
  if (path === '') return isNeeded ? words.pathMissing : '';
  return isWholePath(path) ? '' : words.pathRelative;
}

function fileProblems({ settings }: MachineDraft, words: Words): Problem[] {
  const { firmware, directBoot, serial } = settings;
  const found: Problem[] = [];
  const check = (field: FieldName, path: string, isNeeded: boolean, index: number | null = null): void => {
    const message = pathProblem(path, isNeeded, words);
    if (message !== '') found.push({ field, index, message });
  };
  if (firmware.kind === 'file') {
    check('firmwarePath', firmware.path, true);
    check('firmwareVariables', firmware.variables ?? '', false);
  }
  if (directBoot) {
    check('kernel', directBoot.kernel, true);
    check('initrd', directBoot.initrd ?? '', false);
  }
  const files = serial.map((port) => (port.kind === 'file' ? port.path : null));
  files.forEach((path, index) => {
    if (path === null) return;
    check('serialPath', path, true, index);
    if (path !== '' && files.indexOf(path) < index)
      found.push({ field: 'serialPath', index, message: words.serialTwice });
  });
  return found;
}

function attachmentProblem(attachment: Attachment, index: number, all: readonly Attachment[], words: Words): string {
  const { bus, path, type } = attachment;
  if (type === 'disk' && (path === null || path === '')) return words.diskWithoutFile;
  const place = all.slice(0, index).filter((other) => other.bus === bus).length;
  if (bus === 'ide' && place >= IDE_DRIVES) return words.ideFull;
  if (bus === 'floppy' && place >= FLOPPY_DRIVES) return words.floppyFull;
  if (path === null) return '';
  if (all.findIndex((other) => other.path === path) < index && type !== 'cdrom') return words.twice(path);
  return pathProblem(path, true, words);
}

/** Fields that stand for something inside of a setting, by its path without indices. */
const fieldsByPath: Record<string, FieldName> = {
  storage: 'medium',
  directBoot: 'kernel',
  'directBoot.initrd': 'initrd',
  'directBoot.append': 'append',
  'firmware.path': 'firmwarePath',
  'firmware.variables': 'firmwareVariables',
  'serial.path': 'serialPath',
};

function fieldOf(path: readonly PropertyKey[]): FieldName {
  const names = path.filter((part) => typeof part !== 'number').map(String);
  return fieldsByPath[names.join('.')] ?? fieldsByPath[names[0] ?? ''] ?? (names[0] as FieldName);
}

function indexOf(setting: string, index: PropertyKey | undefined): number | null {
  return (setting === 'storage' || setting === 'serial') && typeof index === 'number' ? index : null;
}

function schemaSentence(setting: string, message: string, words: Words): string {
  if (setting === 'memoryMib') return words.memory(MEMORY_MIN_MIB, MEMORY_MAX_MIB);
  if (setting === 'cpuCapPercent') return words.percent(1, 100);
  return words.other(message);
}
