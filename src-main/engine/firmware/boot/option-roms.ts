// Option ROMs in 0xc8000-0xeffff: copying supplied images there, finding them, calling their initialization, and their
// bootstrap entries (network boot). [PNP-BIOS-1.0A §3; PCI-3.0 §6.3]

import type { FirmwareContext } from '../firmware-context.ts';
import type { FirmwareMemory } from '../firmware-cpu.ts';
import { type PciAddress, PciConfig } from '../pci-setup.ts';

const AREA_START = 0xc8000;
const AREA_END = 0xf0000;
const STEP = 0x800;
const ROM_SIGNATURE = 0xaa55;
const PNP_SIGNATURE = 0x506e5024;

export interface BootstrapEntry {
  label: string;
  segment: number;
  offset: number;
  /** The PCI function the ROM belongs to; 0 if unknown. */
  pciAddress: PciAddress;
}

export class OptionRoms {
  private readonly context: FirmwareContext;
  private readonly images: readonly Uint8Array[];
  /** Where the scan goes on. */
  nextAddress = AREA_START;
  /** Addresses of the ROMs that were called. They may change themselves then, checksum included. */
  initialized: number[] = [];

  constructor(context: FirmwareContext, images: readonly Uint8Array[]) {
    this.context = context;
    this.images = images;
  }

  /** Copies the images, each at the next 2 KiB boundary; what does not fit is left out with a warning. */
  load(): void {
    const { memory, log } = this.context;
    this.nextAddress = AREA_START;
    this.initialized = [];
    memory.write(AREA_START, new Uint8Array(AREA_END - AREA_START));
    let at = AREA_START;
    for (const image of this.images) {
      if (image[0] !== 0x55 || image[1] !== 0xaa || at + image.length > AREA_END) {
        log.log('warn', 'An option ROM is damaged or does not fit below 0xf0000; it was left out.');
        continue;
      }
      memory.write(at, image);
      at = Math.ceil((at + image.length) / STEP) * STEP;
    }
  }

  /** Segment of the next ROM to initialize, or null. */
  next(): { segment: number; pciAddress: PciAddress } | null {
    const { memory } = this.context;
    while (this.nextAddress < AREA_END) {
      const at = this.nextAddress;
      const lengthBytes = romLength(memory, at);
      this.nextAddress = lengthBytes === 0 ? at + STEP : Math.ceil((at + lengthBytes) / STEP) * STEP;
      if (lengthBytes === 0) continue;
      this.initialized.push(at);
      return { segment: at >> 4, pciAddress: this.pciOwner(at) };
    }
    return null;
  }

  /** Entries of ROMs that can boot on their own. */
  bootstraps(): BootstrapEntry[] {
    const { memory } = this.context;
    const found: BootstrapEntry[] = [];
    for (const at of this.initialized) {
      const header = at + memory.readU16(at + 0x1a);
      if (memory.readU16(at) !== ROM_SIGNATURE || memory.readU32(header) !== PNP_SIGNATURE) continue;
      const offset = memory.readU16(header + 0x1a);
      const label = readName(memory, at, memory.readU16(header + 0x10));
      if (offset !== 0) found.push({ label, segment: at >> 4, offset, pciAddress: this.pciOwner(at) });
    }
    return found;
  }

  /** The function whose vendor and device the ROM's PCI data structure names, else the first network controller. */
  private pciOwner(at: number): PciAddress {
    const { memory, ports } = this.context;
    const config = new PciConfig(ports);
    const functions = config.functions();
    const data = at + memory.readU16(at + 0x18);
    if (memory.readU32(data) === 0x52494350) {
      const id = memory.readU32(data + 4);
      const owner = functions.find((address) => config.read(address, 0, 4) === id);
      if (owner !== undefined) return owner;
    }
    return functions.find((address) => config.read(address, 0x0b, 1) === 2) ?? 0;
  }
}

/** Bytes of a valid ROM at this address, 0 if there is none. */
function romLength(memory: FirmwareMemory, at: number): number {
  if (memory.readU16(at) !== ROM_SIGNATURE) return 0;
  const lengthBytes = memory.readU8(at + 2) * 512;
  if (lengthBytes === 0 || at + lengthBytes > AREA_END) return 0;
  const bytes = new Uint8Array(lengthBytes);
  memory.read(at, bytes);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return (sum & 0xff) === 0 ? lengthBytes : 0;
}

function readName(memory: FirmwareMemory, base: number, offset: number): string {
  if (offset === 0) return 'Network';
  let name = '';
  for (let index = 0; index < 40; index++) {
    const character = memory.readU8(base + offset + index);
    if (character < 0x20 || character > 0x7e) break;
    name += String.fromCharCode(character);
  }
  return name.trim() || 'Network';
}
