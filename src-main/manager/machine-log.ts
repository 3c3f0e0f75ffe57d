// The log of a machine: the newest lines of this run at hand, all of them in files that are turned over at each start. Clients
// are told of new lines as they come, up to a limit, because a guest can provoke messages.
import type { FolderStore } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';

export const LOG_LINES = 2000;
const FOLDER = 'logs';
const FILE = 'machine.log';
const NAME = /^machine\.log(\.[1-9])?$/;
/** Lines told to clients in one second. */
const TOLD_A_SECOND = 50;

export interface LogHost {
  nowIso(): string;
  nowMs(): number;
  /** Tells every client. */
  logged(line: string): void;
}

export class MachineLog {
  readonly #folders: FolderStore;
  readonly #host: LogHost;
  #lines: string[] = [];
  #secondBegan = Number.NEGATIVE_INFINITY;
  #told = 0;
  #untold = 0;

  constructor(folders: FolderStore, host: LogHost) {
    this.#folders = folders;
    this.#host = host;
  }

  /** A new run begins: its log is a file of its own. */
  begin(folder: string): void {
    this.#lines = [];
    this.#folders.turnOver(folder, `${FOLDER}/${FILE}`);
  }

  add(folder: string, line: string): void {
    const stamped = `${this.#host.nowIso()} ${line}`;
    this.#lines.push(stamped);
    if (this.#lines.length > LOG_LINES) this.#lines.shift();
    this.#folders.append(folder, `${FOLDER}/${FILE}`, `${stamped}\n`);
    this.#tell(stamped);
  }

  /** The newest lines of a log file; of the newest when none is named. @throws {OspiteError} host.fileNotFound */
  async read(folder: string, name?: string): Promise<string[]> {
    if (name !== undefined && !NAME.test(name)) throw noSuchLog(name);
    if ((name ?? FILE) === FILE && this.#lines.length > 0) return [...this.#lines];
    await this.#folders.settled();
    const text = await this.#folders.read(folder, `${FOLDER}/${name ?? FILE}`);
    if (text === null && name !== undefined) throw noSuchLog(name);
    return (text ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-LOG_LINES);
  }

  /** The log files, newest first. */
  async files(folder: string): Promise<{ name: string; sizeBytes: number; modifiedAt: string }[]> {
    await this.#folders.settled();
    const files = await this.#folders.files(this.#folders.join(folder, FOLDER));
    return files.filter(({ name }) => NAME.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #tell(line: string): void {
    const now = this.#host.nowMs();
    if (now - this.#secondBegan >= 1000) {
      this.#secondBegan = now;
      this.#told = 0;
      if (this.#untold > 0) this.#host.logged(`${this.#untold} more lines came too fast; the log has them`);
      this.#untold = 0;
    }
    if (this.#told < TOLD_A_SECOND) {
      this.#told++;
      this.#host.logged(line);
    } else this.#untold++;
  }
}

function noSuchLog(name: string): OspiteError {
  return new OspiteError('host.fileNotFound', `The machine has no log "${name}"; "machine.logs" tells which there are`);
}
