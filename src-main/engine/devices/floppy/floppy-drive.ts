// One drive: the head's place, the disk-change line, and sectors of the disk inside.
import type { BlockBackend, RemovableBackend } from '../../../core/backends/block.ts';
import { type DiskFormat, diskFormatOf } from './disk-format.ts';

export const sectorSize = 512;
/** Where the head stops inward. */
const cylinderMax = 83;

export class FloppyDrive {
  readonly #tray: RemovableBackend;
  cylinder = 0;
  /** The DSKCHG latch: set by taking a disk out, cleared by a step with a disk inside. */
  hasChanged = true;
  /** Rotates so that consecutive READ IDs see consecutive sectors. */
  nextSectorId = 1;
  #changeCount: number;

  constructor(tray: RemovableBackend) {
    this.#tray = tray;
    this.#changeCount = tray.changeCount();
  }

  reset(): void {
    this.cylinder = 0;
    this.hasChanged = true;
    this.nextSectorId = 1;
    this.#changeCount = this.#tray.changeCount();
  }

  get medium(): BlockBackend | null {
    const changeCount = this.#tray.changeCount();
    if (changeCount !== this.#changeCount) {
      this.#changeCount = changeCount;
      this.hasChanged = true;
    }
    return this.#tray.medium();
  }

  get format(): DiskFormat | null {
    const medium = this.medium;
    return medium ? diskFormatOf(medium.capacityBytes) : null;
  }

  get isChangeLineActive(): boolean {
    return this.medium === null || this.hasChanged;
  }

  /** Moves the head; a disk inside resets the change line, even when the head is there already (drivers step twice). */
  stepTo(cylinder: number): void {
    this.cylinder = Math.max(0, Math.min(cylinderMax, cylinder));
    if (this.medium) this.hasChanged = false;
  }

  /** Reads `target.length / 512` sectors from `sector`; what a shortened image lacks is zero. */
  async read(medium: BlockBackend, sector: number, target: Uint8Array): Promise<void> {
    const available = Math.max(0, Math.min(target.length, medium.capacityBytes - sector * sectorSize));
    if (available > 0) await medium.read(sector * sectorSize, target.subarray(0, available));
    target.fill(0, available);
  }

  /** Writes sectors; false if they lie beyond the end of a shortened image. */
  async write(medium: BlockBackend, sector: number, source: Uint8Array): Promise<boolean> {
    if (sector * sectorSize + source.length > medium.capacityBytes) return false;
    await medium.write(sector * sectorSize, source);
    return true;
  }
}
