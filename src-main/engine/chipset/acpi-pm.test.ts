import { describe, expect, it } from 'vitest';
import { createTestBoard } from '../../../test/harness/test-board.ts';

const PM = 0x600;

function createPm() {
  const bench = createTestBoard();
  bench.initPic();
  bench.pciWrite(1, 3, 0x40, 4, PM | 1);
  bench.pciWrite(1, 3, 0x80, 1, 1);
  const { ports } = bench.board;
  return {
    ...bench,
    read: (offset: number, size: number) => ports.read(PM + offset, size),
    write: (offset: number, value: number) => ports.write(PM + offset, 2, value),
    enableAcpi: () => ports.write(0xb2, 1, 0xf1),
  };
}

describe('ACPI power management', () => {
  it('runs the timer at 3.579545 MHz with 24 bits', () => {
    const { clock, read } = createPm();
    const start = read(8, 4);
    clock.advance(1e9);
    const second = read(8, 4) - start;
    clock.advance(10e9);

    expect(second).toBe(3_579_545);
    expect(read(8, 4)).toBeLessThan(0x1000000);
  });

  it('hides the block until it is enabled', () => {
    const { board } = createTestBoard();

    expect(board.ports.read(PM + 8, 4)).toBe(0xffffffff);
  });

  it('raises SCI for the power button once the guest listens, until it is acknowledged', () => {
    const { board, enableAcpi, read, write } = createPm();
    const withoutDriver = board.pm.pressPowerButton();
    write(0, 0x100);
    enableAcpi();
    write(2, 0x100);
    const withDriver = board.pm.pressPowerButton();
    const vector = board.ack();
    const status = read(0, 2) & 0x100;
    write(0, 0x100);

    expect([withoutDriver, withDriver, vector, status, read(0, 2) & 0x100]).toEqual([false, true, 0x29, 0x100, 0]);
  });

  it('raises SCI when the highest timer bit changes', () => {
    const { clock, cpu, enableAcpi, write } = createPm();
    enableAcpi();
    write(0, 1);
    write(2, 1);
    clock.advance(2.3e9);
    const early = cpu.isIntr;
    clock.advance(0.1e9);

    expect([early, cpu.isIntr]).toEqual([false, true]);
  });

  it('switches SCI_EN through the command port', () => {
    const { board, enableAcpi, read } = createPm();
    enableAcpi();
    const on = read(4, 2) & 1;
    board.ports.write(0xb2, 1, 0xf0);

    expect([on, read(4, 2) & 1]).toEqual([1, 0]);
  });

  it('does not power off for sleep types it has not', () => {
    const { power, read, write } = createPm();
    write(4, 0x2000 | (5 << 10));

    expect([power.powerOffs, read(0, 2) & 0x8000]).toEqual([0, 0x8000]);
  });

  it('raises general-purpose events while enabled', () => {
    const { board, cpu, enableAcpi } = createPm();
    enableAcpi();
    board.ports.write(0xafe2, 1, 0x02);
    board.pm.raiseGpe(1);
    const raised = cpu.isIntr;
    board.ack();
    board.ports.write(0xafe0, 1, 0x02);

    expect([raised, board.ports.read(0xafe0, 1)]).toEqual([true, 0]);
  });

  it('tells firmware that SMM is already set up', () => {
    const { pciRead } = createPm();

    expect(pciRead(1, 3, 0x58, 4) & 0x02000000).not.toBe(0);
  });
});
