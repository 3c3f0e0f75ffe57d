// A machine's definition: what a person configures and what is stored. The running machine is built from it and nothing else.
import { z } from 'zod';
import { withoutDefaults } from './patch.ts';
import { hostPath, id, machineName } from './primitives.ts';

/** Guest RAM limits in MiB. The upper one comes from the 4 GiB WebAssembly memory that also holds tables and video RAM. */
export const MEMORY_MIN_MIB = 4;
export const MEMORY_MAX_MIB = 3584;

export const accelerator = z.enum(['auto', 'kvm', 'jit', 'interpreter']);
export type Accelerator = z.infer<typeof accelerator>;

export const bootDevice = z.enum(['disk', 'cdrom', 'floppy', 'net']);

export const firmware = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bios') }).describe('The embedded BIOS'),
  z
    .strictObject({
      kind: z.literal('file'),
      path: hostPath.describe('A SeaBIOS or OVMF image'),
      variables: hostPath.optional().describe('The UEFI variable store, where it is a file of its own'),
    })
    .describe('A firmware image of your own'),
]);

export const directBoot = z.strictObject({
  kernel: hostPath.describe('A Linux bzImage, a PVH ELF kernel, or memtest86+ .bin'),
  initrd: hostPath.optional().describe('Initial RAM disk'),
  append: z.string().max(65_535).default('').describe('Kernel command line'),
});

export const storageBus = z.enum(['ide', 'virtio', 'ahci', 'nvme', 'scsi', 'floppy']);
/** Where a medium is plugged in. `path` null is an empty drive (optical and floppy only). */
export const attachment = z
  .strictObject({
    type: z.enum(['disk', 'cdrom', 'floppy']),
    path: hostPath.nullable(),
    bus: storageBus,
    readOnly: z.boolean().default(false).describe('Refuse guest writes'),
    discard: z.boolean().default(false).describe('Pass TRIM through to the medium'),
  })
  .refine((a) => a.path !== null || a.type !== 'disk', { error: 'A hard disk needs a file', path: ['path'] })
  .refine((a) => (a.type === 'floppy') === (a.bus === 'floppy'), {
    error: 'Floppies go on the floppy bus, and only they',
    path: ['bus'],
  });
export type Attachment = z.infer<typeof attachment>;

export const serialPort = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z
    .strictObject({ kind: z.literal('console') })
    .describe('Shown in the console window, or on standard input and output'),
  z.strictObject({ kind: z.literal('file'), path: hostPath }).describe('Output goes to a file'),
]);
export type SerialPort = z.infer<typeof serialPort>;

export const machineSettings = z.strictObject({
  memoryMib: z
    .number()
    .int()
    .min(MEMORY_MIN_MIB, `A machine needs at least ${MEMORY_MIN_MIB} MiB of memory`)
    .max(MEMORY_MAX_MIB, `A machine can have at most ${MEMORY_MAX_MIB} MiB of memory`)
    .default(512)
    .describe('Base memory in MiB'),
  cpus: z
    .number()
    .int()
    .min(1)
    .max(1, 'This version gives a machine one processor; set cpus to 1')
    .default(1)
    .describe('Processors'),
  accelerator: accelerator.default('auto').describe('What runs guest code'),
  cpuCapPercent: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('Execution cap: the share of a host processor a virtual one may use, in percent'),
  cpuModel: z.string().max(40).default('ospite-v2').describe('Processor model shown to the guest'),
  firmware: firmware.default({ kind: 'bios' }),
  bootOrder: z.array(bootDevice).max(4).default(['floppy', 'cdrom', 'disk', 'net']).describe('Boot order'),
  directBoot: directBoot.nullable().default(null),
  storage: z.array(attachment).max(32).default([]),
  serial: z
    .array(serialPort)
    .max(4)
    .default([{ kind: 'console' }]),
  vga: z.enum(['std', 'none']).default('std').describe('Display adapter'),
  videoMemoryMib: z
    .union([z.literal(4), z.literal(8), z.literal(16), z.literal(32), z.literal(64)])
    .default(16)
    .describe('Video memory in MiB'),
  pointingDevice: z
    .enum(['ps2', 'vmmouse'])
    .default('vmmouse')
    .describe('Mouse: PS/2 only, or with absolute positions for guests that know the VMware mouse'),
  rng: z.boolean().default(true).describe('Paravirtual random number generator'),
  rtc: z.enum(['utc', 'local']).default('utc').describe('Real-time clock shows'),
});
export type MachineSettings = z.infer<typeof machineSettings>;
export type MachineSettingsInput = z.input<typeof machineSettings>;

/** The settings that may change while the machine runs; media in removable drives change by `machine.changeMedium`. */
export const LIVE_SETTINGS = ['cpuCapPercent'] as const satisfies (keyof MachineSettings)[];

/** Some settings: each one present replaces the whole old value, what is missing stays. */
export const machineSettingsPatch = withoutDefaults(machineSettings);
export type MachineSettingsPatch = z.infer<typeof machineSettingsPatch>;

/** How a machine's console window looks and ends. */
export const machineUi = z.strictObject({
  startMode: z.enum(['window', 'headless']).default('window').describe('What Start does'),
  visualState: z.enum(['normal', 'fullscreen', 'scaled']).default('normal').describe('How the console opens'),
  scaling: z
    .enum(['smooth', 'whole'])
    .default('smooth')
    .describe('How a scaled screen is drawn: as large as fits, or in whole multiples of the guest’s pixels'),
  scalePercent: z.number().int().min(50).max(400).default(100).describe('Size of the guest’s screen in percent'),
  showsMenuBar: z.boolean().default(true).describe('Menu bar'),
  showsStatusBar: z.boolean().default(true).describe('Status bar'),
  closeAction: z
    .enum(['ask', 'background', 'powerButton', 'powerOff'])
    .default('ask')
    .describe('What closing the console does'),
});
export type MachineUi = z.infer<typeof machineUi>;
export const machineUiPatch = withoutDefaults(machineUi);

/** Names of nested groups, outermost first, joined by "/"; empty is the top of the list. */
export const machineGroup = z
  .string()
  .max(500)
  .regex(/^$|^[^/\p{Cc}]+(\/[^/\p{Cc}]+)*$/u, 'A group is names joined by "/", such as "Lab/Web"');

export const MACHINE_VERSION = 2;

/** The file `machine.json` in a machine's folder. */
export const machineDefinition = z.strictObject({
  version: z.literal(MACHINE_VERSION),
  id,
  name: machineName,
  os: z.string().max(60).default('other').describe('Guest system, by preset id'),
  description: z.string().max(65_535).default(''),
  group: machineGroup.default(''),
  createdAt: z.iso.datetime(),
  settings: machineSettings,
  ui: machineUi.prefault({}),
});
export type MachineDefinition = z.infer<typeof machineDefinition>;

export const machineState = z.enum(['poweredOff', 'starting', 'running', 'paused', 'stopping', 'crashed', 'aborted']);
export type MachineState = z.infer<typeof machineState>;

/** True while the machine is in memory: it runs, is paused, or is just starting or stopping. */
export function isActive(state: MachineState): boolean {
  return state === 'running' || state === 'paused' || state === 'starting' || state === 'stopping';
}
