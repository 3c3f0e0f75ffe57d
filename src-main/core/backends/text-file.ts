// One small text file that is read and replaced as a whole, as the manager keeps preferences and its list of machines.
// Implemented in host/text-file.ts with atomic writes.

export interface TextFile {
  /** Absolute path, for messages. */
  readonly path: string;
  /** The text, or null when there is no such file. @throws {OspiteError} host.ioError, host.permissionDenied */
  read(): Promise<string | null>;
  /** The text before the last `write`, or null. */
  readPrevious(): Promise<string | null>;
  /** Replaces the file so that after a crash either the old or the new text is there; keeps the old one as `<file>.previous`. */
  write(text: string): Promise<void>;
  /** Puts what is there aside as `<file>.damaged`, in place of an earlier one. */
  setAside(): Promise<void>;
}
