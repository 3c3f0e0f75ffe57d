// THE COMMAND LINE: every command of `ospite`. Parser, help, completion, handlers and "Copy as command" follow from this table.
import { guestCommands } from './commands/guest.ts';
import { hostCommands } from './commands/host.ts';
import { machineCommands } from './commands/machines.ts';
import { mediaCommands } from './commands/media.ts';
import { powerCommands } from './commands/power.ts';
import type { CommandSpec } from './commands/spec.ts';

/** In the order of the help. */
export const commands = {
  ...hostCommands,
  ...machineCommands,
  ...powerCommands,
  ...guestCommands,
  ...mediaCommands,
} as const satisfies Record<string, CommandSpec>;

export type Commands = typeof commands;
export type CommandName = keyof Commands;

/** Promised, but their features come later: what each will do. */
export const laterCommands = {
  save: 'save a machine’s state and end it',
  discard: 'throw a machine’s saved state away',
  snapshot: 'take, list, show, restore, delete and rename snapshots',
  clone: 'copy a machine, fully or linked',
  import: 'make machines from an appliance',
  export: 'write machines as an appliance',
  net: 'list, create, change and remove networks',
  forward: 'add, list and remove forwarded ports',
  lease: 'list DHCP leases',
  share: 'add, list and remove shared folders',
  capture: 'write an adapter’s packets to a file',
  'disk check': 'look for damage in an image',
  'disk convert': 'write an image in another format',
  'disk resize': 'change an image’s capacity',
  'disk compact': 'give unused space back',
  'disk clone': 'copy an image, fully or as a difference',
} as const satisfies Record<string, string>;
