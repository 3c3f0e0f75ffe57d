// A folder of small text files as the manager needs it: one sub-folder per machine. Implemented in host/ with atomic writes.

export interface FolderStore {
  /** Absolute path of the root, for messages. */
  readonly path: string;
  /** Names of the sub-folders. */
  folders(): Promise<string[]>;
  /** The file's text, or null when there is none. @throws {OspiteError} host.ioError, host.permissionDenied */
  read(folder: string, file: string): Promise<string | null>;
  /** Replaces the file so that after a crash either the old or the new text is there; keeps the old one as `<file>.previous`. */
  write(folder: string, file: string, text: string): Promise<void>;
  /** Creates the sub-folder. @throws {OspiteError} machine.nameTaken if it exists */
  create(folder: string): Promise<void>;
  /** Renames a sub-folder. @throws {OspiteError} machine.nameTaken */
  rename(from: string, to: string): Promise<void>;
  /** Removes the sub-folder and all in it. */
  remove(folder: string): Promise<void>;
  /** Appends lines to a log file, in order; failures are ignored because logging must not stop a machine. A long log is turned over: the older part becomes `<file>.previous`. */
  append(folder: string, file: string, text: string): void;
  /** Resolves when what was appended so far is written. */
  settled(): Promise<void>;
}
