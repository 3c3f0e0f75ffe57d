// MACHINE OPTIONS of the command line (run, create, set) to machine settings. One table feeds the parser and the help text.
import { resolve } from 'node:path';
import type { z } from 'zod';
import {
  type Attachment,
  bootDevice,
  type MachineSettings,
  type MachineSettingsInput,
  machineSettings,
  type SerialPort,
} from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';

interface OptionHelp {
  type: 'string' | 'boolean';
  multiple?: true;
  value?: string;
  help: string;
}

export const machineOptions = {
  memory: { type: 'string', value: 'MIB', help: 'base memory in MiB (512)' },
  cpus: { type: 'string', value: 'N', help: 'processors (1)' },
  'cpu-cap': { type: 'string', value: 'PERCENT', help: 'limit of processor time (not in this version)' },
  accel: { type: 'string', value: 'auto|kvm|jit|interpreter', help: 'what runs guest code (auto)' },
  'cpu-model': { type: 'string', value: 'NAME', help: 'processor model shown to the guest (ospite-v2)' },
  firmware: { type: 'string', value: 'bios|FILE', help: 'embedded BIOS, or a SeaBIOS or OVMF image (bios)' },
  boot: { type: 'string', value: 'LIST', help: 'boot order of floppy,cdrom,disk,net' },
  kernel: { type: 'string', value: 'FILE', help: 'boot this Linux kernel directly' },
  initrd: { type: 'string', value: 'FILE', help: 'initial RAM disk for --kernel' },
  append: { type: 'string', value: 'STRING', help: 'command line for --kernel' },
  disk: {
    type: 'string',
    multiple: true,
    value: 'FILE[,bus=ide|virtio][,readonly][,discard]',
    help: 'hard disk (virtio with --kernel, else ide)',
  },
  cdrom: { type: 'string', multiple: true, value: 'FILE', help: 'optical disc image (.iso)' },
  floppy: { type: 'string', multiple: true, value: 'FILE[,readonly]', help: 'floppy disk image' },
  nic: { type: 'string', multiple: true, value: 'none', help: 'network adapter (this version: none)' },
  share: { type: 'string', multiple: true, value: 'TAG=DIR[,ro]', help: 'shared folder (not in this version)' },
  serial: { type: 'string', multiple: true, value: 'stdio|none|file:F', help: 'first serial port (stdio)' },
  vga: { type: 'string', value: 'std|none', help: 'display adapter (std)' },
  audio: { type: 'string', value: 'on|off', help: 'sound (this version: off)' },
  usb: { type: 'string', value: 'on|off', help: 'USB (this version: off)' },
  rng: { type: 'string', value: 'on|off', help: 'random number generator (on)' },
} as const satisfies Record<string, OptionHelp>;

export type MachineOptionValues = { [name in keyof typeof machineOptions]?: string | string[] | boolean };

/** Builds settings, each fault naming its option. @throws {OspiteError} usage.invalid, feature.unavailable */
export function settingsFromOptions(values: MachineOptionValues): MachineSettings {
  refuseLaterFeatures(values);
  const text = (name: keyof typeof machineOptions): string | undefined => values[name] as string | undefined;
  const list = (name: keyof typeof machineOptions): string[] => (values[name] as string[] | undefined) ?? [];
  if (text('kernel') === undefined) {
    for (const name of ['initrd', 'append'] as const)
      if (text(name) !== undefined) throw usage(`--${name} needs --kernel`);
  }
  const kernel = text('kernel');
  const initrd = text('initrd');
  const input: MachineSettingsInput = {
    storage: [
      ...list('disk').map((value) => parseDisk(value, kernel === undefined ? 'ide' : 'virtio')),
      ...list('cdrom').map((value) => parseRemovable('cdrom', value)),
      ...list('floppy').map((value) => parseRemovable('floppy', value)),
    ],
    ...(values.memory === undefined ? {} : { memoryMib: parseInteger('memory', text('memory')!) }),
    ...(values.cpus === undefined ? {} : { cpus: parseInteger('cpus', text('cpus')!) }),
    ...(values.accel === undefined ? {} : { accelerator: text('accel') as MachineSettings['accelerator'] }),
    ...(values['cpu-model'] === undefined ? {} : { cpuModel: text('cpu-model')! }),
    ...(values.firmware === undefined ? {} : { firmware: parseFirmware(text('firmware')!) }),
    ...(values.boot === undefined ? {} : { bootOrder: parseBoot(text('boot')!) }),
    ...(kernel === undefined
      ? {}
      : {
          directBoot: {
            kernel: resolve(kernel),
            append: text('append') ?? '',
            ...(initrd === undefined ? {} : { initrd: resolve(initrd) }),
          },
        }),
    ...(values.serial === undefined ? {} : { serial: list('serial').map(parseSerial) }),
    ...(values.vga === undefined ? {} : { vga: text('vga') as MachineSettings['vga'] }),
    ...(values.rng === undefined ? {} : { rng: parseSwitch('rng', text('rng')!) }),
  };
  const parsed = machineSettings.safeParse(input);
  if (!parsed.success) throw usage(describeIssues(parsed.error));
  return parsed.data;
}

/** Aligned help lines, one or two for each option. */
export function machineOptionsHelp(): string {
  return Object.entries(machineOptions)
    .map(([name, option]) => optionLine(`--${name} ${option.value}`, option.help))
    .join('\n');
}

/** An option and its explanation; a long option pushes the explanation to a line of its own. */
export function optionLine(option: string, help: string): string {
  return option.length < 34 ? `  ${option.padEnd(34)}${help}` : `  ${option}\n  ${''.padEnd(34)}${help}`;
}

function refuseLaterFeatures(values: MachineOptionValues): void {
  const later: [keyof typeof machineOptions, string][] = [
    ['cpu-cap', 'Execution caps are'],
    ['share', 'Shared folders are'],
  ];
  for (const [name, what] of later) {
    if (values[name] !== undefined)
      throw new OspiteError('feature.unavailable', `${what} not in this version; leave out --${name}`);
  }
  for (const nic of (values.nic as string[] | undefined) ?? []) {
    if (nic !== 'none')
      throw new OspiteError(
        'feature.unavailable',
        `Network adapters are not in this version; use --nic none instead of --nic ${nic}`,
      );
  }
  for (const name of ['audio', 'usb'] as const) {
    if (values[name] !== undefined && parseSwitch(name, values[name] as string)) {
      throw new OspiteError(
        'feature.unavailable',
        `${name === 'usb' ? 'USB is' : 'Sound is'} not in this version; use --${name} off`,
      );
    }
  }
  if (values.vga === 'virtio')
    throw new OspiteError('feature.unavailable', 'The virtio display adapter is not in this version; use --vga std');
}

function parseDisk(value: string, defaultBus: Attachment['bus']): Attachment {
  const { path, flags } = splitMedium('disk', value, ['bus', 'readonly', 'discard']);
  const bus = flags.get('bus') ?? defaultBus;
  if (bus !== 'ide' && bus !== 'virtio') {
    if (['ahci', 'nvme', 'scsi'].includes(bus))
      throw new OspiteError(
        'feature.unavailable',
        `--disk bus=${bus} is not in this version; use bus=ide or bus=virtio`,
      );
    throw usage(`--disk has an unknown bus "${bus}"; use ide or virtio`);
  }
  return { type: 'disk', path, bus, readOnly: flags.has('readonly'), discard: flags.has('discard') };
}

function parseRemovable(type: 'cdrom' | 'floppy', value: string): Attachment {
  const { path, flags } = splitMedium(type, value, ['bus', 'readonly']);
  const bus = flags.get('bus') ?? (type === 'cdrom' ? 'ide' : 'floppy');
  if (bus !== (type === 'cdrom' ? 'ide' : 'floppy'))
    throw new OspiteError('feature.unavailable', `--${type} bus=${bus} is not in this version; leave out bus=`);
  return { type, path, bus, readOnly: type === 'cdrom' || flags.has('readonly'), discard: false };
}

/** FILE[,key[=value]]...: the file may contain commas as long as what follows is no known key. */
function splitMedium(option: string, value: string, keys: string[]): { path: string; flags: Map<string, string> } {
  const parts = value.split(',');
  const flags = new Map<string, string>();
  while (parts.length > 1) {
    const [key, setting] = splitOnce(parts.at(-1)!, '=');
    if (!keys.includes(key)) break;
    flags.set(key, setting ?? '');
    parts.pop();
  }
  const path = parts.join(',');
  if (path === '') throw usage(`--${option} needs a file`);
  return { path: resolve(path), flags };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseFirmware(value: string): MachineSettings['firmware'] {
  return value === 'bios' ? { kind: 'bios' } : { kind: 'file', path: resolve(value) };
}

function parseBoot(value: string): MachineSettings['bootOrder'] {
  return value.split(',').map((word) => {
    const parsed = bootDevice.safeParse(word);
    if (!parsed.success) throw usage(`--boot does not know "${word}"; use a list of floppy, cdrom, disk, net`);
    return parsed.data;
  });
}

function parseSerial(value: string): SerialPort {
  if (value === 'none') return { kind: 'none' };
  if (value === 'stdio') return { kind: 'console' };
  const [kind, rest] = splitOnce(value, ':');
  if (kind === 'file' && rest) return { kind: 'file', path: resolve(rest) };
  if (kind === 'tcp' || kind === 'pty')
    throw new OspiteError('feature.unavailable', `--serial ${kind} is not in this version; use stdio, none or file:F`);
  throw usage(`--serial does not know "${value}"; use stdio, none or file:F`);
}

function parseSwitch(option: string, value: string): boolean {
  if (value !== 'on' && value !== 'off') throw usage(`--${option} is on or off, not "${value}"`);
  return value === 'on';
}

/** A whole, non-negative decimal number. */
export function parseInteger(option: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw usage(`--${option} needs a whole number, not "${value}"`);
  return Number(value);
}

const optionOfField: Record<string, string> = {
  memoryMib: '--memory',
  accelerator: '--accel',
  cpuModel: '--cpu-model',
  cpus: '--cpus',
  vga: '--vga',
  storage: '--disk, --cdrom, --floppy',
  serial: '--serial',
  bootOrder: '--boot',
};

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const field = String(issue.path[0] ?? '');
      return `${optionOfField[field] ?? field}: ${issue.message}`;
    })
    .join('; ');
}

function usage(message: string): OspiteError {
  return new OspiteError('usage.invalid', message);
}
