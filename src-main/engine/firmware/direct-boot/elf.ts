// Loading ELF kernels: program headers and the notes in them. [ELF-1.2, ELF-64]
import { OspiteError } from '../../../core/errors.ts';
import type { FirmwareMemory } from '../firmware-cpu.ts';

const PT_LOAD = 1;
const PT_NOTE = 4;
const EM_386 = 3;
const EM_X86_64 = 62;
/** Kernels have a handful of segments and notes; a file with thousands over the same bytes only keeps us busy. */
const MAX_SEGMENTS = 128;
const MAX_NOTES = 4096;

export interface ElfSegment {
  type: number;
  offset: number;
  physicalAddress: number;
  fileBytes: number;
  memoryBytes: number;
}

export interface ElfImage {
  is64Bit: boolean;
  entry: number;
  segments: ElfSegment[];
}

/** The image, or null if the file is no x86 ELF executable. */
export function parseElf(file: Uint8Array): ElfImage | null {
  if (file.length < 52 || file[0] !== 0x7f || file[1] !== 0x45 || file[2] !== 0x4c || file[3] !== 0x46) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const is64Bit = file[4] === 2;
  const machine = view.getUint16(18, true);
  if (file[5] !== 1 || (machine !== EM_386 && machine !== EM_X86_64) || (is64Bit && file.length < 64)) return null;
  const tableOffset = is64Bit ? Number(view.getBigUint64(32, true)) : view.getUint32(28, true);
  const entrySize = view.getUint16(is64Bit ? 54 : 42, true);
  const count = view.getUint16(is64Bit ? 56 : 44, true);
  if (count > MAX_SEGMENTS || entrySize < (is64Bit ? 56 : 32)) return null;
  if (tableOffset + entrySize * count > file.length) return null;
  const segments: ElfSegment[] = [];
  for (let index = 0; index < count; index++) {
    const at = tableOffset + index * entrySize;
    const segment: ElfSegment = is64Bit
      ? {
          type: view.getUint32(at, true),
          offset: Number(view.getBigUint64(at + 8, true)),
          physicalAddress: Number(view.getBigUint64(at + 24, true)),
          fileBytes: Number(view.getBigUint64(at + 32, true)),
          memoryBytes: Number(view.getBigUint64(at + 40, true)),
        }
      : {
          type: view.getUint32(at, true),
          offset: view.getUint32(at + 4, true),
          physicalAddress: view.getUint32(at + 12, true),
          fileBytes: view.getUint32(at + 16, true),
          memoryBytes: view.getUint32(at + 20, true),
        };
    if (segment.offset + segment.fileBytes > file.length) return null;
    segments.push(segment);
  }
  return { is64Bit, entry: is64Bit ? Number(view.getBigUint64(24, true)) : view.getUint32(24, true), segments };
}

/**
 * Copies PT_LOAD segments to their physical addresses and clears the rest of each.
 * @returns first address above all of them
 * @throws {OspiteError} kernel.invalid when a segment lies outside usable RAM
 */
export function loadSegments(memory: FirmwareMemory, file: Uint8Array, image: ElfImage, usableEnd: number): number {
  let end = 0x100000;
  let totalBytes = 0;
  for (const segment of image.segments) {
    if (segment.type !== PT_LOAD || segment.memoryBytes === 0) continue;
    totalBytes += segment.memoryBytes;
    if (totalBytes > usableEnd)
      throw new OspiteError(
        'kernel.invalid',
        'The kernel has segments for more memory than the machine has; give it more memory, or the file is damaged.',
      );
    const { physicalAddress, fileBytes, memoryBytes } = segment;
    const last = physicalAddress + memoryBytes;
    const isLow = physicalAddress >= 0x30000 && last <= 0x9f000;
    if (memoryBytes < fileBytes || !(isLow || (physicalAddress >= 0x100000 && last <= usableEnd))) {
      throw new OspiteError(
        'kernel.invalid',
        `The kernel wants memory at 0x${physicalAddress.toString(16)}-0x${last.toString(16)}, which this machine does not offer; give it more memory.`,
      );
    }
    memory.write(physicalAddress, file.subarray(segment.offset, segment.offset + fileBytes));
    clear(memory, physicalAddress + fileBytes, memoryBytes - fileBytes);
    if (!isLow) end = Math.max(end, last);
  }
  return end;
}

/** Visits the notes of PT_NOTE segments, a bounded number: name without its NUL, type, descriptor bytes. */
export function visitNotes(
  file: Uint8Array,
  image: ElfImage,
  visit: (name: string, type: number, descriptor: Uint8Array) => void,
): void {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let left = MAX_NOTES;
  for (const segment of image.segments) {
    if (segment.type !== PT_NOTE) continue;
    const end = segment.offset + segment.fileBytes;
    let at = segment.offset;
    while (at + 12 <= end && left-- > 0) {
      const nameBytes = view.getUint32(at, true);
      const descriptorBytes = view.getUint32(at + 4, true);
      const nameAt = at + 12;
      const descriptorAt = nameAt + ((nameBytes + 3) & ~3);
      if (nameBytes > 256 || descriptorAt + descriptorBytes > end) break;
      const name = String.fromCharCode(...file.subarray(nameAt, nameAt + Math.max(nameBytes - 1, 0)));
      visit(name, view.getUint32(at + 8, true), file.subarray(descriptorAt, descriptorAt + descriptorBytes));
      at = descriptorAt + ((descriptorBytes + 3) & ~3);
    }
  }
}

function clear(memory: FirmwareMemory, address: number, lengthBytes: number): void {
  const zeroes = new Uint8Array(Math.min(lengthBytes, 0x10000));
  for (let done = 0; done < lengthBytes; done += zeroes.length) {
    memory.write(address + done, zeroes.subarray(0, Math.min(zeroes.length, lengthBytes - done)));
  }
}
