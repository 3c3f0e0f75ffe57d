// OVMF as Debian packages it for QEMU, unmodified, with its variable store in our flash: to the UEFI shell on the serial line.
// In virtual time, so that its waits cost nothing.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serial } from '../../src-main/engine/devices/serial/index.ts';
import { vga } from '../../src-main/engine/devices/vga/index.ts';
import { CoreMachine, isCoreBuilt } from '../harness/core-machine.ts';
import { deviceHost } from '../harness/device-bench.ts';

const CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd';
const VARS = '/usr/share/OVMF/OVMF_VARS_4M.fd';
const ABOVE_16_MIB = (256 - 16) * 16;

describe.skipIf(!isCoreBuilt || !existsSync(CODE))('OVMF', () => {
  it('reaches the UEFI shell and keeps its variables in flash', async () => {
    const machine = new CoreMachine({
      ramBytes: 256 * 1024 * 1024,
      cmos: [
        [0x34, ABOVE_16_MIB & 0xff],
        [0x35, ABOVE_16_MIB >> 8],
      ],
    });
    const { board } = machine;
    let changes = 0;
    board.placeFirmware({
      code: readFileSync(CODE),
      vars: readFileSync(VARS),
      onVarsChanged: () => {
        changes++;
      },
    });
    let sent = '';
    const line = {
      send: (bytes: Uint8Array) => {
        sent += String.fromCharCode(...bytes);
        return true;
      },
      onReceive() {},
      onDrain() {},
    };
    machine.devices.push(
      serial.create(
        { kind: 'serial', port: 1 },
        board.contextFor('serial0'),
        deviceHost('serial0', { char: () => line }),
      ),
      vga.create({ kind: 'vga', videoMemoryMiB: 16 }, board.contextFor('vga0'), deviceHost('vga0')),
    );

    const hasShell = await machine.run(() => sent.includes('UEFI Interactive Shell'), 10e9);

    expect({ hasShell, sent }).toMatchObject({ hasShell: true });
    expect(changes).toBeGreaterThan(100);
  }, 600_000);
});
