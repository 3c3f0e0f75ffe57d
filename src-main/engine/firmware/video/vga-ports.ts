// Register access to the display adapter as its BIOS does it: indexed ports, the attribute flip-flop, DAC and DISPI.
import type { FirmwarePorts } from '../firmware-context.ts';

export class VgaPorts {
  private readonly ports: FirmwarePorts;
  /** 0x3d4, or 0x3b4 in monochrome modes. */
  crtcPort = 0x3d4;

  constructor(ports: FirmwarePorts) {
    this.ports = ports;
  }

  private indexed(port: number, index: number, value: number): void {
    this.ports.write(port, 1, index);
    this.ports.write(port + 1, 1, value & 0xff);
  }

  private readIndexed(port: number, index: number): number {
    this.ports.write(port, 1, index);
    return this.ports.read(port + 1, 1) & 0xff;
  }

  misc(value: number): void {
    this.ports.write(0x3c2, 1, value);
  }
  readMisc(): number {
    return this.ports.read(0x3cc, 1) & 0xff;
  }
  sequencer(index: number, value: number): void {
    this.indexed(0x3c4, index, value);
  }
  readSequencer(index: number): number {
    return this.readIndexed(0x3c4, index);
  }
  graphics(index: number, value: number): void {
    this.indexed(0x3ce, index, value);
  }
  readGraphics(index: number): number {
    return this.readIndexed(0x3ce, index);
  }
  crtc(index: number, value: number): void {
    this.indexed(this.crtcPort, index, value);
  }
  readCrtc(index: number): number {
    return this.readIndexed(this.crtcPort, index);
  }

  /** Writes an attribute register and turns the picture on again (index bit 5). */
  attribute(index: number, value: number): void {
    this.ports.read(this.crtcPort + 6, 1);
    this.ports.write(0x3c0, 1, index);
    this.ports.write(0x3c0, 1, value & 0xff);
    this.ports.write(0x3c0, 1, 0x20);
  }
  readAttribute(index: number): number {
    this.ports.read(this.crtcPort + 6, 1);
    this.ports.write(0x3c0, 1, index);
    const value = this.ports.read(0x3c1, 1) & 0xff;
    this.ports.read(this.crtcPort + 6, 1);
    this.ports.write(0x3c0, 1, 0x20);
    return value;
  }

  /** `colors`: red, green, blue triples as the DAC takes them. */
  dac(first: number, colors: ArrayLike<number>): void {
    this.ports.write(0x3c8, 1, first);
    for (let index = 0; index < colors.length; index++) this.ports.write(0x3c9, 1, colors[index]!);
  }
  readDac(first: number, count: number): Uint8Array {
    this.ports.write(0x3c7, 1, first);
    return Uint8Array.from({ length: count * 3 }, () => this.ports.read(0x3c9, 1) & 0xff);
  }
  dacMask(value: number): void {
    this.ports.write(0x3c6, 1, value);
  }
  readDacMask(): number {
    return this.ports.read(0x3c6, 1) & 0xff;
  }

  dispi(index: number, value: number): void {
    this.ports.write(0x1ce, 2, index);
    this.ports.write(0x1cf, 2, value & 0xffff);
  }
  readDispi(index: number): number {
    this.ports.write(0x1ce, 2, index);
    return this.ports.read(0x1cf, 2) & 0xffff;
  }
}

export const DISPI = {
  ID: 0,
  XRES: 1,
  YRES: 2,
  BPP: 3,
  ENABLE: 4,
  BANK: 5,
  VIRT_WIDTH: 6,
  VIRT_HEIGHT: 7,
  X_OFFSET: 8,
  Y_OFFSET: 9,
  VIDEO_MEMORY_64K: 10,
} as const;
export const DISPI_ENABLED = 0x01;
export const DISPI_8BIT_DAC = 0x20;
export const DISPI_LFB = 0x40;
export const DISPI_NOCLEARMEM = 0x80;
