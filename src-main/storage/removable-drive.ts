// A drive whose medium comes and goes while the machine runs: the host side of an optical or floppy drive.
// It never closes media: whoever inserted one closes it after it is out.
import type { BlockBackend, RemovableBackend } from '../core/backends/block.ts';

export class RemovableDrive implements RemovableBackend {
  #medium: BlockBackend | null;
  #changeCount = 0;
  #isLocked = false;
  #onEjected: (medium: BlockBackend) => void = () => {};

  constructor(medium: BlockBackend | null = null) {
    this.#medium = medium;
  }

  medium(): BlockBackend | null {
    return this.#medium;
  }

  changeCount(): number {
    return this.#changeCount;
  }

  /** True while the guest has locked the tray. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  setLocked(isLocked: boolean): void {
    this.#isLocked = isLocked;
  }

  /** Registers who learns that the guest ejected a medium (to close it and to show an empty drive). One listener. */
  onEjected(listener: (medium: BlockBackend) => void): void {
    this.#onEjected = listener;
  }

  eject(): boolean {
    const medium = this.#medium;
    if (!medium) return true;
    this.#change(null);
    this.#onEjected(medium);
    return true;
  }

  /** Puts a medium in (or null: takes it out) from the host's side; returns the one that was inside. A guest's lock does not stop the person at the drive. */
  insert(medium: BlockBackend | null): BlockBackend | null {
    const previous = this.#medium;
    if (medium !== previous) this.#change(medium);
    return previous;
  }

  #change(medium: BlockBackend | null): void {
    this.#medium = medium;
    this.#changeCount++;
    if (!medium) this.#isLocked = false;
  }
}
