// Linux kernels in bzImage and zImage form. [LINUX-BOOT], protocols 2.00 to 2.15.
// Not modelled: EFI handover, setup_data, loading above 4 GiB.
import { OspiteError } from '../../../core/errors.ts';
import type { CpuEntryState, FirmwareMemory } from '../firmware-cpu.ts';
import { EBX, ESI, longModeEntry, protectedEntry, realModeEntry, writeBootGdt } from '../firmware-cpu.ts';
import type { DirectBootInput, DirectBootPlan } from './direct-boot.ts';
import {
  BOOT_GDT,
  COMMAND_LINE,
  COMMAND_LINE_LIMIT,
  PAGE_TABLES,
  placeCommandLine,
  placeInitrd,
  REAL_MODE_BASE,
  ZERO_PAGE,
} from './placement.ts';

const HDRS = 0x53726448;
const LOADED_HIGH = 1;
const CAN_USE_HEAP = 0x80;
const XLF_KERNEL_64 = 1;
const OLD_CL_MAGIC = 0xa33f;
const SECTOR = 512;

// Offsets in the setup header, equal in the file and in boot_params.
const HDR = {
  setup_sects: 0x1f1,
  syssize: 0x1f4,
  vid_mode: 0x1fa,
  boot_flag: 0x1fe,
  jump: 0x200,
  header: 0x202,
  version: 0x206,
  type_of_loader: 0x210,
  loadflags: 0x211,
  code32_start: 0x214,
  ramdisk_image: 0x218,
  ramdisk_size: 0x21c,
  heap_end_ptr: 0x224,
  cmd_line_ptr: 0x228,
  initrd_addr_max: 0x22c,
  kernel_alignment: 0x230,
  relocatable_kernel: 0x234,
  xloadflags: 0x236,
  cmdline_size: 0x238,
  pref_address: 0x258,
  init_size: 0x260,
} as const;

interface SetupHeader {
  version: number;
  setupBytes: number;
  loadflags: number;
  initrdAddrMax: number;
  kernelAlignment: number;
  isRelocatable: boolean;
  xloadflags: number;
  commandLineLimit: number;
  prefAddress: number;
  /** Memory needed from the load address up. */
  initSize: number;
}

export function isBzImage(kernel: Uint8Array): boolean {
  if (kernel.length < 0x400) return false;
  const view = viewOf(kernel);
  return view.getUint16(HDR.boot_flag, true) === 0xaa55 && view.getUint32(HDR.header, true) === HDRS;
}

/** @throws {OspiteError} kernel.invalid */
export function prepareBzImage(memory: FirmwareMemory, input: DirectBootInput): DirectBootPlan {
  const header = parseHeader(input.kernel);
  const vgaMode = /(?:^|\s)vga=(\S+)/.exec(input.commandLine)?.[1];
  return header.version >= 0x020a && vgaMode === undefined
    ? prepareFlat(memory, input, header)
    : prepareRealMode(memory, input, header, vgaMode);
}

function parseHeader(kernel: Uint8Array): SetupHeader {
  const view = viewOf(kernel);
  const version = view.getUint16(HDR.version, true);
  if (version < 0x0200) {
    throw new OspiteError(
      'kernel.invalid',
      'The kernel uses a boot protocol older than 2.00; boot it from a disk image.',
    );
  }
  const setupBytes = ((kernel[HDR.setup_sects]! || 4) + 1) * SECTOR;
  if (kernel.length <= setupBytes) {
    throw new OspiteError('kernel.invalid', 'The kernel file ends inside its setup code; it is truncated.');
  }
  const systemBytes = kernel.length - setupBytes;
  return {
    version,
    setupBytes,
    loadflags: kernel[HDR.loadflags]!,
    initrdAddrMax: version >= 0x0203 ? view.getUint32(HDR.initrd_addr_max, true) : 0x37ffffff,
    kernelAlignment: version >= 0x0205 ? Math.max(view.getUint32(HDR.kernel_alignment, true), 0x1000) : 0x1000,
    isRelocatable: version >= 0x0205 && kernel[HDR.relocatable_kernel] !== 0,
    xloadflags: version >= 0x020c ? view.getUint16(HDR.xloadflags, true) : 0,
    commandLineLimit: version >= 0x0206 ? view.getUint32(HDR.cmdline_size, true) : 255,
    prefAddress: version >= 0x020a ? Number(view.getBigUint64(HDR.pref_address, true)) : 0x100000,
    initSize: version >= 0x020a ? Math.max(view.getUint32(HDR.init_size, true), systemBytes) : systemBytes,
  };
}

/** 32-bit or 64-bit entry with boot_params filled in by us. */
function prepareFlat(memory: FirmwareMemory, input: DirectBootInput, header: SetupHeader): DirectBootPlan {
  const loadAddress = chooseLoadAddress(header, input.lowUsableEnd);
  memory.write(loadAddress, input.kernel.subarray(header.setupBytes));

  const params = new Uint8Array(0x1000);
  const view = viewOf(params);
  params.set(input.kernel.subarray(0x1f1, Math.min(0x202 + input.kernel[0x201]!, 0x290)), 0x1f1);
  params[HDR.type_of_loader] = 0xff;
  view.setUint16(HDR.vid_mode, 0xffff, true);
  view.setUint32(HDR.code32_start, loadAddress, true);
  view.setUint32(
    HDR.cmd_line_ptr,
    placeCommandLine(
      memory,
      input.commandLine,
      COMMAND_LINE,
      Math.min(header.commandLineLimit, COMMAND_LINE_LIMIT - 1),
    ),
    true,
  );
  if (input.initrd !== null) {
    const limit = Math.min(header.initrdAddrMax + 1, input.lowUsableEnd);
    view.setUint32(HDR.ramdisk_image, placeInitrd(memory, input.initrd, loadAddress + header.initSize, limit), true);
    view.setUint32(HDR.ramdisk_size, input.initrd.length, true);
  }
  fillScreenInfo(memory, params);
  fillMemory(view, input);
  view.setBigUint64(0x070, BigInt(input.rsdpAddress), true);
  memory.write(ZERO_PAGE, params);

  const is64Bit = input.hasLongMode && (header.xloadflags & XLF_KERNEL_64) !== 0;
  const gdtr = writeBootGdt(memory, BOOT_GDT, is64Bit);
  const cpu: CpuEntryState = is64Bit
    ? longModeEntry({ ip: loadAddress + 0x200, cr3: identityMap(memory), gdtr, gpr: { [ESI]: ZERO_PAGE } })
    : protectedEntry({ ip: loadAddress, gdtr, gpr: { [ESI]: ZERO_PAGE, [EBX]: 0 } });
  return { protocol: is64Bit ? 'linux-64' : 'linux-32', cpu };
}

function chooseLoadAddress(header: SetupHeader, usableEnd: number): number {
  const candidates = [header.prefAddress];
  if (header.isRelocatable) candidates.push(Math.ceil(0x100000 / header.kernelAlignment) * header.kernelAlignment);
  for (const address of candidates) {
    if (address >= 0x100000 && address + header.initSize <= usableEnd) return address;
  }
  const needed = Math.ceil((Math.min(...candidates) + header.initSize) / 0x100000) + 1;
  throw new OspiteError('kernel.invalid', `The kernel needs at least ${needed} MiB of memory to start.`);
}

/** screen_info as the setup code would leave it in text mode 3; position from the BIOS data area. */
function fillScreenInfo(memory: FirmwareMemory, params: Uint8Array): void {
  params[0x00] = memory.readU8(0x450);
  params[0x01] = memory.readU8(0x451);
  params[0x06] = 3;
  params[0x07] = 80;
  params[0x0e] = 25;
  params[0x0f] = 1;
  params[0x10] = 16;
}

function fillMemory(view: DataView, input: DirectBootInput): void {
  const entries = input.memoryMap.slice(0, 128);
  view.setUint8(0x1e8, entries.length);
  entries.forEach((entry, index) => {
    const at = 0x2d0 + index * 20;
    view.setBigUint64(at, BigInt(entry.base), true);
    view.setBigUint64(at + 8, BigInt(entry.lengthBytes), true);
    view.setUint32(at + 16, entry.type, true);
  });
  const extendedKiB = Math.floor((input.lowUsableEnd - 0x100000) / 1024);
  view.setUint16(0x02, Math.min(extendedKiB, 0xffff), true);
  view.setUint32(0x1e0, extendedKiB, true);
}

/** 4 GiB of 2 MiB pages mapped one to one. */
function identityMap(memory: FirmwareMemory): number {
  const table = new Uint8Array(6 * 0x1000);
  const view = viewOf(table);
  const pointerTable = PAGE_TABLES + 0x1000;
  view.setBigUint64(0, BigInt(pointerTable | 3), true);
  for (let gib = 0; gib < 4; gib++) {
    const directory = PAGE_TABLES + 0x2000 + gib * 0x1000;
    view.setBigUint64(0x1000 + gib * 8, BigInt(directory | 3), true);
    for (let index = 0; index < 512; index++) {
      view.setBigUint64(0x2000 + gib * 0x1000 + index * 8, BigInt(gib * 0x40000000 + index * 0x200000 + 0x83), true);
    }
  }
  memory.write(PAGE_TABLES, table);
  return PAGE_TABLES;
}

/** The kernel's own setup code in real mode. */
function prepareRealMode(
  memory: FirmwareMemory,
  input: DirectBootInput,
  header: SetupHeader,
  vgaMode: string | undefined,
): DirectBootPlan {
  const isHigh = (header.loadflags & LOADED_HIGH) !== 0;
  const hasPointer = header.version >= 0x0202;
  const base = hasPointer && isHigh ? REAL_MODE_BASE : 0x90000;
  const setup = input.kernel.slice(0, header.setupBytes);
  if (setup.length > 0x8000) {
    throw new OspiteError('kernel.invalid', 'The kernel has more than 32 KiB of setup code; it is damaged.');
  }
  const system = input.kernel.subarray(header.setupBytes);
  const loadAddress = isHigh ? 0x100000 : 0x10000;
  if (!isHigh && system.length > 0x80000) {
    throw new OspiteError('kernel.invalid', 'The zImage kernel is larger than 512 KiB; it is damaged.');
  }
  if (isHigh && loadAddress + header.initSize > input.lowUsableEnd) {
    throw new OspiteError('kernel.invalid', 'The kernel does not fit into memory; give the machine more memory.');
  }
  memory.write(loadAddress, system);

  const view = viewOf(setup);
  setup[HDR.type_of_loader] = 0xff;
  if (vgaMode !== undefined) view.setUint16(HDR.vid_mode, parseVideoMode(vgaMode), true);
  // [boot.rst "Sample boot configuration"] the heap ends where the stack begins; at 0x90000 the EBDA limits it.
  const heapEnd = base === REAL_MODE_BASE ? 0xe000 : 0x9800;
  if (header.version >= 0x0201) {
    setup[HDR.loadflags] = header.loadflags | CAN_USE_HEAP;
    view.setUint16(HDR.heap_end_ptr, heapEnd - 0x200, true);
  }
  const limit = Math.min(header.commandLineLimit, hasPointer ? COMMAND_LINE_LIMIT - 1 : 255);
  if (hasPointer) {
    const address = base === REAL_MODE_BASE ? COMMAND_LINE : base + heapEnd;
    view.setUint32(HDR.cmd_line_ptr, placeCommandLine(memory, input.commandLine, address, limit), true);
  } else {
    placeCommandLine(memory, input.commandLine, base + heapEnd, limit);
    view.setUint16(0x20, OLD_CL_MAGIC, true);
    view.setUint16(0x22, heapEnd, true);
  }
  if (input.initrd !== null) {
    const top = Math.min(header.initrdAddrMax + 1, input.lowUsableEnd);
    const floor = isHigh ? loadAddress + header.initSize : 0x100000;
    view.setUint32(HDR.ramdisk_image, placeInitrd(memory, input.initrd, floor, top), true);
    view.setUint32(HDR.ramdisk_size, input.initrd.length, true);
  }
  memory.write(base, setup);
  const segment = base >>> 4;
  return {
    protocol: 'linux-16',
    cpu: realModeEntry({ codeSegment: segment + 0x20, ip: 0, dataSegment: segment, sp: heapEnd }),
  };
}

function parseVideoMode(text: string): number {
  const named: Record<string, number> = { normal: 0xffff, ext: 0xfffe, ask: 0xfffd };
  const value = named[text] ?? Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw new OspiteError('kernel.invalid', `The kernel option vga=${text} is not a video mode number; correct it.`);
  }
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
