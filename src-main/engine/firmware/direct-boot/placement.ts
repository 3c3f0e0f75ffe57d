// Where a kernel's modules and text go in guest memory, shared by the boot protocols.
import { OspiteError } from '../../../core/errors.ts';
import type { FirmwareMemory } from '../firmware-cpu.ts';

/** Low memory that the boot protocols use before the kernel takes over. */
export const BOOT_GDT = 0x500;
export const BOOT_INFO = 0x7000;
export const ZERO_PAGE = 0x7000;
export const PAGE_TABLES = 0x9000;
export const REAL_MODE_BASE = 0x10000;
export const COMMAND_LINE = 0x20000;
export const COMMAND_LINE_LIMIT = 0x10000;

/**
 * Copies an initrd as high as possible below `limit` (exclusive) and `usableEnd`, page-aligned.
 * @param floor first address not taken by the kernel
 * @throws {OspiteError} kernel.invalid when it does not fit
 */
export function placeInitrd(memory: FirmwareMemory, initrd: Uint8Array, floor: number, limit: number): number {
  const address = Math.floor((limit - initrd.length) / 0x1000) * 0x1000;
  if (address < floor) {
    const missing = Math.ceil((floor - address) / 0x100000);
    throw new OspiteError(
      'kernel.invalid',
      `The initrd does not fit behind the kernel; give the machine at least ${missing} MiB more memory.`,
      { details: { initrdBytes: initrd.length, floor: `0x${floor.toString(16)}`, limit: `0x${limit.toString(16)}` } },
    );
  }
  memory.write(address, initrd);
  return address;
}

/** Writes the command line with its closing NUL; bytes are UTF-8. */
export function placeCommandLine(
  memory: FirmwareMemory,
  commandLine: string,
  address: number,
  maxBytes: number,
): number {
  const text = new TextEncoder().encode(commandLine);
  if (text.length > maxBytes) {
    throw new OspiteError(
      'kernel.invalid',
      `The kernel command line has ${text.length} bytes; this kernel takes at most ${maxBytes}.`,
    );
  }
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  memory.write(address, bytes);
  return address;
}
