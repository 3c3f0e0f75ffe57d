// The two cascaded 8237A DMA controllers of an ISA PC with their page registers [8237A, PIIX3 §2.5.1]. Transfers happen when a device
// asks, in one piece, without bus timing. Verify transfers count without moving data. Memory-to-memory and software requests are
// not modelled: nothing on a PC can use them.
import type { Device, DeviceState, DmaAccess, IsaDmaChannel, PortIoHandler } from '../bus/device.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

const MODE_TRANSFER = 0x0c;
const MODE_WRITE_MEMORY = 0x04;
const MODE_READ_MEMORY = 0x08;
const MODE_AUTOINIT = 0x10;
const MODE_DECREMENT = 0x20;
const COMMAND_DISABLE = 0x04;
const PAGE_PORTS = 0x80;
/** Channel of each page register 80h..8Fh; -1 are scratch bytes, 80h shows POST codes elsewhere. */
const PAGE_CHANNEL = [-1, 2, 3, 1, -1, -1, -1, 0, -1, 6, 7, 5, -1, -1, -1, 4];
const STATE_VERSION = 1;

class Channel implements IsaDmaChannel {
  readonly #memory: DmaAccess;
  readonly #controller: { isDisabled: boolean };
  /** Bytes per count: 1 on channels 0-3, 2 on 5-7. */
  readonly #width: number;
  baseAddress = 0;
  baseCount = 0;
  address = 0;
  /** Transfers left minus one, as the chip counts: FFFFh after the last. */
  count = 0;
  page = 0;
  mode = 0;
  isMasked = true;
  hasReachedCount = false;
  isTerminalCount = false;

  constructor(memory: DmaAccess, controller: { isDisabled: boolean }, width: number) {
    this.#memory = memory;
    this.#controller = controller;
    this.#width = width;
  }

  toMemory(source: Uint8Array): number {
    return this.#run(source.length, MODE_WRITE_MEMORY, (gpa, start, end) =>
      this.#memory.write(gpa, source.subarray(start, end)),
    );
  }

  fromMemory(target: Uint8Array): number {
    return this.#run(target.length, MODE_READ_MEMORY, (gpa, start, end) =>
      this.#memory.read(gpa, target.subarray(start, end)),
    );
  }

  #run(available: number, direction: number, move: (gpa: number, start: number, end: number) => void): number {
    this.isTerminalCount = false;
    const transfer = this.mode & MODE_TRANSFER;
    if (this.isMasked || this.#controller.isDisabled || (transfer !== direction && transfer !== 0)) return 0;
    const width = this.#width;
    let done = 0;
    while (done + width <= available && !this.isTerminalCount) {
      const units = this.#unitsInARow(Math.floor((available - done) / width));
      if (transfer !== 0) move(this.#gpa(), done, done + units * width);
      done += units * width;
      this.#advance(units);
    }
    return done;
  }

  /** Units up to the count's end, and not across the 64 Ki wrap of the address; descending addresses go one by one. */
  #unitsInARow(wanted: number): number {
    if (this.mode & MODE_DECREMENT) return 1;
    return Math.min(wanted, this.count + 1, 0x10000 - this.address);
  }

  #gpa(): number {
    return this.#width === 1 ? (this.page << 16) | this.address : ((this.page & 0xfe) << 16) | (this.address << 1);
  }

  #advance(units: number): void {
    const step = this.mode & MODE_DECREMENT ? -units : units;
    this.address = (this.address + step) & 0xffff;
    if (units <= this.count) {
      this.count -= units;
      return;
    }
    this.count = 0xffff;
    this.isTerminalCount = true;
    this.hasReachedCount = true;
    if (this.mode & MODE_AUTOINIT) {
      this.address = this.baseAddress;
      this.count = this.baseCount;
    } else {
      this.isMasked = true;
    }
  }
}

class Controller {
  isDisabled = false;
  readonly channels: readonly Channel[];
  #isHighByte = false;

  constructor(memory: DmaAccess, width: number) {
    this.channels = Array.from({ length: 4 }, () => new Channel(memory, this, width));
  }

  read(register: number): number {
    if (register < 8) {
      const channel = this.channels[register >> 1]!;
      const value = register & 1 ? channel.count : channel.address;
      const shift = this.#isHighByte ? 8 : 0;
      this.#isHighByte = !this.#isHighByte;
      return (value >> shift) & 0xff;
    }
    if (register === 8) return this.#readStatus();
    if (register === 15)
      return this.channels.reduce((mask, channel, i) => mask | (channel.isMasked ? 1 << i : 0), 0xf0);
    return 0;
  }

  write(register: number, value: number): void {
    if (register < 8) {
      this.#writeWord(this.channels[register >> 1]!, (register & 1) !== 0, value);
      return;
    }
    const channel = this.channels[value & 3]!;
    switch (register) {
      case 8:
        this.isDisabled = (value & COMMAND_DISABLE) !== 0;
        return;
      case 10:
        channel.isMasked = (value & 4) !== 0;
        return;
      case 11:
        channel.mode = value & 0xfc;
        return;
      case 12:
        this.#isHighByte = false;
        return;
      case 13:
        this.reset();
        return;
      case 14:
        for (const each of this.channels) each.isMasked = false;
        return;
      case 15:
        this.channels.forEach((each, i) => {
          each.isMasked = (value & (1 << i)) !== 0;
        });
        return;
    }
  }

  reset(): void {
    this.isDisabled = false;
    this.#isHighByte = false;
    for (const channel of this.channels) {
      channel.isMasked = true;
      channel.hasReachedCount = false;
      channel.isTerminalCount = false;
    }
  }

  save(): DeviceState['fields'] {
    return {
      isDisabled: this.isDisabled,
      isHighByte: this.#isHighByte,
      channels: this.channels.map((channel) => ({
        baseAddress: channel.baseAddress,
        baseCount: channel.baseCount,
        address: channel.address,
        count: channel.count,
        page: channel.page,
        mode: channel.mode,
        isMasked: channel.isMasked,
        hasReachedCount: channel.hasReachedCount,
      })),
    };
  }

  restore(reader: StateReader): void {
    this.isDisabled = reader.boolean('isDisabled');
    this.#isHighByte = reader.boolean('isHighByte');
    reader.records('channels', 4).forEach((saved, index) => {
      const channel = this.channels[index]!;
      channel.baseAddress = saved.u16('baseAddress');
      channel.baseCount = saved.u16('baseCount');
      channel.address = saved.u16('address');
      channel.count = saved.u16('count');
      channel.page = saved.u8('page');
      channel.mode = saved.u8('mode');
      channel.isMasked = saved.boolean('isMasked');
      channel.hasReachedCount = saved.boolean('hasReachedCount');
    });
  }

  #readStatus(): number {
    let status = 0;
    this.channels.forEach((channel, i) => {
      if (channel.hasReachedCount) status |= 1 << i;
      channel.hasReachedCount = false;
    });
    return status;
  }

  #writeWord(channel: Channel, isCount: boolean, value: number): void {
    const merge = (old: number): number => (this.#isHighByte ? (old & 0x00ff) | (value << 8) : (old & 0xff00) | value);
    if (isCount) {
      channel.baseCount = merge(channel.baseCount);
      channel.count = channel.baseCount;
    } else {
      channel.baseAddress = merge(channel.baseAddress);
      channel.address = channel.baseAddress;
    }
    this.#isHighByte = !this.#isHighByte;
  }
}

export class IsaDma implements Device {
  readonly id = 'isa-dma';
  readonly #low: Controller;
  readonly #high: Controller;
  readonly #scratch = new Uint8Array(16);

  constructor(memory: DmaAccess, mapPorts: (base: number, count: number, handler: PortIoHandler) => void) {
    this.#low = new Controller(memory, 1);
    this.#high = new Controller(memory, 2);
    mapPorts(0x00, 16, bytePorts(this.#low, 0));
    mapPorts(0xc0, 32, bytePorts(this.#high, 1));
    mapPorts(
      PAGE_PORTS + 1,
      15,
      new ByteWidePorts(
        (port) => this.#pageOwner(port & 15)?.page ?? this.#scratch[port & 15]!,
        (port, value) => {
          const channel = this.#pageOwner(port & 15);
          if (channel) channel.page = value;
          else this.#scratch[port & 15] = value;
        },
      ),
    );
  }

  channel(index: number): IsaDmaChannel {
    return (index < 4 ? this.#low : this.#high).channels[index & 3]!;
  }

  reset(): void {
    this.#low.reset();
    this.#high.reset();
    this.#scratch.fill(0);
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: { low: this.#low.save(), high: this.#high.save(), scratch: this.#scratch.slice() },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#low.restore(reader.record('low'));
    this.#high.restore(reader.record('high'));
    this.#scratch.set(reader.bytes('scratch', 16));
  }

  #pageOwner(register: number): Channel | null {
    const channel = PAGE_CHANNEL[register]!;
    if (channel < 0) return null;
    return (channel < 4 ? this.#low : this.#high).channels[channel & 3]!;
  }
}

/** The second controller's registers are two ports apart. */
function bytePorts(controller: Controller, shift: number): PortIoHandler {
  return new ByteWidePorts(
    (port) => controller.read((port >> shift) & 15),
    (port, value) => controller.write((port >> shift) & 15, value),
  );
}
