// INT 15h/C2h: the PS/2 mouse through the BIOS, as DOS drivers use it, and its interrupt. [IBM PS/2 BIOS reference, INT 15h C2h]
// The handler's address and the packet under way are in the EBDA.
import { EBDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext, FirmwarePorts } from '../firmware-context.ts';
import type { FirmwareCpu, FirmwareMemory } from '../firmware-cpu.ts';
import { EAX, EBX, ECX, EDX } from '../firmware-cpu.ts';

const INVALID_FUNCTION = 1;
const INVALID_INPUT = 2;
const INTERFACE_ERROR = 3;
const NO_HANDLER = 5;
const HAS_HANDLER = 0x80;
const PACKET_BYTES = 3;
const rates = [10, 20, 40, 60, 80, 100, 200];

export class Mouse {
  private readonly memory: FirmwareMemory;
  private readonly ports: FirmwarePorts;
  private readonly cpu: FirmwareCpu;

  constructor(context: FirmwareContext) {
    this.memory = context.memory;
    this.ports = context.ports;
    this.cpu = context.cpu;
  }

  handle(frame: CallFrame): void {
    const { memory } = this;
    switch (frame.al) {
      case 0x00:
        this.enable(frame);
        return;
      case 0x01: {
        this.setCommandByte(false);
        const answer = this.command([0xff], 2);
        if (answer === null || answer[0] !== 0xaa) {
          frame.fail(INTERFACE_ERROR);
          return;
        }
        frame.succeed();
        frame.bx = (answer[1]! << 8) | 0xaa;
        return;
      }
      case 0x02:
        if (frame.bh >= rates.length) frame.fail(INVALID_INPUT);
        else this.simple(frame, [0xf3, rates[frame.bh]!]);
        return;
      case 0x03:
        if (frame.bh > 3) frame.fail(INVALID_INPUT);
        else this.simple(frame, [0xe8, frame.bh]);
        return;
      case 0x04: {
        const answer = this.command([0xf2], 1);
        if (answer === null) {
          frame.fail(INTERFACE_ERROR);
          return;
        }
        frame.succeed();
        frame.bh = answer[0]!;
        return;
      }
      case 0x05:
        memory.writeU8(EBDA.mouseFlags1, 0);
        this.simple(frame, [0xf6]);
        return;
      case 0x06:
        this.extended(frame);
        return;
      case 0x07: {
        const selector = this.cpu.readSegment('es').selector;
        memory.writeU32(EBDA.mouseHandler, ((selector << 16) | frame.bx) >>> 0);
        const isSet = selector !== 0 || frame.bx !== 0;
        memory.writeU8(EBDA.mouseFlags2, isSet ? HAS_HANDLER : 0);
        frame.succeed();
        return;
      }
      default:
        frame.fail(INVALID_FUNCTION);
    }
  }

  private enable(frame: CallFrame): void {
    if (frame.bh > 1) {
      frame.fail(INVALID_INPUT);
      return;
    }
    if (frame.bh === 1 && (this.memory.readU8(EBDA.mouseFlags2) & HAS_HANDLER) === 0) {
      frame.fail(NO_HANDLER);
      return;
    }
    this.memory.writeU8(EBDA.mouseFlags1, 0);
    const answer = this.command([frame.bh === 1 ? 0xf4 : 0xf5], 0);
    if (answer === null) {
      frame.fail(INTERFACE_ERROR);
      return;
    }
    this.setCommandByte(frame.bh === 1);
    frame.succeed();
  }

  private extended(frame: CallFrame): void {
    if (frame.bh === 0) {
      const answer = this.command([0xe9], 3);
      if (answer === null) {
        frame.fail(INTERFACE_ERROR);
        return;
      }
      frame.succeed();
      frame.bl = answer[0]!;
      frame.cl = answer[1]!;
      frame.dl = answer[2]!;
    } else if (frame.bh <= 2) {
      this.simple(frame, [frame.bh === 1 ? 0xe6 : 0xe7]);
    } else {
      frame.fail(INVALID_INPUT);
    }
  }

  private simple(frame: CallFrame, bytes: number[]): void {
    if (this.command(bytes, 0) === null) frame.fail(INTERFACE_ERROR);
    else frame.succeed();
  }

  /** Opens the mouse's clock, and with `isInterrupting` its interrupt, here and in the interrupt controller. */
  private setCommandByte(isInterrupting: boolean): void {
    const { ports } = this;
    ports.write(0x64, 1, 0x20);
    const current = ports.read(0x60, 1) & 0xff;
    ports.write(0x64, 1, 0x60);
    ports.write(0x60, 1, (current & ~0x22) | (isInterrupting ? 2 : 0));
    if (isInterrupting) {
      ports.write(0xa1, 1, ports.read(0xa1, 1) & ~0x10);
      ports.write(0x21, 1, ports.read(0x21, 1) & ~0x04);
    }
  }

  /** Sends bytes to the mouse, expects an acknowledgement each, then `answerBytes`; null if the mouse stays silent. */
  private command(bytes: number[], answerBytes: number): number[] | null {
    const { ports } = this;
    ports.write(0x64, 1, 0x20);
    const commandByte = ports.read(0x60, 1) & 0xff;
    ports.write(0x64, 1, 0x60);
    // While we talk: interrupts off, keyboard clock off so that keys do not mix in.
    ports.write(0x60, 1, (commandByte | 0x10) & ~0x23);
    let answer: number[] | null = [];
    for (const byte of bytes) {
      ports.write(0x64, 1, 0xd4);
      ports.write(0x60, 1, byte);
      if (this.receive() !== 0xfa) answer = null;
    }
    for (let index = 0; index < answerBytes && answer !== null; index++) {
      const byte = this.receive();
      if (byte === null) answer = null;
      else answer.push(byte);
    }
    ports.write(0x64, 1, 0x60);
    ports.write(0x60, 1, commandByte);
    return answer;
  }

  private receive(): number | null {
    for (let tries = 0; tries < 8; tries++) {
      if ((this.ports.read(0x64, 1) & 1) !== 0) return this.ports.read(0x60, 1) & 0xff;
    }
    return null;
  }

  /** IRQ 12: collects a byte; with a complete packet AX = 1 and BX, CX, DX hold status, x, y for the handler. */
  interrupt(): void {
    const { memory, cpu, ports } = this;
    let isComplete = false;
    if ((ports.read(0x64, 1) & 0x21) === 0x21) {
      const byte = ports.read(0x60, 1) & 0xff;
      const count = memory.readU8(EBDA.mouseFlags1) & 7;
      memory.writeU8(EBDA.mouseBytes + Math.min(count, PACKET_BYTES - 1), byte);
      isComplete = count + 1 >= PACKET_BYTES;
      memory.writeU8(EBDA.mouseFlags1, isComplete ? 0 : count + 1);
    }
    const isWanted = isComplete && (memory.readU8(EBDA.mouseFlags2) & HAS_HANDLER) !== 0;
    if (isWanted) {
      cpu.writeGpr(EBX, memory.readU8(EBDA.mouseBytes));
      cpu.writeGpr(ECX, memory.readU8(EBDA.mouseBytes + 1));
      cpu.writeGpr(EDX, memory.readU8(EBDA.mouseBytes + 2));
    }
    cpu.writeGpr(EAX, isWanted ? 1 : 0);
  }
}
