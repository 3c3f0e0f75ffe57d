// What QEMU's firmware configuration device tells SeaBIOS and OVMF: ACPI tables with instructions for placing them, memory map,
// SMBIOS, boot order, direct-boot files. [FW-CFG]
// The device itself (ports 0x510-0x51b) is a chipset part; this gives its contents.
import type { MachineDescription } from './machine-description.ts';
import { E820_RAM } from './memory-map.ts';
import { buildAcpiTables, buildRsdpTemplate, CHECKSUM_OFFSET } from './tables/acpi.ts';
import { buildSmbiosEntry, buildSmbiosTable } from './tables/smbios.ts';

/** Numbered items. Values little-endian. */
export const FW_CFG_KEY = {
  SIGNATURE: 0x00,
  ID: 0x01,
  UUID: 0x02,
  RAM_SIZE: 0x03,
  NOGRAPHIC: 0x04,
  NB_CPUS: 0x05,
  MACHINE_ID: 0x06,
  KERNEL_ADDR: 0x07,
  KERNEL_SIZE: 0x08,
  INITRD_SIZE: 0x0b,
  BOOT_DEVICE: 0x0c,
  BOOT_MENU: 0x0e,
  MAX_CPUS: 0x0f,
  KERNEL_DATA: 0x11,
  INITRD_DATA: 0x12,
  CMDLINE_SIZE: 0x14,
  CMDLINE_DATA: 0x15,
  SETUP_SIZE: 0x17,
  SETUP_DATA: 0x18,
  FILE_DIR: 0x19,
  FILE_FIRST: 0x20,
  ACPI_TABLES: 0x8000,
  SMBIOS_ENTRIES: 0x8001,
  IRQ0_OVERRIDE: 0x8002,
  HPET: 0x8004,
} as const;

export interface FwCfgContents {
  /** By FW_CFG_KEY, without the file directory, which the device builds from `files`. */
  items: Map<number, Uint8Array>;
  /** In directory order; names have at most 55 characters. */
  files: { name: string; bytes: Uint8Array }[];
}

export interface FwCfgOptions {
  /** Open Firmware paths of devices to boot, best first, when the caller knows them ("/pci@i0cf8/ide@1,1/drive@0/disk@0"). */
  bootPaths: readonly string[];
  hasBootMenu: boolean;
  bootPromptMs: number;
  directBoot: { kernel: Uint8Array; initrd: Uint8Array | null; commandLine: string } | null;
  /** Option ROMs as files: "genroms/..." or "vgaroms/..." names. */
  roms: readonly { name: string; bytes: Uint8Array }[];
}

const HAS_DMA = 2;
const TABLES = 'etc/acpi/tables';
const RSDP = 'etc/acpi/rsdp';

/** Everything such firmware asks for, for this machine. */
export function buildFwCfg(machine: MachineDescription, options: FwCfgOptions): FwCfgContents {
  const items = new Map<number, Uint8Array>([
    [FW_CFG_KEY.SIGNATURE, ascii('QEMU')],
    [FW_CFG_KEY.ID, le(1 | HAS_DMA, 4)],
    [FW_CFG_KEY.UUID, machine.uuid.slice(0, 16)],
    [FW_CFG_KEY.RAM_SIZE, le(machine.lowMemoryBytes + machine.highMemoryBytes, 8)],
    [FW_CFG_KEY.NOGRAPHIC, le(0, 2)],
    [FW_CFG_KEY.NB_CPUS, le(machine.vcpuCount, 2)],
    [FW_CFG_KEY.MAX_CPUS, le(machine.vcpuCount, 2)],
    [FW_CFG_KEY.BOOT_MENU, le(options.hasBootMenu ? 1 : 0, 2)],
    [FW_CFG_KEY.IRQ0_OVERRIDE, le(1, 4)],
    [FW_CFG_KEY.ACPI_TABLES, le(0, 2)],
    [FW_CFG_KEY.SMBIOS_ENTRIES, le(0, 2)],
    [FW_CFG_KEY.KERNEL_SIZE, le(0, 4)],
    [FW_CFG_KEY.INITRD_SIZE, le(0, 4)],
    [FW_CFG_KEY.SETUP_SIZE, le(0, 4)],
    [FW_CFG_KEY.CMDLINE_SIZE, le(0, 4)],
  ]);
  if (options.directBoot !== null) addDirectBoot(items, options.directBoot);

  const smbios = buildSmbiosTable(machine);
  const acpi = buildLoadableAcpi(machine);
  const files = [
    { name: 'etc/acpi/rsdp', bytes: acpi.rsdp },
    { name: 'etc/acpi/tables', bytes: acpi.tables },
    { name: 'etc/table-loader', bytes: acpi.loader },
    { name: 'etc/boot-menu-wait', bytes: le(options.bootPromptMs, 4) },
    { name: 'etc/e820', bytes: ramRanges(machine) },
    { name: 'etc/max-cpus', bytes: le(machine.vcpuCount, 2) },
    { name: 'etc/smbios/smbios-anchor', bytes: buildSmbiosEntry(smbios, 0) },
    { name: 'etc/smbios/smbios-tables', bytes: smbios.bytes },
    { name: 'etc/system-states', bytes: Uint8Array.from([128, 0, 0, 1, 2, 128]) },
    ...(options.bootPaths.length === 0
      ? []
      : [{ name: 'bootorder', bytes: ascii(`${options.bootPaths.join('\n')}\0`) }]),
    ...options.roms,
  ];
  files.sort((left, right) => (left.name < right.name ? -1 : 1));
  return { items, files };
}

/** The kernel in its two parts, as the boot ROMs of such firmware and OVMF's loader take it. */
function addDirectBoot(items: Map<number, Uint8Array>, boot: NonNullable<FwCfgOptions['directBoot']>): void {
  const isLinux = boot.kernel.length > 0x260 && boot.kernel[0x1fe] === 0x55 && boot.kernel[0x1ff] === 0xaa;
  const setupBytes = isLinux ? ((boot.kernel[0x1f1]! || 4) + 1) * 512 : 0;
  const commandLine = ascii(`${boot.commandLine}\0`);
  const setup = boot.kernel.slice(0, setupBytes);
  const kernel = boot.kernel.subarray(setupBytes);
  items.set(FW_CFG_KEY.KERNEL_ADDR, le(0x100000, 4));
  items.set(FW_CFG_KEY.KERNEL_SIZE, le(kernel.length, 4));
  items.set(FW_CFG_KEY.KERNEL_DATA, kernel);
  items.set(FW_CFG_KEY.SETUP_SIZE, le(setup.length, 4));
  items.set(FW_CFG_KEY.SETUP_DATA, setup);
  items.set(FW_CFG_KEY.CMDLINE_SIZE, le(commandLine.length, 4));
  items.set(FW_CFG_KEY.CMDLINE_DATA, commandLine);
  if (boot.initrd !== null) {
    items.set(FW_CFG_KEY.INITRD_SIZE, le(boot.initrd.length, 4));
    items.set(FW_CFG_KEY.INITRD_DATA, boot.initrd);
  }
}

/** Only RAM: the firmware adds what it reserves itself. */
function ramRanges(machine: MachineDescription): Uint8Array {
  const ranges = [[0, machine.lowMemoryBytes]];
  if (machine.highMemoryBytes > 0) ranges.push([0x100000000, machine.highMemoryBytes]);
  return join(ranges.flatMap(([base, lengthBytes]) => [le(base!, 8), le(lengthBytes!, 8), le(E820_RAM, 4)]));
}

/** The tables back to back, and the script that allocates them, adds addresses and sums them up. */
function buildLoadableAcpi(machine: MachineDescription): { tables: Uint8Array; rsdp: Uint8Array; loader: Uint8Array } {
  const tables = buildAcpiTables(machine);
  const offsets = new Map<string, number>();
  let total = 0;
  for (const table of tables) {
    // The FACS comes first and wants 64-byte alignment.
    offsets.set(table.name, total);
    total = Math.ceil((total + table.bytes.length) / 64) * 64;
  }
  const blob = new Uint8Array(total);
  const commands: Uint8Array[] = [allocate(RSDP, 16, ZONE_FSEG), allocate(TABLES, 64, ZONE_HIGH)];
  for (const table of tables) {
    const base = offsets.get(table.name)!;
    blob.set(table.bytes, base);
    const view = new DataView(blob.buffer);
    for (const pointer of table.pointers) {
      // Before patching, a pointer holds the offset of its target within the file.
      view.setUint32(base + pointer.offset, offsets.get(pointer.target)!, true);
      commands.push(addPointer(TABLES, TABLES, base + pointer.offset, pointer.sizeBytes));
    }
    if (table.hasChecksum) {
      commands.push(addChecksum(TABLES, base + CHECKSUM_OFFSET, base, table.bytes.length));
    }
  }
  const rsdp = buildRsdpTemplate(offsets.get('RSDT')!, offsets.get('XSDT')!);
  commands.push(addPointer(RSDP, TABLES, 16, 4), addPointer(RSDP, TABLES, 24, 8));
  commands.push(addChecksum(RSDP, 8, 0, 20), addChecksum(RSDP, 32, 0, rsdp.length));
  return { tables: blob, rsdp, loader: join(commands) };
}

const COMMAND_BYTES = 128;
const FILE_NAME_BYTES = 56;
const ZONE_HIGH = 1;
const ZONE_FSEG = 2;

function command(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(COMMAND_BYTES);
  bytes.set(join(parts));
  return bytes;
}

function fileName(name: string): Uint8Array {
  const bytes = new Uint8Array(FILE_NAME_BYTES);
  bytes.set(ascii(name));
  return bytes;
}

function allocate(name: string, alignment: number, zone: number): Uint8Array {
  return command([le(1, 4), fileName(name), le(alignment, 4), le(zone, 1)]);
}

function addPointer(inFile: string, toFile: string, offset: number, sizeBytes: number): Uint8Array {
  return command([le(2, 4), fileName(inFile), fileName(toFile), le(offset, 4), le(sizeBytes, 1)]);
}

function addChecksum(name: string, resultOffset: number, start: number, lengthBytes: number): Uint8Array {
  return command([le(3, 4), fileName(name), le(resultOffset, 4), le(start, 4), le(lengthBytes, 4)]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function le(value: number, byteCount: number): Uint8Array {
  return Uint8Array.from({ length: byteCount }, (_, index) => Math.floor(value / 2 ** (8 * index)) & 0xff);
}
