// What `ospite create` and `ospite set` call their methods with. The reverse is in command-line.ts.
import { wrongUsage } from './commands/fault.ts';
import { parseSize, splitFile } from './commands/words.ts';
import { type MachineSettings, machineSettings } from './machine.ts';
import { type GivenOption, type OptionContext, settingsFromOptions, settingsPatch } from './machine-options.ts';
import { type MethodInput, methods } from './methods.ts';
import { osPresets, presetFor } from './os-presets.ts';
import { uiPatch } from './window-options.ts';

/** Settings of a new machine for a guest system, before any option. */
export function presetSettings(os: string): MachineSettings {
  const { memoryMib, cpus, videoMemoryMib, pointingDevice, rtc } = presetFor(os);
  return machineSettings.parse({ memoryMib, cpus, videoMemoryMib, pointingDevice, rtc });
}

/** @throws {CommandFault} */
export function createInput(
  name: string,
  options: readonly GivenOption[],
  context: Pick<OptionContext, 'resolvePath'>,
): MethodInput<'machine.create'> {
  const identity = identityOf(options);
  const ui = uiPatch(options);
  const os = identity.os ?? 'other';
  const newDisk = last(options, 'new-disk');
  return checked('machine.create', {
    name,
    ...identity,
    settings: settingsFromOptions(options, context, presetSettings(os)),
    ...(ui === undefined ? {} : { ui }),
    ...(newDisk === undefined ? {} : parseNewDisk(newDisk, os)),
  });
}

/** @throws {CommandFault} usage.invalid also when nothing is to change */
export function updateInput(
  id: string,
  options: readonly GivenOption[],
  context: OptionContext,
): MethodInput<'machine.update'> {
  const settings = settingsPatch(options, context);
  const ui = uiPatch(options);
  const name = last(options, 'name');
  const change = {
    ...(name === undefined ? {} : { name }),
    ...identityOf(options),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(ui === undefined ? {} : { ui }),
  };
  if (Object.keys(change).length === 0)
    throw wrongUsage('Nothing is to be changed; "ospite help set" lists the options');
  return checked('machine.update', { id, ...change });
}

/** Faults of names and groups, which no option's own parser finds. */
function checked<Name extends 'machine.create' | 'machine.update'>(
  method: Name,
  input: MethodInput<Name>,
): MethodInput<Name> {
  const parsed = methods[method].input.safeParse(input);
  if (parsed.success) return input;
  throw wrongUsage(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

function identityOf(options: readonly GivenOption[]): { os?: string; description?: string; group?: string } {
  const [os, description, group] = ['os', 'description', 'group'].map((name) => last(options, name));
  if (os !== undefined && !osPresets.some(({ id }) => id === os))
    throw wrongUsage(`There is no guest system "${os}"; "ospite systems" lists them, and "other" fits any`);
  return {
    ...(os === undefined ? {} : { os }),
    ...(description === undefined ? {} : { description }),
    ...(group === undefined ? {} : { group }),
  };
}

function last(options: readonly GivenOption[], name: string): string | undefined {
  return options.findLast((option) => option.name === name)?.value;
}

function parseNewDisk(value: string, os: string): Pick<MethodInput<'machine.create'>, 'newDisk' | 'newDiskBus'> {
  const { file: size, flags } = splitFile('new-disk', value, ['bus', 'preallocated']);
  const newDiskBus = flags.get('bus') ?? presetFor(os).diskBus;
  if (newDiskBus !== 'ide' && newDiskBus !== 'virtio')
    throw wrongUsage(`--new-disk goes on bus=ide or bus=virtio, not "${newDiskBus}"`);
  return {
    newDisk: { sizeBytes: parseSize('new-disk', size), isPreallocated: flags.has('preallocated') },
    newDiskBus,
  };
}
