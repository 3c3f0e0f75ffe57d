// `ospite console`: a terminal joined to a serial port of a running machine.
import type { HostClient } from '../../api/client/host-client.ts';
import { wrongUsage } from '../../contract/commands/fault.ts';
import { OspiteError } from '../../core/errors.ts';
import { findMachine, isOff } from '../machines.ts';
import type { Handler } from '../surroundings.ts';

/** Ctrl-] leaves, as in telnet and virsh. */
const ESCAPE_BYTE = 0x1d;
/** Bytes of one call; the contract takes 100000 characters of base64. */
const CHUNK_BYTES = 48 * 1024;

export const console: Handler<'console'> = async ({ words: { NAME }, options }, around) => {
  if (!/^[1-4]$/.test(options.port ?? '1')) throw wrongUsage(`--port is 1 to 4, not "${options.port}"`);
  const port = Number(options.port ?? 1) - 1;
  const host = await around.host();
  const { id, name, state } = await findMachine(host, NAME);
  if (isOff(state)) throw new OspiteError('machine.wrongState', `"${name}" is off; "ospite start" it first`);
  const { definition } = await host.call('machine.get', { id });
  if (definition.settings.serial[port]?.kind !== 'console')
    throw new OspiteError(
      'machine.wrongState',
      `Serial port ${port + 1} of "${name}" is not on the console; "ospite set --serial stdio" puts the first there`,
    );
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal) around.warn(`Joined to serial port ${port + 1} of "${name}"; Ctrl-] leaves.`);
  const how = await join(host, id, port);
  if (isTerminal) around.warn(how === 'left' ? `\nLeft "${name}"; it runs on.` : `\n"${name}" has ended.`);
  if (how === 'lost') throw new OspiteError('host.ioError', 'The connection to Ospite was lost');
  return 0;
};

/** Resolves when the person leaves, the machine ends, nobody reads any more, or the host has gone. */
async function join(host: HostClient, id: string, port: number): Promise<'left' | 'ended' | 'lost'> {
  const { stdin, stdout } = process;
  let settle: (how: 'left' | 'ended' | 'lost') => void = () => {};
  const end = new Promise<'left' | 'ended' | 'lost'>((resolve) => (settle = resolve));
  let sent: Promise<unknown> = Promise.resolve();
  const send = (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const data = bytes.subarray(at, at + CHUNK_BYTES).toString('base64');
      // Not faster than the host takes it; the machine may end between.
      sent = sent.then(() => host.call('machine.serialInput', { id, port, data })).catch(() => {});
    }
    stdin.pause();
    void sent.then(() => stdin.resume());
  };
  const onData = (bytes: Buffer): void => {
    const escapeAt = stdin.isTTY ? bytes.indexOf(ESCAPE_BYTE) : -1;
    send(escapeAt < 0 ? bytes : bytes.subarray(0, escapeAt));
    if (escapeAt >= 0) void sent.then(() => settle('left'));
  };
  const states = host.on('machine.stateChanged', (change) => {
    if (change.id === id && isOff(change.state)) settle('ended');
  });
  void host.closed.then(() => settle('lost'));
  stdout.once('error', () => settle('left'));
  process.once('SIGTERM', () => settle('left'));
  const stream = await host.onStream(id, {
    serial: (from, bytes) => {
      if (from === port) stdout.write(bytes);
    },
  });
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.on('error', () => {}); // Standard input may be closed; the output goes on.
  try {
    return await end;
  } finally {
    stdin.off('data', onData);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    states.dispose();
    stream.dispose();
  }
}
