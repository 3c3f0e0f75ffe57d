// What the application was started for, or is asked to open while it runs: files on a command line or from the system's file
// manager, and addresses of our own scheme.
import { basename, resolve } from 'node:path';
import { type WindowPage, windowPage } from '../contract/methods/host.ts';

const IMAGE_FILE = /\.(iso|img|ima|flp|vfd|raw|dd)$/i;

/** A page to show, or a machine's file to put on the list first. */
export type LaunchWish = WindowPage | { kind: 'register'; path: string };

/** The files of a command line, whose relative names begin at `folder`. The program itself and options are none. */
export function wishesIn(argv: readonly string[], folder: string): LaunchWish[] {
  return argv.flatMap((argument) =>
    argument.startsWith('-') || /^\w{2,}:\/\//.test(argument) ? [] : (wishOfFile(resolve(folder, argument)) ?? []),
  );
}

/** Null for a file of a kind that is not ours to open. */
export function wishOfFile(path: string): LaunchWish | null {
  if (basename(path) === 'machine.json') return { kind: 'register', path };
  return IMAGE_FILE.test(path) ? { kind: 'open', path } : null;
}

/** Any web page can have such an address opened: it shows a window and names no file. */
export function pageOfUrl(url: string): WindowPage {
  const id = /^ospite:\/\/app\/(?:index\.html)?#\/console\/([0-9a-f-]{36})$/.exec(url)?.[1];
  const parsed = windowPage.safeParse({ kind: 'console', id });
  return parsed.success ? parsed.data : { kind: 'manager' };
}
