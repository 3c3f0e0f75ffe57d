// Guest-physical memory: RAM below and above the 4 GiB hole, the legacy area with its shadow-RAM switches, and device memory
// (VRAM, flash, ROMs) that moves with its BAR. It allots all of this inside the engine's WebAssembly memory and tells the
// processor through a PhysicalMap. RAM wins over device memory, as the host bridge claims RAM cycles before PCI sees them.

import { OspiteError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { DeviceMemory, DmaAccess, MmioHandler } from '../bus/device.ts';
import type { MmioBus } from '../bus/mmio-bus.ts';
import { openBus } from '../bus/port-bus.ts';
import { DIRTY_MAP, PAGE_BACKED, PAGE_LOG, PAGE_WRITABLE, PHYS_PAGES, RAM_BASE } from '../cpu/core/layout.ts';
import { GuestDma } from './guest-dma.ts';
import type { PhysicalMap } from './physical-map.ts';

const PAGE = 0x1000;
const FOUR_GIB = 0x1_0000_0000;
const LEGACY_START = 0xa0000;
const SHADOW_START = 0xc0000;
const SHADOW_END = 0x100000;
const SHADOW_SEGMENT_BYTES = 0x4000;

/** RAM at or above this size is split: 3 GiB low, the rest above 4 GiB, so that PCI keeps its window. */
const SPLIT_THRESHOLD = 0xe000_0000;
const SPLIT_LOW_BYTES = 0xc000_0000;

interface PlacedMemory {
  readonly hostAddress: number;
  readonly lengthBytes: number;
  gpa: number;
  flags: number;
}

export interface GuestMemoryOptions {
  memory: WebAssembly.Memory;
  /** Whole megabytes, at least one. */
  ramBytes: number;
  map: PhysicalMap;
  mmio: MmioBus;
  log: Logger;
}

export class GuestMemory {
  readonly ramBytes: number;
  /** RAM that starts at address 0. */
  readonly lowRamBytes: number;
  /** RAM that starts at 4 GiB. */
  readonly highRamBytes: number;
  /** All of RAM in one piece: low, then high. Bypasses dirty logs and code invalidation: for loading and saving while stopped. */
  readonly ram: Uint8Array;
  readonly dma: DmaAccess;
  readonly #memory: WebAssembly.Memory;
  readonly #map: PhysicalMap;
  readonly #dirty: Uint8Array;
  readonly #placed: PlacedMemory[] = [];
  /** Per 16 KiB from C0000: bit 0 reads from RAM, bit 1 writes to RAM. */
  readonly #shadow = new Uint8Array((SHADOW_END - SHADOW_START) / SHADOW_SEGMENT_BYTES);
  #nextFree: number;

  constructor(options: GuestMemoryOptions) {
    const { memory, ramBytes } = options;
    this.ramBytes = ramBytes;
    this.lowRamBytes = ramBytes >= SPLIT_THRESHOLD ? SPLIT_LOW_BYTES : ramBytes;
    this.highRamBytes = ramBytes - this.lowRamBytes;
    this.#memory = memory;
    this.#map = options.map;
    this.ram = new Uint8Array(memory.buffer, RAM_BASE, ramBytes);
    this.#dirty = new Uint8Array(memory.buffer, DIRTY_MAP, PHYS_PAGES);
    this.#nextFree = RAM_BASE + ramBytes;
    this.dma = new GuestDma(memory, options.map, options.log);
    const flags = PAGE_BACKED | PAGE_WRITABLE;
    this.#map.setPages(0, LEGACY_START / PAGE, RAM_BASE, flags);
    const extended = this.lowRamBytes - SHADOW_END;
    if (extended > 0) this.#map.setPages(SHADOW_END, extended / PAGE, RAM_BASE + SHADOW_END, flags);
    if (this.highRamBytes > 0)
      this.#map.setPages(FOUR_GIB, this.highRamBytes / PAGE, RAM_BASE + this.lowRamBytes, flags);
    options.mmio.map(SHADOW_START, SHADOW_END - SHADOW_START, this.#shadowHandler(), 0);
  }

  /** A fresh, zeroed block of device memory, unmapped. `lengthBytes` is rounded up to whole pages. */
  allocateMemory(lengthBytes: number, label: string): DeviceMemory {
    const hostAddress = this.#nextFree;
    const size = Math.ceil(lengthBytes / PAGE) * PAGE;
    if (hostAddress + size > this.#memory.buffer.byteLength)
      throw new OspiteError(
        'host.outOfMemory',
        `There is no room for ${label} (${lengthBytes} bytes) in the machine's memory.`,
      );
    this.#nextFree = hostAddress + size;
    const bytes = new Uint8Array(this.#memory.buffer, hostAddress, lengthBytes);
    return new PlacedDeviceMemory(bytes, { hostAddress, lengthBytes: size, gpa: -1, flags: 0 }, this);
  }

  /** Routes the 16 KiB segment `index` (0 at C0000 .. 15 at FC000) of the shadow area between RAM and what lies under it. */
  setShadow(index: number, options: { readsRam: boolean; writesRam: boolean }): void {
    const value = (options.readsRam ? 1 : 0) | (options.writesRam ? 2 : 0);
    if (this.#shadow[index] === value) return;
    this.#shadow[index] = value;
    const first = (SHADOW_START + index * SHADOW_SEGMENT_BYTES) / PAGE;
    this.#refresh(first, first + SHADOW_SEGMENT_BYTES / PAGE);
  }

  /** Moves device memory; called by PlacedDeviceMemory. */
  place(placed: PlacedMemory, gpa: number, flags: number): void {
    const before = placed.gpa;
    const index = this.#placed.indexOf(placed);
    if (index >= 0) this.#placed.splice(index, 1);
    placed.gpa = gpa;
    placed.flags = flags;
    if (gpa >= 0) this.#placed.push(placed);
    const pages = placed.lengthBytes / PAGE;
    if (before >= 0 && before !== gpa) this.#refresh(before / PAGE, before / PAGE + pages);
    if (gpa >= 0) this.#refresh(gpa / PAGE, gpa / PAGE + pages);
  }

  /** Visits and clears the dirty pages of placed memory, as runs of byte offsets. */
  harvest(placed: PlacedMemory, visit: (startByte: number, endByte: number) => void): void {
    if (placed.gpa < 0) return;
    const first = placed.gpa / PAGE;
    const end = Math.min(first + placed.lengthBytes / PAGE, PHYS_PAGES);
    let hasDirty = false;
    for (let page = first; page < end; page++) {
      if (this.#dirty[page] === 0) continue;
      let runEnd = page;
      while (runEnd < end && this.#dirty[runEnd] !== 0) this.#dirty[runEnd++] = 0;
      hasDirty = true;
      visit((page - first) * PAGE, (runEnd - first) * PAGE);
      page = runEnd;
    }
    if (hasDirty) this.#map.restartDirtyLog();
  }

  #isRam(gpa: number): boolean {
    if (gpa < FOUR_GIB) return gpa < this.lowRamBytes && (gpa < LEGACY_START || gpa >= SHADOW_END);
    return gpa - FOUR_GIB < this.highRamBytes;
  }

  /** PHYS_MAP entry (host address plus flags) of one page outside plain RAM. */
  #resolve(page: number): number {
    const gpa = page * PAGE;
    if (gpa >= SHADOW_START && gpa < SHADOW_END) {
      const routing = this.#shadow[Math.floor((gpa - SHADOW_START) / SHADOW_SEGMENT_BYTES)]!;
      if (routing & 1) return RAM_BASE + gpa + PAGE_BACKED + (routing & 2 ? PAGE_WRITABLE : 0);
    }
    for (let i = this.#placed.length - 1; i >= 0; i--) {
      const placed = this.#placed[i]!;
      if (gpa >= placed.gpa && gpa < placed.gpa + placed.lengthBytes)
        return placed.hostAddress + (gpa - placed.gpa) + placed.flags;
    }
    return 0;
  }

  /** Recomputes the pages [first, end), one setPages call per run of alike pages. */
  #refresh(first: number, end: number): void {
    const last = Math.min(end, PHYS_PAGES);
    let page = first;
    while (page < last) {
      if (this.#isRam(page * PAGE)) {
        page++;
        continue;
      }
      const start = page;
      const entry = this.#resolve(page);
      const step = entry === 0 ? 0 : PAGE;
      page++;
      while (page < last && !this.#isRam(page * PAGE) && this.#resolve(page) === entry + (page - start) * step) page++;
      const flags = entry % PAGE;
      this.#map.setPages(start * PAGE, page - start, entry - flags, flags);
    }
  }

  /** What stores to the shadow area reach when the page is not writable RAM: RAM behind a ROM, or nothing. */
  #shadowHandler(): MmioHandler {
    return {
      read: (_offset, size) => openBus(size),
      write: (offset, size, value) => {
        if ((this.#shadow[Math.floor(offset / SHADOW_SEGMENT_BYTES)]! & 2) === 0) return;
        const at = SHADOW_START + offset;
        if (at + size > this.ramBytes) return;
        for (let i = 0; i < size; i++) this.ram[at + i] = value >>> (8 * i);
      },
    };
  }
}

class PlacedDeviceMemory implements DeviceMemory {
  readonly bytes: Uint8Array;
  readonly #placed: PlacedMemory;
  readonly #owner: GuestMemory;
  /** A move loses sight of what was dirty at the old place. */
  #isAllDirty = true;

  constructor(bytes: Uint8Array, placed: PlacedMemory, owner: GuestMemory) {
    this.bytes = bytes;
    this.#placed = placed;
    this.#owner = owner;
  }

  mapAt(gpa: number | null, options: { writable: boolean; logDirty: boolean }): void {
    const flags = PAGE_BACKED | (options.writable ? PAGE_WRITABLE : 0) | (options.logDirty ? PAGE_LOG : 0);
    const address = gpa === null ? -1 : gpa;
    if (address >= 0 && address % PAGE !== 0) return;
    if (address === this.#placed.gpa && (address < 0 || flags === this.#placed.flags)) return;
    this.#isAllDirty = true;
    this.#owner.place(this.#placed, address, flags);
  }

  harvestDirty(visit: (startByte: number, endByte: number) => void): void {
    if (this.#isAllDirty) {
      this.#isAllDirty = false;
      this.#owner.harvest(this.#placed, () => {});
      visit(0, this.bytes.length);
      return;
    }
    this.#owner.harvest(this.#placed, (start, end) => visit(start, Math.min(end, this.bytes.length)));
  }
}
