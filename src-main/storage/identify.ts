// What an image is, as far as can be seen without running it.
import type { MediumKind } from '../contract/methods/medium.ts';
import type { BlockBackend } from '../core/backends/block.ts';
import type { FileHost } from '../core/backends/file.ts';
import { readDiscContents } from './disc-contents.ts';
import { openMedium } from './medium.ts';

export interface MediumIdentity {
  kind: MediumKind;
  format: string;
  capacityBytes: number;
  allocatedBytes: number;
  /** Volume label of a disc; empty otherwise. */
  label: string;
  isBootable: boolean;
  /** Names in the first two levels of a disc, as readDiscContents has them. */
  names: string[];
  /** What Debian and its relatives write into .disk/info. */
  diskInfo: string;
}

/** Capacities of 5.25" and 3.5" floppies in KiB. */
const FLOPPY_KIB = new Set([160, 180, 320, 360, 720, 1200, 1440, 1680, 1720, 2880]);

/**
 * @param drive it is in, which decides between readings of one file (a hybrid ISO is a disc or a disk)
 * @throws {OspiteError} host.fileNotFound, host.permissionDenied, medium.unsupportedFormat, medium.corrupt, medium.ioError
 */
export async function identifyMedium(files: FileHost, path: string, drive?: MediumKind): Promise<MediumIdentity> {
  const use = drive && ({ disk: 'disk', cdrom: 'optical', floppy: 'floppy' } as const)[drive];
  const medium = await openMedium(files, path, { readOnly: true, ...(use ? { use } : {}) });
  try {
    const { format, capacityBytes } = medium;
    const allocatedBytes = await medium.allocatedBytes();
    const common = { format, capacityBytes, allocatedBytes };
    if (medium.kind === 'optical') {
      const { label, isBootable, names, readText } = await readDiscContents(medium);
      return { kind: 'cdrom', ...common, label, isBootable, names, diskInfo: await readText('.disk/info') };
    }
    const kind = FLOPPY_KIB.has(capacityBytes / 1024) ? 'floppy' : 'disk';
    return { kind, ...common, label: '', isBootable: await hasBootSector(medium), names: [], diskInfo: '' };
  } finally {
    await medium.close();
  }
}

async function hasBootSector(medium: BlockBackend): Promise<boolean> {
  if (medium.capacityBytes < medium.blockSize) return false;
  const sector = new Uint8Array(medium.blockSize);
  await medium.read(0, sector);
  return sector[510] === 0x55 && sector[511] === 0xaa;
}
