import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/harness/fake-clock.ts';
import { GuestClock } from './guest-clock.ts';
import { MmioBus } from './mmio-bus.ts';
import { ByteWidePorts, PortBus } from './port-bus.ts';

const constant = (value: number) => ({ read: () => value, write() {} });

describe('port bus', () => {
  it('gives ones where nobody answers', () => {
    const ports = new PortBus();

    expect([ports.read(0x123, 1), ports.read(0x123, 2), ports.read(0x123, 4)]).toEqual([0xff, 0xffff, 0xffffffff]);
  });

  it('lets the newest mapping win and the older come back', () => {
    const ports = new PortBus();
    ports.map(0x100, 16, constant(1));
    const newer = ports.map(0x104, 4, constant(2));
    const during = [ports.read(0x103, 1), ports.read(0x104, 1)];
    newer.remove();

    expect([during, ports.read(0x104, 1)]).toEqual([[1, 2], 1]);
  });

  it('splits wide accesses to 8-bit chips', () => {
    const written: number[][] = [];
    const ports = new PortBus();
    ports.map(
      0x70,
      2,
      new ByteWidePorts(
        (port) => port,
        (port, value) => written.push([port, value]),
      ),
    );
    ports.write(0x70, 2, 0x1234);

    expect([ports.read(0x70, 2), written]).toEqual([
      0x7170,
      [
        [0x70, 0x34],
        [0x71, 0x12],
      ],
    ]);
  });
});

describe('MMIO bus', () => {
  it('finds the range, newest first, and passes the offset', () => {
    const mmio = new MmioBus();
    const offset = { read: (at: number) => at, write() {} };
    mmio.map(0x1000, 0x10000, offset);
    const inner = mmio.map(0x4000, 0x1000, constant(7));
    const during = [mmio.read(0x1010, 4), mmio.read(0x4010, 4), mmio.read(0x5010, 4), mmio.read(0x20000, 4)];
    inner.remove();

    expect([during, mmio.read(0x4010, 4)]).toEqual([[0x10, 7, 0x4010, 0xffffffff], 0x3010]);
  });

  it('keeps the lower layer below, whatever came first', () => {
    const mmio = new MmioBus();
    mmio.map(0, 0x1000, constant(1));
    mmio.map(0, 0x2000, constant(2), 0);

    expect([mmio.read(0, 4), mmio.read(0x1000, 4)]).toEqual([1, 2]);
  });
});

describe('guest clock', () => {
  it('fires timers in order of their deadlines', () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    for (const deadline of [50, 10, 30, 20, 40]) clock.createTimer(() => fired.push(deadline)).arm(deadline);
    clock.advance(35);
    const early = [...fired];
    clock.advance(100);

    expect([early, fired]).toEqual([
      [10, 20, 30],
      [10, 20, 30, 40, 50],
    ]);
  });

  it('re-arms, cancels and tells the next deadline', () => {
    const clock = new FakeClock();
    let fired = 0;
    const timer = clock.createTimer(() => fired++);
    const other = clock.createTimer(() => fired++);
    timer.arm(10);
    other.arm(20);
    timer.arm(30);
    other.cancel();

    expect([clock.nextDeadlineNs(), timer.deadlineNs, other.deadlineNs]).toEqual([30, 30, null]);
    clock.advance(100);
    expect([fired, clock.nextDeadlineNs()]).toEqual([1, null]);
  });

  it('stands still while paused', () => {
    let host = 1000;
    const clock = new GuestClock(
      () => host,
      () => 0,
    );
    clock.start();
    host += 500;
    clock.pause();
    host += 10_000;
    const paused = clock.now();
    clock.start();
    host += 5;

    expect([paused, clock.now()]).toEqual([500, 505]);
  });

  it('returns to its caller although a timer re-arms itself in the past', () => {
    const clock = new FakeClock();
    let fired = 0;
    const timer = clock.createTimer(() => {
      fired++;
      timer.arm(0);
    });
    timer.arm(0);
    clock.runDue();

    expect(fired).toBeLessThanOrEqual(256);
  });

  it('tells when an earlier deadline appears', () => {
    const clock = new FakeClock();
    let calls = 0;
    clock.onEarlier = () => calls++;
    clock.createTimer(() => {}).arm(100);
    clock.createTimer(() => {}).arm(200);
    clock.createTimer(() => {}).arm(50);

    expect(calls).toBe(2);
  });
});
