// Places a firmware image file where the processor and old software look for it: the whole image ends at 4 GiB, its last 128 KiB
// appear again at E0000..FFFFF. UEFI images come with a variable store, in a file of its own or as the image's first part.
import { OspiteError } from '../../core/errors.ts';
import type { DeviceMemory, Mapping, MmioHandler } from '../bus/device.ts';
import { FLASH_BLOCK_BYTES, Flash } from './flash.ts';

const FOUR_GIB = 0x1_0000_0000;
const LEGACY_END = 0x100000;
const LEGACY_BYTES = 0x20000;
const MAX_IMAGE_BYTES = 0x1000000;
const PAGE = 0x1000;

/** "_FVH" at 28h of a firmware volume header [PI-1.7 §III-3.2.1]. */
const FVH_SIGNATURE = 0x4856465f;
/** GUID of volumes that hold a variable store: fff12b8d-7696-4c8b-a985-2747075b4f50, as stored. */
const NV_DATA_GUID = [0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50];

export interface FirmwareImage {
  code: Uint8Array;
  /** Variable store from a file of its own (OVMF_VARS); placed right below the code. */
  vars?: Uint8Array;
  /** The variable store changed; offsets count from the start of `vars`, or of `code` if it holds the store. */
  onVarsChanged?: (startByte: number, endByte: number) => void;
}

export interface FirmwarePlacement {
  allocateMemory(lengthBytes: number, label: string): DeviceMemory;
  mapMmio(gpa: number, lengthBytes: number, handler: MmioHandler): Mapping;
}

/** True if the image begins with a UEFI variable store (a combined OVMF.fd, or an OVMF_VARS file). */
export function hasVariableStore(image: Uint8Array): boolean {
  if (image.length < 0x48) return false;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  return view.getUint32(0x28, true) === FVH_SIGNATURE && NV_DATA_GUID.every((byte, i) => image[0x10 + i] === byte);
}

/**
 * Maps the image. Returns the writable flash with the variables (part of the machine's state), or null for plain ROMs.
 * @throws {OspiteError} firmware.invalid
 */
export function placeFirmware(image: FirmwareImage, placement: FirmwarePlacement): Flash | null {
  checkSize(image.code, 'firmware image');
  if (image.vars) checkSize(image.vars, 'variable store');
  const { code } = image;
  const base = FOUR_GIB - code.length;
  let flash: Flash | null = null;
  if (!image.vars && hasVariableStore(code)) {
    flash = placeFlash(code, base, image, placement);
  } else {
    const rom = placement.allocateMemory(code.length, 'firmware ROM');
    rom.bytes.set(code);
    rom.mapAt(base, { writable: false, logDirty: false });
    if (image.vars) flash = placeFlash(image.vars, base - image.vars.length, image, placement);
  }
  const legacyBytes = Math.min(code.length, LEGACY_BYTES);
  const legacy = placement.allocateMemory(legacyBytes, 'firmware ROM below 1 MiB');
  legacy.bytes.set(code.subarray(code.length - legacyBytes));
  legacy.mapAt(LEGACY_END - legacyBytes, { writable: false, logDirty: false });
  return flash;
}

function placeFlash(content: Uint8Array, gpa: number, image: FirmwareImage, placement: FirmwarePlacement): Flash {
  const memory = placement.allocateMemory(content.length, 'firmware flash');
  memory.bytes.set(content);
  return new Flash({
    id: 'flash',
    gpa,
    memory,
    mapMmio: placement.mapMmio,
    isWritable: true,
    onChanged: (start, end) => image.onVarsChanged?.(start, end),
  });
}

function checkSize(bytes: Uint8Array, what: string): void {
  if (bytes.length === 0 || bytes.length > MAX_IMAGE_BYTES || bytes.length % Math.max(PAGE, FLASH_BLOCK_BYTES) !== 0)
    throw new OspiteError(
      'firmware.invalid',
      `The ${what} must be a multiple of 4 KiB and at most 16 MiB; it has ${bytes.length} bytes.`,
    );
}
