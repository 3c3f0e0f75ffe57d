// Booting through the embedded BIOS on the real core: every kind of medium, the menu, and the screen when nothing boots.
import { describe, expect, it } from 'vitest';
import { FirmwareMachine, memoryMedium, removableDrive } from './firmware-machine.ts';

/** A boot sector that prints a letter through INT 10h, then DL in hex-like form ('0' + DL's high nibble), and halts. */
function bootProgram(letter: string): Uint8Array {
  const sector = new Uint8Array(512);
  // mov al,letter; mov ah,0eh; int 10h; mov al,dl; shr al,4; add al,'0'; mov ah,0eh; int 10h; cli; hlt
  sector.set([
    0xb0,
    letter.charCodeAt(0),
    0xb4,
    0x0e,
    0xcd,
    0x10,
    0x88,
    0xd0,
    0xc0,
    0xe8,
    0x04,
    0x04,
    0x30,
    0xb4,
    0x0e,
    0xcd,
    0x10,
    0xfa,
    0xf4,
  ]);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

function floppyImage(letter: string): Uint8Array {
  const image = new Uint8Array(1440 * 1024);
  image.set(bootProgram(letter));
  return image;
}

function diskImage(letter: string): Uint8Array {
  const image = new Uint8Array(4 * 1024 * 1024);
  image.set(bootProgram(letter));
  return image;
}

/** A CD with boot record, catalog and image; `media` as El Torito counts. */
function discImage(media: number, letter: string): Uint8Array {
  const disc = new Uint8Array(1024 * 2048);
  const text = (at: number, value: string): void => {
    for (let index = 0; index < value.length; index++) disc[at + index] = value.charCodeAt(index);
  };
  disc[16 * 2048] = 1;
  text(16 * 2048 + 1, 'CD001');
  text(17 * 2048 + 1, 'CD001');
  disc[17 * 2048 + 6] = 1;
  text(17 * 2048 + 7, 'EL TORITO SPECIFICATION');
  disc[17 * 2048 + 0x47] = 19;
  disc.set([1, 0], 19 * 2048);
  disc.set([0xaa, 0x55, 0x55, 0xaa], 19 * 2048 + 0x1c);
  disc.set([0x88, media, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0], 19 * 2048 + 32);
  disc.set(bootProgram(letter), 20 * 2048);
  return disc;
}

const cd = (bytes: Uint8Array) => ({
  kind: 'cdrom' as const,
  label: 'disc',
  drive: removableDrive(memoryMedium(bytes, 2048, true)),
});

async function screenOf(machine: FirmwareMachine): Promise<string> {
  await machine.run(() => machine.cpu.isHalted && (machine.cpu.eflags & 0x200) === 0, 5_000_000);
  return (
    machine
      .text()
      .filter((line) => line !== '')
      .at(-1) ?? ''
  );
}

describe('boot', () => {
  it.each([
    ['no emulation', 0, 'N>'],
    ['floppy emulation', 2, 'F0'],
    ['disk emulation', 4, 'H8'],
  ] as const)('starts an El Torito image with %s', async (_name, media, expected) => {
    const machine = new FirmwareMachine({ drives: [cd(discImage(media, expected[0]!))] });
    expect(await screenOf(machine)).toBe(expected);
    machine.memory.write(0x2000, new Uint8Array(32));
    const status = await machine.call(0x13, { eax: 0x4b01, edx: 0x7f, esi: 0x2000 });
    expect([status.carry, machine.memory.readU8(0x2001), machine.memory.readU32(0x2004)]).toEqual([false, media, 20]);
    expect((await machine.call(0x11)).eax & 0xc1).toBe(media === 2 ? 1 : 0);
  });

  it('goes down the boot order past media that do not boot', async () => {
    const machine = new FirmwareMachine({
      bootOrder: ['cdrom', 'floppy', 'disk'],
      drives: [
        cd(new Uint8Array(40 * 2048)),
        { kind: 'floppy', label: 'floppy', drive: removableDrive(null) },
        { kind: 'disk', label: 'disk', backend: memoryMedium(diskImage('D')) },
      ],
    });
    expect(await screenOf(machine)).toBe('D8');
  });

  it('goes on to the next device after INT 18h', async () => {
    const quitter = diskImage('Q');
    quitter.set([0xcd, 0x18], 0);
    const machine = new FirmwareMachine({
      bootOrder: ['disk', 'floppy'],
      drives: [
        { kind: 'disk', label: 'quitter', backend: memoryMedium(quitter) },
        { kind: 'floppy', label: 'floppy', drive: removableDrive(memoryMedium(floppyImage('F'))) },
      ],
    });
    expect(await screenOf(machine)).toBe('F0');
  });

  it('explains each failure, and a key tries again', async () => {
    const floppy = removableDrive(null);
    const unreadable = memoryMedium(diskImage('U'));
    unreadable.read = () => Promise.reject(new Error('broken'));
    const machine = new FirmwareMachine({
      bootOrder: ['disk', 'cdrom', 'floppy'],
      drives: [
        { kind: 'disk', label: 'empty.vdi', backend: memoryMedium(new Uint8Array(1024 * 1024)) },
        { kind: 'disk', label: 'broken.vdi', backend: unreadable },
        cd(new Uint8Array(40 * 2048)),
        { kind: 'floppy', label: 'drive A', drive: floppy },
      ],
    });
    await machine.powerOn();
    const screen = machine.text().join('\n');
    expect(screen).toContain('This machine found nothing to boot from.');
    expect(screen).toContain('Disk 1: empty.vdi (1 MiB)');
    expect(screen).toContain('it is empty');
    expect(screen).toContain('reading failed');
    expect(screen).toContain('no El Torito boot record');
    expect(screen).toContain('there is no medium in the drive');
    floppy.insert(memoryMedium(floppyImage('F')));
    machine.press('Space');
    expect(await screenOf(machine)).toBe('F0');
  });

  it('shows the banner, and F12 opens a menu that chooses a device', async () => {
    const machine = new FirmwareMachine({
      bootPromptMs: 500,
      bootOrder: ['disk', 'floppy'],
      drives: [
        { kind: 'disk', label: 'disk.vdi', backend: memoryMedium(diskImage('D')) },
        { kind: 'floppy', label: 'floppy', drive: removableDrive(memoryMedium(floppyImage('F'))) },
      ],
    });
    await machine.run(() => machine.text().some((line) => line.includes('Press F12')), 2_000_000);
    expect(machine.text()[0]).toContain('32 MiB memory, 1 processor');
    machine.press('F12');
    await machine.run(() => machine.text().some((line) => line.includes('Boot menu')), 2_000_000);
    expect(machine.text().some((line) => line.includes('2  Floppy 1: floppy'))).toBe(true);
    machine.press('ArrowDown');
    machine.press('Enter');
    expect(await screenOf(machine)).toBe('F0');
  });

  it('boots by itself when the prompt has passed', async () => {
    const machine = new FirmwareMachine({
      bootPromptMs: 300,
      drives: [{ kind: 'disk', label: 'disk.vdi', backend: memoryMedium(diskImage('D')) }],
    });
    expect(await screenOf(machine)).toBe('D8');
    expect(machine.clock.now()).toBeGreaterThanOrEqual(300e6);
  });

  it('initializes option ROMs and boots through their bootstrap entry', async () => {
    const rom = new Uint8Array(1024);
    rom.set([0x55, 0xaa, 2]);
    // Initialization at 3: count in 0:600h, retf. Bootstrap at 80h: print 'P', retf.
    rom.set([0xeb, 0x3b], 3);
    rom.set([0x1e, 0x31, 0xc0, 0x8e, 0xd8, 0xfe, 0x06, 0x00, 0x06, 0x1f, 0xcb], 0x40);
    rom.set([0xb8, 0x50, 0x0e, 0xcd, 0x10, 0xcb], 0x80);
    rom[0x1a] = 0xa0;
    rom.set(
      [...'$PnP'].map((character) => character.charCodeAt(0)),
      0xa0,
    );
    rom.set([0xc8, 0x00], 0xa0 + 0x10);
    rom.set([0x80, 0x00], 0xa0 + 0x1a);
    rom.set(
      [...'Test ROM\0'].map((character) => character.charCodeAt(0)),
      0xc8,
    );
    rom[1023] = -rom.reduce((sum, byte) => sum + byte, 0) & 0xff;
    const machine = new FirmwareMachine({ optionRoms: [rom], bootOrder: ['net'] });
    await machine.powerOn();
    expect(machine.memory.readU8(0x600)).toBe(1);
    const screen = machine.text().join('\n');
    expect(screen).toContain('Network: Test ROM');
    expect(screen).toContain('its boot program found nothing to start');
  });

  it('keeps its place across saving and restoring', async () => {
    const machine = new FirmwareMachine({ drives: [cd(discImage(2, 'F'))] });
    await screenOf(machine);
    const saved = structuredClone(machine.firmware.save());
    machine.firmware.reset();
    machine.firmware.restore(saved);
    expect(machine.firmware.save()).toEqual(saved);
    machine.memory.write(0x2000, new Uint8Array(32));
    expect((await machine.call(0x13, { eax: 0x4b01, edx: 0x7f, esi: 0x2000 })).carry).toBe(false);
    expect(() => machine.firmware.restore({ version: 99, fields: {} })).toThrow(/version 99/);
  });
});
