// The registers of a BIOS call: loaded from the processor and the stub's stack, changed by the service, stored back.
// Stack of an INT stub, 16-bit words up from SS:SP: AX, DX, IP, CS, FLAGS. Far-call entries keep EAX and EDX (or AX and DX)
// there and return flags in the processor.
import { EAX, EBP, EBX, ECX, EDI, EDX, ESI, ESP, type FirmwareCpu } from './firmware-cpu.ts';
import type { LinearMemory } from './linear-memory.ts';
import { TRAP_DONE, TRAP_WAIT } from './services.ts';

const CARRY = 0x01;
const ZERO = 0x40;

export type FrameKind = 'interrupt' | 'far16' | 'far32';

/** One call; services read and write the fields, all unsigned 32-bit. */
export class CallFrame {
  eax = 0;
  ecx = 0;
  edx = 0;
  ebx = 0;
  esi = 0;
  edi = 0;
  ebp = 0;
  flags = 0;
  isWaiting = false;
  private readonly cpu: FirmwareCpu;
  private readonly linear: LinearMemory;
  private readonly kind: FrameKind;
  private readonly stack: number;

  constructor(cpu: FirmwareCpu, linear: LinearMemory, kind: FrameKind) {
    this.cpu = cpu;
    this.linear = linear;
    this.kind = kind;
    const segment = cpu.readSegment('ss');
    const isWideStack = (segment.access & 0x4000) !== 0;
    this.stack = segment.base + (isWideStack ? cpu.readGpr(ESP) : cpu.readGpr(ESP) & 0xffff);
    this.ecx = cpu.readGpr(ECX);
    this.ebx = cpu.readGpr(EBX);
    this.esi = cpu.readGpr(ESI);
    this.edi = cpu.readGpr(EDI);
    this.ebp = cpu.readGpr(EBP);
    if (kind === 'far32') {
      this.eax = linear.readU32(this.stack);
      this.edx = linear.readU32(this.stack + 4);
    } else {
      this.eax = ((cpu.readGpr(EAX) & 0xffff0000) | linear.readU16(this.stack)) >>> 0;
      this.edx = ((cpu.readGpr(EDX) & 0xffff0000) | linear.readU16(this.stack + 2)) >>> 0;
    }
    this.flags = kind === 'interrupt' ? linear.readU16(this.stack + 8) : cpu.readFlags();
  }

  /** Writes everything back; the stub then returns to the caller, or waits and asks again. */
  store(): void {
    const { cpu, linear } = this;
    const result = this.isWaiting ? TRAP_WAIT : TRAP_DONE;
    cpu.writeGpr(ECX, this.ecx);
    cpu.writeGpr(EBX, this.ebx);
    cpu.writeGpr(ESI, this.esi);
    cpu.writeGpr(EDI, this.edi);
    cpu.writeGpr(EBP, this.ebp);
    if (this.kind === 'far32') {
      linear.writeU32(this.stack, this.eax);
      linear.writeU32(this.stack + 4, this.edx);
      cpu.writeFlags(this.flags);
      return;
    }
    linear.writeU16(this.stack, this.eax & 0xffff);
    linear.writeU16(this.stack + 2, this.edx & 0xffff);
    cpu.writeGpr(EAX, ((this.eax & 0xffff0000) | result) >>> 0);
    cpu.writeGpr(EDX, this.edx);
    if (this.kind === 'interrupt') linear.writeU16(this.stack + 8, this.flags & 0xffff);
    else cpu.writeFlags(this.flags);
  }

  get ax(): number {
    return this.eax & 0xffff;
  }
  set ax(value: number) {
    this.eax = ((this.eax & 0xffff0000) | (value & 0xffff)) >>> 0;
  }
  get al(): number {
    return this.eax & 0xff;
  }
  set al(value: number) {
    this.eax = ((this.eax & 0xffffff00) | (value & 0xff)) >>> 0;
  }
  get ah(): number {
    return (this.eax >>> 8) & 0xff;
  }
  set ah(value: number) {
    this.eax = ((this.eax & 0xffff00ff) | ((value & 0xff) << 8)) >>> 0;
  }
  get bx(): number {
    return this.ebx & 0xffff;
  }
  set bx(value: number) {
    this.ebx = ((this.ebx & 0xffff0000) | (value & 0xffff)) >>> 0;
  }
  get bl(): number {
    return this.ebx & 0xff;
  }
  set bl(value: number) {
    this.ebx = ((this.ebx & 0xffffff00) | (value & 0xff)) >>> 0;
  }
  get bh(): number {
    return (this.ebx >>> 8) & 0xff;
  }
  set bh(value: number) {
    this.ebx = ((this.ebx & 0xffff00ff) | ((value & 0xff) << 8)) >>> 0;
  }
  get cx(): number {
    return this.ecx & 0xffff;
  }
  set cx(value: number) {
    this.ecx = ((this.ecx & 0xffff0000) | (value & 0xffff)) >>> 0;
  }
  get cl(): number {
    return this.ecx & 0xff;
  }
  set cl(value: number) {
    this.ecx = ((this.ecx & 0xffffff00) | (value & 0xff)) >>> 0;
  }
  get ch(): number {
    return (this.ecx >>> 8) & 0xff;
  }
  set ch(value: number) {
    this.ecx = ((this.ecx & 0xffff00ff) | ((value & 0xff) << 8)) >>> 0;
  }
  get dx(): number {
    return this.edx & 0xffff;
  }
  set dx(value: number) {
    this.edx = ((this.edx & 0xffff0000) | (value & 0xffff)) >>> 0;
  }
  get dl(): number {
    return this.edx & 0xff;
  }
  set dl(value: number) {
    this.edx = ((this.edx & 0xffffff00) | (value & 0xff)) >>> 0;
  }
  get dh(): number {
    return (this.edx >>> 8) & 0xff;
  }
  set dh(value: number) {
    this.edx = ((this.edx & 0xffff00ff) | ((value & 0xff) << 8)) >>> 0;
  }
  get si(): number {
    return this.esi & 0xffff;
  }
  set si(value: number) {
    this.esi = ((this.esi & 0xffff0000) | (value & 0xffff)) >>> 0;
  }
  get di(): number {
    return this.edi & 0xffff;
  }
  set di(value: number) {
    this.edi = ((this.edi & 0xffff0000) | (value & 0xffff)) >>> 0;
  }
  get bp(): number {
    return this.ebp & 0xffff;
  }
  set bp(value: number) {
    this.ebp = ((this.ebp & 0xffff0000) | (value & 0xffff)) >>> 0;
  }

  /** Linear address of ES:offset; offset is 16 bits in real mode. */
  es(offset: number): number {
    return this.cpu.readSegment('es').base + offset;
  }
  ds(offset: number): number {
    return this.cpu.readSegment('ds').base + offset;
  }

  /** Loads ES in real or virtual-8086 mode. */
  setEs(selector: number): void {
    const current = this.cpu.readSegment('es');
    this.cpu.writeSegment('es', { ...current, selector, base: selector << 4 });
  }
  setDs(selector: number): void {
    const current = this.cpu.readSegment('ds');
    this.cpu.writeSegment('ds', { ...current, selector, base: selector << 4 });
  }

  set carry(isSet: boolean) {
    this.flags = isSet ? this.flags | CARRY : this.flags & ~CARRY;
  }
  set zero(isSet: boolean) {
    this.flags = isSet ? this.flags | ZERO : this.flags & ~ZERO;
  }

  /** Fails the call: carry set, `code` in AH. */
  fail(code: number): void {
    this.ah = code;
    this.carry = true;
  }
  succeed(): void {
    this.ah = 0;
    this.carry = false;
  }
  /** Lets interrupts run, then enters the service again with the caller's registers. */
  wait(): void {
    this.isWaiting = true;
  }
}
