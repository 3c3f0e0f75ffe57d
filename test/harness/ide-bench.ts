// Drives the controller as a guest's driver would, for its tests: registers of one channel, PIO and DMA, packets.

import { type DriveAttachment, IdeController } from '../../src-main/engine/devices/ide/ide.ts';
import { BM_COMMAND_START, BM_COMMAND_TO_MEMORY, DRQ, ERR } from '../../src-main/engine/devices/ide/registers.ts';
import { createDeviceBench, type DeviceBench } from './device-bench.ts';
import { settleAll } from './temp-medium.ts';

export const prdTable = 0x1000;
export const dmaBuffer = 0x10000;

export class IdeBench {
  readonly bench: DeviceBench;
  readonly controller: IdeController;
  base = 0x1f0;
  control = 0x3f6;

  constructor(...attachments: DriveAttachment[]) {
    this.bench = createDeviceBench({ ramBytes: 0x400000 });
    const [a = null, b = null, c = null, d = null] = attachments;
    this.controller = new IdeController('ide0', this.bench.ctx, [a, b, c, d]);
  }

  in(register: number, size = 1): number {
    return this.bench.ports.read(this.base + register, size);
  }

  out(register: number, value: number, size = 1): void {
    this.bench.ports.write(this.base + register, size, value);
  }

  get altStatus(): number {
    return this.bench.ports.read(this.control, 1);
  }

  writeControl(value: number): void {
    this.bench.ports.write(this.control, 1, value);
  }

  get irq(): { isAsserted: boolean; rises: number } {
    return this.bench.isa.line(this.base === 0x1f0 ? 14 : 15);
  }

  busMaster(register: number, value?: number, size = 1): number {
    const pciFunction = this.bench.pci.functions[0]!;
    if (value !== undefined) pciFunction.barWrite(4, register, size, value);
    return pciFunction.barRead(4, register, size);
  }

  /** Registers as a 28-bit LBA command, then the command; returns the status once the drive has settled. */
  async command28(command: number, lba: number, count: number, device = 0xe0): Promise<number> {
    this.out(6, device | ((lba >>> 24) & 0x0f));
    this.out(2, count);
    this.out(3, lba);
    this.out(4, lba >>> 8);
    this.out(5, lba >>> 16);
    this.out(7, command);
    await this.settle();
    return this.altStatus;
  }

  async command48(command: number, lba: number, count: number, device = 0xe0): Promise<number> {
    this.out(6, device);
    for (const shift of [8, 0]) this.out(2, count >>> shift);
    this.out(3, Math.floor(lba / 2 ** 24));
    this.out(4, Math.floor(lba / 2 ** 32));
    this.out(5, Math.floor(lba / 2 ** 40));
    this.out(3, lba & 0xff);
    this.out(4, (lba >>> 8) & 0xff);
    this.out(5, (lba >>> 16) & 0xff);
    this.out(7, command);
    await this.settle();
    return this.altStatus;
  }

  async settle(): Promise<void> {
    await this.controller.quiesce();
    await settleAll();
  }

  /** Reads DRQ blocks until the drive wants no more; reading the status between blocks as drivers do. */
  async drain(bytesPerBlock = 512): Promise<Uint8Array> {
    const bytes: number[] = [];
    while (this.in(7) & DRQ) {
      for (let i = 0; i < bytesPerBlock; i += 2) {
        const word = this.in(0, 2);
        bytes.push(word & 0xff, word >>> 8);
      }
      await this.settle();
    }
    return Uint8Array.from(bytes);
  }

  async feed(bytes: Uint8Array, bytesPerBlock = 512): Promise<void> {
    let at = 0;
    while (this.in(7) & DRQ) {
      for (let i = 0; i < bytesPerBlock; i += 2, at += 2) this.out(0, bytes[at]! | (bytes[at + 1]! << 8), 2);
      await this.settle();
    }
  }

  /** Builds a PRD table of [address, length] entries (length 0 = 64 KiB). */
  prd(entries: [number, number][]): void {
    entries.forEach(([address, length], index) => {
      const isLast = index === entries.length - 1;
      this.bench.ram.writeU32(prdTable + index * 8, address);
      this.bench.ram.writeU32(prdTable + index * 8 + 4, ((length & 0xffff) | (isLast ? 0x80000000 : 0)) >>> 0);
    });
    this.busMaster(4, prdTable, 4);
  }

  async startDma(direction: 'toMemory' | 'fromMemory'): Promise<void> {
    this.busMaster(2, 0x06);
    this.busMaster(0, BM_COMMAND_START | (direction === 'toMemory' ? BM_COMMAND_TO_MEMORY : 0));
    await this.settle();
  }

  /** Sends a packet with a byte-count limit; returns the data of all blocks (their sizes in `blocks`). */
  async packet(bytes: number[], limit = 0xfffe, blocks: number[] = []): Promise<Uint8Array> {
    this.out(1, 0);
    this.out(4, limit & 0xff);
    this.out(5, limit >>> 8);
    this.out(7, 0xa0);
    this.sendPacket(bytes);
    await this.settle();
    const data: number[] = [];
    while ((this.in(7) & (DRQ | ERR)) === DRQ) {
      const length = this.in(4) | (this.in(5) << 8);
      blocks.push(length);
      for (let i = 0; i < length; i += 2) {
        const word = this.in(0, 2);
        data.push(word & 0xff);
        if (i + 1 < length) data.push(word >>> 8);
      }
      await this.settle();
    }
    return Uint8Array.from(data);
  }

  sendPacket(bytes: number[]): void {
    const packet = [...bytes, ...new Array<number>(12 - bytes.length).fill(0)];
    for (let i = 0; i < 12; i += 2) this.out(0, packet[i]! | (packet[i + 1]! << 8), 2);
  }
}
