// `ospite serve`: the GUI and the API for browsers, from the running host or from this process.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isLoopback } from '../../api/transports/http/host-names.ts';
import { untilEnded } from '../../app/exit-signals.ts';
import { pagePath, startHostProcess } from '../../app/host-process.ts';
import { wrongUsage } from '../../contract/commands/fault.ts';
import type { WindowPage } from '../../contract/methods/host.ts';
import { OspiteError } from '../../core/errors.ts';
import { openBrowserWindow } from '../../host/browser-window.ts';
import type { ArgumentsOf } from '../arguments.ts';
import { askSecret } from '../confirm.ts';
import type { Handler, Surroundings } from '../surroundings.ts';

/** What the contract takes. */
const PASSWORD_LENGTHS = { min: 8, max: 1000 };

interface Wish {
  address: string;
  port: number;
  password?: string;
}

export const serve: Handler<'serve'> = async ({ options, json }, around) => {
  const where = parseListen(options.listen ?? '127.0.0.1:0');
  const password = await passwordFor(where.address, options, around);
  const wish = { ...where, ...(password === null ? {} : { password }) };
  const opensWindow = options['no-open'] !== true;
  const running = await around.runningHost();
  if (running === null) return await serveHere(wish, around, { opensWindow, json });
  tell(await running.call('host.serve', wish), around, { opensWindow, json });
  return 0;
};

/** Is the host until a signal or `ospite quit` comes. */
export async function serveHere(
  wish: Wish,
  around: Surroundings,
  { opensWindow, json = false, pages = [] }: { opensWindow: boolean; json?: boolean; pages?: readonly WindowPage[] },
): Promise<number> {
  const host = await startHostProcess(around.home, { kind: 'serve' });
  try {
    const server = await host.serve(wish);
    const ended = untilEnded(host); // Before the link is out: whoever reads it may end us at once.
    const [first, ...others] = pages;
    const link = server.issueLink(first && pagePath(first));
    tell({ link, fingerprint: server.fingerprint }, around, { opensWindow, json });
    for (const page of others) around.print(openBrowserWindow(server.issueLink(pagePath(page))));
    await ended;
  } finally {
    await host.shutDown();
  }
  return 0;
}

function tell(
  { link, fingerprint }: { link: string; fingerprint: string | null },
  around: Surroundings,
  { opensWindow, json }: { opensWindow: boolean; json: boolean },
): void {
  around.print(json ? JSON.stringify({ link, fingerprint }) : `Ospite is at ${link}`);
  if (fingerprint !== null) {
    if (!json)
      around.print(
        `The link lets one browser in, once. Others come in with the password, on port ${new URL(link).port}.`,
      );
    around.warn(`The certificate’s SHA-256 fingerprint is ${fingerprint}`);
  }
  if (!opensWindow) return;
  const message = openBrowserWindow(link);
  if (!json) around.print(message);
}

function parseListen(text: string): { address: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (address === undefined || port > 65_535)
    throw wrongUsage(`--listen needs ADDRESS:PORT such as 127.0.0.1:8080, not "${text}"`);
  return { address: address === 'localhost' ? '127.0.0.1' : address, port };
}

/** Null where none is needed and none is given. @throws {CommandFault} usage.invalid */
async function passwordFor(
  address: string,
  options: ArgumentsOf<'serve'>['options'],
  { isInteractive }: Surroundings,
): Promise<string | null> {
  const file = options['password-file'];
  if (file !== undefined)
    return checked((await readSecret(resolve(file))).replace(/\r?\n$/, ''), `The first line of ${file}`);
  if (isLoopback(address)) return null;
  const fromEnvironment = process.env['OSPITE_PASSWORD'];
  if (fromEnvironment !== undefined) return checked(fromEnvironment, 'OSPITE_PASSWORD');
  if (!isInteractive)
    throw wrongUsage(
      `--listen ${address} lets other computers in and needs a password; give one by --password-file FILE or OSPITE_PASSWORD`,
    );
  return checked(await askSecret(`Password for browsers that connect to ${address}: `), 'The password');
}

function checked(password: string, what: string): string {
  const { min, max } = PASSWORD_LENGTHS;
  if (password.length >= min && password.length <= max) return password;
  throw wrongUsage(`${what} must have ${min} to ${max} characters, not ${password.length}`);
}

async function readSecret(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new OspiteError('host.fileNotFound', `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
