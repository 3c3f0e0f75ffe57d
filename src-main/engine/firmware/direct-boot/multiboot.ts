// Multiboot 1 kernels. [MULTIBOOT-0.6.96]. Given to the kernel: memory sizes, memory map, command line, one
// module (the initrd), loader name. Not given: drives, APM, symbols, video modes.
import { OspiteError } from '../../../core/errors.ts';
import type { FirmwareMemory } from '../firmware-cpu.ts';
import { EAX, EBX, protectedEntry, writeBootGdt } from '../firmware-cpu.ts';
import type { DirectBootInput, DirectBootPlan } from './direct-boot.ts';
import { loadSegments, parseElf } from './elf.ts';
import { BOOT_GDT, BOOT_INFO, COMMAND_LINE, COMMAND_LINE_LIMIT, placeCommandLine, placeInitrd } from './placement.ts';

const MULTIBOOT_HEADER_MAGIC = 0x1badb002;
const MULTIBOOT_BOOTLOADER_MAGIC = 0x2badb002;
const HAS_ADDRESSES = 0x10000;
/** Mandatory features we meet: page-aligned modules (bit 0), memory information (bit 1). */
const KNOWN_REQUIREMENTS = 3;
const MODULE_LIST = BOOT_INFO + 0x80;
const LOADER_NAME = BOOT_INFO + 0xa0;
const MEMORY_MAP = BOOT_INFO + 0xc0;

export interface MultibootHeader {
  offset: number;
  flags: number;
}

export function findMultibootHeader(file: Uint8Array): MultibootHeader | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let offset = 0; offset + 12 <= Math.min(file.length, 8192); offset += 4) {
    if (view.getUint32(offset, true) !== MULTIBOOT_HEADER_MAGIC) continue;
    const flags = view.getUint32(offset + 4, true);
    if (((MULTIBOOT_HEADER_MAGIC + flags + view.getUint32(offset + 8, true)) & 0xffffffff) === 0)
      return { offset, flags };
  }
  return null;
}

/** @throws {OspiteError} kernel.invalid */
export function prepareMultiboot(
  memory: FirmwareMemory,
  input: DirectBootInput,
  header: MultibootHeader,
): DirectBootPlan {
  if ((header.flags & 0xfff8) !== 0) {
    throw new OspiteError(
      'kernel.invalid',
      `The Multiboot kernel requires features 0x${(header.flags & 0xffff & ~KNOWN_REQUIREMENTS).toString(16)} that direct boot does not give; boot it through GRUB.`,
    );
  }
  const { entry, end } = loadImage(memory, input, header);
  const info = new Uint8Array(0x48);
  const view = new DataView(info.buffer);
  view.setUint32(0, 0x1 | 0x4 | 0x40 | 0x200 | (input.initrd === null ? 0 : 0x8), true);
  view.setUint32(4, 639, true);
  view.setUint32(8, (input.lowUsableEnd - 0x100000) >>> 10, true);
  view.setUint32(16, placeCommandLine(memory, input.commandLine, COMMAND_LINE, COMMAND_LINE_LIMIT - 1), true);
  if (input.initrd !== null) {
    const address = placeInitrd(memory, input.initrd, end, input.lowUsableEnd);
    memory.writeU32(MODULE_LIST, address);
    memory.writeU32(MODULE_LIST + 4, address + input.initrd.length);
    memory.writeU32(MODULE_LIST + 8, COMMAND_LINE);
    memory.writeU32(MODULE_LIST + 12, 0);
    view.setUint32(20, 1, true);
    view.setUint32(24, MODULE_LIST, true);
  }
  const map = input.memoryMap.slice(0, 100);
  map.forEach((range, index) => {
    const at = MEMORY_MAP + index * 24;
    memory.writeU32(at, 20);
    memory.writeU64(at + 4, BigInt(range.base));
    memory.writeU64(at + 12, BigInt(range.lengthBytes));
    memory.writeU32(at + 20, range.type);
  });
  view.setUint32(44, map.length * 24, true);
  view.setUint32(48, MEMORY_MAP, true);
  memory.write(LOADER_NAME, new TextEncoder().encode('Ospite\0'));
  view.setUint32(64, LOADER_NAME, true);
  memory.write(BOOT_INFO, info);
  const gdtr = writeBootGdt(memory, BOOT_GDT, false);
  return {
    protocol: 'multiboot',
    cpu: protectedEntry({ ip: entry, gdtr, gpr: { [EAX]: MULTIBOOT_BOOTLOADER_MAGIC, [EBX]: BOOT_INFO } }),
  };
}

function loadImage(
  memory: FirmwareMemory,
  input: DirectBootInput,
  header: MultibootHeader,
): { entry: number; end: number } {
  const file = input.kernel;
  const elf = parseElf(file);
  if (elf !== null && (header.flags & HAS_ADDRESSES) === 0) {
    if (elf.entry > 0xffffffff)
      throw new OspiteError('kernel.invalid', 'The Multiboot kernel has its entry above 4 GiB; it is damaged.');
    return { entry: elf.entry, end: loadSegments(memory, file, elf, input.lowUsableEnd) };
  }
  if ((header.flags & HAS_ADDRESSES) === 0 || header.offset + 32 > file.length) {
    throw new OspiteError('kernel.invalid', 'The Multiboot kernel is neither ELF nor says where it is to be loaded.');
  }
  const view = new DataView(file.buffer, file.byteOffset + header.offset, 32);
  const headerAddress = view.getUint32(12, true);
  const loadAddress = view.getUint32(16, true);
  const loadEnd = view.getUint32(20, true);
  const bssEnd = view.getUint32(24, true);
  const fileStart = header.offset - (headerAddress - loadAddress);
  const fileBytes = loadEnd === 0 ? file.length - fileStart : loadEnd - loadAddress;
  const memoryBytes = Math.max(fileBytes, bssEnd === 0 ? 0 : bssEnd - loadAddress);
  if (fileStart < 0 || fileBytes <= 0 || fileStart + fileBytes > file.length) {
    throw new OspiteError(
      'kernel.invalid',
      'The Multiboot kernel names load addresses outside its file; it is damaged.',
    );
  }
  const segments = [{ type: 1, offset: fileStart, physicalAddress: loadAddress, fileBytes, memoryBytes }];
  const end = loadSegments(memory, file, { is64Bit: false, entry: 0, segments }, input.lowUsableEnd);
  return { entry: view.getUint32(28, true), end };
}
