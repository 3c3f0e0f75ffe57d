// PCI BIOS 2.1: INT 1Ah/B1h and the 32-bit entry found through the BIOS32 directory. [PCI-BIOS-2.1]
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { PCI_IRQS } from '../machine-description.ts';
import { PciConfig } from '../pci-setup.ts';
import { pirSlotEntries } from '../tables/legacy-irq-tables.ts';

const SUCCESSFUL = 0x00;
const FUNC_NOT_SUPPORTED = 0x81;
const BAD_VENDOR_ID = 0x83;
const DEVICE_NOT_FOUND = 0x86;
const BAD_REGISTER_NUMBER = 0x87;
const BUFFER_TOO_SMALL = 0x89;

export class PciBios {
  private readonly context: FirmwareContext;
  private readonly config: PciConfig;

  constructor(context: FirmwareContext) {
    this.context = context;
    this.config = new PciConfig(context.ports);
  }

  /** `isFlat`: called through the 32-bit entry. */
  handle(frame: CallFrame, isFlat: boolean): void {
    switch (frame.al) {
      case 0x01:
        frame.edx = 0x20494350;
        frame.al = 0x01;
        frame.bx = 0x0210;
        frame.cl = 0;
        if (isFlat) frame.edi = 0;
        frame.succeed();
        return;
      case 0x02:
        this.findDevice(frame);
        return;
      case 0x03:
        this.findClass(frame);
        return;
      case 0x06:
        frame.fail(FUNC_NOT_SUPPORTED);
        return;
      case 0x08:
      case 0x09:
      case 0x0a:
      case 0x0b:
      case 0x0c:
      case 0x0d:
        this.access(frame);
        return;
      case 0x0e:
        this.routing(frame, isFlat);
        return;
      default:
        frame.fail(FUNC_NOT_SUPPORTED);
    }
  }

  private report(frame: CallFrame, matches: number[], index: number): void {
    const address = matches[index];
    if (address === undefined) {
      frame.fail(DEVICE_NOT_FOUND);
      return;
    }
    frame.bx = address;
    frame.ah = SUCCESSFUL;
    frame.carry = false;
  }

  private findDevice(frame: CallFrame): void {
    if (frame.dx === 0xffff) {
      frame.fail(BAD_VENDOR_ID);
      return;
    }
    const wanted = ((frame.cx << 16) | frame.dx) >>> 0;
    const matches = this.config.functions().filter((address) => this.config.read(address, 0, 4) === wanted);
    this.report(frame, matches, frame.si);
  }

  private findClass(frame: CallFrame): void {
    const wanted = frame.ecx & 0xffffff;
    const matches = this.config.functions().filter((address) => this.config.read(address, 8, 4) >>> 8 === wanted);
    this.report(frame, matches, frame.si);
  }

  private access(frame: CallFrame): void {
    const size = ([1, 2, 4] as const)[(frame.al - 0x08) % 3]!;
    const isWrite = frame.al >= 0x0b;
    const register = frame.di;
    if (register > 0xff || register % size !== 0) {
      frame.fail(BAD_REGISTER_NUMBER);
      return;
    }
    if (isWrite) {
      const value = size === 1 ? frame.cl : size === 2 ? frame.cx : frame.ecx;
      this.config.write(frame.bx, register, size, value);
    } else {
      const value = this.config.read(frame.bx, register, size);
      if (size === 1) frame.cl = value;
      else if (size === 2) frame.cx = value;
      else frame.ecx = value;
    }
    frame.ah = SUCCESSFUL;
    frame.carry = false;
  }

  /** Routing options: buffer descriptor {size, far pointer} at ES:(E)DI. */
  private routing(frame: CallFrame, isFlat: boolean): void {
    const { linear } = this.context;
    const descriptor = frame.es(isFlat ? frame.edi : frame.di);
    const entries = pirSlotEntries(this.context.machine);
    const room = linear.readU16(descriptor);
    linear.writeU16(descriptor, entries.length);
    if (room < entries.length) {
      frame.fail(BUFFER_TOO_SMALL);
      return;
    }
    const target = isFlat
      ? linear.readU32(descriptor + 2)
      : linear.readU16(descriptor + 4) * 16 + linear.readU16(descriptor + 2);
    linear.write(target, entries);
    frame.bx = PCI_IRQS.reduce((bits, irq) => bits | (1 << irq), 0);
    frame.ah = SUCCESSFUL;
    frame.carry = false;
  }
}
