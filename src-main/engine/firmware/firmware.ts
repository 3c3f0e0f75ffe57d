// The embedded BIOS. ROM code traps here through TRAP_PORT; each service works on guest memory and media directly.
//   const firmware = new Firmware(options)
//   map firmware.roms read-only; 0xc0000-0xeffff must be RAM; reset vCPU 0 to f000:fff0
//   a word written to TRAP_PORT by a vCPU -> at the following instruction boundary `handle(service)`; a returned promise
//   keeps that vCPU halted (devices and clock running) until it settles
// A guest's mistakes never throw; OspiteError kernel.invalid comes out of POST when a given kernel cannot start.
import type { Clock } from '../../core/clock.ts';
import { OspiteError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Device, DeviceState, StateValue } from '../bus/device.ts';
import { type BootDevice, BootService } from './boot/boot-service.ts';
import { OptionRoms } from './boot/option-roms.ts';
import { CallFrame } from './call-frame.ts';
import { type DirectBootPlan, prepareDirectBoot } from './direct-boot/direct-boot.ts';
import { DiskService } from './disk/disk-service.ts';
import { Drives, type Emulation, type FirmwareDrive } from './disk/drives.ts';
import type { FirmwareContext, FirmwarePorts } from './firmware-context.ts';
import { EAX, EBX, ECX, EDI, EDX, ESP, type FirmwareCpu, type FirmwareMemory } from './firmware-cpu.ts';
import { Keyboard } from './keyboard.ts';
import { LinearMemory } from './linear-memory.ts';
import type { MachineDescription } from './machine-description.ts';
import { buildE820, lowUsableEnd } from './memory-map.ts';
import { powerOn } from './post.ts';
import { buildSystemRom } from './rom.ts';
import { SERVICE, SYSTEM_SEGMENT, TRAP_DONE, VIDEO_SEGMENT } from './services.ts';
import { Mouse } from './system/mouse.ts';
import { PciBios } from './system/pci-bios.ts';
import { PortServices } from './system/port-services.ts';
import { SystemService } from './system/system-service.ts';
import { TimeService } from './system/time-service.ts';
import { findVideoMode } from './video/modes.ts';
import { Screen } from './video/screen.ts';
import { VgaPorts } from './video/vga-ports.ts';
import { buildVideoRom, INT_10_ENTRY } from './video/video-rom.ts';
import { VideoService } from './video/video-service.ts';

export interface DirectBootFiles {
  kernel: Uint8Array;
  initrd: Uint8Array | null;
  commandLine: string;
}

export interface FirmwareOptions {
  machine: MachineDescription;
  cpu: FirmwareCpu;
  memory: FirmwareMemory;
  ports: FirmwarePorts;
  clock: Clock;
  log: Logger;
  /** CPUID leaf 1, for the MP table. */
  cpuSignature: { eax: number; edx: number };
  /** In the order of their numbers within each kind. */
  drives: readonly FirmwareDrive[];
  bootOrder: readonly BootDevice[];
  /** Starts a kernel instead of booting from a device. */
  directBoot: DirectBootFiles | null;
  /** PCI option ROM images, such as iPXE. */
  optionRoms: readonly Uint8Array[];
  /** How long the banner waits for F12; 0 does not wait. */
  bootPromptMs: number;
}

/** Where a ROM image is to be seen. */
export interface RomMapping {
  gpa: number;
  bytes: Uint8Array;
}

const STATE_VERSION = 1;

export class Firmware implements Device {
  readonly id = 'firmware';
  /** System ROM at 0xf0000 and at the top of the 32-bit space, both read-only. */
  readonly roms: readonly RomMapping[];
  /**
   * The VGA BIOS, which POST puts at 0xc0000. A foreign BIOS can run it as an option ROM (file "vgaroms/ospite.rom"): its calls
   * come to `handle` like those of our own.
   */
  readonly videoRom: Uint8Array = buildVideoRom();
  /** What the last POST did with a given kernel. */
  directBootPlan: DirectBootPlan | null = null;

  readonly machine: MachineDescription;
  private readonly options: FirmwareOptions;
  /** The last call that took time. */
  private pending: Promise<void> = Promise.resolve();
  private readonly context: FirmwareContext;
  private readonly drives: Drives;
  private readonly disk: DiskService;
  private readonly screen: Screen;
  private readonly video: VideoService;
  private readonly keyboard: Keyboard;
  private readonly mouse: Mouse;
  private readonly system: SystemService;
  private readonly time: TimeService;
  private readonly pciBios: PciBios;
  private readonly portServices: PortServices;
  private readonly optionRoms: OptionRoms;
  private readonly boot: BootService;

  constructor(options: FirmwareOptions) {
    this.options = options;
    this.machine = options.machine;
    const rom = buildSystemRom(options.machine, options.cpuSignature);
    this.roms = [
      { gpa: 0xf0000, bytes: rom.bytes },
      { gpa: 0xffff0000, bytes: rom.bytes },
    ];
    const { machine, cpu, memory, ports, clock, log } = options;
    const context = { machine, cpu, memory, linear: new LinearMemory(cpu, memory), ports, clock, log, rom };
    this.context = context;
    this.drives = new Drives(options.drives);
    this.disk = new DiskService(context, this.drives);
    this.screen = new Screen(context, new VgaPorts(ports));
    this.video = new VideoService(context, this.screen);
    this.keyboard = new Keyboard(context);
    this.mouse = new Mouse(context);
    this.system = new SystemService(context, this.mouse);
    this.time = new TimeService(context);
    this.pciBios = new PciBios(context);
    this.portServices = new PortServices(context);
    this.optionRoms = new OptionRoms(context, options.optionRoms);
    this.boot = new BootService({
      context,
      drives: this.drives,
      disk: this.disk,
      screen: this.screen,
      keyboard: this.keyboard,
      optionRoms: this.optionRoms,
      order: options.bootOrder,
      promptMs: options.bootPromptMs,
    });
  }

  /** Does what ROM code asked for by writing `service` to TRAP_PORT. */
  handle(service: number): void | Promise<void> {
    if (!this.isCalledFromRom()) return undefined;
    switch (service) {
      case SERVICE.POST:
        this.post();
        return undefined;
      case SERVICE.VIDEO_INIT:
        this.initVideo();
        return undefined;
      case SERVICE.OPTION_ROM:
        this.nextOptionRom();
        return undefined;
      case SERVICE.BOOT: {
        const work = this.boot.step();
        if (work !== undefined) this.pending = work;
        return work;
      }
      case SERVICE.NEXT_BOOT:
        this.boot.giveUp();
        return undefined;
      case SERVICE.KEY:
        this.result(this.keyboard.scanCode(this.context.cpu.readGpr(ECX) & 0xff));
        return undefined;
      case SERVICE.MOUSE:
        this.mouse.interrupt();
        return undefined;
      case SERVICE.RTC:
        this.clockInterrupt();
        return undefined;
      default:
        return this.call(service);
    }
  }

  /** The port is for our ROMs alone: another writer gets nothing. */
  private isCalledFromRom(): boolean {
    const { cpu, linear } = this.context;
    const physical = linear.toPhysical((cpu.readSegment('cs').base + cpu.readIp()) >>> 0);
    return (
      physical !== null && ((physical >= 0xf0000 && physical < 0x100000) || (physical >= 0xc0000 && physical < 0xc8000))
    );
  }

  private result(ax: number): void {
    const { cpu } = this.context;
    cpu.writeGpr(EAX, ((cpu.readGpr(EAX) & 0xffff0000) | ax) >>> 0);
  }

  private call(service: number): void | Promise<void> {
    const kind =
      service === SERVICE.PCI_32 || service === SERVICE.APM_32
        ? 'far32'
        : service === SERVICE.APM_16
          ? 'far16'
          : 'interrupt';
    const frame = new CallFrame(this.context.cpu, this.context.linear, kind);
    const work = this.dispatch(service, frame);
    if (work === undefined) {
      frame.store();
      return undefined;
    }
    this.pending = work.then(() => frame.store());
    return this.pending;
  }

  private dispatch(service: number, frame: CallFrame): void | Promise<void> {
    const { memory } = this.context;
    switch (service) {
      case SERVICE.INT_05:
        this.portServices.printScreen(this.screen);
        return undefined;
      case SERVICE.INT_10:
        this.video.handle(frame);
        return undefined;
      case SERVICE.INT_11:
        frame.ax = memory.readU16(0x410);
        return undefined;
      case SERVICE.INT_12:
        frame.ax = memory.readU16(0x413);
        return undefined;
      case SERVICE.INT_13:
        return this.disk.handle(frame);
      case SERVICE.INT_14:
        this.portServices.serial(frame);
        return undefined;
      case SERVICE.INT_15:
        return this.system.handle(frame);
      case SERVICE.INT_16:
        this.keyboard.handle(frame);
        return undefined;
      case SERVICE.INT_17:
        this.portServices.printer(frame);
        return undefined;
      case SERVICE.INT_1A:
        if (frame.ah === 0xb1) this.pciBios.handle(frame, false);
        else this.time.handle(frame);
        return undefined;
      case SERVICE.PCI_32:
        if (frame.ah === 0xb1) this.pciBios.handle(frame, true);
        else frame.fail(0x81);
        return undefined;
      case SERVICE.APM_16:
      case SERVICE.APM_32:
        this.system.apm(frame);
        return undefined;
      default:
        return undefined;
    }
  }

  private post(): void {
    const { context, options } = this;
    powerOn(context);
    context.memory.write(VIDEO_SEGMENT << 4, this.videoRom);
    this.initVideo();
    this.drives.emulation = null;
    this.system.reset();
    this.disk.reset();
    this.boot.reset();
    this.optionRoms.load();
    if (options.directBoot === null) return;
    this.directBootPlan = prepareDirectBoot(context.memory, {
      ...options.directBoot,
      memoryMap: buildE820(context.machine),
      lowUsableEnd: lowUsableEnd(context.machine),
      rsdpAddress: context.rom.rsdpAddress,
      hasLongMode: context.machine.hasLongMode,
    });
    context.cpu.applyState(this.directBootPlan.cpu);
  }

  /** Takes INT 10h (and 42h, 6Dh, its old names) and starts in text mode 3. */
  private initVideo(): void {
    for (const vector of [0x10, 0x42, 0x6d]) {
      this.context.memory.writeU32(vector * 4, ((VIDEO_SEGMENT << 16) | INT_10_ENTRY) >>> 0);
    }
    this.screen.setMode(findVideoMode(3)!, false);
  }

  /** Far-calls the next option ROM at offset 3, which returns into the ROM's scan loop; AX 0 when all are done. */
  private nextOptionRom(): void {
    const { cpu, memory, rom } = this.context;
    const next = this.optionRoms.next();
    if (next === null) {
      this.result(TRAP_DONE);
      return;
    }
    const sp = ((cpu.readGpr(ESP) & 0xffff) - 4) & 0xffff;
    const stack = cpu.readSegment('ss').base + sp;
    memory.writeU16(stack, rom.entry('option_rom_return'));
    memory.writeU16(stack + 2, SYSTEM_SEGMENT);
    cpu.writeGpr(ESP, sp);
    cpu.writeGpr(EAX, next.pciAddress);
    cpu.writeGpr(EBX, 0xffff);
    cpu.writeGpr(EDX, 0xffff);
    cpu.writeGpr(EDI, rom.entry('pnp_header'));
    cpu.writeSegment('es', { ...cpu.readSegment('es'), selector: SYSTEM_SEGMENT, base: SYSTEM_SEGMENT << 4 });
    cpu.writeSegment('cs', { ...cpu.readSegment('cs'), selector: next.segment, base: next.segment << 4 });
    cpu.writeIp(3);
  }

  private clockInterrupt(): void {
    const { isAlarm } = this.time.interrupt();
    this.system.checkEvent();
    this.result(isAlarm ? 1 : 0);
  }

  /** RESET#: the vCPU starts at f000:fff0, and POST puts everything else in order. */
  reset(): void {
    this.drives.emulation = null;
    this.system.reset();
    this.boot.reset();
  }

  /** Lets the call under way come to its end. */
  async quiesce(): Promise<void> {
    await this.pending;
  }

  save(): DeviceState {
    const emulation = this.drives.emulation;
    return {
      version: STATE_VERSION,
      fields: {
        boot: this.boot.save(),
        emulation: emulation === null ? null : { ...emulation, geometry: { ...emulation.geometry } },
        nextOptionRom: this.optionRoms.nextAddress,
        optionRoms: [...this.optionRoms.initialized],
        crtcPort: this.screen.vga.crtcPort,
        disk: this.disk.save(),
        system: this.system.save(),
      },
    };
  }

  restore(state: DeviceState): void {
    if (state.version !== STATE_VERSION) {
      throw new OspiteError(
        'state.incompatible',
        `The firmware cannot read its saved state of version ${state.version}.`,
      );
    }
    const { fields } = state;
    this.boot.restore(record(fields['boot']));
    this.drives.emulation = fields['emulation'] === null ? null : parseEmulation(record(fields['emulation']));
    this.optionRoms.nextAddress = numberOf(fields['nextOptionRom']);
    const roms = fields['optionRoms'];
    this.optionRoms.initialized = Array.isArray(roms) ? roms.map(numberOf) : [];
    this.screen.vga.crtcPort = numberOf(fields['crtcPort']) === 0x3b4 ? 0x3b4 : 0x3d4;
    this.disk.restore(record(fields['disk']));
    this.system.restore(record(fields['system']));
  }
}

function record(value: StateValue | undefined): { [name: string]: StateValue } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array))
    return value;
  throw new OspiteError('state.incompatible', 'The saved state of the firmware is damaged.');
}

function numberOf(value: StateValue | undefined): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new OspiteError('state.incompatible', 'The saved state of the firmware is damaged.');
}

function parseEmulation(fields: { [name: string]: StateValue }): Emulation {
  const geometry = record(fields['geometry']);
  return {
    media: numberOf(fields['media']),
    cdIndex: numberOf(fields['cdIndex']),
    catalogLba: numberOf(fields['catalogLba']),
    imageLba: numberOf(fields['imageLba']),
    loadSegment: numberOf(fields['loadSegment']),
    sectorCount: numberOf(fields['sectorCount']),
    geometry: {
      cylinders: numberOf(geometry['cylinders']),
      heads: numberOf(geometry['heads']),
      sectors: numberOf(geometry['sectors']),
    },
    isActive: fields['isActive'] === true,
  };
}
