// A BIOS made for QEMU on our board: it must find memory, tables and disks through fw_cfg, CMOS and PCI, use our VGA BIOS as an
// option ROM, and boot. Needs SeaBIOS (Debian package seabios); skipped without it.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FirmwareMachine, memoryMedium } from './firmware-machine.ts';

const file = '/usr/share/seabios/bios-256k.bin';

describe.skipIf(!existsSync(file))('SeaBIOS (skipped without the package seabios)', () => {
  it('boots a disk, prints through our VGA BIOS and publishes our tables', async () => {
    const disk = memoryMedium(new Uint8Array(4 * 1024 * 1024));
    // mov ax,0e4fh; int 10h; cli; hlt
    disk.bytes.set([0xb8, 0x4f, 0x0e, 0xcd, 0x10, 0xfa, 0xf4]);
    disk.bytes.set([0x55, 0xaa], 510);
    const machine = new FirmwareMachine({
      image: { code: new Uint8Array(readFileSync(file)), roms: [] },
      ide: { '0:0': { block: disk } },
    });
    await machine.run(() => machine.cpu.isHalted && (machine.cpu.eflags & 0x200) === 0, 100_000_000);
    const text = machine.text();
    expect(text.find((line) => line.startsWith('SeaBIOS'))).toBeDefined();
    expect(text.filter((line) => line !== '').at(-1)).toMatch(/^O/);
    const messages = machine.messages.join('\n');
    expect(messages).toMatch(/table\(50434146\)=0x\w+ \(via xsdt\)/);
    expect(messages).toContain('Copying SMBIOS');
    // The RSDP that the table loader put into the BIOS segment.
    const segment = new Uint8Array(0x10000);
    machine.memory.read(0xf0000, segment);
    const rsdp = new TextDecoder('latin1').decode(segment).indexOf('RSD PTR ');
    expect(segment.subarray(rsdp, rsdp + 20).reduce((sum, byte) => (sum + byte) & 0xff, 0)).toBe(0);
    expect(machine.memory.readU32(machine.memory.readU32(0xf0000 + rsdp + 16))).toBe(0x54445352);
  });
});
