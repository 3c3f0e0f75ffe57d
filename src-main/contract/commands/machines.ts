// Commands about machines and their definitions.
import { machineOptions } from '../machine-options.ts';
import { windowOptions } from '../window-options.ts';
import { command, machinePositional, type OptionSpecs } from './spec.ts';

/** What a machine is called and where it stands in the list. */
const identityOptions = {
  os: { type: 'string', value: 'ID', help: 'guest system, as "ospite systems" lists them (other)' },
  description: { type: 'string', value: 'TEXT', help: 'notes about the machine' },
  group: { type: 'string', value: 'GROUP', help: 'group in the list; nested with "/", such as Lab/Web' },
} as const satisfies OptionSpecs;

const parts = {
  memory: 'Machine options',
  'start-mode': 'Window options',
} as const;

const MEDIA_RULES = `FILE,readonly refuses writes of the guest; FILE,discard passes its TRIM on. A comma in a file’s name is doubled.
"empty" is a drive without a medium.`;

export const machineCommands = {
  create: command({
    group: 'machines',
    summary: 'make a machine',
    positionals: [{ name: 'NAME' }],
    options: {
      ...identityOptions,
      'new-disk': {
        type: 'string',
        value: 'SIZE[,bus=ide|virtio][,preallocated]',
        help: 'make its first hard disk, such as 20G, in its folder',
      },
      ...machineOptions,
      ...windowOptions,
    },
    parts,
    methods: ['machine.create'],
    details: `--os chooses hardware that suits the system: memory, video memory, mouse, clock, bus of the new disk. Options change it.\n${MEDIA_RULES}`,
    examples: [
      "ospite create 'My Debian' --os debian --memory 1024 --new-disk 8G --cdrom debian.iso",
      'ospite create dos --memory 16 --floppy freedos.img',
      'ospite create tiny --kernel vmlinuz --initrd initrd.gz --append console=ttyS0',
    ],
  }),
  set: command({
    group: 'machines',
    summary: 'change a machine',
    positionals: [machinePositional],
    options: {
      name: { type: 'string', value: 'NAME', help: 'another name' },
      ...identityOptions,
      ...machineOptions,
      ...windowOptions,
    },
    parts,
    methods: ['machine.get', 'machine.update'],
    details: `What is not named stays. --disk, --cdrom and --floppy replace all drives of their kind ("none" takes them away); --serial
replaces all ports. While the machine runs, only --cpu-cap and what is about its name and window can change.
${MEDIA_RULES}`,
    examples: [
      'ospite set dos --memory 32',
      'ospite set dos --cdrom empty --boot cdrom,disk',
      'ospite set dos --cpu-cap 50',
    ],
  }),
  systems: command({
    group: 'machines',
    summary: 'list guest systems for --os, and their hardware',
    positionals: [],
    options: {},
    methods: [],
    examples: ['ospite systems'],
  }),
  show: command({
    group: 'machines',
    summary: 'tell all about a machine',
    positionals: [machinePositional],
    options: { files: { type: 'boolean', help: 'list the files that it owns or uses, and who else uses them' } },
    methods: ['machine.get', 'machine.files'],
    examples: ['ospite show dos', 'ospite show dos --json', 'ospite show dos --files'],
  }),
  list: command({
    group: 'machines',
    summary: 'list machines and their states',
    positionals: [],
    options: {
      running: { type: 'boolean', help: 'only those that run or are paused' },
      names: { type: 'boolean', help: 'only the names, a line each' },
      refresh: { type: 'boolean', help: 'read the definitions anew before: some were mended or edited by hand' },
    },
    methods: ['machine.list', 'machine.refresh'],
    examples: ['ospite list', 'ospite list --running --json'],
  }),
  add: command({
    group: 'machines',
    summary: 'add an existing machine to the list',
    positionals: [{ name: 'FILE', complete: 'file' }],
    options: {},
    methods: ['machine.register'],
    details: 'FILE is a machine.json, or the folder that has it.',
    examples: ['ospite add /data/machines/dos'],
  }),
  rename: command({
    group: 'machines',
    summary: 'give a machine another name',
    positionals: [machinePositional, { name: 'NEWNAME' }],
    options: {},
    methods: ['machine.update'],
    examples: ["ospite rename dos 'DOS 6'"],
  }),
  group: command({
    group: 'machines',
    summary: 'put a machine into a group',
    positionals: [machinePositional, { name: 'GROUP', isOptional: true }],
    options: {},
    methods: ['machine.update'],
    details:
      'Groups nest with "/", such as Lab/Web. Without GROUP, the machine goes to the top of the list, out of its group.',
    examples: ['ospite group dos Old/DOS', 'ospite group dos'],
  }),
  move: command({
    group: 'machines',
    summary: 'move a machine’s folder into another folder',
    positionals: [machinePositional, { name: 'FOLDER', complete: 'folder' }],
    options: {},
    methods: ['machine.move', 'task.wait', 'task.cancel'],
    details: 'The machine must be off.',
    examples: ['ospite move dos /data/machines'],
  }),
  remove: command({
    group: 'machines',
    summary: 'remove a machine and its folder',
    positionals: [machinePositional],
    options: {
      'keep-media': { type: 'boolean', help: 'only take it off the list: its folder stays, with its disks' },
      yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    },
    methods: ['machine.remove', 'machine.files'],
    details:
      'The machine must be off. Asks on a terminal; elsewhere --yes is needed. Media outside its folder always stay.',
    examples: ['ospite remove dos --yes', 'ospite remove dos --keep-media'],
  }),
} as const;
