// INT 15h/C2h: the PS/2 mouse through the BIOS, as DOS drivers use it, and its interrupt. [PS2-BIOS INT 15h/C2h]
// The handler's address and the packet under way are in the EBDA.
import type { Clock } from '../../../core/clock.ts';
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
const POLL_NS = 200_000;
const ANSWER_LIMIT_NS = 25_000_000;
const rates = [10, 20, 40, 60, 80, 100, 200];

export class Mouse {
  private readonly memory: FirmwareMemory;
  private readonly ports: FirmwarePorts;
  private readonly cpu: FirmwareCpu;
  private readonly clock: Clock;

  constructor(context: FirmwareContext) {
    this.memory = context.memory;
    this.ports = context.ports;
    this.cpu = context.cpu;
    this.clock = context.clock;
  }

  /** The vCPU stands still while the mouse answers, a few milliseconds at most. */
  async handle(frame: CallFrame): Promise<void> {
    const { memory } = this;
    switch (frame.al) {
      case 0x00:
        return await this.enable(frame);
      case 0x01: {
        await this.setCommandByte(false);
        const answer = await this.command([0xff], 2);
        if (answer === null || answer[0] !== 0xaa) {
          frame.fail(INTERFACE_ERROR);
          return;
        }
        frame.succeed();
        frame.bx = (answer[1]! << 8) | 0xaa;
        return;
      }
      case 0x02:
        if (frame.bh < rates.length) return await this.simple(frame, [0xf3, rates[frame.bh]!]);
        frame.fail(INVALID_INPUT);
        return;
      case 0x03:
        if (frame.bh <= 3) return await this.simple(frame, [0xe8, frame.bh]);
        frame.fail(INVALID_INPUT);
        return;
      case 0x04: {
        const answer = await this.command([0xf2], 1);
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
        return await this.simple(frame, [0xf6]);
      case 0x06:
        return await this.extended(frame);
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

  private async enable(frame: CallFrame): Promise<void> {
    if (frame.bh > 1) {
      frame.fail(INVALID_INPUT);
      return;
    }
    if (frame.bh === 1 && (this.memory.readU8(EBDA.mouseFlags2) & HAS_HANDLER) === 0) {
      frame.fail(NO_HANDLER);
      return;
    }
    this.memory.writeU8(EBDA.mouseFlags1, 0);
    const answer = await this.command([frame.bh === 1 ? 0xf4 : 0xf5], 0);
    if (answer === null) {
      frame.fail(INTERFACE_ERROR);
      return;
    }
    await this.setCommandByte(frame.bh === 1);
    frame.succeed();
  }

  private async extended(frame: CallFrame): Promise<void> {
    if (frame.bh === 0) {
      const answer = await this.command([0xe9], 3);
      if (answer === null) {
        frame.fail(INTERFACE_ERROR);
        return;
      }
      frame.succeed();
      frame.bl = answer[0]!;
      frame.cl = answer[1]!;
      frame.dl = answer[2]!;
    } else if (frame.bh <= 2) {
      await this.simple(frame, [frame.bh === 1 ? 0xe6 : 0xe7]);
    } else {
      frame.fail(INVALID_INPUT);
    }
  }

  private async simple(frame: CallFrame, bytes: number[]): Promise<void> {
    if ((await this.command(bytes, 0)) === null) frame.fail(INTERFACE_ERROR);
    else frame.succeed();
  }

  /** Opens the mouse's clock, and with `isInterrupting` its interrupt, here and in the interrupt controller. */
  private async setCommandByte(isInterrupting: boolean): Promise<void> {
    const { ports } = this;
    const current = await this.readCommandByte();
    ports.write(0x64, 1, 0x60);
    ports.write(0x60, 1, (current & ~0x22) | (isInterrupting ? 2 : 0));
    if (isInterrupting) {
      ports.write(0xa1, 1, ports.read(0xa1, 1) & ~0x10);
      ports.write(0x21, 1, ports.read(0x21, 1) & ~0x04);
    }
  }

  /** Sends bytes to the mouse, expects an acknowledgement each, then `answerBytes`; null if the mouse stays silent. */
  private async command(bytes: number[], answerBytes: number): Promise<number[] | null> {
    const { ports } = this;
    const commandByte = await this.readCommandByte();
    ports.write(0x64, 1, 0x60);
    // While we talk: interrupts off, keyboard clock off so that keys do not mix in.
    ports.write(0x60, 1, (commandByte | 0x10) & ~0x23);
    let answer: number[] | null = [];
    for (const byte of bytes) {
      ports.write(0x64, 1, 0xd4);
      ports.write(0x60, 1, byte);
      if ((await this.receive()) !== 0xfa) answer = null;
    }
    for (let index = 0; index < answerBytes && answer !== null; index++) {
      const byte = await this.receive();
      if (byte === null) answer = null;
      else answer.push(byte);
    }
    ports.write(0x64, 1, 0x60);
    ports.write(0x60, 1, commandByte);
    return answer;
  }

  private async readCommandByte(): Promise<number> {
    // A byte already waiting would be taken for the answer.
    for (let count = 0; count < 4 && (this.ports.read(0x64, 1) & 1) !== 0; count++) this.ports.read(0x60, 1);
    this.ports.write(0x64, 1, 0x20);
    return (await this.receive()) ?? 0x45;
  }

  private async receive(): Promise<number | null> {
    for (let waited = 0; waited < ANSWER_LIMIT_NS; waited += POLL_NS) {
      if ((this.ports.read(0x64, 1) & 1) !== 0) return this.ports.read(0x60, 1) & 0xff;
      await this.sleep(POLL_NS);
    }
    return null;
  }

  private sleep(durationNs: number): Promise<void> {
    const { clock } = this;
    return new Promise((resolve) => {
      clock.createTimer(resolve).arm(clock.now() + durationNs);
    });
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
