// What the API needs from the operating system: facts for the doctor, and folders for the file chooser.
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { availableParallelism, homedir, totalmem } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Attachment } from '../contract/machine.ts';
import type { DoctorCheck } from '../contract/methods/host.ts';
import type { MethodOutput } from '../contract/methods.ts';
import { OspiteError } from '../core/errors.ts';
import { openMedium } from '../storage/medium.ts';
import { probeAccelerators } from './accelerators.ts';
import { boundedFinder } from './bounded-regex.ts';
import { examineHost, freeBytes } from './doctor.ts';
import { hostFiles } from './files.ts';

/** Entries sent for one folder; more are cut off and said so. */
const MAX_ENTRIES = 5000;

export interface HostFacts {
  version: string;
  home: string;
  kind: MethodOutput<'host.info'>['kind'];
  /** Where new machines go. */
  machineFolder(): string;
  /** Sentences about files of the home that could not be used. */
  problems(): string[];
}

export class NodeHostServices {
  readonly #facts: HostFacts;

  constructor(facts: HostFacts) {
    this.#facts = facts;
  }

  async info(): Promise<MethodOutput<'host.info'>> {
    const machineFolder = this.#facts.machineFolder();
    return {
      version: this.#facts.version,
      home: this.#facts.home,
      platform: `${process.platform} ${process.arch}`,
      logicalProcessors: availableParallelism(),
      memoryMib: Math.floor(totalmem() / 1048576),
      machineFolder,
      kind: this.#facts.kind,
      freeDiskBytes: (await freeBytes(machineFolder)) ?? 0,
      accelerators: probeAccelerators(),
    };
  }

  doctor(): Promise<DoctorCheck[]> {
    const { home } = this.#facts;
    return examineHost({ home, machineFolder: this.#facts.machineFolder(), problems: this.#facts.problems() });
  }

  async browse(path: string | null): Promise<MethodOutput<'host.browse'>> {
    const folder = resolve(path ?? homedir());
    if (path !== null && !isAbsolute(path))
      throw new OspiteError('host.fileNotFound', `"${path}" is no absolute folder; start it with /`);
    try {
      const found = await readdir(folder, { withFileTypes: true });
      const visible = found.filter((entry) => !entry.name.startsWith('.'));
      const entries = await Promise.all(
        visible.slice(0, MAX_ENTRIES).map((entry) => describeEntry(folder, entry.name)),
      );
      entries.sort((a, b) => Number(b.isDirectory) - Number(a.isDirectory) || a.name.localeCompare(b.name));
      const parent = dirname(folder);
      return {
        path: folder,
        parent: parent === folder ? null : parent,
        entries,
        isTruncated: visible.length > MAX_ENTRIES,
      };
    } catch (error) {
      throw fileError(folder, error);
    }
  }

  checkReadable(path: string): Promise<void> {
    return checkReadable(path);
  }

  async checkMedium(path: string, type: Attachment['type']): Promise<void> {
    const use = type === 'cdrom' ? 'optical' : type;
    await (await openMedium(hostFiles, path, { readOnly: true, use })).close();
  }

  isAbsolute(path: string): boolean {
    return isAbsolute(path);
  }

  finder(pattern: string): (text: string) => string | null {
    return boundedFinder(pattern);
  }
}

/** @throws {OspiteError} host.fileNotFound, host.permissionDenied for what is no file that this user may read */
export async function checkReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isDirectory())
      throw new OspiteError('host.fileNotFound', `${path} is a folder; choose a file`);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function describeEntry(
  folder: string,
  name: string,
): Promise<{ name: string; isDirectory: boolean; sizeBytes: number }> {
  const info = await stat(join(folder, name)).catch(() => null);
  return { name, isDirectory: info?.isDirectory() ?? false, sizeBytes: info?.size ?? 0 };
}

function fileError(path: string, error: unknown): OspiteError {
  if (error instanceof OspiteError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM')
    return new OspiteError(
      'host.permissionDenied',
      `${path} may not be read by you; change its rights or choose another`,
    );
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new OspiteError('host.fileNotFound', `${path} does not exist; check the path`);
  return new OspiteError('host.ioError', `${path} cannot be read (${String(code)})`, { cause: error });
}
