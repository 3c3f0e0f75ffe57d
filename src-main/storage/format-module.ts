// What an image format brings: how to recognise it, open it and create it. One folder under formats/ per member, one line in registry.ts.
import type { BlockBackend } from '../core/backends/block.ts';
import type { FileBackend } from '../core/backends/file.ts';

/** How sure a format is that a file is its own, from the file's beginning. `possible`: openable, but says nothing about itself. */
export type ProbeVerdict = 'certain' | 'possible' | 'no';

export interface ProbeInput {
  /** The first bytes of the file: `probeLengthBytes`, fewer if the file is shorter. */
  header: Uint8Array;
  sizeBytes: number;
  /** Lower case, with the dot, "" if none. */
  extension: string;
}

/** Enough for a volume descriptor at sector 16 of an optical image and its neighbours. */
export const probeLengthBytes = 36 * 1024;

/** An open image. Its block device is the guest's view; `close` also closes the file it was opened on. */
export interface FormatImage extends BlockBackend {
  /** Bytes spent on the host. */
  allocatedBytes(): Promise<number>;
  /** Flushes, if anything was written, and closes. Idempotent. */
  close(): Promise<void>;
  /** Present when the format can change its capacity. */
  readonly resizable?: { resize(capacityBytes: number): Promise<void> };
}

export interface FormatModule<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** Lower case, with the dot; the first is the usual one. */
  readonly extensions: readonly string[];
  /** What a drive with such a medium is. */
  readonly kind: 'disk' | 'optical';
  probe(input: ProbeInput): ProbeVerdict;
  /**
   * Opens the image on `file` and takes ownership of it; on failure the caller still owns the file.
   * @throws {OspiteError} medium.corrupt, medium.unsupportedFeature, medium.ioError
   */
  open(file: FileBackend): Promise<FormatImage>;
  /** Lays out a new image of `capacityBytes` on the empty `file` and opens it. Absent for formats that are only read. */
  create?(file: FileBackend, options: { capacityBytes: number }): Promise<FormatImage>;
}
