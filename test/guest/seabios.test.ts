// SeaBIOS as Debian packages it for QEMU, unmodified, on our board: through POST to the boot sector of an IDE disk.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ide } from '../../src-main/engine/devices/ide/index.ts';
import { serial } from '../../src-main/engine/devices/serial/index.ts';
import { vga } from '../../src-main/engine/devices/vga/index.ts';
import { CoreMachine, isCoreBuilt } from '../harness/core-machine.ts';
import { deviceHost } from '../harness/device-bench.ts';
import { RamMedium } from '../harness/device-rig.ts';

const SEABIOS = '/usr/share/seabios/bios-256k.bin';
const RAM_BYTES = 64 * 1024 * 1024;

/** mov dx, 3f8h; mov si, text; next: lodsb; out dx, al; test al, al; jnz next; stop: hlt; jmp stop; text */
function bootSector(text: string): Uint8Array {
  const sector = new Uint8Array(512);
  const code = [0xba, 0xf8, 0x03, 0xbe, 0x10, 0x7c, 0xac, 0xee, 0x84, 0xc0, 0x75, 0xfa, 0xf4, 0xeb, 0xfd, 0x90];
  sector.set(code);
  sector.set(new TextEncoder().encode(`${text}\0`), code.length);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** CMOS memory sizes: extended KiB at 17h and 30h, 64 KiB units above 16 MiB at 34h. */
function cmos(): [number, number][] {
  const extendedKib = Math.min(RAM_BYTES / 1024 - 1024, 0xffff);
  const above16 = (RAM_BYTES - 16 * 1024 * 1024) / 0x10000;
  return [
    [0x15, 0x80],
    [0x16, 0x02],
    [0x17, extendedKib & 0xff],
    [0x18, extendedKib >> 8],
    [0x30, extendedKib & 0xff],
    [0x31, extendedKib >> 8],
    [0x34, above16 & 0xff],
    [0x35, above16 >> 8],
  ];
}

describe.skipIf(!isCoreBuilt || !existsSync(SEABIOS))('SeaBIOS', () => {
  it('finishes POST and runs the boot sector of an IDE disk', async () => {
    const machine = new CoreMachine({ ramBytes: RAM_BYTES, cmos: cmos() });
    const { board } = machine;
    board.placeFirmware({ code: readFileSync(SEABIOS) });
    const medium = new RamMedium(0x100000, 512);
    medium.bytes.set(bootSector('booted'));
    const sent: number[] = [];
    const line = {
      send: (bytes: Uint8Array) => {
        sent.push(...bytes);
        return true;
      },
      onReceive() {},
      onDrain() {},
    };
    machine.devices.push(
      ide.create(
        { kind: 'ide' },
        board.contextFor('ide0'),
        deviceHost('ide0', { block: (at) => (at === '0:0' ? medium : null) }),
      ),
      serial.create(
        { kind: 'serial', port: 1 },
        board.contextFor('serial0'),
        deviceHost('serial0', { char: () => line }),
      ),
      vga.create({ kind: 'vga', videoMemoryMiB: 16 }, board.contextFor('vga0'), deviceHost('vga0')),
    );

    const isBooted = await machine.run(() => String.fromCharCode(...sent).includes('booted'), 30e9);

    expect({ isBooted, log: machine.firmwareLog }).toMatchObject({ isBooted: true });
    expect(machine.firmwareLog[0]).toContain('SeaBIOS');
  }, 120_000);
});
