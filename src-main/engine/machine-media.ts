// The media and files of one machine while it runs: opened together before power-on, closed together after it.
import type { Attachment, MachineSettings } from '../contract/machine.ts';
import type { BlockBackend } from '../core/backends/block.ts';
import type { FileHost } from '../core/backends/file.ts';
import { OspiteError } from '../core/errors.ts';
import { DisposableMedium } from '../storage/disposable-medium.ts';
import { type Medium, openMedium } from '../storage/medium.ts';
import { meterMedium } from '../storage/metered-medium.ts';
import { RemovableDrive } from '../storage/removable-drive.ts';

type Slot = { kind: 'disk'; medium: Medium } | { kind: 'drive'; drive: RemovableDrive; medium: Medium | null };

export class MachineMedia {
  readonly #files: FileHost;
  readonly #attachments: readonly Attachment[];
  readonly #slots: Slot[] = [];
  readonly #scratchFolder: string | null;
  /** Moved since the machine was started. */
  readBytes = 0;
  writeBytes = 0;

  private constructor(files: FileHost, attachments: readonly Attachment[], scratchFolder: string | null) {
    this.#files = files;
    this.#attachments = attachments;
    this.#scratchFolder = scratchFolder;
  }

  /**
   * Opens all attachments, or none. With a scratch folder, what the guest writes goes into unnamed files there and is gone when
   * the medium is closed.
   * @throws {OspiteError} naming the file
   */
  static async open(
    files: FileHost,
    attachments: readonly Attachment[],
    scratchFolder: string | null = null,
  ): Promise<MachineMedia> {
    const media = new MachineMedia(files, attachments, scratchFolder);
    try {
      for (const attachment of attachments) media.#slots.push(await media.#openSlot(attachment));
      return media;
    } catch (error) {
      await media.close().catch(() => {}); // What went wrong first is what its owner must hear.
      throw error;
    }
  }

  /** The fixed disk of attachment `index`, or null when that is a removable drive. */
  disk(index: number): BlockBackend | null {
    const slot = this.#slots[index];
    return slot?.kind === 'disk' ? slot.medium : null;
  }

  /** The removable drive of attachment `index`, or null when that is a disk. */
  drive(index: number): RemovableDrive | null {
    const slot = this.#slots[index];
    return slot?.kind === 'drive' ? slot.drive : null;
  }

  /** Puts the image into the drive, or empties it. @throws {OspiteError} */
  async change(index: number, path: string | null): Promise<void> {
    const slot = this.#slots[index];
    const attachment = this.#attachments[index];
    if (!attachment || slot?.kind !== 'drive')
      throw new OspiteError(
        'usage.invalid',
        `Attachment ${index} is no removable drive; choose an optical or floppy drive`,
      );
    // It is in there, and a writable image holds its own lock.
    if (path !== null && path === slot.medium?.path) return;
    const next = path === null ? null : await this.#openMedium(path, attachment);
    if (this.#slots[index] !== slot) {
      await next?.close();
      throw new OspiteError('machine.wrongState', 'The machine has ended; start it first');
    }
    slot.drive.insert(next);
    const previous = slot.medium;
    slot.medium = next;
    await previous?.close();
  }

  /** Writes out and closes all of them, whatever happens to one. @throws {OspiteError} the first that failed */
  async close(): Promise<void> {
    const closed = await Promise.allSettled(this.#slots.splice(0).map((slot) => slot.medium?.close()));
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #openSlot(attachment: Attachment): Promise<Slot> {
    const medium = attachment.path === null ? null : await this.#openMedium(attachment.path, attachment);
    if (attachment.type === 'disk') {
      if (!medium) throw new OspiteError('config.invalid', 'A hard disk needs a file');
      return { kind: 'disk', medium };
    }
    const slot: Slot = { kind: 'drive', drive: new RemovableDrive(medium), medium };
    slot.drive.onEjected(() => {
      const ejected = slot.medium;
      slot.medium = null;
      ejected?.close().catch(() => {}); // Guests eject optical discs only, which hold nothing unwritten.
    });
    return slot;
  }

  async #openMedium(path: string, attachment: Attachment): Promise<Medium> {
    const use = ({ disk: 'disk', cdrom: 'optical', floppy: 'floppy' } as const)[attachment.type];
    const readOnly = attachment.readOnly || attachment.type === 'cdrom';
    if (readOnly || this.#scratchFolder === null)
      return this.#metered(await openMedium(this.#files, path, { readOnly, use }));
    const base = await openMedium(this.#files, path, { readOnly: true, use });
    try {
      return this.#metered(new DisposableMedium(base, await this.#files.scratch(this.#scratchFolder)));
    } catch (error) {
      await base.close();
      throw error;
    }
  }

  #metered(medium: Medium): Medium {
    return meterMedium(medium, (kind, bytes) => {
      if (kind === 'read') this.readBytes += bytes;
      else this.writeBytes += bytes;
    });
  }
}

/** Files that are read whole before power-on. */
export interface BootFiles {
  kernel: Uint8Array | null;
  initrd: Uint8Array | null;
  firmware: Uint8Array | null;
  firmwareVariables: Uint8Array | null;
  /** Display option ROM for a firmware file that has none built in. */
  vgaBios: Uint8Array | null;
}

/** Larger than any kernel, initrd or firmware; a mistaken path to a disk image is refused before it fills the host's memory. */
const MAX_BOOT_FILE_BYTES = 0x4000_0000;

/** @throws {OspiteError} naming the file */
export async function readBootFiles(files: FileHost, settings: MachineSettings): Promise<BootFiles> {
  const read = (path: string | undefined): Promise<Uint8Array | null> =>
    path === undefined ? Promise.resolve(null) : readWhole(files, path);
  const { firmware, directBoot } = settings;
  return {
    kernel: await read(directBoot?.kernel),
    initrd: await read(directBoot?.initrd),
    ...(firmware.kind === 'file'
      ? await readFirmware(files, firmware)
      : { firmware: null, firmwareVariables: null, vgaBios: null }),
  };
}

/** The image, and what distributions put beside it: OVMF_VARS for OVMF_CODE, vgabios-stdvga.bin for SeaBIOS. */
async function readFirmware(
  files: FileHost,
  wanted: { path: string; variables?: string | undefined },
): Promise<Pick<BootFiles, 'firmware' | 'firmwareVariables' | 'vgaBios'>> {
  const folderEnd = Math.max(wanted.path.lastIndexOf('/'), wanted.path.lastIndexOf('\\')) + 1;
  const [folder, name] = [wanted.path.slice(0, folderEnd), wanted.path.slice(folderEnd)];
  const variables = name.replace('CODE', 'VARS');
  return {
    firmware: await readWhole(files, wanted.path),
    firmwareVariables: wanted.variables
      ? await readWhole(files, wanted.variables)
      : variables === name
        ? null
        : await readIfThere(files, folder + variables),
    vgaBios: await readIfThere(files, `${folder}vgabios-stdvga.bin`),
  };
}

async function readIfThere(files: FileHost, path: string): Promise<Uint8Array | null> {
  try {
    return await readWhole(files, path);
  } catch (error) {
    if (error instanceof OspiteError && error.code === 'host.fileNotFound') return null;
    throw error;
  }
}

async function readWhole(files: FileHost, path: string): Promise<Uint8Array> {
  const file = await files.open(path, { mode: 'read' });
  try {
    const size = file.sizeBytes();
    if (size > MAX_BOOT_FILE_BYTES)
      throw new OspiteError(
        'usage.invalid',
        `${path} is too large for a kernel, RAM disk or firmware; choose another file`,
      );
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, await file.readAt(0, bytes));
  } finally {
    await file.close();
  }
}
