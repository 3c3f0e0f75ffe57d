// --disk, --cdrom, --floppy and --serial: what is plugged into a machine, as words of the command line and back.
import { notYet, wrongUsage } from './commands/fault.ts';
import type { OptionSpecs } from './commands/spec.ts';
import { joinFile, optionWords, splitFile, splitOnce } from './commands/words.ts';
import type { Attachment, MachineSettings, SerialPort } from './machine.ts';

export const mediumOptions = {
  disk: {
    type: 'string',
    multiple: true,
    value: 'FILE[,bus=ide|virtio][,readonly][,discard]',
    help: 'hard disk (on virtio with --kernel, else ide)',
    complete: 'file',
  },
  cdrom: {
    type: 'string',
    multiple: true,
    value: 'FILE|empty',
    help: 'optical drive with this disc image (.iso)',
    complete: 'file',
  },
  floppy: {
    type: 'string',
    multiple: true,
    value: 'FILE[,readonly]|empty',
    help: 'floppy drive with this image',
    complete: 'file',
  },
} as const satisfies OptionSpecs;

type MediumType = Attachment['type'];
const mediumTypes: readonly MediumType[] = ['disk', 'cdrom', 'floppy'];

interface Given {
  name: string;
  value: string;
}
interface PathContext {
  resolvePath(path: string): string;
  current: MachineSettings | null;
}

/** Drives of the named types replace those that the machine has of these types; undefined when none is named. */
export function parseAttachments(
  options: readonly Given[],
  context: PathContext,
  diskBus: Attachment['bus'],
): Attachment[] | undefined {
  const media = options.filter(({ name }) => (mediumTypes as readonly string[]).includes(name));
  if (media.length === 0) return undefined;
  const named = new Set(media.map(({ name }) => name));
  return [
    ...(context.current?.storage ?? []).filter(({ type }) => !named.has(type)),
    ...media.flatMap(({ name, value }) => {
      if (value === 'none') return [];
      return name === 'disk'
        ? parseDisk(value, diskBus, context)
        : parseRemovable(name as 'cdrom' | 'floppy', value, context);
    }),
  ];
}

function parseDisk(value: string, defaultBus: Attachment['bus'], { resolvePath }: PathContext): Attachment {
  const { file, flags } = splitFile('disk', value, ['bus', 'readonly', 'discard']);
  const bus = flags.get('bus') ?? defaultBus;
  if (bus !== 'ide' && bus !== 'virtio') {
    if (['ahci', 'nvme', 'scsi'].includes(bus))
      throw notYet(`--disk bus=${bus} is not in this version; use bus=ide or bus=virtio`);
    throw wrongUsage(`--disk has an unknown bus "${bus}"; use ide or virtio`);
  }
  return { type: 'disk', path: resolvePath(file), bus, readOnly: flags.has('readonly'), discard: flags.has('discard') };
}

function parseRemovable(type: 'cdrom' | 'floppy', value: string, { resolvePath }: PathContext): Attachment {
  const { file, flags } = splitFile(type, value, ['bus', 'readonly']);
  const ownBus = type === 'cdrom' ? 'ide' : 'floppy';
  if ((flags.get('bus') ?? ownBus) !== ownBus)
    throw notYet(`--${type} bus=${flags.get('bus')} is not in this version; leave out bus=`);
  return {
    type,
    path: file === 'empty' ? null : resolvePath(file),
    bus: ownBus,
    readOnly: type === 'cdrom' || flags.has('readonly'),
    discard: false,
  };
}

/** The option of one drive; a disk's bus goes without saying where it is the usual one. */
export function attachmentWord(attachment: Attachment, usualBus: Attachment['bus'] | null): string[] {
  const { type, path, bus, readOnly, discard } = attachment;
  const flags = [
    ...(type === 'disk' && bus !== usualBus ? [`bus=${bus}`] : []),
    ...(type !== 'cdrom' && readOnly ? ['readonly'] : []),
    ...(type === 'disk' && discard ? ['discard'] : []),
  ];
  return optionWords(type, path === null ? joinFile('empty', flags) : joinFile(path, flags));
}

/** Options of all drives, so that none stays of those that a machine had. */
export function storageWords(storage: readonly Attachment[]): string[] {
  const missing = mediumTypes.filter((type) => !storage.some((attachment) => attachment.type === type));
  return [
    ...storage.flatMap((attachment) => attachmentWord(attachment, null)),
    ...missing.flatMap((type) => optionWords(type, 'none')),
  ];
}

export function firmwareWord(firmware: MachineSettings['firmware']): string {
  if (firmware.kind === 'bios') return 'bios';
  return joinFile(firmware.path, firmware.variables === undefined ? [] : [`vars=${firmware.variables}`]);
}

/** Ports from the first on; the last ones go without saying when there is none. */
export function parseSerial(ports: readonly Given[], context: PathContext): SerialPort[] {
  const parsed = ports.map(({ value }) => parsePort(value, context));
  return parsed.slice(0, parsed.findLastIndex(({ kind }) => kind !== 'none') + 1);
}

function parsePort(value: string, { resolvePath }: PathContext): SerialPort {
  if (value === 'none') return { kind: 'none' };
  if (value === 'stdio' || value === 'console') return { kind: 'console' };
  const [kind, rest] = splitOnce(value, ':');
  if (kind === 'file' && rest) return { kind: 'file', path: resolvePath(rest) };
  if (kind === 'tcp' || kind === 'pty')
    throw notYet(`--serial ${kind} is not in this version; use stdio, none or file:F`);
  throw wrongUsage(`--serial does not know "${value}"; use stdio, none or file:F`);
}

export function serialWord(port: SerialPort): string {
  if (port.kind === 'file') return `file:${port.path}`;
  return port.kind === 'console' ? 'stdio' : 'none';
}
