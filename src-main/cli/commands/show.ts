// `ospite show`: all about a machine, for people; the definition itself is in --json.
import type { MachineDefinition, MachineSettings } from '../../contract/machine.ts';
import type { MachineSummary, MethodOutput } from '../../contract/methods.ts';
import { presetFor } from '../../contract/os-presets.ts';
import { findMachine, stateName } from '../machines.ts';
import type { Handler } from '../surroundings.ts';
import { definitions, printable, sizeText, table } from '../text-layout.ts';

const MIB = 1024 * 1024;
const COLUMN = 18;
const WIDTH = 100;

export const show: Handler<'show'> = async ({ words: { NAME }, options, json }, around) => {
  const host = await around.host();
  const { id } = await findMachine(host, NAME);
  if (options.files) {
    const files = await host.call('machine.files', { id });
    around.print(json ? JSON.stringify(files) : filesText(files));
    return 0;
  }
  const machine = await host.call('machine.get', { id });
  around.print(json ? JSON.stringify(machine) : machineText(machine));
  return 0;
};

function filesText({ folder, files }: MethodOutput<'machine.files'>): string {
  const rows = files.map(({ path, sizeBytes, isOwned, usedBy }) => [
    sizeText(sizeBytes),
    isOwned ? 'its own' : 'outside',
    printable(path),
    usedBy.map(printable).join(', '),
  ]);
  return `${printable(folder)}\n\n${table([{ title: 'SIZE', isRight: true }, { title: 'PLACE' }, { title: 'FILE' }, { title: 'ALSO USED BY' }], rows)}`;
}

function machineText({ definition, summary }: { definition: MachineDefinition; summary: MachineSummary }): string {
  const parts = [
    identity(definition, summary),
    hardware(definition.settings),
    storage(definition.settings),
    serial(definition.settings),
  ];
  const notes = definition.description === '' ? [] : [printable(definition.description).replaceAll('\ufffd', ' ')];
  return [...parts.filter((rows) => rows.length > 0).map((rows) => definitions(rows, COLUMN, WIDTH)), ...notes].join(
    '\n\n',
  );
}

type Rows = (readonly [string, string])[];

function identity(definition: MachineDefinition, summary: MachineSummary): Rows {
  const since = summary.stateSince.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  return [
    ['Name', printable(definition.name)],
    ['Id', definition.id],
    ['State', `${stateName(summary.state)} since ${since}${summary.isDisposable ? ', disposable' : ''}`],
    ...(summary.message === '' ? [] : [['', printable(summary.message)] as const]),
    ['System', `${presetFor(definition.os).title} (${definition.os})`],
    ...(definition.group === '' ? [] : [['Group', printable(definition.group)] as const]),
    ['Folder', printable(summary.folder)],
  ];
}

function hardware(settings: MachineSettings): Rows {
  const { firmware, directBoot } = settings;
  return [
    ['Memory', sizeText(settings.memoryMib * MIB)],
    ['Processors', `${settings.cpus}, ${settings.cpuModel}, execution cap ${settings.cpuCapPercent} %`],
    ['Accelerator', settings.accelerator],
    ['Firmware', firmware.kind === 'bios' ? 'embedded BIOS' : printable(firmware.path)],
    ['Boot order', settings.bootOrder.join(', ') || 'none'],
    ...(directBoot === null
      ? []
      : ([
          ['Kernel', printable(directBoot.kernel)],
          ...(directBoot.initrd === undefined ? [] : [['Initial disk', printable(directBoot.initrd)] as const]),
          ...(directBoot.append === '' ? [] : [['Command line', printable(directBoot.append)] as const]),
        ] as Rows)),
    ['Display', settings.vga === 'none' ? 'none' : `standard, ${settings.videoMemoryMib} MiB`],
    ['Mouse', settings.pointingDevice === 'ps2' ? 'PS/2' : 'PS/2, absolute positions'],
    ['Clock', settings.rtc === 'utc' ? 'UTC' : 'local time'],
    ['Random numbers', settings.rng ? 'on' : 'off'],
  ];
}

const driveNames = { disk: 'hard disk', cdrom: 'optical drive', floppy: 'floppy drive' };

function storage({ storage: attachments }: MachineSettings): Rows {
  return attachments.map(({ type, path, bus, readOnly, discard }, index) => {
    const flags = [
      ...(type === 'disk' ? [`on ${bus}`] : []),
      ...(readOnly && type !== 'cdrom' ? ['read-only'] : []),
      ...(discard ? ['discard'] : []),
    ];
    const kind = [driveNames[type], ...flags].join(', ');
    return [`Drive ${index + 1}`, `${kind}: ${path === null ? 'empty' : printable(path)}`] as const;
  });
}

function serial({ serial: ports }: MachineSettings): Rows {
  return ports.map((port, index) => [
    `Serial port ${index + 1}`,
    port.kind === 'file' ? `to ${printable(port.path)}` : port.kind,
  ]);
}
