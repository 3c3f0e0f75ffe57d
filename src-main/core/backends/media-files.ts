// What the media manager asks of the host's files, beyond opening them. Implemented in host/media-files.ts.
import type { FileHost } from './file.ts';

export interface MediaFiles extends FileHost {
  /** @throws {OspiteError} usage.invalid, host.fileNotFound, host.ioError for a path at which no new file can be made */
  checkFree(path: string): Promise<void>;
  /** Never overwrites. @throws {OspiteError} host.ioError when the name is taken, or lies on another file system (details.errno EXDEV) */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}
