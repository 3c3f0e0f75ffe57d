// Starts `ospite` as a process of its own, as a user does, and reads what it says.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../bin/ospite.mjs', import.meta.url));

export interface Finished {
  /** Null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

export class OspiteProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly finished: Promise<Finished>;
  readonly #watchers = new Set<() => void>();

  constructor(args: string[], options: { home?: string; cwd?: string } = {}) {
    this.child = spawn(process.execPath, [script, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...(options.home === undefined ? {} : { OSPITE_HOME: options.home }) },
      stdio: 'pipe',
    });
    this.child.stdout!.setEncoding('latin1').on('data', (text: string) => {
      this.stdout += text;
      for (const watch of this.#watchers) watch();
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const watch of this.#watchers) watch();
    });
    this.finished = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (status) => resolve({ status, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Resolves to the match once standard output has it. @throws when the process ends before */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.stdout);
        if (!match) return;
        this.#watchers.delete(look);
        resolve(match);
      };
      this.#watchers.add(look);
      look();
      void this.finished.then(({ status, stdout, stderr }) =>
        reject(new Error(`ended with ${status} before it printed ${pattern}: ${stdout}${stderr}`)),
      );
    });
  }

  /** Ctrl-C. */
  async interrupt(): Promise<Finished> {
    this.child.kill('SIGINT');
    return await this.finished;
  }
}
