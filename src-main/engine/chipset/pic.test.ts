import { describe, expect, it } from 'vitest';
import { PortBus } from '../bus/port-bus.ts';
import { PicPair } from './pic.ts';

function createPic(icw4 = 0x01): {
  pic: PicPair;
  out: (port: number, value: number) => void;
  read: (port: number) => number;
} {
  const ports = new PortBus();
  const pic = new PicPair(
    (base, count, handler) => ports.map(base, count, handler),
    () => {},
  );
  const out = (port: number, value: number): void => ports.write(port, 1, value);
  for (const [base, vector, cascade] of [
    [0x20, 0x08, 4],
    [0xa0, 0x70, 2],
  ] as const) {
    out(base, 0x11);
    out(base + 1, vector);
    out(base + 1, cascade);
    out(base + 1, icw4);
  }
  return { pic, out, read: (port) => ports.read(port, 1) };
}

function pulse(pic: PicPair, irq: number): void {
  pic.setLine(irq, true);
  pic.setLine(irq, false);
}

describe('8259A pair', () => {
  it('delivers by priority and holds lower ones back until EOI', () => {
    const { pic, out } = createPic();
    pulse(pic, 4);
    pulse(pic, 1);

    const first = pic.acknowledge();
    const isHeldBack = !pic.isAsserted;
    out(0x20, 0x20);

    expect([first, isHeldBack, pic.acknowledge()]).toEqual([0x09, true, 0x0c]);
  });

  it('passes slave interrupts through input 2 and needs EOI at both chips', () => {
    const { pic, out, read } = createPic();
    pulse(pic, 12);

    const vector = pic.acknowledge();
    out(0x20, 0x0b);
    out(0xa0, 0x0b);
    const inService = [read(0x20), read(0xa0)];
    out(0xa0, 0x20);
    out(0x20, 0x20);

    expect([vector, inService, read(0x20), read(0xa0)]).toEqual([0x74, [0x04, 0x10], 0, 0]);
  });

  it('gives vector 7 when the request has gone', () => {
    const { pic, out } = createPic();
    pulse(pic, 3);
    out(0x21, 0xff);

    expect(pic.acknowledge()).toBe(0x0f);
  });

  it('masks, and remembers edges that came meanwhile', () => {
    const { pic, out } = createPic();
    out(0x21, 0x02);
    pulse(pic, 1);
    const whileMasked = pic.isAsserted;
    out(0x21, 0x00);

    expect([whileMasked, pic.isAsserted]).toEqual([false, true]);
  });

  it('re-delivers level inputs while they stay asserted', () => {
    const { pic, out } = createPic();
    out(0x4d1, 0x08);
    pic.setLine(11, true);
    const first = pic.acknowledge();
    out(0xa0, 0x20);
    out(0x20, 0x20);
    const second = pic.acknowledge();
    pic.setLine(11, false);
    out(0xa0, 0x20);
    out(0x20, 0x20);

    expect([first, second, pic.isAsserted]).toEqual([0x73, 0x73, false]);
  });

  it('ends interrupts by itself in automatic EOI mode', () => {
    const { pic, out, read } = createPic(0x03);
    pulse(pic, 5);
    pic.acknowledge();
    out(0x20, 0x0b);

    expect(read(0x20)).toBe(0);
  });

  it('rotates priorities on rotating EOI', () => {
    const { pic, out } = createPic();
    pulse(pic, 3);
    pic.acknowledge();
    out(0x20, 0xa0);
    pulse(pic, 3);
    pulse(pic, 4);

    expect(pic.acknowledge()).toBe(0x0c);
  });

  it('sets priorities and ends specific levels', () => {
    const { pic, out, read } = createPic();
    out(0x20, 0xc5);
    pulse(pic, 0);
    pulse(pic, 6);
    const first = pic.acknowledge();
    out(0x20, 0x66);
    out(0x20, 0x0b);

    expect([first, read(0x20)]).toEqual([0x0e, 0]);
  });

  it('lets lower priorities through in special mask mode', () => {
    const { pic, out } = createPic();
    pulse(pic, 1);
    pic.acknowledge();
    out(0x21, 0x02);
    out(0x20, 0x68);
    pulse(pic, 6);

    expect(pic.acknowledge()).toBe(0x0e);
  });

  it('answers a poll with the request and takes it into service', () => {
    const { pic, out, read } = createPic();
    pulse(pic, 4);
    out(0x20, 0x0c);
    const polled = read(0x20);
    out(0x20, 0x0c);

    expect([polled, read(0x20)]).toEqual([0x84, 0]);
  });

  it('confines level triggering to the inputs that ELCR allows', () => {
    const { out, read } = createPic();
    out(0x4d0, 0xff);
    out(0x4d1, 0xff);

    expect([read(0x4d0), read(0x4d1)]).toEqual([0xf8, 0xde]);
  });
});
