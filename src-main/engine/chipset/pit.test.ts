import { describe, expect, it } from 'vitest';
import { RecordedLine } from '../../../test/harness/device-bench.ts';
import { FakeClock } from '../../../test/harness/fake-clock.ts';
import { PortBus } from '../bus/port-bus.ts';
import { Pit } from './pit.ts';

const TICK_NS = 1e9 / 1_193_181.8;

function createPit() {
  const clock = new FakeClock();
  const ports = new PortBus();
  const irq0 = new RecordedLine();
  const pit = new Pit(clock, irq0, (base, count, handler) => ports.map(base, count, handler));
  const out = (port: number, value: number): void => ports.write(port, 1, value);
  const read = (port: number): number => ports.read(port, 1);
  const load = (channel: number, count: number): void => {
    out(0x40 + channel, count & 0xff);
    out(0x40 + channel, count >> 8);
  };
  const latched = (channel: number): number => {
    out(0x43, channel << 6);
    return read(0x40 + channel) | (read(0x40 + channel) << 8);
  };
  const ticks = (count: number): void => clock.advance(count * TICK_NS);
  return { pit, irq0, out, read, load, latched, ticks };
}

describe('8254', () => {
  it('interrupts once per period in mode 2', () => {
    const { irq0, out, load, ticks } = createPit();
    out(0x43, 0x34);
    load(0, 1193);
    const before = irq0.rises;
    ticks(1193 * 100 + 10);

    expect(irq0.rises - before).toBe(100);
  });

  it('interrupts at the BIOS rate with count 0 in mode 3', () => {
    const { irq0, out, load, ticks } = createPit();
    out(0x43, 0x36);
    load(0, 0);
    const before = irq0.rises;
    ticks(65536 * 18.2);

    expect(irq0.rises - before).toBe(18);
  });

  it('raises OUT once at terminal count in mode 0', () => {
    const { irq0, out, load, ticks } = createPit();
    out(0x43, 0x30);
    load(0, 100);
    ticks(99.5);
    const before = irq0.rises;
    ticks(1);
    const after = irq0.rises;
    ticks(70000);

    expect([before, after, irq0.rises]).toEqual([0, 1, 1]);
  });

  it('strobes after the count in mode 4', () => {
    const { irq0, out, load, ticks } = createPit();
    out(0x43, 0x38);
    load(0, 50);
    const before = irq0.rises;
    ticks(52);

    expect(irq0.rises - before).toBe(1);
  });

  it('counts down and latches what a read then sees', () => {
    const { out, load, latched, ticks } = createPit();
    out(0x43, 0x34);
    load(0, 1000);
    ticks(300.5);

    expect(latched(0)).toBe(700);
  });

  it('keeps a latched count until it is read', () => {
    const { out, read, load, ticks } = createPit();
    out(0x43, 0x34);
    load(0, 0x1234);
    ticks(0x34 + 0.5);
    out(0x43, 0x00);
    ticks(500);

    expect([read(0x40), read(0x40)]).toEqual([0x00, 0x12]);
  });

  it('counts in decimal when told to', () => {
    const { out, load, latched, ticks } = createPit();
    out(0x43, 0x31);
    load(0, 0x0100);
    ticks(1.5);

    expect(latched(0)).toBe(0x0099);
  });

  it('reports status by read-back: OUT, null count, access, mode', () => {
    const { out, read, load, ticks } = createPit();
    out(0x43, 0xb0);
    out(0x43, 0xe8);
    const before = read(0x42);
    out(0x61, 1);
    load(2, 10);
    ticks(20);
    out(0x43, 0xe8);

    expect([before, read(0x42)]).toEqual([0x70, 0xb0]);
  });

  it('holds channel 2 while its gate is closed and shows OUT in port 61h', () => {
    const { out, read, load, ticks } = createPit();
    out(0x61, 0);
    out(0x43, 0xb0);
    load(2, 1000);
    ticks(2000);
    const whileClosed = read(0x61) & 0x20;
    out(0x61, 1);
    ticks(1001);

    expect([whileClosed, read(0x61) & 0x21]).toEqual([0, 0x21]);
  });

  it('triggers mode 1 by the gate', () => {
    const { out, read, load, ticks } = createPit();
    out(0x61, 0);
    out(0x43, 0xb2);
    load(2, 100);
    const idle = read(0x61) & 0x20;
    out(0x61, 1);
    const running = read(0x61) & 0x20;
    ticks(101);

    expect([idle, running, read(0x61) & 0x20]).toEqual([0x20, 0, 0x20]);
  });

  it('makes a square wave in mode 3', () => {
    const { out, read, load, ticks } = createPit();
    out(0x61, 1);
    out(0x43, 0xb6);
    load(2, 100);
    ticks(10);
    const high = read(0x61) & 0x20;
    ticks(50);

    expect([high, read(0x61) & 0x20]).toEqual([0x20, 0]);
  });

  it('starts a new period with the new count only when the old one ends', () => {
    const { irq0, out, load, ticks } = createPit();
    out(0x43, 0x34);
    load(0, 1000);
    ticks(500);
    load(0, 100);
    const before = irq0.rises;
    ticks(499);
    const atEnd = irq0.rises - before;
    ticks(202);

    expect([atEnd, irq0.rises - before]).toEqual([0, 3]);
  });

  it('toggles the refresh bit', () => {
    const { read, ticks } = createPit();
    const seen = new Set<number>();
    for (let i = 0; i < 10; i++) {
      seen.add(read(0x61) & 0x10);
      ticks(9);
    }

    expect(seen.size).toBe(2);
  });
});
