// The seam between the memory map and the processor: who writes PHYS_MAP, and who hears of writes that the processor did not make.
import { PHYS_MAP, PHYS_PAGES, RAM_BASE } from '../cpu/core/layout.ts';

const PAGE = 0x1000;
/** Room behind guest RAM for video memory, flash, firmware and option ROMs. */
const DEVICE_MEMORY_BYTES = 0x0800_0000;

export interface PhysicalMap {
  /**
   * Makes `pageCount` guest pages from `gpa` map to host pages from `hostAddress` with PAGE_* `flags` (0: unbacked), and drops
   * what the processor cached about them (TLB entries, code).
   */
  setPages(gpa: number, pageCount: number, hostAddress: number, flags: number): void;
  /** Drops predecoded and translated code made from guest-physical [gpa, gpa + lengthBytes). */
  invalidateCode(gpa: number, lengthBytes: number): void;
  /** Makes the processor report the next store to logged pages again, after DIRTY_MAP was read. */
  restartDirtyLog(): void;
}

/** A map nobody caches: writes PHYS_MAP only. For tests, and for processors that read it on every access. */
export function createPlainPhysicalMap(memory: WebAssembly.Memory): PhysicalMap {
  return {
    setPages(gpa, pageCount, hostAddress, flags) {
      writePhysMap(memory, gpa, pageCount, hostAddress, flags);
    },
    invalidateCode() {},
    restartDirtyLog() {},
  };
}

/** Writes PHYS_MAP entries; pages beyond its cover are left out. */
export function writePhysMap(
  memory: WebAssembly.Memory,
  gpa: number,
  pageCount: number,
  hostAddress: number,
  flags: number,
): void {
  const map = new Uint32Array(memory.buffer, PHYS_MAP, PHYS_PAGES);
  const first = gpa / PAGE;
  const end = Math.min(first + pageCount, PHYS_PAGES);
  for (let page = first; page < end; page++)
    map[page] = flags === 0 ? 0 : (hostAddress + (page - first) * PAGE + flags) >>> 0;
}

/** The engine's memory: the core's tables, `ramBytes` of guest RAM, and room for device memory. Pages are committed on first use. */
export function createEngineMemory(ramBytes: number): WebAssembly.Memory {
  const pages = Math.ceil((RAM_BASE + ramBytes + DEVICE_MEMORY_BYTES) / 0x10000);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}
