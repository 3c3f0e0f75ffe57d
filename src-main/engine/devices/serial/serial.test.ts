import { describe, expect, it } from 'vitest';
import { createDeviceBench } from '../../../../test/harness/device-bench.ts';
import { Serial } from './serial.ts';

const PORT = 0x3f8;

function createSerial() {
  const bench = createDeviceBench();
  const sent: number[] = [];
  const host = { accepts: true, receive: (_bytes: Uint8Array) => {}, drain: () => {} };
  const device = new Serial('serial0', { ioPort: PORT, irq: 4 }, bench.ctx, {
    send: (bytes) => {
      sent.push(...bytes);
      return host.accepts;
    },
    onReceive: (receiver) => {
      host.receive = receiver;
    },
    onDrain: (listener) => {
      host.drain = listener;
    },
  });
  const irq = bench.isa.line(4);
  const read = (register: number): number => bench.ports.read(PORT + register, 1);
  const write = (register: number, value: number): void => bench.ports.write(PORT + register, 1, value);
  /** 115200 baud, 8n1, FIFO with trigger 8, OUT2. */
  const setUp = (ier: number): void => {
    write(3, 0x83);
    write(0, 1);
    write(1, 0);
    write(3, 0x03);
    write(2, 0x87);
    write(4, 0x0b);
    write(1, ier);
  };
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  return { ...bench, device, host, irq, read, sent, setUp, text, write };
}

describe('16550A', () => {
  it('sends bytes to the host, gathered', () => {
    const { clock, sent, setUp, text, write } = createSerial();
    setUp(0);
    for (const byte of text('hello')) write(0, byte);
    const before = [...sent];
    clock.advance(1_000_000);

    expect([before, String.fromCharCode(...sent)]).toEqual([[], 'hello']);
  });

  it('interrupts again each time the transmitter has emptied', () => {
    const { irq, read, setUp, write } = createSerial();
    setUp(0x02);
    const onEnable = [irq.isAsserted, read(2) & 0x0f, irq.isAsserted];
    const rises = irq.rises;
    write(0, 0x41);

    expect([onEnable, irq.rises - rises, read(2) & 0x0f, read(2) & 0x0f]).toEqual([[true, 0x02, false], 1, 0x02, 0x01]);
  });

  it('stops taking bytes while the host is busy, and goes on when it drains', () => {
    const { clock, host, irq, read, sent, setUp, text, write } = createSerial();
    setUp(0x02);
    host.accepts = false;
    write(0, 0x41);
    clock.advance(1_000_000);
    read(2);
    for (const byte of text('BC')) write(0, byte);
    const whileBusy = [read(5) & 0x60, irq.isAsserted];
    host.accepts = true;
    host.drain();
    clock.advance(1_000_000);

    expect([whileBusy, String.fromCharCode(...sent), read(5) & 0x60, irq.isAsserted]).toEqual([
      [0, false],
      'ABC',
      0x60,
      true,
    ]);
  });

  it('interrupts at the receive trigger and, below it, after four characters of silence', () => {
    const { clock, host, irq, read, setUp, text } = createSerial();
    setUp(0x01);
    host.receive(text('12345678'));
    clock.advance(1);
    const atTrigger = read(2) & 0x0f;
    for (let i = 0; i < 5; i++) read(0);
    const below = irq.isAsserted;
    clock.advance(4 * 86_806);

    expect([atTrigger, below, read(2) & 0x0f, irq.isAsserted]).toEqual([0x04, false, 0x0c, true]);
  });

  it('paces reception by the baud rate and loses nothing', () => {
    const { clock, host, read, setUp, text } = createSerial();
    setUp(0);
    host.receive(text('x'.repeat(100)));
    let received = 0;
    for (let i = 0; i < 200; i++) {
      clock.advance(86_806);
      while (read(5) & 1) {
        read(0);
        received++;
      }
      expect(read(5) & 2).toBe(0);
    }

    expect(received).toBe(100);
  });

  it('loops back data and modem lines', () => {
    const { read, setUp, write } = createSerial();
    setUp(0);
    write(4, 0x1a);
    read(6);
    write(0, 0x5a);

    expect([read(5) & 1, read(0), read(6) & 0xf0]).toEqual([1, 0x5a, 0x90]);
  });

  it('reports modem changes once', () => {
    const { read, setUp, write } = createSerial();
    setUp(0);
    read(6);
    write(4, 0x10);
    const changed = read(6);

    expect([changed, read(6)]).toEqual([0x0b, 0]);
  });

  it('drives no interrupt without OUT2', () => {
    const { irq, setUp, write } = createSerial();
    setUp(0x02);
    write(4, 0x03);

    expect(irq.isAsserted).toBe(false);
  });

  it('keeps at most 64 KiB of host input, and says so', () => {
    const { host, log, setUp } = createSerial();
    setUp(0);
    host.receive(new Uint8Array(0x10001));

    expect(log.lines[0]?.message).toContain('serial0');
  });
});
