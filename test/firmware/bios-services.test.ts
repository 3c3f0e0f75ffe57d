// The BIOS as programs call it: INT instructions executed by the real core, ROM stubs and interrupts included. Expected values
// come from the IBM PS/2 BIOS reference, EDD 3.0, El Torito 1.0, VBE 3.0 and PCI BIOS 2.1.
import { beforeAll, describe, expect, it } from 'vitest';
import { protectedEntry, writeBootGdt } from '../../src-main/engine/firmware/firmware-cpu.ts';
import { buildE820 } from '../../src-main/engine/firmware/memory-map.ts';
import { FirmwareMachine, memoryMedium, removableDrive } from './firmware-machine.ts';

function le32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** Sector n holds the byte n & 0xff, then its number. */
function numbered(sectors: number, sectorBytes: number): Uint8Array {
  const bytes = new Uint8Array(sectors * sectorBytes);
  const view = new DataView(bytes.buffer);
  for (let sector = 0; sector < sectors; sector++) {
    bytes.fill(sector & 0xff, sector * sectorBytes, (sector + 1) * sectorBytes);
    view.setUint32(sector * sectorBytes, sector, true);
  }
  return bytes;
}

const disk = memoryMedium(numbered(20 * 2048, 512));
disk.bytes.set([0x55, 0x55], 510);
const floppyDrive = removableDrive(memoryMedium(numbered(2880, 512).fill(0, 0, 512)));
const cdDrive = removableDrive(memoryMedium(numbered(400, 2048), 2048, true));

let machine: FirmwareMachine;
beforeAll(async () => {
  machine = new FirmwareMachine({
    drives: [
      { kind: 'disk', label: 'test disk', backend: disk },
      { kind: 'floppy', label: 'test floppy', drive: floppyDrive },
      { kind: 'cdrom', label: 'test disc', drive: cdDrive },
    ],
  });
  await machine.powerOn();
});

describe('POST', () => {
  it('leaves 639 KiB of base memory, the EBDA and the equipment', async () => {
    expect((await machine.call(0x12)).eax & 0xffff).toBe(639);
    expect((await machine.call(0x11)).eax & 0x0f).toBe(0x07);
    expect(machine.memory.readU16(0x40e)).toBe(0x9fc0);
    expect(machine.memory.readU8(0x475)).toBe(1);
  });

  it('counts timer ticks', async () => {
    const before = machine.memory.readU32(0x46c);
    await machine.call(0x15, { eax: 0x8600, ecx: 3, edx: 0 });
    // 196.6 ms are 3.58 ticks.
    expect(machine.memory.readU32(0x46c) - before).toBeGreaterThanOrEqual(3);
    expect(machine.memory.readU32(0x46c) - before).toBeLessThanOrEqual(4);
  });

  it('places PCI BARs and routes interrupts', async () => {
    // 1234:1111 at slot 2: BAR 0 is video memory.
    const found = await machine.call(0x1a, { eax: 0xb102, ecx: 0x1111, edx: 0x1234, esi: 0 });
    expect([found.carry, found.ebx & 0xffff]).toEqual([false, 0x10]);
    const bar = await machine.call(0x1a, { eax: 0xb10a, ebx: 0x10, edi: 0x10 });
    expect(bar.ecx >>> 0).toBeGreaterThanOrEqual(0x80000000);
    const routing = await machine.call(0x1a, { eax: 0xb108, ebx: 0x08, edi: 0x60 });
    expect(routing.ecx & 0xff).toBe(10);
  });
});

describe('INT 10h', () => {
  it('prints, wraps and scrolls by teletype', async () => {
    await machine.call(0x10, { eax: 3 });
    for (const character of 'Hi\r\n') await machine.call(0x10, { eax: 0x0e00 | character.charCodeAt(0) });
    expect(machine.text()[0]).toBe('Hi');
    await machine.call(0x10, { eax: 0x0200, edx: 0x184f });
    await machine.call(0x10, { eax: 0x0e58 });
    expect(machine.text()[23]).toBe(`${' '.repeat(79)}X`);
    expect((await machine.call(0x10, { eax: 0x0300 })).edx & 0xffff).toBe(0x1800);
  });

  it('writes strings with attributes and scrolls windows', async () => {
    await machine.call(0x10, { eax: 3 });
    machine.memory.write(0x3000, Uint8Array.of(0x41, 0x1e, 0x42, 0x2f));
    await machine.call(0x10, { eax: 0x1303, ecx: 2, edx: 0x0305, ebp: 0x3000 });
    expect(machine.text()[3]).toBe('     AB');
    expect((await machine.call(0x10, { eax: 0x0200, edx: 0x0306 })).carry).toBe(false);
    expect((await machine.call(0x10, { eax: 0x0800 })).eax & 0xffff).toBe(0x2f42);
    await machine.call(0x10, { eax: 0x0601, ebx: 0x0700, ecx: 0x0206, edx: 0x0306 });
    expect([machine.text()[2], machine.text()[3]]).toEqual(['      B', '     A']);
  });

  it('sets 50 lines with the 8x8 font', async () => {
    await machine.call(0x10, { eax: 3 });
    await machine.call(0x10, { eax: 0x1112 });
    const information = await machine.call(0x10, { eax: 0x1130, ebx: 0x0100 });
    expect([information.ecx & 0xffff, information.edx & 0xff]).toEqual([8, 49]);
    expect(machine.text()).toHaveLength(50);
  });

  it('draws pixels and characters in every graphics layout', async () => {
    for (const [mode, color] of [
      [0x13, 0x5a],
      [0x12, 9],
      [0x0d, 5],
      [4, 2],
      [6, 1],
    ] as const) {
      await machine.call(0x10, { eax: mode });
      await machine.call(0x10, { eax: 0x0c00 | color, ecx: 101, edx: 57 });
      expect((await machine.call(0x10, { eax: 0x0d00, ecx: 101, edx: 57 })).eax & 0xff).toBe(color);
      expect((await machine.call(0x10, { eax: 0x0d00, ecx: 102, edx: 57 })).eax & 0xff).toBe(0);
      await machine.call(0x10, { eax: 0x0200, edx: 0x0102 });
      await machine.call(0x10, { eax: 0x0e4b, ebx: color });
      await machine.call(0x10, { eax: 0x0200, edx: 0x0102 });
      expect((await machine.call(0x10, { eax: 0x0800 })).eax & 0xff).toBe(0x4b);
      expect((await machine.call(0x10, { eax: 0x0f00 })).eax & 0x7f).toBe(mode);
    }
    await machine.call(0x10, { eax: 3 });
  });

  it('offers VBE modes with a linear framebuffer where PCI put it', async () => {
    machine.memory.write(0x3000, new TextEncoder().encode('VBE2'));
    expect((await machine.call(0x10, { eax: 0x4f00, edi: 0x3000 })).eax & 0xffff).toBe(0x004f);
    expect(machine.memory.readU32(0x3000)).toBe(0x41534556);
    expect(machine.memory.readU16(0x3004)).toBe(0x0300);
    expect(machine.memory.readU16(0x3012)).toBe(256);
    expect((await machine.call(0x10, { eax: 0x4f01, ecx: 0x4118, edi: 0x3000 })).eax & 0xffff).toBe(0x004f);
    expect([machine.memory.readU16(0x3012), machine.memory.readU16(0x3014), machine.memory.readU8(0x3019)]).toEqual([
      1024, 768, 24,
    ]);
    const bar = await machine.call(0x1a, { eax: 0xb10a, ebx: 0x10, edi: 0x10 });
    expect(machine.memory.readU32(0x3028)).toBe((bar.ecx & 0xfffffff0) >>> 0);
    expect((await machine.call(0x10, { eax: 0x4f02, ebx: 0x4143 })).eax & 0xffff).toBe(0x004f);
    expect(machine.vga.display.size()).toEqual({ width: 800, height: 600 });
    expect((await machine.call(0x10, { eax: 0x4f03 })).ebx & 0xffff).toBe(0x4143);
    expect((await machine.call(0x10, { eax: 0x4f02, ebx: 0x01ff })).eax & 0xffff).toBe(0x014f);
    await machine.call(0x10, { eax: 3 });
    expect(machine.vga.display.text()?.columns).toBe(80);
  });

  it('restores a saved video state', async () => {
    await machine.call(0x10, { eax: 3 });
    const blocks = (await machine.call(0x10, { eax: 0x1c00, ecx: 7 })).ebx & 0xffff;
    expect(blocks).toBeGreaterThan(12);
    await machine.call(0x10, { eax: 0x1c01, ecx: 7, ebx: 0x4000 });
    await machine.call(0x10, { eax: 0x13 });
    await machine.call(0x10, { eax: 0x1c02, ecx: 7, ebx: 0x4000 });
    expect((await machine.call(0x10, { eax: 0x0f00 })).eax & 0xffff).toBe(0x5003);
    expect(machine.vga.display.text()?.columns).toBe(80);
  });
});

describe('INT 13h', () => {
  const packet = (count: number, lba: number): void => {
    machine.memory.write(0x2000, new Uint8Array(16));
    machine.memory.writeU8(0x2000, 16);
    machine.memory.writeU16(0x2002, count);
    machine.memory.writeU32(0x2004, 0x08000000);
    machine.memory.writeU32(0x2008, lba);
  };

  it('reads a disk by CHS and by packet alike', async () => {
    const parameters = await machine.call(0x13, { eax: 0x0800, edx: 0x80 });
    const sectors = parameters.ecx & 0x3f;
    const heads = ((parameters.edx >> 8) & 0xff) + 1;
    expect([sectors, heads, parameters.edx & 0xff]).toEqual([63, 16, 1]);
    const read = await machine.call(0x13, { eax: 0x0202, ebx: 0x8000, ecx: 0x0203, edx: 0x0580 });
    expect([read.carry, read.eax & 0xffff]).toEqual([false, 0x0002]);
    const lba = (2 * heads + 5) * sectors + 2;
    expect([machine.memory.readU32(0x8000), machine.memory.readU32(0x8200)]).toEqual([lba, lba + 1]);
    packet(3, lba);
    expect((await machine.call(0x13, { eax: 0x4200, edx: 0x80, esi: 0x2000 })).carry).toBe(false);
    expect(machine.memory.readU32(0x8400)).toBe(lba + 2);
  });

  it('writes what the next read finds', async () => {
    machine.memory.write(0x8000, new Uint8Array(512).fill(0x77));
    packet(1, 1000);
    expect((await machine.call(0x13, { eax: 0x4300, edx: 0x80, esi: 0x2000 })).carry).toBe(false);
    expect(disk.bytes[1000 * 512 + 511]).toBe(0x77);
    expect(disk.bytes[1001 * 512 + 511]).toBe(1001 & 0xff);
  });

  it('answers sectors outside with 04h and remembers the status', async () => {
    const outside = await machine.call(0x13, { eax: 0x0201, ebx: 0x8000, ecx: 0x0040, edx: 0x80 });
    expect([outside.carry, outside.eax & 0xffff]).toEqual([true, 0x0400]);
    expect((await machine.call(0x13, { eax: 0x0100, edx: 0x80 })).eax >> 8).toBe(4);
    packet(2, 20 * 2048 - 1);
    const past = await machine.call(0x13, { eax: 0x4200, edx: 0x80, esi: 0x2000 });
    expect([past.carry, (past.eax >> 8) & 0xff, machine.memory.readU16(0x2002)]).toEqual([true, 4, 0]);
    expect((await machine.call(0x13, { eax: 0x0800, edx: 0x81 })).carry).toBe(true);
  });

  it('describes disks with 48h', async () => {
    machine.memory.writeU16(0x2000, 30);
    expect((await machine.call(0x13, { eax: 0x4800, edx: 0x80, esi: 0x2000 })).carry).toBe(false);
    expect([machine.memory.readU32(0x2010), machine.memory.readU16(0x2018)]).toEqual([40960, 512]);
  });

  it('reports a changed floppy once', async () => {
    expect((await machine.call(0x13, { eax: 0x0201, ebx: 0x8000, ecx: 0x0112, edx: 0x0100 })).carry).toBe(false);
    expect(machine.memory.readU32(0x8000)).toBe((1 * 2 + 1) * 18 + 17);
    floppyDrive.insert(memoryMedium(new Uint8Array(737280).fill(0x33)));
    const changed = await machine.call(0x13, { eax: 0x0201, ebx: 0x8000, ecx: 0x0001, edx: 0 });
    expect([changed.carry, changed.eax >> 8]).toEqual([true, 6]);
    expect((await machine.call(0x13, { eax: 0x0201, ebx: 0x8000, ecx: 0x0001, edx: 0 })).carry).toBe(false);
    expect(machine.memory.readU8(0x8000)).toBe(0x33);
    const parameters = await machine.call(0x13, { eax: 0x0800, edx: 0 });
    expect([parameters.ecx & 0xffff, parameters.ebx & 0xff]).toEqual([0x4f09, 3]);
  });

  it('reads a CD in sectors of 2048 bytes, locks and ejects it', async () => {
    packet(2, 17);
    expect((await machine.call(0x13, { eax: 0x4200, edx: 0xe0, esi: 0x2000 })).carry).toBe(false);
    expect([machine.memory.readU32(0x8000), machine.memory.readU32(0x8800)]).toEqual([17, 18]);
    expect((await machine.call(0x13, { eax: 0x4500, edx: 0xe0 })).eax & 0xff).toBe(1);
    expect((await machine.call(0x13, { eax: 0x4600, edx: 0xe0 })).eax >> 8).toBe(0xb1);
    await machine.call(0x13, { eax: 0x4501, edx: 0xe0 });
    expect((await machine.call(0x13, { eax: 0x4600, edx: 0xe0 })).carry).toBe(false);
    packet(1, 17);
    const empty = await machine.call(0x13, { eax: 0x4200, edx: 0xe0, esi: 0x2000 });
    expect([empty.carry, empty.eax >> 8]).toEqual([true, 0x31]);
  });

  it('reports a failing medium as a controller error', async () => {
    const read = disk.read;
    disk.read = () => Promise.reject(new Error('broken'));
    const failed = await machine.call(0x13, { eax: 0x0201, ebx: 0x8000, ecx: 0x0001, edx: 0x80 });
    disk.read = read;
    expect([failed.carry, failed.eax >> 8]).toEqual([true, 0x20]);
  });
});

describe('INT 15h', () => {
  it('lists the memory map', async () => {
    const entries: { base: number; lengthBytes: number; type: number }[] = [];
    let next = 0;
    do {
      const answer = await machine.call(0x15, { eax: 0xe820, ebx: next, ecx: 20, edx: 0x534d4150, edi: 0x2000 });
      expect([answer.carry, answer.eax, answer.ecx]).toEqual([false, 0x534d4150, 20]);
      entries.push({
        base: Number(machine.memory.readU64(0x2000)),
        lengthBytes: Number(machine.memory.readU64(0x2008)),
        type: machine.memory.readU32(0x2010),
      });
      next = answer.ebx;
    } while (next !== 0 && entries.length < 100);
    expect(entries).toEqual(buildE820(machine.firmware.machine));
  });

  it('agrees on memory sizes by E801h and 88h', async () => {
    const e801 = await machine.call(0x15, { eax: 0xe801 });
    expect([e801.eax & 0xffff, e801.ebx & 0xffff]).toEqual([15360, 255]);
    expect((await machine.call(0x15, { eax: 0x8800 })).eax & 0xffff).toBe(31 * 1024 - 64);
  });

  it('moves blocks above 1 MiB', async () => {
    machine.memory.write(0x5000, Uint8Array.of(1, 2, 3, 4));
    const descriptor = (index: number, base: number): void => {
      machine.memory.writeU16(0x2000 + index * 8, 0xffff);
      machine.memory.writeU32(0x2002 + index * 8, base | 0x93000000);
      machine.memory.writeU16(0x2006 + index * 8, 0);
    };
    machine.memory.write(0x2000, new Uint8Array(48));
    descriptor(2, 0x5000);
    descriptor(3, 0x200000);
    const moved = await machine.call(0x15, { eax: 0x8700, ecx: 2, esi: 0x2000 });
    expect([moved.carry, moved.eax >> 8, machine.memory.readU32(0x200000)]).toEqual([false, 0, 0x04030201]);
  });

  it('gates A20', async () => {
    await machine.call(0x15, { eax: 0x2400 });
    expect((await machine.call(0x15, { eax: 0x2402 })).eax & 0xffff).toBe(0);
    await machine.call(0x15, { eax: 0x2401 });
    expect((await machine.call(0x15, { eax: 0x2402 })).eax & 0xffff).toBe(1);
  });

  it('waits for the time asked, short and long', async () => {
    for (const microseconds of [2_000, 130_000]) {
      const before = machine.clock.now();
      await machine.call(0x15, { eax: 0x8600, ecx: microseconds >> 16, edx: microseconds & 0xffff });
      const elapsed = (machine.clock.now() - before) / 1000;
      expect(elapsed).toBeGreaterThanOrEqual(microseconds);
      expect(elapsed).toBeLessThan(microseconds + 5_000);
    }
  });

  it('resets and enables the PS/2 mouse, and calls the handler with a packet', async () => {
    const reset = await machine.call(0x15, { eax: 0xc201 });
    expect([reset.carry, reset.ebx & 0xffff]).toEqual([false, 0x00aa]);
    // The handler stores its status and X words at 0:2100 and returns far.
    machine.memory.write(
      0x2200,
      Uint8Array.of(
        0x50,
        0x55,
        0x89,
        0xe5,
        0x8b,
        0x46,
        0x0e,
        0x2e,
        0xa3,
        0x00,
        0x21,
        0x8b,
        0x46,
        0x0c,
        0x2e,
        0xa3,
        0x02,
        0x21,
        0x5d,
        0x58,
        0xcb,
      ),
    );
    expect((await machine.call(0x15, { eax: 0xc207, es: 0, ebx: 0x2200 })).carry).toBe(false);
    expect((await machine.call(0x15, { eax: 0xc200, ebx: 0x0100 })).carry).toBe(false);
    machine.board.mouse.move({ dx: 5, dy: -3, wheel: 0, buttons: 1 });
    await machine.call(0x15, { eax: 0x8600, ecx: 2, edx: 0 });
    expect([machine.memory.readU16(0x2100) & 0x0f, machine.memory.readU16(0x2102)]).toEqual([0x09, 5]);
    await machine.call(0x15, { eax: 0xc200, ebx: 0 });
  });
});

describe('INT 16h', () => {
  it('returns keys, shift states and words put into the buffer', async () => {
    machine.press('KeyA');
    expect((await machine.call(0x16, { eax: 0 })).eax & 0xffff).toBe(0x1e61);
    machine.board.keyboard.key({ code: 'ShiftLeft', isDown: true });
    machine.press('Digit2');
    expect((await machine.call(0x16, { eax: 0x1000 })).eax & 0xffff).toBe(0x0340);
    expect((await machine.call(0x16, { eax: 0x0200 })).eax & 0xff).toBe(0x02);
    machine.board.keyboard.key({ code: 'ShiftLeft', isDown: false });
    machine.press('ArrowUp');
    expect((await machine.call(0x16, { eax: 0x1000 })).eax & 0xffff).toBe(0x48e0);
    expect((await machine.call(0x16, { eax: 0x0500, ecx: 0x1234 })).eax & 0xff).toBe(0);
    const waiting = await machine.call(0x16, { eax: 0x0100 });
    expect([waiting.zero, waiting.eax & 0xffff]).toEqual([false, 0x1234]);
    await machine.call(0x16, { eax: 0 });
    expect((await machine.call(0x16, { eax: 0x0100 })).zero).toBe(true);
  });

  it('hides 101-key words from old programs', async () => {
    machine.press('F11');
    machine.press('ArrowLeft');
    expect((await machine.call(0x16, { eax: 0 })).eax & 0xffff).toBe(0x4b00);
  });
});

describe('INT 1Ah', () => {
  it('reads and sets the real-time clock', async () => {
    const date = await machine.call(0x1a, { eax: 0x0400 });
    expect([date.ecx & 0xffff, date.edx & 0xffff]).toEqual([0x2026, 0x1120]);
    await machine.call(0x1a, { eax: 0x0300, ecx: 0x0809, edx: 0x1000 });
    const time = await machine.call(0x1a, { eax: 0x0200 });
    expect(time.ecx & 0xffff).toBe(0x0809);
  });

  it('has the PCI BIOS, its routing table included', async () => {
    const present = await machine.call(0x1a, { eax: 0xb101 });
    expect([present.carry, present.edx, present.ebx & 0xffff]).toEqual([false, 0x20494350, 0x0210]);
    const display = await machine.call(0x1a, { eax: 0xb103, ecx: 0x030000 });
    expect([display.carry, display.ebx & 0xffff]).toEqual([false, 0x10]);
    machine.memory.writeU16(0x2000, 0x1000);
    machine.memory.writeU32(0x2002, 0x00003000);
    const routing = await machine.call(0x1a, { eax: 0xb10e, ebx: 0, edi: 0x2000 });
    expect([routing.carry, machine.memory.readU16(0x2000), routing.ebx & 0xffff]).toEqual([false, 31 * 16, 0x0c20]);
    expect(machine.memory.readU8(0x3002)).toBe(0x60);
  });
});

describe('the 32-bit PCI BIOS', () => {
  it('is found through the BIOS32 directory and reads configuration space', async () => {
    const rom = machine.memory;
    let directory = 0xf0000;
    while (rom.readU32(directory) !== 0x5f32335f) directory += 16;
    const code = [
      // mov eax,"$PCI"; xor ebx,ebx; call far 10h:directory entry
      0xb8,
      0x24,
      0x50,
      0x43,
      0x49,
      0x31,
      0xdb,
      0x9a,
      ...le32(rom.readU32(directory + 4)),
      0x10,
      0x00,
      // add ebx,edx; mov [2100h],ebx; mov word [2104h],10h
      0x01,
      0xd3,
      0x89,
      0x1d,
      ...le32(0x2100),
      0x66,
      0xc7,
      0x05,
      ...le32(0x2104),
      0x10,
      0x00,
      // mov eax,b10ah; mov ebx,10h; xor edi,edi; call far [2100h]; hlt
      0xb8,
      ...le32(0xb10a),
      0xbb,
      ...le32(0x10),
      0x31,
      0xff,
      0xff,
      0x1d,
      ...le32(0x2100),
      0xf4,
    ];
    rom.write(0x3000, Uint8Array.from(code));
    const gdtr = writeBootGdt(rom, 0x2800, false);
    machine.firmwareCpu.applyState(protectedEntry({ ip: 0x3000, gdtr, sp: 0x6000 }));
    await machine.run(() => machine.cpu.isHalted, 10_000);
    expect(machine.firmwareCpu.readGpr(1)).toBe(0x11111234);
    expect(machine.firmwareCpu.readFlags() & 1).toBe(0);
  });
});

describe('the trap port', () => {
  it('ignores code outside the ROM', async () => {
    const before = machine.memory.readU32(0x46c);
    machine.memory.write(0x2300, Uint8Array.of(0xba, 0x10, 0x0b, 0xb8, 0x01, 0x00, 0xef, 0xcf));
    machine.memory.writeU32(0x61 * 4, 0x2300);
    await machine.call(0x61, {});
    // POST would have cleared the vector and the screen.
    expect(machine.memory.readU32(0x61 * 4)).toBe(0x2300);
    expect(machine.memory.readU32(0x46c)).toBeGreaterThanOrEqual(before);
  });
});
