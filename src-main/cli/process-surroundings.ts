// The surroundings of a command in a process of its own.
import { HostClient } from '../api/client/host-client.ts';
import { localAddress } from '../api/client/local-address.ts';
import { ospiteHome } from '../host/home.ts';
import { startBackgroundHost } from './background-host.ts';
import type { Surroundings } from './surroundings.ts';

export function processSurroundings(): Surroundings & { leave(): Promise<void> } {
  const home = ospiteHome();
  let client: HostClient | null = null;
  process.stdout.on('error', () => {}); // Whoever read may have gone, as `head` does.
  const runningHost = async (): Promise<HostClient | null> => {
    client ??= await HostClient.connect(localAddress(home));
    return client;
  };
  return {
    home,
    print: (text) => void process.stdout.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${text}\n`),
    isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    hasColour: process.stdout.isTTY === true && process.stdout.hasColors() && !process.env['NO_COLOR'],
    runningHost,
    host: async () => {
      client = (await runningHost()) ?? (await startBackgroundHost(home));
      return client;
    },
    leave: async () => await client?.close(),
  };
}
