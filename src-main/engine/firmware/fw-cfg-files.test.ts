// Runs the table-loader script as SeaBIOS and OVMF do [FW-CFG] and checks what it leaves in memory.
import { describe, expect, it } from 'vitest';
import { buildFwCfg, FW_CFG_KEY } from './fw-cfg-files.ts';
import { testMachine } from './test-machine.ts';

const options = { bootPaths: [], hasBootMenu: false, bootPromptMs: 0, directBoot: null, roms: [] };

/** Executes the commands; returns each file's bytes with the address it was given. */
function runLoader(files: Map<string, Uint8Array>): Map<string, { address: number; bytes: Uint8Array }> {
  const script = files.get('etc/table-loader')!;
  const placed = new Map<string, { address: number; bytes: Uint8Array }>();
  let next = 0x7f00000;
  for (let at = 0; at < script.length; at += 128) {
    const view = new DataView(script.buffer, script.byteOffset + at, 128);
    const name = (offset: number): string =>
      String.fromCharCode(...script.subarray(at + offset, at + offset + 56)).replace(/\0.*$/s, '');
    const file = placed.get(name(4));
    switch (view.getUint32(0, true)) {
      case 1: {
        const alignment = view.getUint32(60, true);
        next = Math.ceil(next / alignment) * alignment;
        const bytes = files.get(name(4))!.slice();
        placed.set(name(4), { address: view.getUint8(64) === 2 ? 0xf5000 : next, bytes });
        next += bytes.length;
        break;
      }
      case 2: {
        const target = placed.get(name(60))!;
        const pointer = new DataView(file!.bytes.buffer, view.getUint32(116, true));
        pointer.setUint32(0, pointer.getUint32(0, true) + target.address, true);
        break;
      }
      case 3: {
        const start = view.getUint32(64, true);
        const covered = file!.bytes.subarray(start, start + view.getUint32(68, true));
        file!.bytes[view.getUint32(60, true)] = -covered.reduce((sum, byte) => sum + byte, 0) & 0xff;
        break;
      }
    }
  }
  return placed;
}

const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);

describe('fw_cfg contents', () => {
  it('lets the table loader build ACPI tables that hang together', () => {
    const contents = buildFwCfg(testMachine, options);
    const placed = runLoader(new Map(contents.files.map((file) => [file.name, file.bytes])));
    const tables = placed.get('etc/acpi/tables')!;
    const rsdp = placed.get('etc/acpi/rsdp')!.bytes;
    const at = (address: number): DataView => new DataView(tables.bytes.buffer, address - tables.address);
    const signature = (address: number): string =>
      String.fromCharCode(...tables.bytes.subarray(address - tables.address, address - tables.address + 4));
    expect([sum(rsdp), sum(rsdp.subarray(0, 20))]).toEqual([0, 0]);
    const rsdt = new DataView(rsdp.buffer).getUint32(16, true);
    expect(signature(rsdt)).toBe('RSDT');
    const listed = [0, 1, 2].map((index) => at(rsdt).getUint32(36 + index * 4, true));
    expect(listed.map(signature)).toEqual(['FACP', 'APIC', 'HPET']);
    expect([signature(at(listed[0]!).getUint32(36, true)), signature(at(listed[0]!).getUint32(40, true))]).toEqual([
      'FACS',
      'DSDT',
    ]);
    for (const address of [rsdt, ...listed]) {
      const start = address - tables.address;
      expect(sum(tables.bytes.subarray(start, start + at(address).getUint32(4, true)))).toBe(0);
    }
  });

  it('hands a kernel over in its parts', () => {
    const kernel = new Uint8Array(5000);
    kernel[0x1f1] = 4;
    kernel.set([0x55, 0xaa], 0x1fe);
    const { items } = buildFwCfg(testMachine, {
      ...options,
      directBoot: { kernel, initrd: Uint8Array.of(1, 2), commandLine: 'quiet' },
    });
    const number = (key: number): number => new DataView(items.get(key)!.slice().buffer).getUint32(0, true);
    expect([number(FW_CFG_KEY.SETUP_SIZE), number(FW_CFG_KEY.KERNEL_SIZE), number(FW_CFG_KEY.INITRD_SIZE)]).toEqual([
      2560, 2440, 2,
    ]);
    expect([...items.get(FW_CFG_KEY.CMDLINE_DATA)!]).toEqual([...new TextEncoder().encode('quiet\0')]);
  });

  it('says where RAM is', () => {
    const { files } = buildFwCfg({ ...testMachine, highMemoryBytes: 0x40000000 }, options);
    const e820 = files.find((file) => file.name === 'etc/e820')!.bytes;
    const view = new DataView(e820.buffer, e820.byteOffset);
    expect([e820.length, view.getBigUint64(20, true), view.getBigUint64(28, true)]).toEqual([
      40,
      0x100000000n,
      0x40000000n,
    ]);
  });
});
