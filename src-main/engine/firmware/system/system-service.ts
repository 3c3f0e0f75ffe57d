// INT 15h: memory sizes and moves, A20, waiting, configuration, APM, the PS/2 mouse (mouse.ts). [PS2-BIOS,
// ACPI-6.5 §15, APM-BIOS-1.2]
import type { StateValue } from '../../bus/device.ts';
import { BDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { PM_IO_BASE } from '../machine-description.ts';
import { buildE820, EBDA_SEGMENT, lowUsableEnd } from '../memory-map.ts';
import { CONFIGURATION_TABLE } from '../rom.ts';
import { SYSTEM_SEGMENT } from '../services.ts';
import type { Mouse } from './mouse.ts';

const NOT_SUPPORTED = 0x86;
const SMAP = 0x534d4150;
const KIB = 1024;
const MIB = 1024 * KIB;
/**
 * The last part of a wait is slept through by the vCPU, to end in time; before that, interrupts run. Shorter than a timer tick,
 * so that the interrupt controller's latch loses none.
 */
const SHORT_WAIT_NS = 54_000_000;
const A20_PORT = 0x92;

export class SystemService {
  private readonly context: FirmwareContext;
  private readonly mouse: Mouse;
  /** Guest time at which INT 15h/86h under way ends, or null. */
  private waitUntilNs: number | null = null;
  /** Guest time at which INT 15h/83h sets its flag, or null. */
  private eventAtNs: number | null = null;

  constructor(context: FirmwareContext, mouse: Mouse) {
    this.context = context;
    this.mouse = mouse;
  }

  reset(): void {
    this.waitUntilNs = null;
    this.eventAtNs = null;
  }

  save(): { [name: string]: StateValue } {
    return { waitUntilNs: this.waitUntilNs, eventAtNs: this.eventAtNs };
  }

  restore(fields: { [name: string]: StateValue }): void {
    const time = (value: StateValue | undefined): number | null => (typeof value === 'number' ? value : null);
    this.waitUntilNs = time(fields['waitUntilNs']);
    this.eventAtNs = time(fields['eventAtNs']);
  }

  /** Called at each RTC interrupt: event waits set their flag there, as on the AT. */
  checkEvent(): void {
    if (this.eventAtNs === null || this.context.clock.now() < this.eventAtNs) return;
    const pointer = this.context.memory.readU32(BDA.waitUserFlag);
    const address = (pointer >>> 16) * 16 + (pointer & 0xffff);
    this.context.memory.writeU8(address, this.context.memory.readU8(address) | 0x80);
    this.cancelEvent();
  }

  private cancelEvent(): void {
    this.eventAtNs = null;
    this.context.memory.writeU8(BDA.waitActive, 0);
    setPeriodicInterrupt(this.context, false);
  }

  handle(frame: CallFrame): void | Promise<void> {
    switch (frame.ah) {
      case 0x24:
        this.gateA20(frame);
        return;
      case 0x4f:
        // Nothing is translated: carry stays as the keyboard interrupt set it.
        return;
      case 0x53:
        this.apm(frame);
        return;
      case 0x83:
        this.eventWait(frame);
        return;
      case 0x86:
        return this.wait(frame);
      case 0x87:
        this.blockMove(frame);
        return;
      case 0x88:
        frame.ax = Math.min((lowUsableEnd(this.context.machine) - MIB) / KIB, 0xfc00);
        frame.carry = false;
        return;
      case 0x85:
      case 0x90:
      case 0x91:
        frame.succeed();
        return;
      case 0xc0:
        frame.setEs(SYSTEM_SEGMENT);
        frame.bx = CONFIGURATION_TABLE;
        frame.succeed();
        return;
      case 0xc1:
        frame.setEs(EBDA_SEGMENT);
        frame.succeed();
        return;
      case 0xc2:
        return this.mouse.handle(frame);
      case 0xe8:
        this.extendedMemory(frame);
        return;
      default:
        frame.fail(NOT_SUPPORTED);
    }
  }

  private gateA20(frame: CallFrame): void {
    const { ports } = this.context;
    const value = ports.read(A20_PORT, 1) & 0xff;
    switch (frame.al) {
      case 0:
      case 1:
        // Bit 0 would reset the machine.
        ports.write(A20_PORT, 1, (frame.al === 1 ? value | 2 : value & ~2) & ~1);
        frame.succeed();
        return;
      case 2:
        frame.succeed();
        frame.al = (value >> 1) & 1;
        return;
      case 3:
        frame.succeed();
        frame.bx = 3;
        return;
      default:
        frame.fail(NOT_SUPPORTED);
    }
  }

  private extendedMemory(frame: CallFrame): void {
    if (frame.al === 0x20) {
      this.memoryMap(frame);
      return;
    }
    if (frame.al !== 0x01 && frame.al !== 0x81) {
      frame.fail(NOT_SUPPORTED);
      return;
    }
    const end = lowUsableEnd(this.context.machine);
    const below16 = (Math.min(end, 16 * MIB) - MIB) / KIB;
    const above16 = Math.floor(Math.max(end - 16 * MIB, 0) / (64 * KIB));
    if (frame.al === 0x01) {
      frame.ax = below16;
      frame.bx = above16;
      frame.cx = below16;
      frame.dx = above16;
    } else {
      frame.eax = below16;
      frame.ebx = above16;
      frame.ecx = below16;
      frame.edx = above16;
    }
    frame.carry = false;
  }

  private memoryMap(frame: CallFrame): void {
    const entries = buildE820(this.context.machine);
    const entry = entries[frame.ebx];
    if (frame.edx !== SMAP || entry === undefined || frame.ecx < 20) {
      frame.fail(NOT_SUPPORTED);
      return;
    }
    const record = new Uint8Array(24);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, BigInt(entry.base), true);
    view.setBigUint64(8, BigInt(entry.lengthBytes), true);
    view.setUint32(16, entry.type, true);
    // Extended attributes: enabled. [ACPI-6.5 §15.1]
    view.setUint32(20, 1, true);
    const lengthBytes = frame.ecx >= 24 ? 24 : 20;
    this.context.linear.write(frame.es(frame.di), record.subarray(0, lengthBytes));
    frame.eax = SMAP;
    frame.ecx = lengthBytes;
    frame.ebx = frame.ebx + 1 < entries.length ? frame.ebx + 1 : 0;
    frame.carry = false;
  }

  /** Copies CX words between the segments of the caller's descriptor table at ES:SI. */
  private blockMove(frame: CallFrame): void {
    const { linear, memory } = this.context;
    const base = (descriptor: number): number => {
      const at = frame.es(frame.si) + descriptor * 8;
      return (linear.readU32(at + 2) & 0xffffff) + linear.readU8(at + 7) * 0x1000000;
    };
    const lengthBytes = frame.cx * 2;
    if (lengthBytes > 0x10000) {
      frame.fail(1);
      return;
    }
    const bytes = new Uint8Array(lengthBytes);
    memory.read(base(2), bytes);
    memory.write(base(3), bytes);
    frame.succeed();
    frame.zero = true;
  }

  /** CX:DX microseconds. */
  private wait(frame: CallFrame): void | Promise<void> {
    const { clock } = this.context;
    if (this.waitUntilNs === null) {
      this.waitUntilNs = clock.now() + (frame.cx * 0x10000 + frame.dx) * 1000;
    }
    const remaining = this.waitUntilNs - clock.now();
    if (remaining <= 0) {
      this.waitUntilNs = null;
      frame.succeed();
      return undefined;
    }
    if (remaining > SHORT_WAIT_NS) {
      frame.wait();
      return undefined;
    }
    const deadline = this.waitUntilNs;
    this.waitUntilNs = null;
    return new Promise((resolve) => {
      clock
        .createTimer(() => {
          frame.succeed();
          resolve();
        })
        .arm(deadline);
    });
  }

  /** AL 0 starts: flag byte at ES:BX gets bit 7 after CX:DX microseconds; AL 1 cancels. */
  private eventWait(frame: CallFrame): void {
    const { memory, clock, cpu } = this.context;
    if (frame.al === 1) {
      this.cancelEvent();
      frame.succeed();
    } else if (frame.al !== 0 || this.eventAtNs !== null) {
      frame.fail(NOT_SUPPORTED);
    } else {
      this.eventAtNs = clock.now() + (frame.cx * 0x10000 + frame.dx) * 1000;
      memory.writeU32(BDA.waitUserFlag, ((cpu.readSegment('es').selector << 16) | frame.bx) >>> 0);
      memory.writeU8(BDA.waitActive, 1);
      setPeriodicInterrupt(this.context, true);
      frame.succeed();
    }
  }

  /** Advanced Power Management: enough to idle and to switch off. */
  apm(frame: CallFrame): void {
    const { rom } = this.context;
    switch (frame.al) {
      case 0x00:
        frame.bx = 0x504d;
        frame.ah = 1;
        frame.al = 2;
        // 16-bit and 32-bit protected-mode interfaces.
        frame.cx = 3;
        frame.carry = false;
        return;
      case 0x01:
        frame.succeed();
        return;
      case 0x02:
        frame.succeed();
        frame.ax = SYSTEM_SEGMENT;
        frame.bx = rom.entry('apm16');
        frame.cx = SYSTEM_SEGMENT;
        frame.si = 0xffff;
        frame.di = 0xffff;
        return;
      case 0x03:
        frame.succeed();
        frame.ax = SYSTEM_SEGMENT;
        frame.ebx = rom.entry('apm32');
        frame.cx = SYSTEM_SEGMENT;
        frame.dx = SYSTEM_SEGMENT;
        frame.esi = 0xffffffff;
        frame.di = 0xffff;
        return;
      case 0x04:
        frame.succeed();
        return;
      case 0x05:
      case 0x06:
      case 0x08:
      case 0x0d:
      case 0x0f:
      case 0x10:
        frame.succeed();
        return;
      case 0x07:
        this.setPowerState(frame);
        return;
      case 0x0a:
        // On line power, no battery.
        frame.succeed();
        frame.bx = 0x01ff;
        frame.cx = 0x80ff;
        frame.dx = 0xffff;
        frame.si = 0;
        return;
      case 0x0b:
        frame.fail(0x80);
        return;
      case 0x0c:
        frame.succeed();
        frame.cx = 0;
        return;
      case 0x0e:
        frame.carry = false;
        frame.ax = 0x0102;
        return;
      default:
        frame.fail(NOT_SUPPORTED);
    }
  }

  private setPowerState(frame: CallFrame): void {
    const OFF = 3;
    frame.succeed();
    if (frame.bx === 1 && frame.cx === OFF) {
      const SLP_EN = 0x2000;
      this.context.ports.write(PM_IO_BASE + 4, 2, SLP_EN);
    }
  }
}

/** RTC periodic interrupt at 1024 Hz, and its line. */
function setPeriodicInterrupt(context: FirmwareContext, isOn: boolean): void {
  const { ports } = context;
  ports.write(0x70, 1, 0x0b);
  const status = ports.read(0x71, 1) & 0xff;
  ports.write(0x70, 1, 0x0b);
  ports.write(0x71, 1, isOn ? status | 0x40 : status & ~0x40);
  if (isOn) ports.write(0xa1, 1, ports.read(0xa1, 1) & ~1);
}
