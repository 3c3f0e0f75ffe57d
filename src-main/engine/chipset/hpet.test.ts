import { describe, expect, it } from 'vitest';
import { createTestBoard } from '../../../test/harness/test-board.ts';

const HPET = 0xfed00000;

function createHpet() {
  const bench = createTestBoard();
  const { mmio, interrupts } = bench.board;
  mmio.write(0xfee000f0, 4, 0x1ff);
  const write = (register: number, value: number): void => mmio.write(HPET + register, 4, value);
  const read = (register: number): number => mmio.read(HPET + register, 4);
  const route = (input: number, low: number): void => {
    mmio.write(0xfec00000, 4, 0x10 + 2 * input);
    mmio.write(0xfec00010, 4, low);
  };
  const eoi = (): void => mmio.write(0xfee000b0, 4, 0);
  return { ...bench, write, read, route, eoi, interrupts };
}

describe('HPET', () => {
  it('tells three timers, 64 bits, legacy routing and a 10 ns period', () => {
    const { read } = createHpet();

    expect([read(0), read(4)]).toEqual([0x8086a201, 10_000_000]);
  });

  it('counts only while enabled, 10 ns a tick', () => {
    const { clock, read, write } = createHpet();
    clock.advance(1000);
    const halted = read(0xf0);
    write(0x10, 1);
    clock.advance(123_456);
    const running = read(0xf0);
    write(0x10, 0);
    clock.advance(1000);

    expect([halted, running, read(0xf0)]).toEqual([0, 12_345, 12_345]);
  });

  it('interrupts once at the comparator', () => {
    const { board, clock, read, route, write } = createHpet();
    route(20, 0x44);
    write(0x108, 1000);
    write(0x10c, 0);
    write(0x100, 0x04 | (20 << 9));
    write(0x10, 1);
    clock.advance(9_990);
    const early = board.ack();
    clock.advance(10);

    expect([early, board.ack(), read(0x108)]).toEqual([-1, 0x44, 1000]);
  });

  it('repeats in periodic mode from the first match', () => {
    const { board, clock, eoi, route, write } = createHpet();
    route(2, 0x45);
    write(0x100, 0x14c | (2 << 9));
    write(0x108, 100_000);
    write(0x108, 200_000);
    write(0x10, 1);
    const seen: number[] = [];
    for (let i = 0; i < 10; i++) {
      clock.advance(1_000_000);
      seen.push(board.ack());
      eoi();
    }

    expect(seen).toEqual([0x45, -1, 0x45, -1, 0x45, -1, 0x45, -1, 0x45, -1]);
  });

  it('holds level interrupts until the status is cleared', () => {
    const { board, clock, eoi, read, route, write } = createHpet();
    route(21, 0x8046);
    write(0x108, 10);
    write(0x10c, 0);
    write(0x100, 0x06 | (21 << 9));
    write(0x10, 1);
    clock.advance(200);
    const first = board.ack();
    eoi();
    const again = board.ack();
    const status = read(0x20);
    write(0x20, 1);
    eoi();

    expect([first, again, status, board.ack()]).toEqual([0x46, 0x46, 1, -1]);
  });
});
