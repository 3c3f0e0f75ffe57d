// A temporary home for `ospite` commands in processes of their own, and a folder to run them in. Ends the host that they start.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootImage } from './boot-sectors.ts';
import { type Finished, OspiteProcess } from './ospite-process.ts';

export class OspiteHome {
  /** The commands' working folder. */
  readonly folder: string;
  readonly home: string;
  readonly #started: OspiteProcess[] = [];

  static async create(): Promise<OspiteHome> {
    return new OspiteHome(await mkdtemp(join(tmpdir(), 'ospite-cli-')));
  }

  private constructor(folder: string) {
    this.folder = folder;
    this.home = join(folder, 'home');
  }

  start(...args: string[]): OspiteProcess {
    const started = new OspiteProcess(args, { cwd: this.folder, home: this.home });
    this.#started.push(started);
    return started;
  }

  /** Runs a command to its end; `input` is what its standard input brings. */
  run(args: string[], input = ''): Promise<Finished> {
    const started = this.start(...args);
    started.child.stdin!.on('error', () => {}); // Most commands read nothing.
    started.child.stdin!.end(input);
    return started.finished;
  }

  /** The output of a command that does its work without a complaint. */
  async ok(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(args);
    if (status !== 0 || stderr !== '') throw new Error(`ospite ${args.join(' ')}: ${status} ${stdout}${stderr}`);
    return stdout;
  }

  /** The same as JSON. */
  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.ok(...args, '--json')) as T;
  }

  /** Makes a machine of one sector's code that greets with READY on its serial port. */
  async machine(name: string, code: readonly number[], ...options: string[]): Promise<void> {
    await writeFile(join(this.folder, `${name}.img`), bootImage('READY', code));
    await this.ok('create', name, '--memory', '16', '--disk', `${name}.img`, ...options);
  }

  async dispose(): Promise<void> {
    await this.run(['quit', '--force']);
    for (const { child } of this.#started) child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}
