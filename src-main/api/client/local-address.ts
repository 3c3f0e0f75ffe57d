// Where the host process of a home listens for the command line and for second launches: a socket file in the home, or a
// named pipe on Windows. The same for both ends, and independent of the environment besides the home.
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OspiteError } from '../../core/errors.ts';

/** Socket addresses hold no more bytes than this on any platform; Linux has 108, macOS 104, both with a NUL at the end. */
const SOCKET_PATH_BYTES = 100;

export function localAddress(home: string, platform: NodeJS.Platform = process.platform): string {
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\ospite-${digest}`;
  const inHome = join(home, 'host.sock');
  if (Buffer.byteLength(inHome) <= SOCKET_PATH_BYTES) return inHome;
  return join(sharedFolder(), `${digest}.sock`);
}

function sharedFolder(): string {
  return join('/tmp', `ospite-${process.getuid?.() ?? 0}`);
}

/**
 * Where homes with long names have their sockets, anybody could have made the folder first.
 * @throws {OspiteError} auth.refused when somebody else has
 */
export function checkFolderIsOurs(address: string): void {
  const folder = dirname(address);
  if (folder !== sharedFolder()) return;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found || (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0)) return;
  throw new OspiteError('auth.refused', `${folder} belongs to somebody else; remove it, or set OSPITE_HOME`);
}
