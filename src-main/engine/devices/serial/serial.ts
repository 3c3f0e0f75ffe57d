// A 16550A UART on the ISA bus [PC16550D]: both FIFOs, line and modem status, loopback, interrupt identification. Sending takes
// no guest time, so the transmitter is empty again at once unless the host asks for a pause; receiving is paced at the
// programmed baud rate because guests without flow control lose what comes faster. DMA mode pins are not modelled.
import type { CharBackend } from '../../../core/backends/char.ts';
import type { Timer } from '../../../core/clock.ts';
import type { Device, DeviceContext, DeviceState, IrqLine } from '../../bus/device.ts';
import { ByteWidePorts } from '../../bus/port-bus.ts';
import { ByteFifo } from './byte-fifo.ts';
import * as R from './registers.ts';
import { encodeSerialState, MAX_HOST_BACKLOG, parseSerialState } from './state.ts';

const FIFO_BYTES = 16;
const TRIGGER_LEVELS = [1, 4, 8, 14];
const BASE_BAUD = 115200;
/** How long sent bytes may be gathered before the host gets them in one piece. */
const GATHER_NS = 500_000;
const GATHER_BYTES = 2048;

export interface SerialWiring {
  ioPort: number;
  irq: number;
}

export class Serial implements Device {
  readonly id: string;
  readonly #ctx: DeviceContext;
  readonly #irq: IrqLine;
  readonly #line: CharBackend | null;
  readonly #receive = new ByteFifo(FIFO_BYTES);
  readonly #transmit = new ByteFifo(FIFO_BYTES);
  readonly #backlog = new ByteFifo(MAX_HOST_BACKLOG);
  readonly #gathered = new Uint8Array(GATHER_BYTES);
  #gatheredLength = 0;
  readonly #gatherTimer: Timer;
  readonly #receiveTimer: Timer;
  readonly #timeoutTimer: Timer;
  #isHostBusy = false;
  #divisor = 1;
  #ier = 0;
  #fcr = 0;
  #lcr = 0;
  #mcr = 0;
  #lsrErrors = 0;
  #msr = 0;
  #scr = 0;
  #isThrePending = false;
  #isTimeoutPending = false;

  constructor(id: string, wiring: SerialWiring, ctx: DeviceContext, line: CharBackend | null) {
    this.id = id;
    this.#ctx = ctx;
    this.#irq = ctx.isaIrq(wiring.irq);
    this.#line = line;
    this.#gatherTimer = ctx.clock.createTimer(() => this.#sendGathered());
    this.#receiveTimer = ctx.clock.createTimer(() => this.#takeFromHost());
    this.#timeoutTimer = ctx.clock.createTimer(() => this.#onTimeout());
    this.reset();
    const ports = new ByteWidePorts(
      (port) => this.#read(port & 7),
      (port, value) => this.#write(port & 7, value),
    );
    ctx.mapPorts(wiring.ioPort, 8, ports);
    line?.onReceive((bytes) => this.#fromHost(bytes));
    line?.onDrain(() => this.#onDrain());
  }

  reset(): void {
    this.#sendGathered();
    this.#divisor = 12;
    this.#ier = 0;
    this.#fcr = 0;
    this.#lcr = 0;
    this.#mcr = 0;
    this.#lsrErrors = 0;
    this.#scr = 0;
    this.#isThrePending = false;
    this.#receive.clear();
    this.#transmit.clear();
    this.#stopTimeout();
    this.#msr = this.#modemInputs();
    this.#updateIrq();
  }

  save(): DeviceState {
    this.#sendGathered();
    return encodeSerialState({
      divisor: this.#divisor,
      ier: this.#ier,
      fcr: this.#fcr,
      lcr: this.#lcr,
      mcr: this.#mcr,
      lsrErrors: this.#lsrErrors,
      msr: this.#msr,
      scr: this.#scr,
      isThrePending: this.#isThrePending,
      isTimeoutPending: this.#isTimeoutPending,
      receiveFifo: this.#receive.toBytes(),
      transmitFifo: this.#transmit.toBytes(),
      hostBacklog: this.#backlog.toBytes(),
      nextReceiveNs: this.#receiveTimer.deadlineNs,
      timeoutNs: this.#timeoutTimer.deadlineNs,
    });
  }

  restore(saved: DeviceState): void {
    const state = parseSerialState(saved, this.id);
    this.#divisor = state.divisor;
    this.#ier = state.ier;
    this.#fcr = state.fcr;
    this.#lcr = state.lcr;
    this.#mcr = state.mcr;
    this.#lsrErrors = state.lsrErrors;
    this.#msr = state.msr;
    this.#scr = state.scr;
    this.#isThrePending = state.isThrePending;
    this.#isTimeoutPending = state.isTimeoutPending;
    this.#receive.load(state.receiveFifo);
    this.#transmit.load(state.transmitFifo);
    this.#backlog.load(state.hostBacklog);
    // The host this port was waiting for is gone; whatever it did not take goes out now.
    this.#isHostBusy = false;
    this.#receiveTimer.cancel();
    if (state.nextReceiveNs !== null) this.#receiveTimer.arm(state.nextReceiveNs);
    this.#timeoutTimer.cancel();
    if (state.timeoutNs !== null) this.#timeoutTimer.arm(state.timeoutNs);
    this.#drainTransmitter();
    this.#updateIrq();
  }

  dispose(): void {
    this.#sendGathered();
    this.#receiveTimer.cancel();
    this.#timeoutTimer.cancel();
  }

  get #isFifoEnabled(): boolean {
    return (this.#fcr & R.FCR_ENABLE) !== 0;
  }

  get #isLoopback(): boolean {
    return (this.#mcr & R.MCR_LOOP) !== 0;
  }

  /** Nanoseconds one character takes on the wire: start, data, parity and stop bits. */
  #characterNs(): number {
    const bits =
      1 +
      5 +
      (this.#lcr & R.LCR_WLS) +
      ((this.#lcr & R.LCR_PEN) !== 0 ? 1 : 0) +
      ((this.#lcr & R.LCR_STB) !== 0 ? 2 : 1);
    return Math.round((bits * Math.max(this.#divisor, 1) * 1e9) / BASE_BAUD);
  }

  #read(register: number): number {
    switch (register) {
      case R.RBR_THR:
        return this.#lcr & R.LCR_DLAB ? this.#divisor & 0xff : this.#readData();
      case R.IER:
        return this.#lcr & R.LCR_DLAB ? this.#divisor >>> 8 : this.#ier;
      case R.IIR_FCR:
        return this.#readIir();
      case R.LCR:
        return this.#lcr;
      case R.MCR:
        return this.#mcr;
      case R.LSR:
        return this.#readLsr();
      case R.MSR:
        return this.#readMsr();
      default:
        return this.#scr;
    }
  }

  #write(register: number, value: number): void {
    switch (register) {
      case R.RBR_THR:
        if (this.#lcr & R.LCR_DLAB) this.#divisor = (this.#divisor & 0xff00) | value;
        else this.#writeData(value);
        return;
      case R.IER:
        if (this.#lcr & R.LCR_DLAB) this.#divisor = (this.#divisor & 0x00ff) | (value << 8);
        else this.#writeIer(value);
        return;
      case R.IIR_FCR:
        this.#writeFcr(value);
        return;
      case R.LCR:
        this.#lcr = value;
        return;
      case R.MCR:
        this.#writeMcr(value & 0x1f);
        return;
      case R.SCR:
        this.#scr = value;
        return;
      default:
        // LSR and MSR are for reading; writes are a factory test facility.
        return;
    }
  }

  #readData(): number {
    const byte = this.#receive.shift();
    this.#isTimeoutPending = false;
    this.#armTimeout();
    if (this.#receive.length === 0 && this.#backlog.length > 0 && this.#receiveTimer.deadlineNs === null)
      this.#receiveTimer.arm(this.#ctx.clock.now());
    this.#updateIrq();
    return byte;
  }

  #writeData(value: number): void {
    this.#isThrePending = false;
    this.#updateIrq();
    if (this.#isLoopback) {
      this.#push(value);
    } else if (this.#isHostBusy) {
      // THRE stays clear until the host drains; what does not fit the FIFO is lost, as on the chip.
      this.#transmit.push(value);
      return;
    } else {
      this.#gather(value);
    }
    this.#setThre();
  }

  #setThre(): void {
    this.#isThrePending = true;
    this.#updateIrq();
  }

  #gather(byte: number): void {
    if (!this.#line) return;
    this.#gathered[this.#gatheredLength++] = byte;
    if (this.#gatheredLength === GATHER_BYTES) this.#sendGathered();
    else if (this.#gatheredLength === 1) this.#gatherTimer.arm(this.#ctx.clock.now() + GATHER_NS);
  }

  #sendGathered(): void {
    this.#gatherTimer.cancel();
    if (this.#gatheredLength === 0 || !this.#line) return;
    const bytes = this.#gathered.slice(0, this.#gatheredLength);
    this.#gatheredLength = 0;
    this.#ctx.activity('write');
    if (!this.#line.send(bytes)) this.#isHostBusy = true;
  }

  #onDrain(): void {
    this.#isHostBusy = false;
    if (this.#transmit.length === 0) return;
    this.#drainTransmitter();
    this.#setThre();
  }

  #drainTransmitter(): void {
    while (this.#transmit.length > 0 && !this.#isHostBusy) this.#gather(this.#transmit.shift());
  }

  #fromHost(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#backlog.push(byte)) continue;
      this.#ctx.log.limited(
        `${this.id}.backlog`,
        'warn',
        `${this.id}: the guest does not read; input from the host is lost`,
      );
      break;
    }
    if (this.#receiveTimer.deadlineNs === null) this.#receiveTimer.arm(this.#ctx.clock.now());
  }

  /** Moves as much as the receiver holds; the next helping comes when these would have crossed the wire. */
  #takeFromHost(): void {
    if (this.#isLoopback) {
      this.#receiveTimer.arm(this.#ctx.clock.now() + FIFO_BYTES * this.#characterNs());
      return;
    }
    const capacity = this.#isFifoEnabled ? FIFO_BYTES : 1;
    let taken = 0;
    while (this.#backlog.length > 0 && this.#receive.length < capacity) {
      this.#push(this.#backlog.shift());
      taken++;
    }
    if (taken === 0) return;
    this.#ctx.activity('read');
    if (this.#backlog.length > 0) this.#receiveTimer.arm(this.#ctx.clock.now() + taken * this.#characterNs());
  }

  #push(byte: number): void {
    const capacity = this.#isFifoEnabled ? FIFO_BYTES : 1;
    if (this.#receive.length >= capacity) this.#lsrErrors |= R.LSR_OE;
    else this.#receive.push(byte);
    this.#armTimeout();
    this.#updateIrq();
  }

  /** The character timeout counts four character times without traffic while the FIFO is below its trigger. */
  #armTimeout(): void {
    if (this.#isFifoEnabled && this.#receive.length > 0)
      this.#timeoutTimer.arm(this.#ctx.clock.now() + 4 * this.#characterNs());
    else this.#timeoutTimer.cancel();
  }

  #stopTimeout(): void {
    this.#timeoutTimer.cancel();
    this.#isTimeoutPending = false;
  }

  #onTimeout(): void {
    this.#isTimeoutPending = true;
    this.#updateIrq();
  }

  #writeIer(value: number): void {
    const before = this.#ier;
    this.#ier = value & 0x0f;
    // Enabling the transmitter interrupt while the holding register is empty raises it at once; drivers probe for this.
    if ((before & R.IER_ETBEI) === 0 && (value & R.IER_ETBEI) !== 0 && this.#isTransmitterEmpty)
      this.#isThrePending = true;
    this.#updateIrq();
  }

  #writeFcr(value: number): void {
    const isChanged = ((value ^ this.#fcr) & R.FCR_ENABLE) !== 0;
    if (isChanged || (value & R.FCR_RESET_RECEIVER) !== 0) {
      this.#receive.clear();
      this.#stopTimeout();
    }
    if (isChanged || (value & R.FCR_RESET_TRANSMITTER) !== 0) {
      this.#transmit.clear();
      this.#isThrePending = true;
    }
    this.#fcr = value & R.FCR_ENABLE ? value & 0xc9 : 0;
    this.#updateIrq();
  }

  #writeMcr(value: number): void {
    this.#mcr = value;
    this.#updateModemStatus();
    this.#updateIrq();
  }

  #readIir(): number {
    const source = this.#interruptSource();
    if (source === R.IIR_THR_EMPTY) {
      this.#isThrePending = false;
      this.#updateIrq();
    }
    return source | (this.#isFifoEnabled ? R.IIR_FIFOS_ENABLED : 0);
  }

  get #isTransmitterEmpty(): boolean {
    return this.#transmit.length === 0;
  }

  #readLsr(): number {
    const value =
      (this.#receive.length > 0 ? R.LSR_DR : 0) |
      this.#lsrErrors |
      (this.#isTransmitterEmpty ? R.LSR_THRE | R.LSR_TEMT : 0);
    if (this.#lsrErrors !== 0) {
      this.#lsrErrors = 0;
      this.#updateIrq();
    }
    return value;
  }

  #readMsr(): number {
    this.#updateModemStatus();
    const value = this.#msr;
    this.#msr &= 0xf0;
    this.#updateIrq();
    return value;
  }

  /** The four modem inputs in MSR bits 4-7: from our own outputs in loopback, else from the host end. */
  #modemInputs(): number {
    if (this.#isLoopback)
      return (
        (this.#mcr & R.MCR_RTS ? R.MSR_CTS : 0) |
        (this.#mcr & R.MCR_DTR ? R.MSR_DSR : 0) |
        (this.#mcr & R.MCR_OUT1 ? R.MSR_RI : 0) |
        (this.#mcr & R.MCR_OUT2 ? R.MSR_DCD : 0)
      );
    return this.#line && this.#line.isConnected !== false ? R.MSR_CTS | R.MSR_DSR | R.MSR_DCD : 0;
  }

  #updateModemStatus(): void {
    const before = this.#msr & 0xf0;
    const now = this.#modemInputs();
    let deltas = ((before ^ now) >> 4) & (R.MSR_DCTS | R.MSR_DDSR | R.MSR_DDCD);
    // The ring indicator reports only its trailing edge.
    if ((before & R.MSR_RI) !== 0 && (now & R.MSR_RI) === 0) deltas |= R.MSR_TERI;
    this.#msr = now | (this.#msr & 0x0f) | deltas;
  }

  #interruptSource(): number {
    if ((this.#ier & R.IER_ELSI) !== 0 && this.#lsrErrors !== 0) return R.IIR_LINE_STATUS;
    if ((this.#ier & R.IER_ERBFI) !== 0) {
      const trigger = this.#isFifoEnabled ? TRIGGER_LEVELS[this.#fcr >> R.FCR_TRIGGER_SHIFT]! : 1;
      if (this.#receive.length >= trigger) return R.IIR_DATA_AVAILABLE;
      if (this.#isTimeoutPending) return R.IIR_CHARACTER_TIMEOUT;
    }
    if ((this.#ier & R.IER_ETBEI) !== 0 && this.#isThrePending) return R.IIR_THR_EMPTY;
    if ((this.#ier & R.IER_EDSSI) !== 0 && (this.#msr & 0x0f) !== 0) return R.IIR_MODEM_STATUS;
    return R.IIR_NONE;
  }

  /** On a PC, OUT2 gates the interrupt driver; loopback disconnects the pin. */
  #updateIrq(): void {
    const isGated = (this.#mcr & (R.MCR_OUT2 | R.MCR_LOOP)) === R.MCR_OUT2;
    this.#irq.set(isGated && this.#interruptSource() !== R.IIR_NONE);
  }
}
