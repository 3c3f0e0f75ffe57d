import { describe, expect, it } from 'vitest';
import { DmaRam } from '../../../test/harness/device-bench.ts';
import { PortBus } from '../bus/port-bus.ts';
import { IsaDma } from './isa-dma.ts';

function createDma() {
  const ram = new DmaRam(0x40000);
  const ports = new PortBus();
  const dma = new IsaDma(ram, (base, count, handler) => ports.map(base, count, handler));
  const out = (port: number, value: number): void => ports.write(port, 1, value);
  /** Channel 2 as a floppy driver sets it up. */
  const program = (mode: number, address: number, count: number): void => {
    out(0x0a, 0x06);
    out(0x0c, 0);
    out(0x0b, mode);
    out(0x04, address & 0xff);
    out(0x04, (address >> 8) & 0xff);
    out(0x81, address >> 16);
    out(0x05, (count - 1) & 0xff);
    out(0x05, (count - 1) >> 8);
    out(0x0a, 0x02);
  };
  return { dma, ram, ports, out, program };
}

describe('8237A pair', () => {
  it('moves device bytes into memory until terminal count, then masks the channel', () => {
    const { dma, ports, program, ram } = createDma();
    program(0x46, 0x12345, 4);
    const channel = dma.channel(2);
    const first = channel.toMemory(Uint8Array.of(1, 2));
    const early = channel.isTerminalCount;
    const second = channel.toMemory(Uint8Array.of(3, 4, 5));

    expect([first, early, second, channel.isTerminalCount, channel.toMemory(Uint8Array.of(9))]).toEqual([
      2,
      false,
      2,
      true,
      0,
    ]);
    expect([...ram.bytes.subarray(0x12345, 0x1234a)]).toEqual([1, 2, 3, 4, 0]);
    expect([ports.read(0x08, 1), ports.read(0x08, 1)]).toEqual([4, 0]);
  });

  it('moves memory to the device', () => {
    const { dma, program, ram } = createDma();
    ram.bytes.set([7, 8, 9], 0x2000);
    program(0x4a, 0x2000, 3);
    const target = new Uint8Array(8);

    expect([dma.channel(2).fromMemory(target), [...target]]).toEqual([3, [7, 8, 9, 0, 0, 0, 0, 0]]);
  });

  it('refuses the wrong direction', () => {
    const { dma, program } = createDma();
    program(0x46, 0x2000, 3);

    expect(dma.channel(2).fromMemory(new Uint8Array(3))).toBe(0);
  });

  it('wraps inside its 64 KiB page', () => {
    const { dma, program, ram } = createDma();
    program(0x46, 0x1fffe, 4);
    dma.channel(2).toMemory(Uint8Array.of(1, 2, 3, 4));

    expect([...ram.bytes.subarray(0x1fffe, 0x20000), ...ram.bytes.subarray(0x10000, 0x10002)]).toEqual([1, 2, 3, 4]);
  });

  it('starts again by itself in auto-initialise mode', () => {
    const { dma, program } = createDma();
    program(0x56, 0x3000, 2);
    const channel = dma.channel(2);
    channel.toMemory(Uint8Array.of(1, 2));

    expect(channel.toMemory(Uint8Array.of(3, 4))).toBe(2);
  });

  it('shows the running address and count', () => {
    const { dma, out, ports, program } = createDma();
    program(0x46, 0x4000, 16);
    dma.channel(2).toMemory(new Uint8Array(5));
    out(0x0c, 0);

    expect([ports.read(4, 1), ports.read(4, 1), ports.read(5, 1), ports.read(5, 1)]).toEqual([5, 0x40, 10, 0]);
  });
});
