// What every chipset part must do, on a whole board: survive a hostile guest, come back from reset, and go on after save and
// restore exactly as if nothing had happened.
import { describe, expect, it } from 'vitest';
import { Random } from '../harness/random.ts';
import { createTestBoard, type TestBoard } from '../harness/test-board.ts';

const SEED = 0x0b0a7d;
const MAX_STATE_BYTES = 0x100000;

/** Port ranges of the board's parts: base, count. */
const PORTS: readonly (readonly [base: number, count: number])[] = [
  [0x00, 16],
  [0x20, 2],
  [0x40, 4],
  [0x60, 1],
  [0x61, 1],
  [0x64, 1],
  [0x70, 2],
  [0x80, 16],
  [0x92, 1],
  [0xa0, 2],
  [0xb2, 2],
  [0xc0, 32],
  [0xf0, 2],
  [0x402, 1],
  [0x4d0, 2],
  [0x510, 2],
  [0x514, 8],
  [0x600, 64],
  [0x700, 16],
  [0xafe0, 4],
  [0xcf8, 8],
  [0x5658, 1],
];

const MMIO: readonly (readonly [base: number, length: number])[] = [
  [0xfec00000, 0x50],
  [0xfed00000, 0x160],
  [0xfee00000, 0x400],
  [0xc0000, 0x40000],
  [0xfffe0000, 0x1000],
];

/** One random guest action; the returned number is what the guest could see. */
function step(bench: TestBoard, random: Random): number {
  const { board, clock } = bench;
  const size = random.pick([1, 1, 2, 4]);
  const [port, portCount] = random.pick(PORTS);
  const [gpa, length] = random.pick(MMIO);
  const isWrite = random.below(2) === 0;
  const kind = random.below(20);
  const value = random.value();
  if (kind < 10) {
    const at = port + random.below(portCount);
    if (!isWrite) return board.ports.read(at, size);
    board.ports.write(at, size, value);
  } else if (kind < 15) {
    const at = gpa + (random.below(length) & ~(size - 1));
    if (!isWrite) return board.mmio.read(at, size);
    board.mmio.write(at, size, value);
  } else if (kind < 17) {
    const slot = random.below(3);
    const fn = random.pick([0, 0, 3]);
    const offset = random.below(256) & ~(size - 1);
    if (!isWrite) return bench.pciRead(slot, fn, offset, size);
    bench.pciWrite(slot, fn, offset, size, value);
  } else if (kind === 17) {
    return board.ack();
  } else if (kind === 18) {
    const index = random.pick([0x1b, 0x6e0, 0x800 + random.below(0x40)]);
    if (isWrite) return board.writeMsr(0, index, value, random.below(4)) ? 1 : 0;
    return board.readMsr(0, index)?.low ?? -1;
  } else {
    clock.advance(random.below(3_000_000));
  }
  return 0;
}

function abuse(bench: TestBoard, random: Random, steps: number): number[] {
  return Array.from({ length: steps }, () => step(bench, random));
}

/** A few accesses that make every part move: time, keys, interrupts. */
function useOrdinarily(bench: TestBoard): void {
  const { board, clock } = bench;
  bench.initPic();
  bench.pciWrite(1, 3, 0x40, 4, 0x601);
  bench.pciWrite(1, 3, 0x80, 1, 1);
  board.ports.write(0x43, 1, 0x36);
  board.ports.write(0x40, 1, 0);
  board.ports.write(0x40, 1, 0x10);
  board.ports.write(0x64, 1, 0x60);
  board.ports.write(0x60, 1, 0x47);
  board.ports.write(0x60, 1, 0xf4);
  board.ports.write(0x64, 1, 0xd4);
  board.ports.write(0x60, 1, 0xf4);
  board.keyboard.key({ code: 'KeyA', isDown: true });
  board.mouse.move({ dx: 5, dy: -3, wheel: 1, buttons: 1 });
  board.mmio.write(0xfee000f0, 4, 0x1ff);
  board.mmio.write(0xfee00320, 4, 0x20040);
  board.mmio.write(0xfee003e0, 4, 0xb);
  board.mmio.write(0xfee00380, 4, 100_000);
  board.mmio.write(0xfed00010, 4, 1);
  board.ports.write(0x70, 1, 0x0b);
  board.ports.write(0x71, 1, 0x42);
  clock.advance(7_654_321);
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value, (_key, each) => (each instanceof Uint8Array ? [...each] : each)).length;
}

function restoredCopy(bench: TestBoard): TestBoard {
  const copy = createTestBoard();
  copy.clock.setNow(bench.clock.now());
  copy.clock.wall.ms = bench.clock.wall.ms;
  copy.board.memory.ram.set(bench.board.memory.ram);
  copy.board.restore(structuredClone(bench.board.save()));
  return copy;
}

describe('board conformance', () => {
  it('survives hostile accesses without throwing or growing', () => {
    const bench = createTestBoard();
    bench.board.placeFirmware({ code: new Uint8Array(0x20000), vars: new Uint8Array(0x20000).fill(0xff) });

    abuse(bench, new Random(SEED), 60_000);

    expect(sizeOf(bench.board.save())).toBeLessThan(MAX_STATE_BYTES);
    expect(bench.log.lines.length).toBeLessThanOrEqual(1000);
  });

  it('is after reset as it was at power-on, but for battery-backed memory', () => {
    const bench = createTestBoard();
    const fresh = createTestBoard();
    abuse(bench, new Random(SEED + 1), 20_000);

    bench.board.reset();
    const state = withoutMemory(bench.board.save());

    expect(state).toEqual(withoutMemory(fresh.board.save()));
  });

  it('goes on after save and restore as if nothing had happened', () => {
    const bench = createTestBoard();
    useOrdinarily(bench);

    const copy = restoredCopy(bench);
    const seen = abuse(bench, new Random(SEED + 2), 5_000);

    expect(abuse(copy, new Random(SEED + 2), 5_000)).toEqual(seen);
    expect(copy.cpu.isIntr).toBe(bench.cpu.isIntr);
  });

  it('restores what hostile accesses left behind', () => {
    const bench = createTestBoard();
    abuse(bench, new Random(SEED + 3), 20_000);

    const copy = restoredCopy(bench);

    expect(copy.board.save()).toEqual(bench.board.save());
    const seen = abuse(bench, new Random(SEED + 4), 2_000);
    expect(abuse(copy, new Random(SEED + 4), 2_000)).toEqual(seen);
  });

  it.each(createTestBoard().board.parts.map((part) => part.id))('refuses a mutilated state of %s', (id) => {
    const { board } = createTestBoard();
    const states = board.save();

    expect(() => board.restore({ ...states, [id]: { version: 99, fields: {} } })).toThrowError(/saved state/);
    expect(() => board.restore({ ...states, [id]: { version: 1, fields: {} } })).toThrowError(/saved state/);
  });
});

/** Time, CMOS, the DMA page registers and flag phases survive a reset on real boards too. */
function withoutMemory(states: ReturnType<TestBoard['board']['save']>): unknown {
  const { rtc: _rtc, 'isa-dma': _dma, ...others } = states;
  return JSON.parse(
    JSON.stringify(others, (key, value) =>
      ['startNs', 'countStartNs', 'timerHalf', 'lastSent', 'buttons', 'lines'].includes(key)
        ? undefined
        : value instanceof Uint8Array
          ? [...value]
          : value,
    ),
  );
}
