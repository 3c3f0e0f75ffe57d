// `ospite quit`: ends the process that owns the machines.
import { wrongUsage } from '../../contract/commands/fault.ts';
import type { Handler } from '../surroundings.ts';

export const quit: Handler<'quit'> = async ({ options, json }, around) => {
  if (options.acpi && options.force) throw wrongUsage('--acpi and --force exclude each other; leave one out');
  const host = await around.runningHost();
  if (host === null) {
    around.print(json ? 'null' : 'Ospite does not run.');
    return 0;
  }
  const machines = options.force ? 'powerOff' : options.acpi ? 'powerButton' : undefined;
  // The host may hang up before its answer is out: that, too, is its end.
  await host.call('host.shutDown', machines === undefined ? {} : { machines }).catch(async (error: Error) => {
    if (!(await Promise.race([host.closed.then(() => true), Promise.resolve(false)]))) throw error;
  });
  await host.closed;
  around.print(json ? 'null' : 'Ospite has ended.');
  return 0;
};
