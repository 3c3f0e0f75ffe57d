// SeaBIOS's own drivers as an independent check of the storage devices: it boots from each kind of medium, and the boot code then
// reads more through INT 13h and sends what it found to the serial port.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Device, DeviceContext } from '../../src-main/engine/bus/device.ts';
import type { DeviceHost } from '../../src-main/engine/devices/device-module.ts';
import { floppy } from '../../src-main/engine/devices/floppy/index.ts';
import { ide } from '../../src-main/engine/devices/ide/index.ts';
import { serial } from '../../src-main/engine/devices/serial/index.ts';
import { virtioBlk } from '../../src-main/engine/devices/virtio-blk/index.ts';
import { RemovableDrive } from '../../src-main/storage/removable-drive.ts';
import { CoreMachine, isCoreBuilt } from '../harness/core-machine.ts';
import { deviceHost } from '../harness/device-bench.ts';
import { MemoryMedium } from '../harness/temp-medium.ts';

const SEABIOS = '/usr/share/seabios/bios-256k.bin';
const RAM_BYTES = 64 * 1024 * 1024;
const text = 'read by INT 13h\0';

const zeroSegments = [0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0];
/** mov dx, 3f8h; next: lodsb; out dx, al; test al, al; jnz next; stop: hlt; jmp stop */
const printAndStop = [0xba, 0xf8, 0x03, 0xac, 0xee, 0x84, 0xc0, 0x75, 0xfa, 0xf4, 0xeb, 0xfd];

/** Reads sectors 2 to 4 of the first track (AH=02h) to 8000h and prints the last of them. */
function bootSectorByCylinder(): Uint8Array {
  const read = [0xb8, 0x03, 0x02, 0xb9, 0x02, 0x00, 0xb6, 0x00, 0xbb, 0x00, 0x80, 0xcd, 0x13, 0x72, 0x0c];
  const sector = new Uint8Array(512);
  sector.set([...zeroSegments, ...read, 0xbe, 0x00, 0x84, ...printAndStop]);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Reads one block (AH=42h) to 8000h and prints it. */
function bootSectorByBlock(block: number): Uint8Array {
  const packetAt = 0x40;
  const read = [0xbe, packetAt, 0x7c, 0xb4, 0x42, 0xcd, 0x13, 0x72, 0x0c];
  const sector = new Uint8Array(2048);
  sector.set([...zeroSegments, ...read, 0xbe, 0x00, 0x80, ...printAndStop]);
  sector.set([16, 0, 1, 0, 0x00, 0x80, 0, 0, block], packetAt);
  return sector;
}

function diskImage(sectors: number): MemoryMedium {
  const medium = new MemoryMedium(sectors * 512);
  medium.bytes.set(bootSectorByCylinder());
  medium.bytes.set(Buffer.from(text), 3 * 512);
  return medium;
}

/** A bootable disc without a file system. [EL-TORITO-1.0 §2]: boot record at 17, catalog at 18, image at 19, text at 25. */
function discImage(): MemoryMedium {
  const bytes = new Uint8Array(64 * 2048);
  const at = (sector: number): number => sector * 2048;
  bytes.set([1, ...Buffer.from('CD001'), 1], at(16));
  bytes.set([0, ...Buffer.from('CD001'), 1, ...Buffer.from('EL TORITO SPECIFICATION')], at(17));
  bytes[at(17) + 0x47] = 18;
  const catalog = Uint8Array.from([
    1,
    0,
    0,
    0,
    ...new Array<number>(28).fill(0),
    0x88,
    0,
    0,
    0,
    0,
    0,
    4,
    0,
    19,
    0,
    0,
    0,
  ]);
  catalog.set([0xaa, 0x55, 0x55, 0xaa], 28);
  bytes.set(catalog, at(18));
  bytes.set(bootSectorByBlock(25), at(19));
  bytes.set(Buffer.from(text), at(25));
  return new MemoryMedium(bytes, { blockSize: 2048, isReadOnly: true });
}

/** CMOS: memory above 16 MiB, and one 1.44 MB drive where there is one: SeaBIOS would wait long for a controller that is not. */
function cmos(hasFloppy: boolean): [number, number][] {
  const above16 = (RAM_BYTES - 16 * 1024 * 1024) / 0x10000;
  return [
    [0x10, hasFloppy ? 0x40 : 0],
    [0x14, hasFloppy ? 0x01 : 0],
    [0x34, above16 & 0xff],
    [0x35, above16 >> 8],
  ];
}

async function boot(
  hasFloppy: boolean,
  plug: (context: DeviceContext) => Device,
): Promise<{ printed: string; log: string[] }> {
  const machine = new CoreMachine({ ramBytes: RAM_BYTES, cmos: cmos(hasFloppy) });
  const { board } = machine;
  board.placeFirmware({ code: readFileSync(SEABIOS) });
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
    plug(board.contextFor('medium0')),
    serial.create(
      { kind: 'serial', port: 1 },
      board.contextFor('serial0'),
      deviceHost('serial0', { char: () => line }),
    ),
  );
  await machine.run(() => sent.at(-1) === 0, 4e8);
  return { printed: String.fromCharCode(...sent), log: machine.firmwareLog };
}

const media: [string, (context: DeviceContext) => Device][] = [
  [
    'an IDE disk',
    (context) => ide.create({ kind: 'ide' }, context, host({ block: (at) => (at === '0:0' ? diskImage(4096) : null) })),
  ],
  [
    'a slave disk on the second channel',
    (context) => ide.create({ kind: 'ide' }, context, host({ block: (at) => (at === '1:1' ? diskImage(4096) : null) })),
  ],
  [
    'an ATAPI disc',
    (context) =>
      ide.create(
        { kind: 'ide' },
        context,
        host({ removable: (at) => (at === '1:0' ? new RemovableDrive(discImage()) : null) }),
      ),
  ],
  [
    'a floppy',
    (context) =>
      floppy.create(
        { kind: 'floppy' },
        context,
        host({ removable: (at) => (at === '0' ? new RemovableDrive(diskImage(2880)) : null) }),
      ),
  ],
  [
    'a virtio disk',
    (context) =>
      virtioBlk.create(
        { kind: 'virtio-blk', serial: '', readOnly: false },
        context,
        host({ block: () => diskImage(4096) }),
      ),
  ],
];

function host(attached: Partial<DeviceHost>): DeviceHost {
  return deviceHost('medium0', attached);
}

describe.skipIf(!isCoreBuilt || !existsSync(SEABIOS))('SeaBIOS', () => {
  it.each(media)(
    'boots from %s',
    async (name, plug) => {
      expect(await boot(name === 'a floppy', plug)).toMatchObject({ printed: text });
    },
    180_000,
  );
});
