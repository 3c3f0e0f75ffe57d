// Joins the PIC pair, the I/O APIC and the local APICs to the processors: wired-OR interrupt lines on one side, one INTR wire and
// an acknowledge cycle per processor on the other. ISA interrupt 0 appears at I/O APIC input 2, as every PC's tables say.
import type { Clock } from '../../core/clock.ts';
import type { IrqLine, Mapping, MmioHandler, PortIoHandler } from '../bus/device.ts';
import { type InterruptMessage, IOAPIC_INPUTS, IoApic } from './ioapic.ts';
import { LocalApic, leastBusy } from './local-apic.ts';
import { PicPair } from './pic.ts';

const SHORTHAND_ALL = 2;
const SHORTHAND_OTHERS = 3;
const DELIVERY_LOWEST = 1;
const APIC_REGISTERS_BYTES = 0x1000;
const TIMER_IRQ = 0;
const TIMER_IOAPIC_INPUT = 2;

/** What the hub does to one processor. Called on the machine worker. */
export interface CpuHooks {
  /** The INTR wire: asserted while `ack` would give a vector. */
  intr(isAsserted: boolean): void;
  nmi(): void;
  smi(): void;
  init(): void;
  /** Start-up IPI: begin in real mode at `vector` * 4096. */
  startup(vector: number): void;
  /** The guest's time-stamp counter, its own offset included. */
  readTsc(): number;
}

export interface InterruptHubOptions {
  cpus: readonly CpuHooks[];
  clock: Clock;
  tscHz: number;
  mapPorts(base: number, count: number, handler: PortIoHandler): Mapping;
  mapMmio(gpa: number, lengthBytes: number, handler: MmioHandler): Mapping;
}

export class InterruptHub {
  readonly pic: PicPair;
  readonly ioapic: IoApic;
  readonly lapics: readonly LocalApic[];
  readonly #cpus: readonly CpuHooks[];
  readonly #intr: boolean[];
  /** How many drivers assert each wire. */
  readonly #picCounts = new Int32Array(16);
  readonly #ioapicCounts = new Int32Array(IOAPIC_INPUTS);
  readonly #mapMmio: InterruptHubOptions['mapMmio'];
  #apicMapping: Mapping | null = null;
  /** Whose registers the MMIO page shows: the vCPU the machine worker runs, or serves, at the moment. */
  #accessor = 0;
  #isReady = false;

  constructor(options: InterruptHubOptions) {
    this.#cpus = options.cpus;
    this.#intr = options.cpus.map(() => false);
    this.#mapMmio = options.mapMmio;
    this.pic = new PicPair(options.mapPorts, (isAsserted) => this.#onPic(isAsserted));
    this.ioapic = new IoApic(options.mapMmio, (message) => this.deliver(message));
    this.lapics = options.cpus.map((cpu, index) => {
      const apic: LocalApic = new LocalApic(index, {
        clock: options.clock,
        tscHz: options.tscHz,
        readTsc: () => cpu.readTsc(),
        onChanged: () => this.#update(index),
        nmi: () => cpu.nmi(),
        smi: () => cpu.smi(),
        init: () => {
          apic.initReset();
          cpu.init();
        },
        startup: (vector) => cpu.startup(vector),
        sendIpi: (message, shorthand, sender) => this.#sendIpi(message, shorthand, sender),
        broadcastEoi: (vector) => this.ioapic.endOfInterrupt(vector),
        onBaseChanged: (gpa) => {
          if (index === 0) this.#mapApic(gpa);
        },
      });
      return apic;
    });
    this.#isReady = true;
    this.#updateAll();
  }

  /** A fresh driver of ISA interrupt 0..15: the PIC pair's input and the I/O APIC's. Drivers of one wire are OR-ed. */
  isaLine(irq: number): IrqLine {
    const input = irq === TIMER_IRQ ? TIMER_IOAPIC_INPUT : irq;
    return makeDriver((isAsserted) => {
      if (this.#count(this.#picCounts, irq, isAsserted)) this.pic.setLine(irq, isAsserted);
      if (this.#count(this.#ioapicCounts, input, isAsserted)) this.ioapic.setLine(input, isAsserted);
    });
  }

  /** A fresh driver of I/O APIC input 0..23 alone. */
  ioapicLine(input: number): IrqLine {
    return makeDriver((isAsserted) => {
      if (this.#count(this.#ioapicCounts, input, isAsserted)) this.ioapic.setLine(input, isAsserted);
    });
  }

  /** Acknowledges the processor's interrupt: its vector, or -1 when there is none any more. */
  ack(cpu = 0): number {
    const apic = this.lapics[cpu]!;
    let vector = apic.acknowledge();
    if (vector < 0 && this.#takesPic(cpu)) vector = this.pic.acknowledge();
    this.#update(cpu);
    return vector;
  }

  /** Routes a message to the local APICs that it names. */
  deliver(message: InterruptMessage): void {
    if (message.deliveryMode === DELIVERY_LOWEST) {
      leastBusy(this.lapics.filter((apic) => apic.isEnabled && apic.matches(message)))?.accept(message);
      return;
    }
    for (const apic of this.lapics) if (apic.matches(message)) apic.accept(message);
  }

  /** A write to FEExxxxxh by a device [SDM-3A §12.11]. */
  sendMsi(address: number, data: number): void {
    if (Math.floor(address / 0x100000) !== 0xfee) return;
    this.deliver({
      vector: data & 0xff,
      deliveryMode: (data >>> 8) & 7,
      isLevel: (data & 0x8000) !== 0,
      isLogical: (address & 4) !== 0,
      destination: (address >>> 12) & 0xff,
    });
  }

  /** Says whose local APIC the register page shows from now on. */
  setAccessor(cpu: number): void {
    this.#accessor = cpu;
  }

  reset(): void {
    this.pic.reset();
    this.ioapic.reset();
    for (const apic of this.lapics) apic.reset();
  }

  /** Drives the processors' wires again after a restore. */
  refresh(): void {
    this.#updateAll();
  }

  /** Counts one more or one less driver of a wire; true if the wire itself changed. */
  #count(counts: Int32Array, wire: number, isAsserted: boolean): boolean {
    const before = counts[wire]!;
    const now = before + (isAsserted ? 1 : -1);
    counts[wire] = now;
    return before > 0 !== now > 0;
  }

  #onPic(isAsserted: boolean): void {
    if (!this.#isReady) return;
    for (const apic of this.lapics) apic.setLint0(isAsserted);
    this.#updateAll();
  }

  #updateAll(): void {
    for (let cpu = 0; cpu < this.#cpus.length; cpu++) this.#update(cpu);
  }

  #update(cpu: number): void {
    if (!this.#isReady) return;
    const apic = this.lapics[cpu]!;
    const isAsserted = apic.pending >= 0 || this.#takesPic(cpu);
    if (isAsserted === this.#intr[cpu]) return;
    this.#intr[cpu] = isAsserted;
    this.#cpus[cpu]!.intr(isAsserted);
  }

  /** The PIC pair asks for this processor: by its LINT0 pin, or for the boot processor through I/O APIC input 0. */
  #takesPic(cpu: number): boolean {
    return this.pic.isAsserted && (this.lapics[cpu]!.acceptsPic || (cpu === 0 && this.ioapic.passesExtInt));
  }

  #sendIpi(message: InterruptMessage, shorthand: number, sender: LocalApic): void {
    if (shorthand !== SHORTHAND_ALL && shorthand !== SHORTHAND_OTHERS) {
      this.deliver(message);
      return;
    }
    for (const apic of this.lapics) if (apic !== sender || shorthand === SHORTHAND_ALL) apic.accept(message);
  }

  #mapApic(gpa: number | null): void {
    this.#apicMapping?.remove();
    this.#apicMapping =
      gpa === null
        ? null
        : this.#mapMmio(gpa, APIC_REGISTERS_BYTES, {
            read: (offset) => this.lapics[this.#accessor]!.mmioRead(offset),
            write: (offset, _size, value) => this.lapics[this.#accessor]!.mmioWrite(offset, value),
          });
  }
}

/** Passes only changes on. */
function makeDriver(onChange: (isAsserted: boolean) => void): IrqLine {
  let isAsserted = false;
  return {
    set: (next) => {
      if (next === isAsserted) return;
      isAsserted = next;
      onChange(next);
    },
  };
}
