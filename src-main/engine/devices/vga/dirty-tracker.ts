// What has changed since the last rendered frame: video memory by 4 KiB page, and coarser facts. The device's register and
// window code sets it, the renderer reads and clears it. The owner is told once per frame, at the first change.

export const PAGE_SHIFT = 12;

export class DirtyTracker {
  readonly pages: Uint8Array;
  /** Any page set. */
  isMemoryDirty = true;
  /** Plane 2 may have changed: glyphs in a text mode. */
  isFontDirty = true;
  /** Geometry, palette or anything else that touches every pixel. */
  isEverythingDirty = true;
  /** Cursor or start address: text modes compare cells, graphics modes redraw. */
  isStartDirty = true;
  #isAnnounced = false;
  #listener: (() => void) | null = null;

  constructor(lengthBytes: number) {
    this.pages = new Uint8Array(lengthBytes >>> PAGE_SHIFT);
  }

  onChanged(listener: () => void): void {
    this.#listener = listener;
  }

  markByte(offset: number): void {
    this.pages[offset >>> PAGE_SHIFT] = 1;
    this.isMemoryDirty = true;
    if (!this.#isAnnounced) this.#announce();
  }

  markRange(start: number, end: number): void {
    if (end <= start) return;
    this.pages.fill(1, start >>> PAGE_SHIFT, ((end - 1) >>> PAGE_SHIFT) + 1);
    this.isMemoryDirty = true;
    if (!this.#isAnnounced) this.#announce();
  }

  markFont(): void {
    this.isFontDirty = true;
  }

  markStart(): void {
    this.isStartDirty = true;
    if (!this.#isAnnounced) this.#announce();
  }

  markEverything(): void {
    this.isEverythingDirty = true;
    if (!this.#isAnnounced) this.#announce();
  }

  get isAnyDirty(): boolean {
    return this.isMemoryDirty || this.isFontDirty || this.isEverythingDirty || this.isStartDirty;
  }

  /** True if any page of the byte range [start, end) was written. */
  isRangeDirty(start: number, end: number): boolean {
    const last = (end - 1) >>> PAGE_SHIFT;
    for (let page = start >>> PAGE_SHIFT; page <= last; page++) if (this.pages[page] === 1) return true;
    return false;
  }

  /** Called once a frame has been rendered. */
  clear(): void {
    if (this.isMemoryDirty) this.pages.fill(0);
    this.isMemoryDirty = false;
    this.isFontDirty = false;
    this.isEverythingDirty = false;
    this.isStartDirty = false;
    this.#isAnnounced = false;
  }

  #announce(): void {
    this.#isAnnounced = true;
    this.#listener?.();
  }
}
