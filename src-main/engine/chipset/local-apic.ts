// One processor's local APIC [SDM-3A ch. 12 (APIC)]: xAPIC registers by MMIO, x2APIC by MSR, timer (one-shot, periodic,
// TSC deadline), local vector table, inter-processor interrupts, priorities, errors. Cluster-model and flat logical
// destinations are modelled; thermal and performance-counter entries are registers that never fire.
import type { Clock, Timer } from '../../core/clock.ts';
import type { Device, DeviceState } from '../bus/device.ts';
import { StateReader } from '../bus/state-fields.ts';
import type { InterruptMessage } from './ioapic.ts';
import { VectorSet } from './vector-set.ts';

export const APIC_DEFAULT_BASE = 0xfee00000;
const APIC_BASE_BSP = 1 << 8;
const APIC_BASE_X2APIC = 1 << 10;
const APIC_BASE_ENABLE = 1 << 11;

// Register numbers: MMIO offset >> 4, and the MSR's offset from 800h.
const ID = 0x02;
const VERSION = 0x03;
const TPR = 0x08;
const APR = 0x09;
const PPR = 0x0a;
const EOI = 0x0b;
const LDR = 0x0d;
const DFR = 0x0e;
const SVR = 0x0f;
const ISR = 0x10;
const TMR = 0x18;
const IRR = 0x20;
const ESR = 0x28;
const ICR_LOW = 0x30;
const ICR_HIGH = 0x31;
const LVT_TIMER = 0x32;
const LVT_LINT0 = 0x35;
const LVT_LINT1 = 0x36;
const LVT_ERROR = 0x37;
const TIMER_INITIAL = 0x38;
const TIMER_CURRENT = 0x39;
const TIMER_DIVIDE = 0x3e;
const SELF_IPI = 0x3f;

const VERSION_VALUE = 0x00050014;
const SVR_ENABLE = 0x100;
const LVT_MASKED = 0x10000;
const LVT_REMOTE_IRR = 0x4000;
const TIMER_PERIODIC = 1;
const TIMER_TSC_DEADLINE = 2;
const ESR_SEND_ILLEGAL = 0x20;
const ESR_RECEIVED_ILLEGAL = 0x40;
const ESR_ILLEGAL_REGISTER = 0x80;

const DELIVERY_FIXED = 0;
const DELIVERY_LOWEST = 1;
const DELIVERY_SMI = 2;
const DELIVERY_NMI = 4;
const DELIVERY_INIT = 5;
const DELIVERY_STARTUP = 6;
const DELIVERY_EXTINT = 7;

const STATE_VERSION = 1;
/** The shortest period a guest can ask of the timer; anything faster would only drown itself. */
const MIN_PERIOD_NS = 20_000;
const LVT_FIRST = LVT_TIMER;
/** Writable bits of LVT timer, thermal, performance, LINT0, LINT1, error. */
const LVT_WRITABLE = [0x700ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff] as const;

/** What the local APIC can do to its processor and to the others. */
export interface LocalApicWiring {
  clock: Clock;
  /** Ticks a second of the time-stamp counter. */
  tscHz: number;
  /** The guest's time-stamp counter now, its own offset included. */
  readTsc(): number;
  /** The interrupt request of this APIC (or of the PIC through it) may have changed. */
  onChanged(): void;
  nmi(): void;
  smi(): void;
  init(): void;
  startup(vector: number): void;
  /** Sends an interrupt to other APICs (and back to this one where the destination says so). */
  sendIpi(message: InterruptMessage, shorthand: number, sender: LocalApic): void;
  /** Tells the I/O APIC that a level interrupt was completed. */
  broadcastEoi(vector: number): void;
  /** The register page moved, or was switched off (null). */
  onBaseChanged(gpa: number | null): void;
}

export class LocalApic implements Device {
  readonly id: string;
  readonly #index: number;
  readonly #wiring: LocalApicWiring;
  readonly #timer: Timer;
  readonly #irr = new VectorSet();
  readonly #isr = new VectorSet();
  readonly #tmr = new VectorSet();
  readonly #lvt = new Uint32Array(6);
  #base = 0;
  #apicId = 0;
  #tpr = 0;
  #ldr = 0;
  #dfr = 0;
  #svr = 0;
  #esr = 0;
  #esrPending = 0;
  #icrLow = 0;
  #icrHigh = 0;
  #initialCount = 0;
  #divide = 0;
  /** Guest time at which the running count was loaded. */
  #countStartNs = 0;
  #isCounting = false;
  #tscDeadline = 0;
  #isLint0Asserted = false;

  constructor(index: number, wiring: LocalApicWiring) {
    this.id = `lapic${index}`;
    this.#index = index;
    this.#wiring = wiring;
    this.#timer = wiring.clock.createTimer(() => this.#onTimer());
    this.reset();
  }

  /** Power-on and RESET#. */
  reset(): void {
    this.#setBase(APIC_DEFAULT_BASE + APIC_BASE_ENABLE + (this.#index === 0 ? APIC_BASE_BSP : 0));
    this.#apicId = this.#index;
    this.#resetRegisters();
  }

  /** INIT: all registers but the base and the id. */
  initReset(): void {
    this.#resetRegisters();
  }

  get isEnabled(): boolean {
    return (this.#base & APIC_BASE_ENABLE) !== 0;
  }

  get isX2Apic(): boolean {
    return (this.#base & APIC_BASE_X2APIC) !== 0;
  }

  get apicId(): number {
    return this.#apicId;
  }

  get processorPriority(): number {
    const inService = this.#isr.highest();
    const isrv = Math.max(inService, 0);
    return this.#tpr >> 4 >= isrv >> 4 ? this.#tpr : isrv & 0xf0;
  }

  /** The vector that would be delivered now, or -1. */
  get pending(): number {
    if (!this.isEnabled) return -1;
    const vector = this.#irr.highest();
    return vector >= 0 && vector >> 4 > this.processorPriority >> 4 ? vector : -1;
  }

  /** True if the PIC pair's request reaches the processor: APIC off, or LINT0 in ExtINT mode and open. */
  get acceptsPic(): boolean {
    if (!this.isEnabled) return this.#index === 0;
    const lint0 = this.#lvt[LVT_LINT0 - LVT_FIRST]!;
    return (lint0 & LVT_MASKED) === 0 && ((lint0 >>> 8) & 7) === DELIVERY_EXTINT;
  }

  /** Takes the pending vector into service; -1 if there is none any more. */
  acknowledge(): number {
    const vector = this.pending;
    if (vector < 0) return -1;
    this.#irr.clear(vector);
    this.#isr.set(vector);
    return vector;
  }

  /** The PIC pair's INT output, which also is our LINT0 pin. Matters here only in fixed or NMI mode. */
  setLint0(isAsserted: boolean): void {
    const isRising = isAsserted && !this.#isLint0Asserted;
    this.#isLint0Asserted = isAsserted;
    if (isRising) this.#deliverLocal(LVT_LINT0);
  }

  /** Whether a message is for this APIC. */
  matches(message: InterruptMessage): boolean {
    const { destination } = message;
    if (this.isX2Apic) {
      if (destination === 0xffffffff || destination === 0xff) return true;
      if (!message.isLogical) return destination === this.#apicId;
      const ldr = this.#x2Ldr;
      return destination >>> 16 === ldr >>> 16 && (destination & ldr & 0xffff) !== 0;
    }
    if (!message.isLogical) return destination === 0xff || destination === this.#apicId || destination === 0xffffffff;
    const logicalId = this.#ldr >>> 24;
    if (this.#dfr >>> 28 === 0xf) return (destination & logicalId) !== 0;
    return (destination & 0xf0) === (logicalId & 0xf0) && (destination & logicalId & 0x0f) !== 0;
  }

  /** Takes a message that is for this APIC. */
  accept(message: InterruptMessage): void {
    switch (message.deliveryMode) {
      case DELIVERY_FIXED:
      case DELIVERY_LOWEST:
        this.#request(message.vector, message.isLevel);
        return;
      case DELIVERY_SMI:
        this.#wiring.smi();
        return;
      case DELIVERY_NMI:
        this.#wiring.nmi();
        return;
      case DELIVERY_INIT:
        this.#wiring.init();
        return;
      case DELIVERY_STARTUP:
        this.#wiring.startup(message.vector);
        return;
    }
  }

  mmioRead(offset: number): number {
    if (this.isX2Apic || (offset & 0xf) >= 4) return 0;
    return this.#readRegister(offset >>> 4);
  }

  mmioWrite(offset: number, value: number): void {
    if (this.isX2Apic || (offset & 0xf) !== 0) return;
    const register = offset >>> 4;
    if (register === ICR_HIGH) this.#icrHigh = (value & 0xff000000) >>> 0;
    else if (register === ID) this.#apicId = value >>> 24;
    else this.#writeRegister(register, value);
  }

  /** IA32_APIC_BASE as RDMSR gives it. */
  get base(): number {
    return this.#base;
  }

  /** WRMSR of IA32_APIC_BASE; false for #GP. */
  writeBase(low: number, high: number): boolean {
    const isEnabled = (low & APIC_BASE_ENABLE) !== 0;
    const isX2 = (low & APIC_BASE_X2APIC) !== 0;
    if ((low & 0x2ff) !== 0 || high > 0xf || (isX2 && !isEnabled)) return false;
    if (this.isX2Apic && isEnabled && !isX2) return false;
    if (!this.isEnabled && isX2) return false;
    const wasEnabled = this.isEnabled;
    const address = high * 0x1_0000_0000 + ((low & 0xfffff000) >>> 0);
    this.#setBase(address + (low & (APIC_BASE_ENABLE | APIC_BASE_X2APIC)) + (this.#index === 0 ? APIC_BASE_BSP : 0));
    if (isX2) this.#apicId = this.#index;
    if (wasEnabled && !isEnabled) this.#resetRegisters();
    this.#wiring.onChanged();
    return true;
  }

  /** RDMSR of an x2APIC register (index from 800h); null for #GP. */
  x2Read(index: number): { low: number; high: number } | null {
    const register = index - 0x800;
    if (!this.isX2Apic || register === DFR || register === ICR_HIGH || register === SELF_IPI || register === EOI)
      return null;
    if (register === ICR_LOW) return { low: this.#icrLow, high: this.#icrHigh };
    if (!isImplemented(register)) return null;
    return { low: this.#readRegister(register), high: 0 };
  }

  /** WRMSR of an x2APIC register; false for #GP. */
  x2Write(index: number, low: number, high: number): boolean {
    const register = index - 0x800;
    if (!this.isX2Apic || !isImplemented(register) || isReadOnly(register)) return false;
    if (register === ID || register === LDR || register === DFR || register === ICR_HIGH) return false;
    if (register === ICR_LOW) {
      this.#icrHigh = high >>> 0;
      this.#writeRegister(ICR_LOW, low);
      return true;
    }
    if (high !== 0 || ((register === EOI || register === ESR) && low !== 0)) return false;
    if (register === SELF_IPI) this.#request(low & 0xff, false);
    else this.#writeRegister(register, low);
    return true;
  }

  /** IA32_TSC_DEADLINE, a count of the guest's time-stamp counter; 0 when disarmed. */
  get tscDeadline(): number {
    return this.#timerMode === TIMER_TSC_DEADLINE ? this.#tscDeadline : 0;
  }

  set tscDeadline(value: number) {
    if (this.#timerMode !== TIMER_TSC_DEADLINE) return;
    this.#tscDeadline = value;
    this.#armDeadline();
  }

  /** CR8. */
  get taskPriorityClass(): number {
    return this.#tpr >> 4;
  }

  set taskPriorityClass(value: number) {
    this.#tpr = (value & 0xf) << 4;
    this.#wiring.onChanged();
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        base: this.#base,
        apicId: this.#apicId,
        tpr: this.#tpr,
        ldr: this.#ldr,
        dfr: this.#dfr,
        svr: this.#svr,
        esr: this.#esr,
        esrPending: this.#esrPending,
        icrLow: this.#icrLow,
        icrHigh: this.#icrHigh,
        lvt: [...this.#lvt],
        irr: this.#irr.toWords(),
        isr: this.#isr.toWords(),
        tmr: this.#tmr.toWords(),
        initialCount: this.#initialCount,
        divide: this.#divide,
        countStartNs: this.#countStartNs,
        isCounting: this.#isCounting,
        tscDeadline: this.#tscDeadline,
        isLint0Asserted: this.#isLint0Asserted,
        timerNs: this.#timer.deadlineNs,
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#setBase(reader.int('base', 0, 2 ** 40));
    this.#apicId = reader.u32('apicId');
    this.#tpr = reader.u8('tpr');
    this.#ldr = reader.u32('ldr');
    this.#dfr = reader.u32('dfr');
    this.#svr = reader.u32('svr');
    this.#esr = reader.u8('esr');
    this.#esrPending = reader.u8('esrPending');
    this.#icrLow = reader.u32('icrLow');
    this.#icrHigh = reader.u32('icrHigh');
    this.#lvt.set(reader.ints('lvt', 6, 0, 0xffffffff));
    this.#irr.load(reader.ints('irr', 8, 0, 0xffffffff));
    this.#isr.load(reader.ints('isr', 8, 0, 0xffffffff));
    this.#tmr.load(reader.ints('tmr', 8, 0, 0xffffffff));
    this.#initialCount = reader.u32('initialCount');
    this.#divide = reader.int('divide', 0, 0xf);
    this.#countStartNs = reader.number('countStartNs');
    this.#isCounting = reader.boolean('isCounting');
    this.#tscDeadline = reader.number('tscDeadline');
    this.#isLint0Asserted = reader.boolean('isLint0Asserted');
    const timerNs = reader.numberOrNull('timerNs');
    if (timerNs === null) this.#timer.cancel();
    else this.#timer.arm(timerNs);
    this.#wiring.onChanged();
  }

  #resetRegisters(): void {
    this.#tpr = 0;
    this.#ldr = 0;
    this.#dfr = 0xffffffff;
    this.#svr = 0xff;
    this.#esr = 0;
    this.#esrPending = 0;
    this.#icrLow = 0;
    this.#icrHigh = 0;
    this.#lvt.fill(LVT_MASKED);
    // Firmware-less kernels expect the PIC to reach the boot processor: the virtual wire [MPSPEC-1.4 §3.6.2.2].
    if (this.#index === 0) this.#lvt[LVT_LINT0 - LVT_FIRST] = DELIVERY_EXTINT << 8;
    this.#irr.reset();
    this.#isr.reset();
    this.#tmr.reset();
    this.#initialCount = 0;
    this.#divide = 0;
    this.#isCounting = false;
    this.#tscDeadline = 0;
    this.#timer.cancel();
    this.#wiring.onChanged();
  }

  #setBase(value: number): void {
    this.#base = value;
    const isMapped = this.isEnabled && !this.isX2Apic;
    this.#wiring.onBaseChanged(isMapped ? Math.floor(value / 0x1000) * 0x1000 : null);
  }

  /** [SDM-3A §12.12.10.2]: cluster in the high half, one bit of sixteen in the low. */
  get #x2Ldr(): number {
    return (((this.#apicId >>> 4) << 16) | (1 << (this.#apicId & 15))) >>> 0;
  }

  get #isSoftwareEnabled(): boolean {
    return (this.#svr & SVR_ENABLE) !== 0;
  }

  get #timerMode(): number {
    return (this.#lvt[0]! >>> 17) & 3;
  }

  #readRegister(register: number): number {
    if (register >= ISR && register < ISR + 8) return this.#isr.word(register - ISR);
    if (register >= TMR && register < TMR + 8) return this.#tmr.word(register - TMR);
    if (register >= IRR && register < IRR + 8) return this.#irr.word(register - IRR);
    if (register >= LVT_TIMER && register <= LVT_ERROR) return this.#lvt[register - LVT_FIRST]!;
    switch (register) {
      case ID:
        return this.isX2Apic ? this.#apicId : (this.#apicId << 24) >>> 0;
      case VERSION:
        return VERSION_VALUE;
      case TPR:
        return this.#tpr;
      case APR:
        return 0;
      case PPR:
        return this.processorPriority;
      case LDR:
        return this.isX2Apic ? this.#x2Ldr : this.#ldr;
      case DFR:
        return this.#dfr;
      case SVR:
        return this.#svr;
      case ESR:
        return this.#esr;
      case ICR_LOW:
        return this.#icrLow;
      case ICR_HIGH:
        return this.#icrHigh;
      case TIMER_INITIAL:
        return this.#initialCount;
      case TIMER_CURRENT:
        return this.#currentCount();
      case TIMER_DIVIDE:
        return this.#divide;
      default:
        if (!isImplemented(register)) this.#raiseError(ESR_ILLEGAL_REGISTER);
        return 0;
    }
  }

  // hot path: every EOI, TPR and timer write of a guest comes through here.
  #writeRegister(register: number, value: number): void {
    switch (register) {
      case EOI:
        this.#endOfInterrupt();
        return;
      case TPR:
        this.#tpr = value & 0xff;
        this.#wiring.onChanged();
        return;
      case TIMER_INITIAL:
        this.#setInitialCount(value);
        return;
      case ICR_LOW:
        this.#sendIpi(value);
        return;
      case LDR:
        this.#ldr = (value & 0xff000000) >>> 0;
        return;
      case DFR:
        this.#dfr = (value | 0x0fffffff) >>> 0;
        return;
      case SVR:
        this.#writeSpurious(value);
        return;
      case ESR:
        this.#esr = this.#esrPending;
        this.#esrPending = 0;
        return;
      case TIMER_DIVIDE:
        this.#setDivide(value & 0xb);
        return;
      default:
        if (register >= LVT_TIMER && register <= LVT_ERROR) this.#writeLvt(register - LVT_FIRST, value);
        else if (!isImplemented(register)) this.#raiseError(ESR_ILLEGAL_REGISTER);
    }
  }

  #endOfInterrupt(): void {
    const vector = this.#isr.highest();
    if (vector < 0) return;
    this.#isr.clear(vector);
    if (this.#tmr.has(vector)) {
      this.#lvt[LVT_LINT0 - LVT_FIRST]! &= ~LVT_REMOTE_IRR;
      this.#lvt[LVT_LINT1 - LVT_FIRST]! &= ~LVT_REMOTE_IRR;
      this.#wiring.broadcastEoi(vector);
    }
    this.#wiring.onChanged();
  }

  #writeSpurious(value: number): void {
    this.#svr = value & 0x3ff;
    // A software-disabled APIC keeps all its local vector table masked.
    if (!this.#isSoftwareEnabled) for (let i = 0; i < 6; i++) this.#lvt[i]! |= LVT_MASKED;
    this.#wiring.onChanged();
  }

  #writeLvt(index: number, value: number): void {
    const modeBefore = this.#timerMode;
    let entry = value & LVT_WRITABLE[index]!;
    if (!this.#isSoftwareEnabled) entry |= LVT_MASKED;
    this.#lvt[index] = (entry | (this.#lvt[index]! & LVT_REMOTE_IRR)) >>> 0;
    if (index === 0 && this.#timerMode !== modeBefore) {
      // [SDM-3A §12.5.4.1]: a change to or from deadline mode disarms the timer.
      const isDeadline = this.#timerMode === TIMER_TSC_DEADLINE || modeBefore === TIMER_TSC_DEADLINE;
      if (isDeadline) this.#disarm();
      else if (this.#isCounting) this.#armCount();
    }
    this.#wiring.onChanged();
  }

  #request(vector: number, isLevel: boolean): void {
    if (vector < 16) {
      this.#raiseError(ESR_RECEIVED_ILLEGAL);
      return;
    }
    if (!this.isEnabled || !this.#isSoftwareEnabled) return;
    this.#irr.set(vector);
    if (isLevel) this.#tmr.set(vector);
    else this.#tmr.clear(vector);
    this.#wiring.onChanged();
  }

  /** Fires a local vector table entry. */
  #deliverLocal(register: number): void {
    const entry = this.#lvt[register - LVT_FIRST]!;
    if ((entry & LVT_MASKED) !== 0) return;
    const mode = register === LVT_TIMER || register === LVT_ERROR ? DELIVERY_FIXED : (entry >>> 8) & 7;
    if (mode === DELIVERY_FIXED) this.#request(entry & 0xff, false);
    else if (mode === DELIVERY_NMI) this.#wiring.nmi();
    else if (mode === DELIVERY_SMI) this.#wiring.smi();
  }

  #raiseError(bits: number): void {
    const isNew = (this.#esrPending & bits) !== bits;
    this.#esrPending |= bits;
    // The error entry with an illegal vector of its own must not raise an error about itself again.
    if (isNew && (this.#lvt[LVT_ERROR - LVT_FIRST]! & 0xff) >= 16) this.#deliverLocal(LVT_ERROR);
  }

  #sendIpi(low: number): void {
    this.#icrLow = low & 0xccfff;
    const deliveryMode = (low >>> 8) & 7;
    const shorthand = (low >>> 18) & 3;
    const isLevel = (low & 0x8000) !== 0;
    // The INIT level de-assert message only concerned old arbitration schemes.
    if (deliveryMode === DELIVERY_INIT && isLevel && (low & 0x4000) === 0) return;
    if (deliveryMode === DELIVERY_EXTINT || deliveryMode === 3) return;
    if (deliveryMode <= DELIVERY_LOWEST && (low & 0xff) < 16) {
      this.#raiseError(ESR_SEND_ILLEGAL);
      return;
    }
    const message: InterruptMessage = {
      vector: low & 0xff,
      deliveryMode,
      isLevel: false,
      isLogical: (low & 0x800) !== 0,
      destination: this.isX2Apic ? this.#icrHigh : this.#icrHigh >>> 24,
    };
    if (shorthand === 1) {
      if (deliveryMode <= DELIVERY_LOWEST) this.#request(message.vector, false);
      return;
    }
    this.#wiring.sendIpi(message, shorthand, this);
  }

  /** Nanoseconds per timer tick: the bus clock is 1 GHz, divided by 1 to 128. */
  get #tickNs(): number {
    const code = (this.#divide & 3) | ((this.#divide & 8) >> 1);
    return code === 7 ? 1 : 2 << code;
  }

  #setInitialCount(value: number): void {
    if (this.#timerMode === TIMER_TSC_DEADLINE) return;
    this.#initialCount = value >>> 0;
    this.#countStartNs = this.#wiring.clock.now();
    this.#isCounting = value !== 0;
    this.#armCount();
  }

  /** A new divider applies to what is left of the count. */
  #setDivide(value: number): void {
    const left = this.#currentCount();
    this.#divide = value;
    if (!this.#isCounting) return;
    this.#countStartNs = this.#wiring.clock.now() - (this.#initialCount - left) * this.#tickNs;
    this.#armCount();
  }

  #currentCount(): number {
    if (!this.#isCounting || this.#initialCount === 0) return 0;
    const ticks = Math.floor((this.#wiring.clock.now() - this.#countStartNs) / this.#tickNs);
    if (ticks < this.#initialCount) return this.#initialCount - Math.max(ticks, 0);
    return this.#timerMode === TIMER_PERIODIC ? this.#initialCount - (ticks % this.#initialCount) : 0;
  }

  get #periodNs(): number {
    return this.#initialCount * this.#tickNs;
  }

  #armCount(): void {
    if (!this.#isCounting) {
      this.#timer.cancel();
      return;
    }
    let deadline = this.#countStartNs + this.#periodNs;
    const now = this.#wiring.clock.now();
    if (this.#timerMode === TIMER_PERIODIC && deadline <= now)
      deadline += Math.floor((now - deadline) / this.#periodNs + 1) * this.#periodNs;
    this.#timer.arm(deadline);
  }

  #armDeadline(): void {
    if (this.#tscDeadline === 0) {
      this.#timer.cancel();
      return;
    }
    const ticks = this.#tscDeadline - this.#wiring.readTsc();
    const waitNs = Math.max(0, (ticks * 1e9) / this.#wiring.tscHz);
    // Deadlines beyond a few years would lose the precision of the sum; the guest cannot tell.
    this.#timer.arm(this.#wiring.clock.now() + Math.min(Math.ceil(waitNs), 2 ** 52));
  }

  #disarm(): void {
    this.#timer.cancel();
    this.#isCounting = false;
    this.#initialCount = 0;
    this.#tscDeadline = 0;
  }

  #onTimer(): void {
    const now = this.#wiring.clock.now();
    if (this.#timerMode === TIMER_TSC_DEADLINE) this.#tscDeadline = 0;
    else if (this.#timerMode === TIMER_PERIODIC) {
      // Ticks the host was too late for are coalesced; a kernel reads the time elsewhere.
      const period = this.#periodNs;
      this.#countStartNs += Math.max(1, Math.floor((now - this.#countStartNs) / period)) * period;
      this.#timer.arm(Math.max(this.#countStartNs + period, now + Math.min(period, MIN_PERIOD_NS)));
    } else {
      this.#isCounting = false;
    }
    this.#deliverLocal(LVT_TIMER);
  }
}

/** For lowest-priority arbitration: the APIC that would be interrupted most readily. */
export function leastBusy(apics: readonly LocalApic[]): LocalApic | null {
  let best: LocalApic | null = null;
  for (const apic of apics) if (!best || apic.processorPriority < best.processorPriority) best = apic;
  return best;
}

function isReadOnly(register: number): boolean {
  return (
    register === VERSION ||
    register === APR ||
    register === PPR ||
    register === TIMER_CURRENT ||
    (register >= ISR && register < ESR)
  );
}

/** hot path: every x2APIC access asks. Registers 02, 03, 08-0B, 0D-0F, 10-28, 30-39, 3E, 3F exist. */
function isImplemented(register: number): boolean {
  if (register < 0 || register > SELF_IPI) return false;
  const word = register < 32 ? IMPLEMENTED_LOW : IMPLEMENTED_HIGH;
  return ((word >>> (register & 31)) & 1) !== 0;
}

const IMPLEMENTED_LOW = 0xffffef0c;
const IMPLEMENTED_HIGH = 0xc3ff01ff;
