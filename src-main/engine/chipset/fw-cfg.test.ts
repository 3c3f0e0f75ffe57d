import { describe, expect, it } from 'vitest';
import { DmaRam } from '../../../test/harness/device-bench.ts';
import { PortBus } from '../bus/port-bus.ts';
import { FwCfg } from './fw-cfg.ts';

function createFwCfg() {
  const ram = new DmaRam(0x10000);
  const ports = new PortBus();
  const fwCfg = new FwCfg(ram, (base, count, handler) => ports.map(base, count, handler));
  const readItem = (key: number, count: number): number[] => {
    ports.write(0x510, 2, key);
    return Array.from({ length: count }, () => ports.read(0x511, 1));
  };
  const dma = (control: number, length: number, address: number): number => {
    const view = new DataView(ram.bytes.buffer);
    view.setUint32(0x100, control);
    view.setUint32(0x104, length);
    view.setUint32(0x108, 0);
    view.setUint32(0x10c, address);
    ports.write(0x514, 4, 0);
    ports.write(0x518, 4, 0x00010000);
    return view.getUint32(0x100);
  };
  return { fwCfg, ports, ram, readItem, dma };
}

describe('fw_cfg', () => {
  it('shows its signature, features and DMA signature', () => {
    const { ports, readItem } = createFwCfg();

    expect([readItem(0, 4), readItem(1, 4)]).toEqual([
      [0x51, 0x45, 0x4d, 0x55],
      [3, 0, 0, 0],
    ]);
    expect([ports.read(0x514, 4), ports.read(0x518, 4)]).toEqual([0x554d4551, 0x47464320]);
  });

  it('lists files sorted by name with size and selector', () => {
    const { fwCfg, readItem } = createFwCfg();
    fwCfg.addFile('etc/b', new Uint8Array(300));
    fwCfg.addFile('etc/a', Uint8Array.of(7, 8));
    const directory = readItem(0x19, 4 + 128);
    const selector = directory[8]! * 256 + directory[9]!;

    expect(directory.slice(0, 8)).toEqual([0, 0, 0, 2, 0, 0, 0, 2]);
    expect(String.fromCharCode(...directory.slice(12, 17))).toBe('etc/a');
    expect(readItem(selector, 3)).toEqual([7, 8, 0]);
  });

  it('reads by DMA, zero-filling past the end', () => {
    const { dma, fwCfg, ram } = createFwCfg();
    fwCfg.addFile('etc/x', Uint8Array.of(1, 2, 3));
    ram.bytes.fill(0xcc, 0x200, 0x210);
    const control = dma((0x20 << 16) | 0x0a, 5, 0x200);

    expect([control, [...ram.bytes.subarray(0x200, 0x206)]]).toEqual([0, [1, 2, 3, 0, 0, 0xcc]]);
  });

  it('skips by DMA', () => {
    const { dma, fwCfg, ports } = createFwCfg();
    fwCfg.addFile('etc/x', Uint8Array.of(1, 2, 3));
    dma((0x20 << 16) | 0x0c, 2, 0);

    expect(ports.read(0x511, 1)).toBe(3);
  });

  it('writes writable files only, and tells their owner', () => {
    const { dma, fwCfg, ram } = createFwCfg();
    const content = new Uint8Array(4);
    let writes = 0;
    fwCfg.addFile('etc/ro', new Uint8Array(4));
    fwCfg.addFile('etc/rw', content, { isWritable: true, onWrite: () => writes++ });
    ram.bytes.set([9, 8, 7, 6], 0x300);

    expect([dma((0x20 << 16) | 0x18, 4, 0x300), dma((0x21 << 16) | 0x18, 4, 0x300)]).toEqual([1, 0]);
    expect([[...content], writes]).toEqual([[9, 8, 7, 6], 1]);
  });

  it('refuses writes beyond the end', () => {
    const { dma, fwCfg } = createFwCfg();
    fwCfg.addFile('etc/rw', new Uint8Array(4), { isWritable: true });

    expect(dma((0x20 << 16) | 0x18, 5, 0x300)).toBe(1);
  });
});
