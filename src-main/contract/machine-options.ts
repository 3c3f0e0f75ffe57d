// MACHINE OPTIONS of the command line (run, create, set) and machine settings: one table, both ways.
import type { z } from 'zod';
import { notYet, wrongUsage } from './commands/fault.ts';
import type { OptionSpecs } from './commands/spec.ts';
import { optionWords, parseInteger, parseSwitch, splitFile } from './commands/words.ts';
import {
  accelerator,
  bootDevice,
  type MachineSettings,
  type MachineSettingsPatch,
  machineSettings,
  machineSettingsPatch,
} from './machine.ts';
import {
  attachmentWord,
  firmwareWord,
  mediumOptions,
  parseAttachments,
  parseSerial,
  serialWord,
  storageWords,
} from './media-options.ts';

/** An option as given, in the order of the command line; switches have no value. */
export interface GivenOption {
  name: string;
  value: string;
}

export interface OptionContext {
  /** Makes a path absolute, as seen from the folder of the caller. */
  resolvePath(path: string): string;
  /** What is changed; null for a new machine. */
  current: MachineSettings | null;
}

const given = {
  memory: { type: 'string', value: 'MIB', help: 'base memory in MiB (512)' },
  cpus: { type: 'string', value: 'N', help: 'processors (1)' },
  'cpu-cap': { type: 'string', value: 'PERCENT', help: 'execution cap of each processor (100)' },
  accel: {
    type: 'string',
    value: 'auto|kvm|jit|interpreter',
    help: 'what runs guest code (auto)',
    complete: accelerator.options,
  },
  'cpu-model': { type: 'string', value: 'NAME', help: 'processor model shown to the guest (ospite-v2)' },
  firmware: {
    type: 'string',
    value: 'bios|FILE[,vars=FILE]',
    help: 'embedded BIOS, or a SeaBIOS or OVMF image (bios)',
    complete: 'file',
  },
  boot: {
    type: 'string',
    value: 'LIST|none',
    help: 'boot order (floppy,cdrom,disk,net)',
    complete: bootDevice.options,
  },
  kernel: { type: 'string', value: 'FILE|none', help: 'boot this Linux kernel directly', complete: 'file' },
  initrd: { type: 'string', value: 'FILE|none', help: 'initial RAM disk for --kernel', complete: 'file' },
  append: { type: 'string', value: 'STRING', help: 'command line for --kernel' },
  ...mediumOptions,
  nic: {
    type: 'string',
    multiple: true,
    value: 'none',
    help: 'network adapter (this version: none)',
    complete: ['none'],
  },
  share: { type: 'string', multiple: true, value: 'TAG=DIR[,ro]', help: 'shared folder (not in this version)' },
  serial: {
    type: 'string',
    multiple: true,
    value: 'stdio|none|file:F',
    help: 'a serial port, first to fourth; stdio is the console (stdio)',
    complete: ['stdio', 'none', 'file:'],
  },
  vga: { type: 'string', value: 'std|none', help: 'display adapter (std)', complete: ['std', 'none'] },
  'video-memory': {
    type: 'string',
    value: 'MIB',
    help: 'video memory: 4, 8, 16, 32 or 64 (16)',
    complete: ['4', '8', '16', '32', '64'],
  },
  pointing: {
    type: 'string',
    value: 'ps2|vmmouse',
    help: 'mouse: PS/2 only, or absolute positions too (vmmouse)',
    complete: ['ps2', 'vmmouse'],
  },
  audio: { type: 'string', value: 'on|off', help: 'sound (this version: off)', complete: ['off'] },
  usb: { type: 'string', value: 'on|off', help: 'USB (this version: off)', complete: ['off'] },
  rng: { type: 'string', value: 'on|off', help: 'random number generator (on)', complete: ['on', 'off'] },
  rtc: { type: 'string', value: 'utc|local', help: 'what the clock shows (utc)', complete: ['utc', 'local'] },
} as const satisfies OptionSpecs;

export const machineOptions: { readonly [Name in keyof typeof given]: (typeof given)[Name] } = given;
type MachineOptionName = keyof typeof given;

/** An option of one value for one setting. */
interface Codec<Value> {
  option: MachineOptionName;
  /** What the schema then judges. */
  read(value: string, context: OptionContext): unknown;
  write(value: Value): string;
}
type Compound = 'directBoot' | 'storage' | 'serial';
const asIs = (value: string): string => value;
const onOff = (value: boolean): string => (value ? 'on' : 'off');
function whole(option: MachineOptionName): Codec<number> {
  return { option, read: (value) => parseInteger(option, value), write: String };
}

/** A setting without an option does not compile. */
const codecs: { [Field in Exclude<keyof MachineSettings, Compound>]: Codec<MachineSettings[Field]> } = {
  memoryMib: whole('memory'),
  cpus: whole('cpus'),
  cpuCapPercent: whole('cpu-cap'),
  accelerator: { option: 'accel', read: asIs, write: asIs },
  cpuModel: { option: 'cpu-model', read: asIs, write: asIs },
  firmware: { option: 'firmware', read: parseFirmware, write: firmwareWord },
  bootOrder: {
    option: 'boot',
    read: parseBoot,
    write: (order) => (order.length === 0 ? 'none' : order.join(',')),
  },
  vga: { option: 'vga', read: asIs, write: asIs },
  videoMemoryMib: whole('video-memory'),
  pointingDevice: { option: 'pointing', read: asIs, write: asIs },
  rng: { option: 'rng', read: (value) => parseSwitch('rng', value), write: onOff },
  rtc: { option: 'rtc', read: asIs, write: asIs },
};
const fields = Object.keys(codecs) as (keyof typeof codecs)[];

/** The settings that the options name; storage and direct boot take over from `context.current` what is not named. @throws {CommandFault} */
export function settingsPatch(options: readonly GivenOption[], context: OptionContext): MachineSettingsPatch {
  refuseLaterFeatures(options);
  const patch: Record<string, unknown> = {};
  for (const { name, value } of options) {
    const field = fields.find((candidate) => codecs[candidate].option === name);
    if (field !== undefined) patch[field] = codecs[field].read(value, context);
  }
  const directBoot = parseDirectBoot(options, context);
  if (directBoot !== undefined) patch['directBoot'] = directBoot;
  const boots = directBoot === undefined ? (context.current?.directBoot ?? null) : directBoot;
  const storage = parseAttachments(options, context, boots === null ? 'ide' : 'virtio');
  if (storage !== undefined) patch['storage'] = storage;
  const ports = options.filter(({ name }) => name === 'serial');
  if (ports.length > 0) patch['serial'] = parseSerial(ports, context);
  const parsed = machineSettingsPatch.safeParse(patch);
  if (!parsed.success) throw wrongUsage(describeIssues(parsed.error));
  return parsed.data;
}

/** Settings of a new machine; what is not named comes from `base`. @throws {CommandFault} */
export function settingsFromOptions(
  options: readonly GivenOption[],
  context: Pick<OptionContext, 'resolvePath'>,
  base: MachineSettings = machineSettings.parse({}),
): MachineSettings {
  return machineSettings.parse({ ...base, ...settingsPatch(options, { ...context, current: null }) });
}

/** Options that make `base` into `settings`. */
export function newMachineWords(settings: MachineSettings, base: MachineSettings): string[] {
  const patch = Object.fromEntries(
    Object.entries(settings).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(base[field as keyof MachineSettings]),
    ),
  ) as MachineSettingsPatch;
  const bus = settings.directBoot === null ? 'ide' : 'virtio';
  return wordsOf(patch, (storage) => storage.flatMap((attachment) => attachmentWord(attachment, bus)));
}

/** Options that make these settings out of any others; nothing is left to defaults. */
export function changeWords(patch: MachineSettingsPatch): string[] {
  return wordsOf(patch, storageWords);
}

function wordsOf(
  patch: MachineSettingsPatch,
  storageOptions: (storage: MachineSettings['storage']) => string[],
): string[] {
  const words: string[] = [];
  for (const field of fields) {
    const { option, write } = codecs[field] as Codec<unknown>;
    const value = patch[field];
    if (value !== undefined) words.push(...optionWords(option, write(value)));
  }
  if (patch.directBoot !== undefined) words.push(...directBootWords(patch.directBoot));
  if (patch.storage !== undefined) words.push(...storageOptions(patch.storage));
  if (patch.serial !== undefined)
    words.push(
      ...(patch.serial.length === 0
        ? ['--serial', 'none']
        : patch.serial.flatMap((port) => optionWords('serial', serialWord(port)))),
    );
  return words;
}

function parseFirmware(value: string, { resolvePath }: OptionContext): unknown {
  if (value === 'bios') return { kind: 'bios' };
  const { file, flags } = splitFile('firmware', value, ['vars']);
  const variables = flags.get('vars');
  return { kind: 'file', path: resolvePath(file), ...(variables ? { variables: resolvePath(variables) } : {}) };
}

function parseBoot(value: string): unknown {
  if (value === 'none') return [];
  return value.split(',').map((word) => {
    const parsed = bootDevice.safeParse(word);
    if (!parsed.success) throw wrongUsage(`--boot does not know "${word}"; use a list of floppy, cdrom, disk, net`);
    return parsed.data;
  });
}

/** Undefined when nothing is said about it. */
function parseDirectBoot(options: readonly GivenOption[], { resolvePath, current }: OptionContext): unknown {
  const last = (name: string): string | undefined => options.findLast((option) => option.name === name)?.value;
  const kernel = last('kernel');
  const details = { initrd: last('initrd'), append: last('append') };
  if (kernel === undefined && details.initrd === undefined && details.append === undefined) return undefined;
  const before = kernel === undefined ? (current?.directBoot ?? null) : null;
  if (kernel === 'none' || (kernel === undefined && before === null)) {
    for (const [name, value] of Object.entries(details))
      if (value !== undefined) throw wrongUsage(`--${name} needs --kernel`);
    return null;
  }
  const { initrd = before?.initrd, append = before?.append ?? '' } = details;
  return {
    kernel: kernel === undefined ? before?.kernel : resolvePath(kernel),
    append,
    ...(initrd === undefined || initrd === 'none' ? {} : { initrd: resolvePath(initrd) }),
  };
}

function directBootWords(boot: MachineSettings['directBoot']): string[] {
  if (boot === null) return ['--kernel', 'none'];
  return [
    ...optionWords('kernel', boot.kernel),
    ...(boot.initrd === undefined ? [] : optionWords('initrd', boot.initrd)),
    ...(boot.append === '' ? [] : optionWords('append', boot.append)),
  ];
}

function refuseLaterFeatures(options: readonly GivenOption[]): void {
  for (const { name, value } of options) {
    if (name === 'share') throw notYet('Shared folders are not in this version; leave out --share');
    if (name === 'nic' && value !== 'none')
      throw notYet(`Network adapters are not in this version; use --nic none instead of --nic ${value}`);
    if ((name === 'audio' || name === 'usb') && parseSwitch(name, value))
      throw notYet(`${name === 'usb' ? 'USB is' : 'Sound is'} not in this version; use --${name} off`);
    if (name === 'vga' && value === 'virtio')
      throw notYet('The virtio display adapter is not in this version; use --vga std');
  }
}

const optionOfField: Readonly<Record<string, string>> = {
  ...Object.fromEntries(fields.map((field) => [field, `--${codecs[field].option}`])),
  storage: '--disk, --cdrom, --floppy',
  serial: '--serial',
  directBoot: '--kernel, --initrd, --append',
};

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const field = String(issue.path[0] ?? '');
      return `${optionOfField[field] ?? field}: ${issue.message}`;
    })
    .join('; ');
}
