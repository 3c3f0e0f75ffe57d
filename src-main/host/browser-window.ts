// Opens the GUI in a browser: a window of its own where a Chromium is installed, else a tab of the default browser.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const chromiums = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'brave-browser',
];
const macApps = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const windowsApps = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/** Starts a browser on `url` and returns what it did, as a sentence. Never throws: the printed link always works. */
export function openBrowserWindow(url: string): string {
  return openBrowser(url).message;
}

export function openBrowser(url: string): { isOpened: boolean; message: string } {
  if (!hasGraphicalSession())
    return {
      isOpened: false,
      message: 'No graphical session was found: open the link in a browser on this computer.',
    };
  const chromium = findChromium();
  if (chromium !== null && launch(chromium, [`--app=${url}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]))
    return { isOpened: true, message: `Opened in a window of ${chromium}.` };
  const opener = { linux: ['xdg-open'], darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[
    process.platform as string
  ];
  if (opener && launch(opener[0]!, [...opener.slice(1), url]))
    return { isOpened: true, message: 'Opened in your default browser.' };
  return { isOpened: false, message: 'No browser could be started: open the link yourself.' };
}

export function hasGraphicalSession(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Path of a browser of the Chromium family, which opens windows without a frame, or null. */
export function findChromium(): string | null {
  const candidates =
    process.platform === 'darwin'
      ? macApps
      : process.platform === 'win32'
        ? ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) =>
            windowsApps.map((app) => join(process.env[name] ?? '', app)),
          )
        : (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => chromiums.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function launch(command: string, args: string[]): boolean {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => {}); // Reported by the pid being absent.
  child.unref();
  return child.pid !== undefined;
}
