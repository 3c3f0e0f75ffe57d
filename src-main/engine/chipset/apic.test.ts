import { describe, expect, it } from 'vitest';
import { createTestBoard, type TestBoard } from '../../../test/harness/test-board.ts';

const APIC = 0xfee00000;
const IOAPIC = 0xfec00000;

function lapicWrite(bench: TestBoard, register: number, value: number): void {
  bench.board.mmio.write(APIC + register, 4, value);
}

function lapicRead(bench: TestBoard, register: number): number {
  return bench.board.mmio.read(APIC + register, 4);
}

function redirect(bench: TestBoard, input: number, low: number, high = 0): void {
  bench.board.mmio.write(IOAPIC, 4, 0x11 + 2 * input);
  bench.board.mmio.write(IOAPIC + 0x10, 4, high);
  bench.board.mmio.write(IOAPIC, 4, 0x10 + 2 * input);
  bench.board.mmio.write(IOAPIC + 0x10, 4, low);
}

function redirection(bench: TestBoard, input: number): number {
  bench.board.mmio.write(IOAPIC, 4, 0x10 + 2 * input);
  return bench.board.mmio.read(IOAPIC + 0x10, 4);
}

function createEnabled(cpuCount = 1): TestBoard {
  const bench = createTestBoard({ cpuCount });
  for (let cpu = 0; cpu < cpuCount; cpu++) {
    bench.board.interrupts.setAccessor(cpu);
    lapicWrite(bench, 0xf0, 0x1ff);
  }
  bench.board.interrupts.setAccessor(0);
  return bench;
}

describe('local APIC', () => {
  it('fires its one-shot timer once, after the divided count', () => {
    const bench = createEnabled();
    lapicWrite(bench, 0x320, 0x40);
    lapicWrite(bench, 0x3e0, 0x3);
    lapicWrite(bench, 0x380, 1000);
    bench.clock.advance(15_999);
    const early = bench.cpu.isIntr;
    bench.clock.advance(1);

    expect([early, bench.board.ack(), lapicRead(bench, 0x390)]).toEqual([false, 0x40, 0]);
  });

  it('counts down visibly and repeats in periodic mode', () => {
    const bench = createEnabled();
    lapicWrite(bench, 0x3e0, 0xb);
    lapicWrite(bench, 0x320, 0x20041);
    lapicWrite(bench, 0x380, 1_000_000);
    bench.clock.advance(250_000);
    const current = lapicRead(bench, 0x390);
    let fired = 0;
    for (let i = 0; i < 5; i++) {
      bench.clock.advance(1_000_000);
      if (bench.board.ack() === 0x41) fired++;
      lapicWrite(bench, 0xb0, 0);
    }

    expect([current, fired]).toEqual([750_000, 5]);
  });

  it('fires at the TSC deadline and disarms', () => {
    const bench = createEnabled();
    lapicWrite(bench, 0x320, 0x40042);
    bench.board.writeMsr(0, 0x6e0, 50_000, 0);
    bench.clock.advance(49_999);
    const early = bench.cpu.isIntr;
    bench.clock.advance(1);

    expect([early, bench.board.ack(), bench.board.readMsr(0, 0x6e0)]).toEqual([false, 0x42, { low: 0, high: 0 }]);
  });

  it('holds interrupts back by task priority and nests by class', () => {
    const bench = createEnabled();
    const self = (vector: number): void => lapicWrite(bench, 0x300, 0x40000 | vector);
    lapicWrite(bench, 0x80, 0x50);
    self(0x45);
    const isHeld = bench.cpu.isIntr;
    lapicWrite(bench, 0x80, 0);
    const first = bench.board.ack();
    self(0x44);
    const sameClass = bench.cpu.isIntr;
    self(0x61);
    const higher = bench.board.ack();
    const priority = lapicRead(bench, 0xa0);
    lapicWrite(bench, 0xb0, 0);
    lapicWrite(bench, 0xb0, 0);

    expect([isHeld, first, sameClass, higher, priority, bench.board.ack()]).toEqual([
      false,
      0x45,
      false,
      0x61,
      0x60,
      0x44,
    ]);
  });

  it('records illegal vectors as errors after a write to ESR', () => {
    const bench = createEnabled();
    lapicWrite(bench, 0x300, 0x40005);
    lapicWrite(bench, 0x280, 0);

    expect(lapicRead(bench, 0x280)).toBe(0x20);
  });

  it('starts other processors with INIT and start-up messages', () => {
    const bench = createEnabled(2);
    lapicWrite(bench, 0x310, 1 << 24);
    lapicWrite(bench, 0x300, 0x4500);
    lapicWrite(bench, 0x300, 0x4608);

    expect([bench.cpus[0]!.inits, bench.cpus[1]!.inits, bench.cpus[1]!.startups]).toEqual([0, 1, [8]]);
  });

  it('sends to all but itself, by logical address and by lowest priority', () => {
    const bench = createEnabled(2);
    const { interrupts } = bench.board;
    lapicWrite(bench, 0x300, 0xc0050);
    const others = [bench.board.ack(0), bench.board.ack(1)];
    for (let cpu = 0; cpu < 2; cpu++) {
      interrupts.setAccessor(cpu);
      lapicWrite(bench, 0xb0, 0);
      lapicWrite(bench, 0xd0, (1 << cpu) << 24);
    }
    interrupts.setAccessor(0);
    lapicWrite(bench, 0x310, 0x02000000);
    lapicWrite(bench, 0x300, 0x851);
    const logical = [bench.board.ack(0), bench.board.ack(1)];
    interrupts.deliver({ vector: 0x52, deliveryMode: 1, isLevel: false, isLogical: true, destination: 3 });

    expect([others, logical, bench.board.ack(0), bench.board.ack(1)]).toEqual([[-1, 0x50], [-1, 0x51], 0x52, -1]);
  });

  it('works through MSRs in x2APIC mode', () => {
    const { board, cpu } = createTestBoard();
    board.writeMsr(0, 0x1b, 0xfee00d00, 0);
    board.writeMsr(0, 0x80f, 0x1ff, 0);
    const refusals = [board.writeMsr(0, 0x80b, 1, 0), board.writeMsr(0, 0x80e, 0, 0), board.writeMsr(0, 0x802, 0, 0)];
    board.writeMsr(0, 0x83f, 0x70, 0);

    expect([refusals, cpu.isIntr, board.ack(), board.readMsr(0, 0x80d)]).toEqual([
      [false, false, false],
      true,
      0x70,
      { low: 1, high: 0 },
    ]);
  });

  it('moves its registers with the base address', () => {
    const bench = createEnabled();
    bench.board.writeMsr(0, 0x1b, 0xd0000900, 0);

    expect([bench.board.mmio.read(0xd0000030, 4), lapicRead(bench, 0x30)]).toEqual([0x50014, 0xffffffff]);
  });
});

describe('I/O APIC', () => {
  it('delivers edges once and loses those that come while masked', () => {
    const bench = createEnabled();
    const line = bench.board.interrupts.ioapicLine(4);
    redirect(bench, 4, 0x10034);
    line.set(true);
    line.set(false);
    redirect(bench, 4, 0x00034);
    const afterUnmask = bench.board.ack();
    line.set(true);

    expect([afterUnmask, bench.board.ack(), bench.board.ack()]).toEqual([-1, 0x34, -1]);
  });

  it('holds a level input back by remote IRR until EOI, then re-delivers it', () => {
    const bench = createEnabled();
    const line = bench.board.interrupts.ioapicLine(16);
    redirect(bench, 16, 0x8035);
    line.set(true);
    const first = bench.board.ack();
    const duringService = redirection(bench, 16) & 0x4000;
    lapicWrite(bench, 0xb0, 0);
    const second = bench.board.ack();
    line.set(false);
    lapicWrite(bench, 0xb0, 0);

    expect([first, duringService, second, redirection(bench, 16) & 0x4000, bench.cpu.isIntr]).toEqual([
      0x35,
      0x4000,
      0x35,
      0,
      false,
    ]);
  });

  it('puts the timer interrupt on input 2', () => {
    const bench = createEnabled();
    redirect(bench, 2, 0x36);
    bench.board.interrupts.isaLine(0).set(true);

    expect(bench.board.ack()).toBe(0x36);
  });

  it('keeps a shared wire asserted until its last driver lets go', () => {
    const bench = createEnabled();
    const [first, second] = [bench.board.interrupts.ioapicLine(17), bench.board.interrupts.ioapicLine(17)];
    redirect(bench, 17, 0x8037);
    first.set(true);
    second.set(true);
    bench.board.ack();
    first.set(false);
    lapicWrite(bench, 0xb0, 0);

    expect(bench.board.ack()).toBe(0x37);
  });

  it('delivers message-signalled interrupts to the addressed APIC', () => {
    const bench = createEnabled();
    bench.board.interrupts.sendMsi(0xfee00000, 0x4051);
    bench.board.interrupts.sendMsi(0x12345678, 0x52);

    expect([bench.board.ack(), bench.board.ack()]).toEqual([0x51, -1]);
  });
});
