// What storage asks of the host's files. Implemented by host/files.ts over node:fs and by test doubles.

/** One open file (or block device), addressed by byte. All calls may overlap; ranges do not order among themselves. */
export interface FileBackend {
  readonly path: string;
  readonly isReadOnly: boolean;
  /** Current length in bytes. */
  sizeBytes(): number;
  /** Fills `target` from `offset` and returns how many bytes there were: fewer than asked only at the end of the file. Holes read as zeroes. */
  readAt(offset: number, target: Uint8Array): Promise<number>;
  /** Writes all of `source`, growing the file (sparsely, where the host can) if it ends beyond the end. */
  writeAt(offset: number, source: Uint8Array): Promise<void>;
  /** Resolves once all earlier writes are on stable storage. */
  sync(): Promise<void>;
  /** Cuts the file or extends it with a hole. */
  resize(sizeBytes: number): Promise<void>;
  /** Bytes the host really spends on the file; less than the size for sparse files. */
  allocatedBytes(): Promise<number>;
  /** Releases the file and its lock. Idempotent. */
  close(): Promise<void>;
}

export interface FileOpenOptions {
  /** `read` takes no lock; `readWrite` and `create` hold the file's writer lock until `close`. */
  mode: 'read' | 'readWrite' | 'create';
}

/** The door to the host's files. */
export interface FileHost {
  /**
   * Opens a file; `create` makes a new one and refuses an existing name.
   * @throws {OspiteError} host.fileNotFound, host.permissionDenied, host.ioError, medium.locked, usage.invalid (a folder)
   */
  open(path: string, options: FileOpenOptions): Promise<FileBackend>;
  /** A new, empty file in the folder, which is made if it is missing; the file is gone when it is closed, or its process ends. */
  scratch(folder: string): Promise<FileBackend>;
}
