import { describe, expect, it } from 'vitest';
import { createTestBoard } from '../../../test/harness/test-board.ts';

describe('board', () => {
  it('answers PCI enumeration with the host bridge, the ISA bridge and power management only', () => {
    const { pciRead, board } = createTestBoard();

    expect(pciRead(0, 0, 0, 4)).toBe(0x12378086);
    expect(pciRead(1, 0, 0, 4)).toBe(0x70008086);
    expect(pciRead(1, 0, 0x0e, 1)).toBe(0x80);
    expect(pciRead(1, 3, 0, 4)).toBe(0x71138086);
    expect(pciRead(2, 0, 0, 4)).toBe(0xffffffff);
    board.ports.write(0xcf8, 4, 0x80010000);
    expect(board.ports.read(0xcfc, 4)).toBe(0xffffffff);
  });

  it('routes PIRQ wires through the ISA bridge to PIC and I/O APIC', () => {
    const { board, pciWrite, initPic } = createTestBoard();
    initPic();
    pciWrite(1, 0, 0x60, 1, 11);
    board.ports.write(0x4d1, 1, 0x08);
    const fn = board.pci.addFunction(
      { identity: { vendorId: 0x1af4, deviceId: 1, classCode: 0xff0000 }, interruptPin: 1 },
      { slot: 5 },
    );

    fn.setInterrupt(true);

    expect(board.ack()).toBe(0x28 + 3);
    fn.setInterrupt(false);
    expect(board.pic.isAsserted).toBe(false);
  });

  it('delivers the timer interrupt through the virtual wire after power-on', () => {
    const { board, clock, cpu, initPic } = createTestBoard();
    initPic();
    board.ports.write(0x43, 1, 0x34);
    board.ports.write(0x40, 1, 0xa9);
    board.ports.write(0x40, 1, 0x04);

    clock.advance(1_100_000);

    expect(cpu.isIntr).toBe(true);
    expect(board.ack()).toBe(0x20);
    expect(cpu.isIntr).toBe(false);
  });

  it('disconnects the PIT while the HPET replaces it', () => {
    const { board, clock, cpu, initPic } = createTestBoard();
    initPic();
    board.ports.write(0x43, 1, 0x34);
    board.ports.write(0x40, 1, 0xa9);
    board.ports.write(0x40, 1, 0x04);
    board.ack();
    board.ports.write(0x20, 1, 0x20);
    board.mmio.write(0xfed00010, 4, 3);

    clock.advance(10_000_000);

    expect(cpu.isIntr).toBe(false);
  });

  it('hands reset requests of CF9h, 92h and the keyboard controller to the power events', () => {
    const { board, power } = createTestBoard();

    board.ports.write(0xcf9, 1, 0x06);
    board.ports.write(0x92, 1, 0x03);
    board.ports.write(0x64, 1, 0xfe);

    expect(power.resets).toBe(3);
  });

  it('gates A20 through port 92h and the output port', () => {
    const { board, power } = createTestBoard();

    board.ports.write(0x92, 1, 0x00);
    const afterPort92 = power.isA20Enabled;
    board.ports.write(0x64, 1, 0xd1);
    board.ports.write(0x60, 1, 0xdf);

    expect([afterPort92, power.isA20Enabled]).toEqual([false, true]);
  });

  it('powers off when the guest writes SLP_EN with type S5', () => {
    const { board, pciWrite, power } = createTestBoard();
    pciWrite(1, 3, 0x40, 4, 0x601);
    pciWrite(1, 3, 0x80, 1, 1);

    board.ports.write(0x604, 2, 0x2000);

    expect(power.powerOffs).toBe(1);
  });

  it('latches interrupt 13 on FERR# until port F0h is written', () => {
    const { board, initPic } = createTestBoard();
    initPic();

    board.ferr();
    const vector = board.ack();
    board.ports.write(0xf0, 1, 0);

    expect(vector).toBe(0x28 + 5);
    expect(board.pic.isAsserted).toBe(false);
  });

  it('shadows the BIOS: copies ROM to RAM under it, then reads the RAM', () => {
    const { board, pciWrite, readMemory, writeMemory } = createTestBoard();
    const code = new Uint8Array(0x40000).fill(0xea);
    board.placeFirmware({ code });
    const before = readMemory(0xf0000);
    pciWrite(0, 0, 0x59, 1, 0x20);
    writeMemory(0xf0000, 0x55);
    const behindRom = readMemory(0xf0000);
    pciWrite(0, 0, 0x59, 1, 0x10);
    const shadowed = readMemory(0xf0000);
    writeMemory(0xf0000, 0x99);

    expect([before, behindRom, shadowed, readMemory(0xf0000)]).toEqual([0xea, 0xea, 0x55, 0x55]);
    expect(readMemory(0xfffffff0)).toBe(0xea);
    expect(readMemory(0xfffc0000)).toBe(0xea);
  });

  it('refuses firmware of an impossible size', () => {
    const { board } = createTestBoard();

    expect(() => board.placeFirmware({ code: new Uint8Array(1000) })).toThrowError(/multiple of 4 KiB/);
  });

  it('gives the QEMU items firmware sizes the machine by', () => {
    const { board } = createTestBoard({ ramBytes: 0x1000000 });
    board.ports.write(0x510, 2, 3);
    const bytes = Array.from({ length: 8 }, () => board.ports.read(0x511, 1));

    expect(bytes).toEqual([0, 0, 0, 1, 0, 0, 0, 0]);
    expect(board.fwCfg.file('etc/e820')).toHaveLength(20);
  });

  it('gives and takes the APIC base and refuses reserved bits', () => {
    const { board } = createTestBoard();

    expect(board.readMsr(0, 0x1b)).toEqual({ low: 0xfee00900, high: 0 });
    expect(board.writeMsr(0, 0x1b, 0xfee00901, 0)).toBe(false);
    expect(board.readMsr(0, 0x802)).toBeNull();
    expect(board.writeMsr(0, 0x1b, 0xfee00d00, 0)).toBe(true);
    expect(board.readMsr(0, 0x803)).toEqual({ low: 0x50014, high: 0 });
    expect(board.mmio.read(0xfee00030, 4)).toBe(0xffffffff);
  });
});
