// Where machines live: OSPITE_HOME, or the platform's place for application data. [XDG-BASEDIR-0.8]
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export function ospiteHome(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment['OSPITE_HOME'];
  if (chosen) return resolve(chosen);
  switch (platform) {
    case 'win32':
      return join(environment['APPDATA'] || join(homedir(), 'AppData', 'Roaming'), 'Ospite');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Ospite');
    default:
      return join(absolute(environment['XDG_DATA_HOME']) ?? join(homedir(), '.local', 'share'), 'ospite');
  }
}

/** Relative paths there are to be ignored, and an empty one means unset. */
function absolute(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? path : null;
}
