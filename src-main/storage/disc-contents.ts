// Looks into an ISO 9660 disc: its label, whether it boots, the names in its first two levels, small files. For recognising
// installers, not for serving files: every structure is read defensively and in bounded amounts. [ECMA-119], [SUSP-1.12], [RRIP-1.12]
//
//   directory record: +0 length u8 | +2 extent LE u32 | +10 bytes LE u32 | +25 flags u8 (bit 1 directory) | +32 name length u8 |
//   +33 name; system use entries follow the padded name: "NM" length u8 version u8 flags u8 name (Rock Ridge's real name)
import type { BlockBackend } from '../core/backends/block.ts';

const SECTOR = 2048;
const FIRST_DESCRIPTOR = 16;
const MAX_DESCRIPTORS = 32;
const VOLUME_BOOT_RECORD = 0;
const VOLUME_PRIMARY = 1;
const VOLUME_TERMINATOR = 255;
const MAX_DIRECTORY_BYTES = 256 * 1024;
const MAX_DIRECTORIES = 64;
const MAX_FILE_BYTES = 64 * 1024;
const FLAG_DIRECTORY = 2;

interface Entry {
  name: string;
  isDirectory: boolean;
  sector: number;
  sizeBytes: number;
}

export interface DiscContents {
  label: string;
  isBootable: boolean;
  /** Paths of two levels in lower case, folders with a trailing "/": "install/", "install/vmlinuz". */
  names: string[];
  /** Text of a small file by its path in `names`; empty when there is none. */
  readText(path: string): Promise<string>;
}

const NOTHING: DiscContents = { label: '', isBootable: false, names: [], readText: () => Promise.resolve('') };

/** @throws {OspiteError} medium.ioError; damaged structures give what could be read */
export async function readDiscContents(disc: BlockBackend): Promise<DiscContents> {
  const volume = await readDescriptors(disc);
  if (!volume) return NOTHING;
  const entries = new Map<string, Entry>();
  const top = await readDirectory(disc, volume.root);
  let directories = 0;
  for (const entry of top) {
    entries.set(pathOf('', entry), entry);
    if (!entry.isDirectory || ++directories > MAX_DIRECTORIES) continue;
    const prefix = pathOf('', entry);
    for (const inner of await readDirectory(disc, entry)) entries.set(pathOf(prefix, inner), inner);
  }
  return {
    label: volume.label,
    isBootable: volume.isBootable,
    names: [...entries.keys()],
    readText: async (path) => {
      const entry = entries.get(path);
      return entry && !entry.isDirectory ? text(await readExtent(disc, entry, MAX_FILE_BYTES)) : '';
    },
  };
}

function pathOf(prefix: string, entry: Entry): string {
  return `${prefix}${entry.name.toLowerCase()}${entry.isDirectory ? '/' : ''}`;
}

async function readDescriptors(
  disc: BlockBackend,
): Promise<{ label: string; isBootable: boolean; root: Entry } | null> {
  let isBootable = false;
  let primary: { label: string; root: Entry } | null = null;
  for (let index = 0; index < MAX_DESCRIPTORS; index++) {
    const offset = (FIRST_DESCRIPTOR + index) * SECTOR;
    if (offset + SECTOR > disc.capacityBytes) break;
    const bytes = new Uint8Array(SECTOR);
    await disc.read(offset, bytes);
    if (text(bytes.subarray(1, 6)) !== 'CD001' || bytes[0] === VOLUME_TERMINATOR) break;
    if (bytes[0] === VOLUME_BOOT_RECORD) isBootable ||= text(bytes.subarray(7, 39)).startsWith('EL TORITO');
    if (bytes[0] !== VOLUME_PRIMARY || primary) continue;
    const root = parseRecord(bytes.subarray(156, 190));
    if (root) primary = { label: text(bytes.subarray(40, 72)).trim(), root };
  }
  return primary && { ...primary, isBootable };
}

async function readDirectory(disc: BlockBackend, directory: Entry): Promise<Entry[]> {
  const bytes = await readExtent(disc, directory, MAX_DIRECTORY_BYTES);
  const entries: Entry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at]!;
    if (length === 0) {
      at = (Math.floor(at / SECTOR) + 1) * SECTOR; // Records do not cross sectors.
      continue;
    }
    const entry = parseRecord(bytes.subarray(at, at + length));
    if (entry && entry.name !== '') entries.push(entry);
    at += length;
  }
  return entries;
}

/** Null for what is no record; an empty name for "." and "..". */
function parseRecord(bytes: Uint8Array): Entry | null {
  if (bytes.length < 34) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const nameEnd = 33 + bytes[32]!;
  if (nameEnd > bytes.length) return null;
  const plain = bytes[32] === 1 && bytes[33]! <= 1 ? '' : text(bytes.subarray(33, nameEnd)).replace(/\.?;\d+$/, '');
  const name = plain === '' ? '' : (rockRidgeName(bytes.subarray(nameEnd + (nameEnd % 2))) ?? plain);
  return {
    name,
    isDirectory: (bytes[25]! & FLAG_DIRECTORY) !== 0,
    sector: view.getUint32(2, true),
    sizeBytes: view.getUint32(10, true),
  };
}

function rockRidgeName(systemUse: Uint8Array): string | null {
  let name: string | null = null;
  for (let at = 0; at + 5 <= systemUse.length; ) {
    const length = systemUse[at + 2]!;
    if (length < 4 || at + length > systemUse.length) break;
    if (text(systemUse.subarray(at, at + 2)) === 'NM')
      name = (name ?? '') + text(systemUse.subarray(at + 5, at + length));
    at += length;
  }
  return name;
}

async function readExtent(disc: BlockBackend, entry: Entry, limit: number): Promise<Uint8Array> {
  const offset = entry.sector * SECTOR;
  const length = Math.min(entry.sizeBytes, limit, disc.capacityBytes - offset);
  if (length <= 0) return new Uint8Array(0);
  const bytes = new Uint8Array(Math.min(Math.ceil(length / SECTOR) * SECTOR, disc.capacityBytes - offset));
  await disc.read(offset, bytes);
  return bytes.subarray(0, length);
}

const latin1 = new TextDecoder('latin1');

function text(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}
