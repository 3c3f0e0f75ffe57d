// Opening and creating media: finds the format, refuses foreign ones in a sentence, hands out the guest's block device.
import type { BlockBackend } from '../core/backends/block.ts';
import type { FileBackend, FileHost } from '../core/backends/file.ts';
import { OspiteError } from '../core/errors.ts';
import { recogniseForeign } from './foreign-formats.ts';
import { type FormatImage, type ProbeInput, probeLengthBytes } from './format-module.ts';
import { type FormatId, formatIds, formatModule } from './registry.ts';

/** What the medium is attached as; decides between readings of one file (a hybrid ISO is a disc or a disk). */
export type MediumUse = 'disk' | 'optical' | 'floppy';

export interface MediumOpenOptions {
  readonly readOnly: boolean;
  /** Skips probing. With `raw`, whatever the file holds is taken as sectors. */
  readonly format?: FormatId;
  readonly use?: MediumUse;
}

/** An open image: the block device plus what a manager shows about it. Closed by whoever opened it. */
export interface Medium extends BlockBackend {
  readonly path: string;
  readonly format: FormatId;
  readonly kind: 'disk' | 'optical';
  allocatedBytes(): Promise<number>;
  close(): Promise<void>;
}

function extensionOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function asMedium(image: FormatImage, path: string, format: FormatId): Medium {
  const medium: Medium = {
    path,
    format,
    kind: formatModule(format).kind,
    blockSize: image.blockSize,
    isReadOnly: image.isReadOnly,
    get capacityBytes() {
      return image.capacityBytes;
    },
    read: (offset, target) => image.read(offset, target),
    write: (offset, source) => image.write(offset, source),
    flush: () => image.flush(),
    allocatedBytes: () => image.allocatedBytes(),
    close: () => image.close(),
  };
  const discard = image.discard?.bind(image);
  return discard ? Object.defineProperty(medium, 'discard', { value: discard, enumerable: true }) : medium;
}

function chooseFormat(path: string, input: ProbeInput, use: MediumUse | undefined): FormatId {
  const foreign = recogniseForeign(input);
  const isEmpty = input.sizeBytes === 0;
  if (isEmpty) {
    throw new OspiteError('medium.corrupt', `"${path}" is empty; choose another file or create a disk first.`, {
      details: { path },
    });
  }
  let possible: FormatId | null = null;
  for (const id of formatIds) {
    const isWanted = use === undefined || use === 'optical' || formatModule(id).kind === 'disk';
    if (!isWanted) continue;
    const verdict = formatModule(id).probe(input);
    if (verdict === 'certain') return id;
    if (verdict === 'possible' && possible === null) possible = id;
  }
  if (foreign) {
    throw new OspiteError(
      'medium.unsupportedFormat',
      `"${path}" is ${foreign.name}, which cannot be attached directly; ${foreign.remedy.replaceAll('%', nameOf(path))}.`,
      { details: { path, found: foreign.name } },
    );
  }
  // Anything in an optical drive is read in 2048-byte sectors, whatever it is called.
  return use === 'optical' ? 'iso' : (possible ?? 'raw');
}

async function probe(file: FileBackend): Promise<ProbeInput> {
  const header = new Uint8Array(Math.min(probeLengthBytes, file.sizeBytes()));
  const count = await file.readAt(0, header);
  return { header: header.subarray(0, count), sizeBytes: file.sizeBytes(), extension: extensionOf(file.path) };
}

/**
 * Opens the medium at `path`. A writer holds the file's lock until `close`.
 * @throws {OspiteError} host.fileNotFound, host.permissionDenied, usage.invalid (folder), medium.locked,
 *   medium.unsupportedFormat, medium.corrupt
 */
export async function openMedium(files: FileHost, path: string, options: MediumOpenOptions): Promise<Medium> {
  let file = await files.open(path, { mode: 'read' });
  try {
    const format = options.format ?? chooseFormat(path, await probe(file), options.use);
    if (!options.readOnly && formatModule(format).kind === 'disk') {
      await file.close();
      file = await files.open(path, { mode: 'readWrite' });
    }
    return asMedium(await formatModule(format).open(file), path, format);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Creates a new image of `capacityBytes` at `path` and opens it for writing; the name must be free.
 * @throws {OspiteError} usage.invalid if the format cannot be created, host.ioError if the name is taken or the disk full
 */
export async function createMedium(
  files: FileHost,
  path: string,
  options: { format: FormatId; capacityBytes: number },
): Promise<Medium> {
  const module = formatModule(options.format);
  if (!module.create) {
    throw new OspiteError('usage.invalid', `A ${module.title.toLowerCase()} cannot be created here; choose raw.`);
  }
  const file = await files.open(path, { mode: 'create' });
  try {
    return asMedium(await module.create(file, options), path, options.format);
  } catch (error) {
    await file.close();
    throw error;
  }
}
