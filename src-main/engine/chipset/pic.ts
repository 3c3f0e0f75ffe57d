// The two cascaded 8259A interrupt controllers with the PIIX edge/level control registers [8259A, PIIX3 §2.5]. All initialisation
// and operation command words are modelled: specific, non-specific and rotating EOI, automatic EOI, special mask, special fully
// nested, poll. An edge once seen stays latched until acknowledged or the chip is initialised. MCS-80 mode is not modelled.
import type { Device, DeviceState, PortIoHandler } from '../bus/device.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

const ICW1_INIT = 0x10;
const ICW1_LTIM = 0x08;
const ICW1_SNGL = 0x02;
const ICW1_IC4 = 0x01;
const ICW4_AEOI = 0x02;
const ICW4_SFNM = 0x10;
const OCW3_SELECT = 0x08;
const OCW3_ESMM = 0x40;
const OCW3_SMM = 0x20;
const OCW3_POLL = 0x04;
const OCW3_RR = 0x02;
const OCW3_RIS = 0x01;
const OCW2_ROTATE = 0x80;
const OCW2_SPECIFIC = 0x40;
const OCW2_EOI = 0x20;
const CASCADE = 2;
const SPURIOUS = 7;
const STATE_VERSION = 1;

/** What the next write to the data port means. */
const INIT_STAGES = ['ready', 'icw2', 'icw3', 'icw4'] as const;
type InitStage = (typeof INIT_STAGES)[number];

class Pic8259 {
  readonly #isMaster: boolean;
  readonly #elcrMask: number;
  readonly #onOutput: () => void;
  #lines = 0;
  #irr = 0;
  #imr = 0;
  #isr = 0;
  #elcr = 0;
  #vectorBase = 0;
  #lowestPriority = 7;
  #stage: InitStage = 'ready';
  #icw1 = 0;
  #icw4 = 0;
  #readsIsr = false;
  #isPolling = false;
  #isSpecialMask = false;
  #rotatesOnAeoi = false;

  constructor(isMaster: boolean, elcrMask: number, onOutput: () => void) {
    this.#isMaster = isMaster;
    this.#elcrMask = elcrMask;
    this.#onOutput = onOutput;
  }

  /** The interrupt input that INT announces, or -1. */
  get pending(): number {
    const requests = this.#requests & ~this.#imr;
    if (requests === 0) return -1;
    let inService = this.#isr;
    if (this.#isSpecialMask) inService &= ~this.#imr;
    // A slave's further requests pass while an earlier one of its is in service at the master.
    if (this.#isMaster && (this.#icw4 & ICW4_SFNM) !== 0) inService &= ~(1 << CASCADE);
    for (let i = 1; i <= 8; i++) {
      const input = (this.#lowestPriority + i) & 7;
      if (inService & (1 << input)) return -1;
      if (requests & (1 << input)) return input;
    }
    return -1;
  }

  setLine(input: number, isAsserted: boolean): void {
    const bit = 1 << input;
    const wasAsserted = (this.#lines & bit) !== 0;
    if (wasAsserted === isAsserted) return;
    if (isAsserted) {
      this.#lines |= bit;
      if ((this.#levelMask & bit) === 0) this.#irr |= bit;
    } else {
      this.#lines &= ~bit;
    }
    this.#onOutput();
  }

  /** INTA: puts the pending input in service; returns its number, or 7 (spurious) when the request is gone. */
  acknowledge(): number {
    const input = this.pending;
    if (input < 0) return SPURIOUS;
    const bit = 1 << input;
    this.#irr &= ~bit;
    if (this.#icw4 & ICW4_AEOI) {
      if (this.#rotatesOnAeoi) this.#lowestPriority = input;
    } else {
      this.#isr |= bit;
    }
    this.#onOutput();
    return input;
  }

  vector(input: number): number {
    return this.#vectorBase + input;
  }

  read(isData: boolean): number {
    if (this.#isPolling) {
      this.#isPolling = false;
      return this.pending < 0 ? 0 : 0x80 | this.acknowledge();
    }
    if (isData) return this.#imr;
    return this.#readsIsr ? this.#isr : this.#requests;
  }

  write(isData: boolean, value: number): void {
    if (isData) this.#writeData(value);
    else if (value & ICW1_INIT) this.#initialise(value);
    else if (value & OCW3_SELECT) this.#writeOcw3(value);
    else this.#writeOcw2(value);
    this.#onOutput();
  }

  get elcr(): number {
    return this.#elcr;
  }

  set elcr(value: number) {
    this.#elcr = value & this.#elcrMask;
    this.#irr &= ~this.#elcr;
    this.#onOutput();
  }

  reset(): void {
    this.#irr = 0;
    this.#imr = 0;
    this.#isr = 0;
    this.#elcr = 0;
    this.#vectorBase = 0;
    this.#icw1 = 0;
    this.#icw4 = 0;
    this.#stage = 'ready';
    this.#clearModes();
    this.#onOutput();
  }

  save(): DeviceState['fields'] {
    return {
      lines: this.#lines,
      irr: this.#irr,
      imr: this.#imr,
      isr: this.#isr,
      elcr: this.#elcr,
      vectorBase: this.#vectorBase,
      lowestPriority: this.#lowestPriority,
      stage: this.#stage,
      icw1: this.#icw1,
      icw4: this.#icw4,
      readsIsr: this.#readsIsr,
      isPolling: this.#isPolling,
      isSpecialMask: this.#isSpecialMask,
      rotatesOnAeoi: this.#rotatesOnAeoi,
    };
  }

  restore(reader: StateReader): void {
    this.#lines = reader.u8('lines');
    this.#irr = reader.u8('irr');
    this.#imr = reader.u8('imr');
    this.#isr = reader.u8('isr');
    this.#elcr = reader.u8('elcr') & this.#elcrMask;
    this.#vectorBase = reader.u8('vectorBase') & 0xf8;
    this.#lowestPriority = reader.int('lowestPriority', 0, 7);
    this.#stage = reader.oneOf('stage', INIT_STAGES);
    this.#icw1 = reader.u8('icw1');
    this.#icw4 = reader.u8('icw4');
    this.#readsIsr = reader.boolean('readsIsr');
    this.#isPolling = reader.boolean('isPolling');
    this.#isSpecialMask = reader.boolean('isSpecialMask');
    this.#rotatesOnAeoi = reader.boolean('rotatesOnAeoi');
  }

  /** The master follows its slave's INT output, which drops when the request goes and rises for what else waits. */
  get #levelMask(): number {
    if (this.#icw1 & ICW1_LTIM) return 0xff;
    return this.#isMaster ? this.#elcr | (1 << CASCADE) : this.#elcr;
  }

  /** Latched edges plus whatever level inputs are asserted now. */
  get #requests(): number {
    return this.#irr | (this.#lines & this.#levelMask);
  }

  #clearModes(): void {
    this.#lowestPriority = 7;
    this.#readsIsr = false;
    this.#isPolling = false;
    this.#isSpecialMask = false;
    this.#rotatesOnAeoi = false;
  }

  #initialise(icw1: number): void {
    this.#icw1 = icw1;
    this.#irr = 0;
    this.#imr = 0;
    this.#isr = 0;
    this.#icw4 = 0;
    this.#clearModes();
    this.#stage = 'icw2';
  }

  #writeData(value: number): void {
    switch (this.#stage) {
      case 'ready':
        this.#imr = value;
        return;
      case 'icw2':
        this.#vectorBase = value & 0xf8;
        this.#stage = (this.#icw1 & ICW1_SNGL) === 0 ? 'icw3' : this.#stageAfterCascade();
        return;
      case 'icw3':
        // The cascade is wired: the master's input 2, slave identity 2.
        this.#stage = this.#stageAfterCascade();
        return;
      case 'icw4':
        this.#icw4 = value;
        this.#stage = 'ready';
        return;
    }
  }

  #stageAfterCascade(): InitStage {
    return this.#icw1 & ICW1_IC4 ? 'icw4' : 'ready';
  }

  #writeOcw3(value: number): void {
    if (value & OCW3_ESMM) this.#isSpecialMask = (value & OCW3_SMM) !== 0;
    if (value & OCW3_POLL) this.#isPolling = true;
    else if (value & OCW3_RR) this.#readsIsr = (value & OCW3_RIS) !== 0;
  }

  #writeOcw2(value: number): void {
    const isRotating = (value & OCW2_ROTATE) !== 0;
    const isSpecific = (value & OCW2_SPECIFIC) !== 0;
    if ((value & OCW2_EOI) === 0) {
      if (isSpecific && isRotating) this.#lowestPriority = value & 7;
      else if (!isSpecific) this.#rotatesOnAeoi = isRotating;
      return;
    }
    const input = isSpecific ? value & 7 : this.#highestInService();
    if (input < 0) return;
    this.#isr &= ~(1 << input);
    if (isRotating) this.#lowestPriority = input;
  }

  #highestInService(): number {
    // In special mask mode, masked levels are not touched by a non-specific EOI.
    const inService = this.#isSpecialMask ? this.#isr & ~this.#imr : this.#isr;
    for (let i = 1; i <= 8; i++) {
      const input = (this.#lowestPriority + i) & 7;
      if (inService & (1 << input)) return input;
    }
    return -1;
  }
}

/** Master at 20h, slave at A0h on the master's input 2, ELCR at 4D0h. */
export class PicPair implements Device {
  readonly id = 'pic';
  readonly #master: Pic8259;
  readonly #slave: Pic8259;
  readonly #onIntr: (isAsserted: boolean) => void;
  #isAsserted = false;

  constructor(
    mapPorts: (base: number, count: number, handler: PortIoHandler) => void,
    onIntr: (isAsserted: boolean) => void,
  ) {
    this.#onIntr = onIntr;
    this.#master = new Pic8259(true, 0xf8, () => this.#updateIntr());
    this.#slave = new Pic8259(false, 0xde, () => this.#master.setLine(CASCADE, this.#slave.pending >= 0));
    for (const [base, chip] of [
      [0x20, this.#master],
      [0xa0, this.#slave],
    ] as const) {
      mapPorts(
        base,
        2,
        new ByteWidePorts(
          (port) => chip.read((port & 1) !== 0),
          (port, value) => chip.write((port & 1) !== 0, value),
        ),
      );
    }
    const elcr = new ByteWidePorts(
      (port) => (port & 1 ? this.#slave : this.#master).elcr,
      (port, value) => {
        (port & 1 ? this.#slave : this.#master).elcr = value;
      },
    );
    mapPorts(0x4d0, 2, elcr);
  }

  /** Whether INTR is raised. */
  get isAsserted(): boolean {
    return this.#isAsserted;
  }

  setLine(irq: number, isAsserted: boolean): void {
    if (irq < 8) this.#master.setLine(irq, isAsserted);
    else this.#slave.setLine(irq - 8, isAsserted);
  }

  /** Both INTA cycles: the vector for the processor. */
  acknowledge(): number {
    const input = this.#master.acknowledge();
    if (input !== CASCADE) return this.#master.vector(input);
    return this.#slave.vector(this.#slave.acknowledge());
  }

  reset(): void {
    this.#slave.reset();
    this.#master.reset();
  }

  save(): DeviceState {
    return { version: STATE_VERSION, fields: { master: this.#master.save(), slave: this.#slave.save() } };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#slave.restore(reader.record('slave'));
    this.#master.restore(reader.record('master'));
    this.#updateIntr();
  }

  #updateIntr(): void {
    const isAsserted = this.#master.pending >= 0;
    if (isAsserted === this.#isAsserted) return;
    this.#isAsserted = isAsserted;
    this.#onIntr(isAsserted);
  }
}
