// The media that machines use, and those a person added to the list. A medium is known by its path: copying or moving a file never
// makes it collide with another. Work on files runs as tasks.
import { isActive } from '../contract/machine.ts';
import type { MediumKind, MediumSummary } from '../contract/methods/medium.ts';
import type { MethodOutput } from '../contract/methods.ts';
import { presetForVolume } from '../contract/os-presets.ts';
import type { MediaFiles } from '../core/backends/media-files.ts';
import type { TextFile } from '../core/backends/text-file.ts';
import { OspiteError } from '../core/errors.ts';
import { identifyMedium, type MediumIdentity } from '../storage/identify.ts';
import { copyImage, createRawImage } from '../storage/image-files.ts';
import { JsonFile } from './json-file.ts';
import { type KnownMedia, knownMedia } from './known-media.ts';
import type { MachineManager } from './machine-manager.ts';
import type { TaskRegistry } from './tasks.ts';

interface MediaManagerOptions {
  machines: Pick<MachineManager, 'list' | 'get' | 'update'>;
  tasks: Pick<TaskRegistry, 'run'>;
  files: MediaFiles;
  /** Keeps the list. */
  list: TextFile;
  /** Tells clients that something about the medium is different now. */
  publish(path: string): void;
}

interface User {
  id: string;
  name: string;
  isActive: boolean;
  kind: MediumKind;
}

/** Files looked into at the same time. */
const PARALLEL = 16;

export class MediaManager {
  readonly #options: MediaManagerOptions;
  readonly #known: JsonFile<KnownMedia>;

  constructor(options: MediaManagerOptions) {
    this.#options = options;
    this.#known = new JsonFile<KnownMedia>({
      file: options.list,
      schema: knownMedia,
      initial: () => ({ version: 1, paths: [] }),
      version: 1,
      fallsBackToPrevious: true,
    });
  }

  /** Never throws; a damaged list is put aside by the next change. */
  load(): Promise<void> {
    return this.#known.load();
  }

  async list(): Promise<MediumSummary[]> {
    const users = this.#users();
    const paths = [...new Set([...users.keys(), ...this.#known.value.paths])].sort();
    const media: MediumSummary[] = [];
    for (let from = 0; from < paths.length; from += PARALLEL) {
      const some = paths.slice(from, from + PARALLEL);
      media.push(...(await Promise.all(some.map((path) => this.#summarize(path, users.get(path) ?? [])))));
    }
    return media;
  }

  async identify(path: string): Promise<MethodOutput<'medium.identify'>> {
    const { names, diskInfo, allocatedBytes: _, ...identity } = await identifyMedium(this.#options.files, path);
    const os = identity.kind === 'cdrom' ? presetForVolume(identity.label, names, diskInfo) : null;
    return { ...identity, os };
  }

  async create(path: string, options: { sizeBytes: number; isPreallocated: boolean }): Promise<string> {
    if (options.sizeBytes % 512 !== 0)
      throw new OspiteError(
        'usage.invalid',
        `A disk is made of whole 512-byte sectors; ${options.sizeBytes} bytes are not`,
      );
    await this.#options.files.checkFree(path);
    return this.#options.tasks.run({ title: `Create ${nameOf(path)}`, isCancellable: true }, async (task) => {
      await createRawImage(this.#options.files, path, options, task);
      await this.#remember(path);
      return { path };
    });
  }

  async copy(path: string, target: string): Promise<string> {
    await this.#options.files.checkFree(target);
    await identifyMedium(this.#options.files, path);
    this.#refuseActive(path, 'copy it');
    return this.#options.tasks.run({ title: `Copy ${nameOf(path)}`, isCancellable: true }, async (task) => {
      await copyImage(this.#options.files, path, target, task);
      await this.#remember(target);
      return { path: target };
    });
  }

  async move(path: string, target: string): Promise<string> {
    await this.#options.files.checkFree(target);
    await identifyMedium(this.#options.files, path);
    this.#refuseActive(path, 'move it');
    return this.#options.tasks.run({ title: `Move ${nameOf(path)}`, isCancellable: true }, async (task) => {
      await this.#moveFile(path, target, task);
      // From here on the file has its new name: machines must follow whatever else happens.
      await this.#replace(path, target);
      await this.#forget(path);
      await this.#remember(target);
      return { path: target };
    });
  }

  async add(path: string): Promise<void> {
    await identifyMedium(this.#options.files, path);
    await this.#remember(path);
  }

  /** Takes it out of all machines: hard disks are detached, drives stay, empty. */
  async release(path: string): Promise<void> {
    this.#refuseActive(path, 'release it');
    if (!this.#users().has(path))
      throw new OspiteError('medium.notFound', `No machine uses "${path}"; there is nothing to release`);
    await this.#remember(path);
    await this.#replace(path, null);
    this.#options.publish(path);
  }

  async remove(path: string, deleteFile: boolean): Promise<void> {
    const [user] = this.#users().get(path) ?? [];
    if (user)
      throw new OspiteError(
        'medium.locked',
        `"${path}" is used by machine "${user.name}"; release it before you remove it`,
      );
    if (!this.#known.value.paths.includes(path))
      throw new OspiteError('medium.notFound', `"${path}" is not on the list of media; "medium.list" tells which are`);
    if (deleteFile) await this.#deleteFile(path);
    await this.#forget(path);
    this.#options.publish(path);
  }

  async #summarize(path: string, users: User[]): Promise<MediumSummary> {
    const usedBy = users.map(({ id, name }) => ({ id, name }));
    try {
      const { kind, format, capacityBytes, allocatedBytes } = await identifyMedium(
        this.#options.files,
        path,
        users[0]?.kind,
      );
      return { path, kind: users[0]?.kind ?? kind, format, capacityBytes, allocatedBytes, problem: '', usedBy };
    } catch (error) {
      const kind = users[0]?.kind ?? guessKind(path);
      const problem = error instanceof Error ? error.message : String(error);
      return { path, kind, format: '', capacityBytes: 0, allocatedBytes: 0, problem, usedBy };
    }
  }

  #users(): Map<string, User[]> {
    const users = new Map<string, User[]>();
    for (const { id } of this.#options.machines.list().machines) {
      const { definition, summary } = this.#options.machines.get(id);
      for (const { path, type } of definition.settings.storage) {
        if (path === null) continue;
        const known = users.get(path) ?? [];
        if (known.every((user) => user.id !== id))
          known.push({ id, name: summary.name, isActive: isActive(summary.state), kind: type });
        users.set(path, known);
      }
    }
    return users;
  }

  #refuseActive(path: string, verb: string): void {
    const user = this.#users()
      .get(path)
      ?.find(({ isActive }) => isActive);
    if (user)
      throw new OspiteError(
        'machine.wrongState',
        `Machine "${user.name}" runs with "${path}"; power it off before you ${verb}`,
      );
  }

  /** Puts another path, or nothing, wherever machines have this one. */
  async #replace(path: string, target: string | null): Promise<void> {
    for (const { id } of this.#users().get(path) ?? []) {
      const { storage } = this.#options.machines.get(id).definition.settings;
      await this.#options.machines.update(id, {
        settings: {
          storage: storage
            .filter((attachment) => target !== null || attachment.path !== path || attachment.type !== 'disk')
            .map((attachment) => (attachment.path === path ? { ...attachment, path: target } : attachment)),
        },
      });
    }
  }

  async #moveFile(path: string, target: string, task: Parameters<typeof copyImage>[3]): Promise<void> {
    try {
      await this.#options.files.rename(path, target);
    } catch (error) {
      if (!(error instanceof OspiteError && error.details['errno'] === 'EXDEV')) throw error;
      await copyImage(this.#options.files, path, target, task);
      await this.#options.files.remove(path);
    }
  }

  /** Only who could write it may take it away: its lock tells whether somebody else does just now. */
  async #deleteFile(path: string): Promise<void> {
    const file = await this.#options.files.open(path, { mode: 'readWrite' });
    try {
      await this.#options.files.remove(path);
    } finally {
      await file.close();
    }
  }

  async #remember(path: string): Promise<void> {
    if (!this.#known.value.paths.includes(path))
      await this.#known.change((old) => ({ ...old, paths: [...old.paths, path] }));
    this.#options.publish(path);
  }

  async #forget(path: string): Promise<void> {
    await this.#known.change((old) => ({ ...old, paths: old.paths.filter((other) => other !== path) }));
  }
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function guessKind(path: string): MediumIdentity['kind'] {
  if (/\.(iso|cdr|udf)$/i.test(path)) return 'cdrom';
  return /\.(ima|flp|vfd)$/i.test(path) ? 'floppy' : 'disk';
}
