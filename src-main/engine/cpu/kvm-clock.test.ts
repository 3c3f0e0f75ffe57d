import { describe, expect, it } from 'vitest';
import { KvmClock, MSR_KVM_SYSTEM_TIME_NEW, MSR_KVM_WALL_CLOCK_NEW, pvclockScale } from './kvm-clock.ts';

function setUp(tscHz: number) {
  const ram = new Uint8Array(0x3000);
  let now = 5_000_000_000;
  const clock = new KvmClock({
    clock: {
      now: () => now,
      wallMs: () => 1_700_000_000_500,
      createTimer: () => {
        throw new Error('no timers here');
      },
    },
    dma: { write: (gpa, source) => ram.set(source, gpa) },
    tscHz,
    readTsc: () => BigInt(Math.floor((now * tscHz) / 1e9)) + 1000n,
  });
  return { clock, view: new DataView(ram.buffer), advance: (ns: number) => (now += ns) };
}

/** As Linux reads it (arch/x86/include/asm/pvclock.h): shift, multiply, drop 32 bits. */
function guestTime(view: DataView, at: number, tsc: bigint): bigint {
  const shift = view.getInt8(at + 28);
  let delta = tsc - view.getBigUint64(at + 8, true);
  delta = shift < 0 ? delta >> BigInt(-shift) : delta << BigInt(shift);
  return view.getBigUint64(at + 16, true) + ((delta * BigInt(view.getUint32(at + 24, true))) >> 32n);
}

describe('kvmclock', () => {
  it.each([1e9, 2.4e9, 3_000_000_123, 0.5e9])('lets a guest turn ticks of %d Hz into nanoseconds', (tscHz) => {
    const { clock, view } = setUp(tscHz);
    expect(clock.writeMsr(MSR_KVM_SYSTEM_TIME_NEW, 0x2001n)).toBe(true);
    const later = BigInt(Math.floor((1_000_005 * 1e6 * tscHz) / 1e9)) + 1000n;
    // Within 2 us after a thousand seconds.
    expect(Math.abs(Number(guestTime(view, 0x2000, later)) - 1_000_005e6)).toBeLessThan(2000);
    expect(view.getUint32(0x2000, true) & 1).toBe(0);
    expect(view.getUint8(0x201d)).toBe(1);
  });

  it('gives the wall time at which system time was zero', () => {
    const { clock, view } = setUp(1e9);
    clock.writeMsr(MSR_KVM_WALL_CLOCK_NEW, 0x1000n);
    expect([view.getUint32(0x1004, true), view.getUint32(0x1008, true)]).toEqual([1_699_999_995, 500_000_000]);
  });

  it('writes nothing while it is not enabled', () => {
    const { clock, view } = setUp(1e9);
    clock.writeMsr(MSR_KVM_SYSTEM_TIME_NEW, 0x2000n);
    expect(view.getUint32(0x2000, true)).toBe(0);
    expect(clock.readMsr(MSR_KVM_SYSTEM_TIME_NEW)).toBe(0x2000n);
  });

  it('leaves other registers to others', () => {
    const { clock } = setUp(1e9);
    expect(clock.readMsr(0x4b564d02)).toBeUndefined();
    expect(clock.writeMsr(0x4b564d04, 0n)).toBe(false);
  });

  it('goes on after save and restore, with a new page version', () => {
    const first = setUp(1e9);
    first.clock.writeMsr(MSR_KVM_SYSTEM_TIME_NEW, 0x2001n);
    const second = setUp(1e9);
    second.clock.restore(first.clock.save());
    second.clock.refresh();
    expect(second.view.getUint32(0x2000, true)).toBe(4);
  });

  it('keeps the multiplier in 32 bits', () => {
    expect(pvclockScale(1e9)).toEqual({ multiplier: 0x80000000, shift: 1 });
  });
});
