import { describe, expect, it } from 'vitest';
import { RecordedLine } from '../../../test/harness/device-bench.ts';
import { FakeClock } from '../../../test/harness/fake-clock.ts';
import { PortBus } from '../bus/port-bus.ts';
import { Rtc } from './rtc.ts';

function createRtc(wallMs = Date.UTC(2024, 1, 29, 23, 59, 58)) {
  const clock = new FakeClock(wallMs);
  const ports = new PortBus();
  const irq8 = new RecordedLine();
  const rtc = new Rtc({
    clock,
    irq8,
    mapPorts: (base, count, handler) => ports.map(base, count, handler),
    base: 'utc',
  });
  const read = (index: number): number => {
    ports.write(0x70, 1, index);
    return ports.read(0x71, 1);
  };
  const write = (index: number, value: number): void => {
    ports.write(0x70, 1, index);
    ports.write(0x71, 1, value);
  };
  const time = (): number[] => [0x32, 9, 8, 7, 4, 2, 0].map(read);
  return { rtc, clock, irq8, read, write, time };
}

describe('MC146818', () => {
  it('shows the host time in BCD, 24 hours, with the century', () => {
    expect(createRtc().time()).toEqual([0x20, 0x24, 0x02, 0x29, 0x23, 0x59, 0x58]);
  });

  it('crosses a leap day at midnight', () => {
    const { clock, time } = createRtc();
    clock.advance(2e9);

    expect(time()).toEqual([0x20, 0x24, 0x03, 0x01, 0x00, 0x00, 0x00]);
  });

  it('shows binary and 12-hour formats', () => {
    const { read, write } = createRtc();
    write(0x0b, 0x04);

    expect([read(4), read(2)]).toEqual([0x80 | 11, 59]);
  });

  it('takes a time the guest sets and runs on from it', () => {
    const { clock, write, time } = createRtc();
    write(0x0b, 0x82);
    for (const [index, value] of [
      [0, 0x30],
      [2, 0x15],
      [4, 0x08],
      [7, 0x04],
      [8, 0x07],
      [9, 0x99],
      [0x32, 0x19],
    ] as const)
      write(index, value);
    write(0x0b, 0x02);
    clock.advance(45e9);

    expect(time()).toEqual([0x19, 0x99, 0x07, 0x04, 0x08, 0x16, 0x15]);
  });

  it('stands still while SET is on', () => {
    const { clock, read, write } = createRtc();
    write(0x0b, 0x82);
    clock.advance(5e9);

    expect(read(0)).toBe(0x58);
  });

  it('raises UIP shortly before each second', () => {
    const { clock, read } = createRtc();
    clock.advance(0.5e9);
    const inTheMiddle = read(0x0a) & 0x80;
    clock.advance(0.4999e9);

    expect([inTheMiddle, read(0x0a) & 0x80]).toEqual([0, 0x80]);
  });

  it('interrupts at each update and clears by reading register C', () => {
    const { clock, irq8, read, write } = createRtc();
    write(0x0b, 0x12);
    read(0x0c);
    clock.advance(1e9);
    const isRaised = irq8.isAsserted;
    const flags = read(0x0c) & 0xb0;

    expect([isRaised, flags, irq8.isAsserted]).toEqual([true, 0x90, false]);
  });

  it("interrupts at the alarm, with don't-care fields", () => {
    const { clock, irq8, read, write } = createRtc();
    write(1, 0x05);
    write(3, 0xff);
    write(5, 0xff);
    write(0x0b, 0x22);
    read(0x0c);
    clock.advance(6.5e9);
    const early = irq8.isAsserted;
    clock.advance(0.6e9);

    expect([early, irq8.isAsserted, read(0x0c) & 0x20]).toEqual([false, true, 0x20]);
  });

  it('interrupts periodically at the selected rate', () => {
    const { clock, irq8, read, write } = createRtc();
    write(0x0a, 0x26);
    write(0x0b, 0x42);
    let count = 0;
    for (let i = 0; i < 2000; i++) {
      clock.advance(500_000);
      if (irq8.isAsserted) {
        read(0x0c);
        count++;
      }
    }

    expect(count).toBe(1024);
  });

  it('keeps the standard CMOS checksum', () => {
    const { rtc, read } = createRtc();
    rtc.setCmos(0x15, 0x80);
    rtc.setCmos(0x16, 0x02);
    rtc.setCmos(0x18, 0xff);

    expect((read(0x2e) << 8) | read(0x2f)).toBe(0x181);
  });
});
