// The drives that firmware can read, under the numbers of INT 13h: floppies from 00h, disks from 80h, CDs from E0h, and an
// El Torito image standing in for the first floppy or disk. Byte-exact access over backends of any block size.
import type { BlockBackend, RemovableBackend } from '../../../core/backends/block.ts';
import { floppyFormatOf, type Geometry, translateGeometry } from './geometry.ts';

/** A drive of the machine, in boot order within its kind. */
export type FirmwareDrive =
  | { kind: 'disk'; label: string; backend: BlockBackend }
  | { kind: 'cdrom'; label: string; drive: RemovableBackend }
  | { kind: 'floppy'; label: string; drive: RemovableBackend };

/** An El Torito boot image in use. [EL-TORITO-1.0] */
export interface Emulation {
  /** 0 none, 1-3 floppy, 4 hard disk. */
  media: number;
  cdIndex: number;
  catalogLba: number;
  imageLba: number;
  loadSegment: number;
  sectorCount: number;
  geometry: Geometry;
  /** False while 4B00h has switched the stand-in off. */
  isActive: boolean;
}

export type DriveKind = 'disk' | 'cdrom' | 'floppy';

/** What an INT 13h drive number means now. */
export interface ResolvedDrive {
  kind: DriveKind;
  label: string;
  /** Null without a medium. */
  medium: BlockBackend | null;
  sectorBytes: 512 | 2048;
  /** Start of the drive within the medium, for boot images. */
  offsetBytes: number;
  capacitySectors: number;
  geometry: Geometry;
  isReadOnly: boolean;
  isEmulated: boolean;
  removable: RemovableBackend | null;
}

export const FIRST_DISK = 0x80;
export const FIRST_CD = 0xe0;

export class Drives {
  readonly disks: { label: string; backend: BlockBackend }[] = [];
  readonly cdroms: { label: string; drive: RemovableBackend }[] = [];
  readonly floppies: { label: string; drive: RemovableBackend }[] = [];
  emulation: Emulation | null = null;

  constructor(drives: readonly FirmwareDrive[]) {
    for (const drive of drives) {
      if (drive.kind === 'disk') this.disks.push({ label: drive.label, backend: drive.backend });
      else if (drive.kind === 'cdrom') this.cdroms.push({ label: drive.label, drive: drive.drive });
      else if (this.floppies.length < 2) this.floppies.push({ label: drive.label, drive: drive.drive });
    }
  }

  private emulates(kind: 'floppy' | 'disk'): boolean {
    const emulation = this.emulation;
    if (emulation === null || !emulation.isActive || emulation.media === 0) return false;
    return (emulation.media === 4) === (kind === 'disk');
  }

  diskCount(): number {
    return this.disks.length + (this.emulates('disk') ? 1 : 0);
  }

  floppyCount(): number {
    return this.floppies.length + (this.emulates('floppy') ? 1 : 0);
  }

  resolve(number: number): ResolvedDrive | null {
    if (number >= FIRST_CD) return this.resolveCd(number - FIRST_CD);
    if (number >= FIRST_DISK) {
      const index = number - FIRST_DISK - (this.emulates('disk') ? 1 : 0);
      return index < 0 ? this.resolveImage() : this.resolveDisk(index);
    }
    const index = number - (this.emulates('floppy') ? 1 : 0);
    return index < 0 ? this.resolveImage() : this.resolveFloppy(index);
  }

  private resolveDisk(index: number): ResolvedDrive | null {
    const disk = this.disks[index];
    if (disk === undefined) return null;
    const capacitySectors = Math.floor(disk.backend.capacityBytes / 512);
    return {
      kind: 'disk',
      label: disk.label,
      medium: disk.backend,
      sectorBytes: 512,
      offsetBytes: 0,
      capacitySectors,
      geometry: translateGeometry(capacitySectors),
      isReadOnly: disk.backend.isReadOnly,
      isEmulated: false,
      removable: null,
    };
  }

  private resolveFloppy(index: number): ResolvedDrive | null {
    const floppy = this.floppies[index];
    if (floppy === undefined) return null;
    const medium = floppy.drive.medium();
    const geometry = floppyFormatOf(medium?.capacityBytes ?? 1440 * 1024);
    return {
      kind: 'floppy',
      label: floppy.label,
      medium,
      sectorBytes: 512,
      offsetBytes: 0,
      capacitySectors: Math.floor((medium?.capacityBytes ?? 0) / 512),
      geometry,
      isReadOnly: medium?.isReadOnly ?? false,
      isEmulated: false,
      removable: floppy.drive,
    };
  }

  private resolveCd(index: number): ResolvedDrive | null {
    const cd = this.cdroms[index];
    if (cd === undefined) return null;
    const medium = cd.drive.medium();
    return {
      kind: 'cdrom',
      label: cd.label,
      medium,
      sectorBytes: 2048,
      offsetBytes: 0,
      capacitySectors: Math.floor((medium?.capacityBytes ?? 0) / 2048),
      geometry: { cylinders: 0, heads: 0, sectors: 0 },
      isReadOnly: true,
      isEmulated: false,
      removable: cd.drive,
    };
  }

  private resolveImage(): ResolvedDrive | null {
    const emulation = this.emulation;
    const cd = emulation === null ? undefined : this.cdroms[emulation.cdIndex];
    if (emulation === null || cd === undefined) return null;
    const { geometry } = emulation;
    return {
      kind: emulation.media === 4 ? 'disk' : 'floppy',
      label: `${cd.label} (boot image)`,
      medium: cd.drive.medium(),
      sectorBytes: 512,
      offsetBytes: emulation.imageLba * 2048,
      capacitySectors: geometry.cylinders * geometry.heads * geometry.sectors,
      geometry,
      isReadOnly: true,
      isEmulated: true,
      removable: cd.drive,
    };
  }
}

/** Reads any byte range; ranges beyond the end give zeroes. */
export async function readBytes(medium: BlockBackend, offset: number, lengthBytes: number): Promise<Uint8Array> {
  const block = medium.blockSize;
  const start = Math.floor(offset / block) * block;
  const end = Math.min(Math.ceil((offset + lengthBytes) / block) * block, medium.capacityBytes);
  const result = new Uint8Array(lengthBytes);
  if (end <= start) return result;
  const covering = new Uint8Array(end - start);
  await medium.read(start, covering);
  result.set(covering.subarray(offset - start, offset - start + lengthBytes));
  return result;
}

/** Writes any byte range within the medium, reading partly covered blocks first. */
export async function writeBytes(medium: BlockBackend, offset: number, bytes: Uint8Array): Promise<void> {
  const block = medium.blockSize;
  const isAligned = offset % block === 0 && bytes.length % block === 0;
  if (isAligned) {
    await medium.write(offset, bytes);
    return;
  }
  const start = Math.floor(offset / block) * block;
  const covering = await readBytes(medium, start, Math.ceil((offset + bytes.length) / block) * block - start);
  covering.set(bytes, offset - start);
  await medium.write(start, covering);
}
