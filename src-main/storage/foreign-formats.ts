// Formats we recognise but do not open, so that a disk is never mistaken for raw sectors and overwritten.
// Each entry says what the file is and what its owner can do.

import type { ProbeInput } from './format-module.ts';
import { rawSectorSync } from './formats/iso/layout.ts';

export interface ForeignFormat {
  name: string;
  /** Continues "…; " in the refusal; `%` stands for the file's name. */
  remedy: string;
}

const convert = 'convert it first: qemu-img convert -O raw "%" "%.img"';
const unpack = 'unpack it first and use the image inside';

interface Mark {
  at: number;
  bytes: readonly number[] | string;
  format: ForeignFormat;
}

const marks: readonly Mark[] = [
  { at: 0, bytes: 'QFI\xfb', format: { name: 'a QCOW2 disk image', remedy: convert } },
  { at: 0x40, bytes: [0x7f, 0x10, 0xda, 0xbe], format: { name: 'a VDI (VirtualBox) disk image', remedy: convert } },
  { at: 0, bytes: 'KDMV', format: { name: 'a VMDK (VMware) disk image', remedy: convert } },
  { at: 0, bytes: 'COWD', format: { name: 'a VMDK (VMware ESX) disk image', remedy: convert } },
  { at: 0, bytes: '# Disk DescriptorFile', format: { name: 'a VMDK (VMware) descriptor', remedy: convert } },
  { at: 0, bytes: 'conectix', format: { name: 'a VHD (Virtual PC) disk image', remedy: convert } },
  { at: 0, bytes: 'vhdxfile', format: { name: 'a VHDX (Hyper-V) disk image', remedy: convert } },
  { at: 0, bytes: 'QED\0', format: { name: 'a QED disk image', remedy: convert } },
  { at: 0, bytes: 'WithoutFreeSpace', format: { name: 'a Parallels disk image', remedy: convert } },
  { at: 0, bytes: 'WithouFreSpacExt', format: { name: 'a Parallels disk image', remedy: convert } },
  { at: 0, bytes: 'Bochs Virtual HD Image', format: { name: 'a Bochs disk image', remedy: convert } },
  { at: 0, bytes: [0x1f, 0x8b, 8], format: { name: 'compressed with gzip', remedy: unpack } },
  { at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], format: { name: 'compressed with xz', remedy: unpack } },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], format: { name: 'compressed with zstd', remedy: unpack } },
  { at: 0, bytes: 'BZh', format: { name: 'compressed with bzip2', remedy: unpack } },
  { at: 0, bytes: 'PK\x03\x04', format: { name: 'a zip archive', remedy: unpack } },
  { at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], format: { name: 'a 7z archive', remedy: unpack } },
  { at: 0, bytes: 'CISO', format: { name: 'a compressed disc image (CISO)', remedy: unpack } },
  {
    at: 257,
    bytes: 'ustar',
    format: { name: 'a tar archive or an OVA appliance', remedy: 'import it as an appliance, or unpack it first' },
  },
  {
    at: 0,
    bytes: '<?xml',
    format: { name: 'an XML document', remedy: 'if it describes a machine, import or add that instead' },
  },
  {
    at: 0,
    bytes: [...rawSectorSync],
    format: {
      name: 'a raw CD image of 2352-byte sectors',
      remedy: 'convert it to .iso first, for example with bchunk',
    },
  },
];

function carries(header: Uint8Array, mark: Mark): boolean {
  const { at, bytes } = mark;
  for (let i = 0; i < bytes.length; i++) {
    const expected = typeof bytes === 'string' ? bytes.charCodeAt(i) : bytes[i];
    if (header[at + i] !== expected) return false;
  }
  return true;
}

/** Names the foreign format whose mark the file's beginning carries, or null. */
export function recogniseForeign({ header }: Pick<ProbeInput, 'header'>): ForeignFormat | null {
  return marks.find((mark) => carries(header, mark))?.format ?? null;
}
