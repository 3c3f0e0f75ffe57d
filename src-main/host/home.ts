// Where machines live: OSPITE_HOME, or the platform's place for application data.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export function ospiteHome(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['OSPITE_HOME'];
  if (chosen) return resolve(chosen);
  switch (process.platform) {
    case 'win32':
      return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Ospite');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Ospite');
    default:
      return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'ospite');
  }
}
