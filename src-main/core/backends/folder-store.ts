// Machines' folders as the manager needs them. All paths are absolute; a file's name is relative to its folder and may have
// one sub-folder, as in "logs/machine.log". Implemented in host/ with atomic writes.

export interface FolderFile {
  /** Relative to the folder, with "/" between names. */
  name: string;
  sizeBytes: number;
  /** ISO 8601. */
  modifiedAt: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

/** `stale`: its owner is gone without having released it. */
export type LockState = 'free' | 'held' | 'stale';

export interface MoveOptions {
  /** @param fraction 0 to 1 */
  progress(fraction: number, message: string): void;
  signal: AbortSignal;
}

export interface FolderStore {
  join(folder: string, name: string): string;
  nameOf(path: string): string;
  parentOf(path: string): string;
  /** The path without dots and double slashes, and without a slash at its end. */
  normalize(path: string): string;
  isAbsolute(path: string): boolean;
  /** The path as seen from the folder, with "/" between names; null when it does not lie in it. */
  within(folder: string, path: string): string | null;
  isFolder(path: string): Promise<boolean>;
  /** Names of the sub-folders; hidden ones are left out. Makes the folder if it is missing. */
  folders(root: string): Promise<string[]>;
  /** All files in the folder and below it, a few thousand at most. */
  files(folder: string): Promise<FolderFile[]>;
  /** Size of a file anywhere, or null when there is none. */
  sizeOf(path: string): Promise<number | null>;
  /** When the file was last written, in ISO 8601, or null when there is none. */
  modifiedAt(folder: string, file: string): Promise<string | null>;
  /** The file's text, or null when there is none. @throws {OspiteError} host.ioError, host.permissionDenied */
  read(folder: string, file: string): Promise<string | null>;
  /** Replaces the file so that after a crash either the old or the new text is there; keeps the old one as `<file>.previous`. */
  write(folder: string, file: string, text: string): Promise<void>;
  /** Creates the folder, and those around it. @throws {OspiteError} machine.nameTaken if it exists */
  create(folder: string): Promise<void>;
  /** Renames a folder within its file system. @throws {OspiteError} machine.nameTaken */
  rename(from: string, to: string): Promise<void>;
  /** Moves a folder anywhere; when it fails or is cancelled, `from` is whole and `to` is not there. @throws {OspiteError} machine.nameTaken, host.ioError, task.cancelled */
  move(from: string, to: string, options: MoveOptions): Promise<void>;
  /** Removes the folder and all in it. */
  remove(folder: string): Promise<void>;
  /** Removes the named files and sub-folders, and then the folder if nothing else is in it. */
  removeOnly(folder: string, names: readonly string[]): Promise<void>;
  /** Appends lines to a log file, in order; failures are ignored because logging must not stop a machine. A long log is turned over as by `turnOver`. */
  append(folder: string, file: string, text: string): void;
  /** Renames `<file>` to `<file>.1`, what had that name to `.2`, and so on; the oldest is forgotten. */
  turnOver(folder: string, file: string): void;
  /** Resolves when what was appended so far is written. */
  settled(): Promise<void>;
  /** Marks the folder's machine as running in this process, until released or the process dies. @throws {OspiteError} medium.locked */
  lock(folder: string): Promise<FolderLock>;
  lockState(folder: string): Promise<LockState>;
}
