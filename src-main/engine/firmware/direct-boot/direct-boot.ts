// Starting a kernel without a boot loader. Chooses the protocol by what the file says it is:
//  - bzImage, protocol >= 2.10 and no vga= on the command line: 64-bit entry if the kernel and the vCPU have it, else 32-bit.
//    No BIOS service is used, the fastest way in.
//  - bzImage or zImage with an older protocol (Linux before 2.6.30, ipxe.lkrn) or with vga=: the real-mode setup code, which
//    calls the BIOS for memory, video and keyboard as it would under a boot loader.
//  - ELF with a PVH note: 32-bit entry with hvm_start_info. ELF or any file with a Multiboot 1 header: Multiboot.
import { OspiteError } from '../../../core/errors.ts';
import type { CpuEntryState, FirmwareMemory } from '../firmware-cpu.ts';
import type { E820Entry } from '../memory-map.ts';
import { isBzImage, prepareBzImage } from './bzimage.ts';
import { findMultibootHeader, prepareMultiboot } from './multiboot.ts';
import { findPvhEntry, preparePvh } from './pvh.ts';

export interface DirectBootInput {
  kernel: Uint8Array;
  initrd: Uint8Array | null;
  commandLine: string;
  memoryMap: E820Entry[];
  /** End of RAM below 4 GiB that the kernel and its initrd may occupy. */
  lowUsableEnd: number;
  rsdpAddress: number;
  hasLongMode: boolean;
}

export interface DirectBootPlan {
  protocol: 'linux-64' | 'linux-32' | 'linux-16' | 'pvh' | 'multiboot';
  cpu: CpuEntryState;
}

/**
 * Puts kernel, initrd and boot information into guest memory and returns the state in which to start vCPU 0.
 * @throws {OspiteError} kernel.invalid
 */
export function prepareDirectBoot(memory: FirmwareMemory, input: DirectBootInput): DirectBootPlan {
  if (isBzImage(input.kernel)) return prepareBzImage(memory, input);
  const pvh = findPvhEntry(input.kernel);
  if (pvh !== null) return preparePvh(memory, input, pvh);
  const multiboot = findMultibootHeader(input.kernel);
  if (multiboot !== null) return prepareMultiboot(memory, input, multiboot);
  throw new OspiteError(
    'kernel.invalid',
    'The kernel file is neither a Linux bzImage nor an ELF image with a PVH or Multiboot entry; choose a bootable kernel.',
  );
}
