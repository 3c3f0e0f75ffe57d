// PVH entry of ELF kernels: 32-bit, paging off, EBX = hvm_start_info. [XEN-PVH]
import type { FirmwareMemory } from '../firmware-cpu.ts';
import { EBX, protectedEntry, writeBootGdt } from '../firmware-cpu.ts';
import type { DirectBootInput, DirectBootPlan } from './direct-boot.ts';
import { type ElfImage, loadSegments, parseElf, visitNotes } from './elf.ts';
import { BOOT_GDT, BOOT_INFO, COMMAND_LINE, COMMAND_LINE_LIMIT, placeCommandLine, placeInitrd } from './placement.ts';

const XEN_ELFNOTE_PHYS32_ENTRY = 18;
const START_INFO_MAGIC = 0x336ec578;
const START_INFO_BYTES = 56;
const MODULE_LIST = BOOT_INFO + 0x40;
const MEMORY_MAP = BOOT_INFO + 0x80;

export interface PvhKernel {
  image: ElfImage;
  entry: number;
}

export function findPvhEntry(file: Uint8Array): PvhKernel | null {
  const image = parseElf(file);
  if (image === null) return null;
  let entry: number | null = null;
  visitNotes(file, image, (name, type, descriptor) => {
    if (name !== 'Xen' || type !== XEN_ELFNOTE_PHYS32_ENTRY || descriptor.length < 4) return;
    entry = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length).getUint32(0, true);
  });
  return entry === null ? null : { image, entry };
}

/** @throws {OspiteError} kernel.invalid */
export function preparePvh(memory: FirmwareMemory, input: DirectBootInput, kernel: PvhKernel): DirectBootPlan {
  const floor = loadSegments(memory, input.kernel, kernel.image, input.lowUsableEnd);
  const info = new Uint8Array(START_INFO_BYTES);
  const view = new DataView(info.buffer);
  view.setUint32(0, START_INFO_MAGIC, true);
  view.setUint32(4, 1, true);
  if (input.initrd !== null) {
    memory.writeU64(MODULE_LIST, BigInt(placeInitrd(memory, input.initrd, floor, input.lowUsableEnd)));
    memory.writeU64(MODULE_LIST + 8, BigInt(input.initrd.length));
    memory.writeU64(MODULE_LIST + 16, 0n);
    memory.writeU64(MODULE_LIST + 24, 0n);
    view.setUint32(12, 1, true);
    view.setUint32(16, MODULE_LIST, true);
  }
  view.setUint32(24, placeCommandLine(memory, input.commandLine, COMMAND_LINE, COMMAND_LINE_LIMIT - 1), true);
  view.setUint32(32, input.rsdpAddress, true);
  const map = input.memoryMap.slice(0, 100);
  map.forEach((entry, index) => {
    const at = MEMORY_MAP + index * 24;
    memory.writeU64(at, BigInt(entry.base));
    memory.writeU64(at + 8, BigInt(entry.lengthBytes));
    memory.writeU32(at + 16, entry.type);
    memory.writeU32(at + 20, 0);
  });
  view.setUint32(40, MEMORY_MAP, true);
  view.setUint32(48, map.length, true);
  memory.write(BOOT_INFO, info);
  const gdtr = writeBootGdt(memory, BOOT_GDT, false);
  return { protocol: 'pvh', cpu: protectedEntry({ ip: kernel.entry, gdtr, gpr: { [EBX]: BOOT_INFO } }) };
}
