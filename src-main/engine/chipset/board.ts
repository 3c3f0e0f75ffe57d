// A whole PC board: buses, memory, chipset and firmware interfaces of an i440FX/PIIX machine as QEMU's "pc" type has them, wired
// together. Devices from engine/devices come on top through `contextFor`. The board knows no CPU: it drives one through hooks.
//
//   constructing   createBoard(options)            running   ack(), readMsr(), writeMsr(), ports, mmio
//   firmware       memory, fwCfg, rtc, pci         stopping  reset(), save(), restore()
import type { Clock } from '../../core/clock.ts';
import { OspiteError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Device, DeviceContext, DeviceState, IrqLine, PowerEvents } from '../bus/device.ts';
import { MmioBus } from '../bus/mmio-bus.ts';
import { PortBus } from '../bus/port-bus.ts';
import { GuestMemory } from '../memory/guest-memory.ts';
import type { PhysicalMap } from '../memory/physical-map.ts';
import { AcpiPm } from './acpi-pm.ts';
import { DebugPorts } from './debug-ports.ts';
import { type FirmwareImage, placeFirmware } from './firmware-image.ts';
import { FW_CFG_MAX_CPUS, FW_CFG_NB_CPUS, FW_CFG_NOGRAPHIC, FW_CFG_RAM_SIZE, FwCfg } from './fw-cfg.ts';
import { Hpet } from './hpet.ts';
import { I440fx } from './i440fx.ts';
import { I8042 } from './i8042.ts';
import { type CpuHooks, InterruptHub } from './interrupt-hub.ts';
import type { IoApic } from './ioapic.ts';
import { IsaDma } from './isa-dma.ts';
import { LegacyFpuError } from './legacy-fpu-error.ts';
import type { LocalApic } from './local-apic.ts';
import { PciRoot } from './pci-root.ts';
import type { PicPair } from './pic.ts';
import { Piix3 } from './piix3.ts';
import { Pit } from './pit.ts';
import type { Ps2Keyboard } from './ps2-keyboard.ts';
import type { Ps2Mouse } from './ps2-mouse.ts';
import { Rtc } from './rtc.ts';
import { type PortRegisters, VmwareMouse } from './vmware-mouse.ts';

const MSR_APIC_BASE = 0x1b;
const MSR_TSC_DEADLINE = 0x6e0;
const MSR_X2APIC_FIRST = 0x800;
const MSR_X2APIC_LAST = 0x8ff;

export interface BoardOptions {
  /** The engine's memory (createEngineMemory) and how the processor learns of its map. */
  memory: WebAssembly.Memory;
  ramBytes: number;
  map: PhysicalMap;
  clock: Clock;
  log: Logger;
  /** Requests of the guest. `reset` may be called in the middle of a port write: act on it after the instruction. */
  power: PowerEvents;
  /** One entry per vCPU, the boot processor first. */
  cpus: readonly CpuHooks[];
  /** Rate of the guest's time-stamp counter. */
  tscHz: number;
  /** What the real-time clock shows. */
  rtcBase: 'utc' | 'local';
  /** Gives the machine the VMware mouse, whose port works with more registers than the accumulator. */
  vmwareMouse?: PortRegisters;
  /** CMOS bytes preset before any firmware runs. */
  cmos?: Iterable<readonly [index: number, value: number]>;
  /** A device transferred data: for the status bar. */
  onActivity?: (deviceId: string, kind: 'read' | 'write') => void;
}

export interface Board {
  readonly ports: PortBus;
  readonly mmio: MmioBus;
  readonly memory: GuestMemory;
  readonly interrupts: InterruptHub;
  readonly pic: PicPair;
  readonly ioapic: IoApic;
  readonly lapics: readonly LocalApic[];
  readonly pci: PciRoot;
  readonly piix3: Piix3;
  readonly pit: Pit;
  readonly rtc: Rtc;
  readonly hpet: Hpet;
  readonly keyboard: Ps2Keyboard;
  readonly mouse: Ps2Mouse;
  /** Null where the machine has only the PS/2 mouse. */
  readonly vmwareMouse: VmwareMouse | null;
  readonly pm: AcpiPm;
  readonly fwCfg: FwCfg;
  readonly debug: DebugPorts;
  /** All that has state, in the order of reset and restore. */
  readonly parts: readonly Device[];
  /** What the device called `deviceId` may use of this machine. */
  contextFor(deviceId: string): DeviceContext;
  /** Maps a firmware file (SeaBIOS, OVMF) below 4 GiB and at E0000. @throws {OspiteError} firmware.invalid */
  placeFirmware(image: FirmwareImage): void;
  /** Acknowledges the interrupt of `cpu`: vector, or -1 when there is none any more. */
  ack(cpu?: number): number;
  /** Board-owned MSRs (APIC base, x2APIC, TSC deadline): null if there is no such register now (#GP). */
  readMsr(cpu: number, index: number): { low: number; high: number } | null;
  /** False for #GP. */
  writeMsr(cpu: number, index: number, low: number, high: number): boolean;
  /** The FERR# pin with CR0.NE clear: interrupt 13 until the guest writes port F0h. */
  ferr(): void;
  /** RESET# to every part; devices and processors are the caller's. */
  reset(): void;
  save(): { [id: string]: DeviceState };
  /** @throws {OspiteError} state.incompatible */
  restore(states: { [id: string]: DeviceState }): void;
}

export function createBoard(options: BoardOptions): Board {
  const { clock, log, power } = options;
  const ports = new PortBus();
  const mmio = new MmioBus();
  const memory = new GuestMemory({ memory: options.memory, ramBytes: options.ramBytes, map: options.map, mmio, log });
  const mapPorts: DeviceContext['mapPorts'] = (base, count, handler) => ports.map(base, count, handler);
  const mapMmio: DeviceContext['mapMmio'] = (gpa, lengthBytes, handler) => mmio.map(gpa, lengthBytes, handler);
  const allocateMemory: DeviceContext['allocateMemory'] = (lengthBytes, label) =>
    memory.allocateMemory(lengthBytes, label);

  const hub = new InterruptHub({ cpus: options.cpus, clock, tscHz: options.tscHz, mapPorts, mapMmio });
  const isaIrq = (irq: number): IrqLine => hub.isaLine(irq);
  const pitLine = new GatedLine(isaIrq(0));
  const rtcLine = new GatedLine(isaIrq(8));

  const pci = new PciRoot(
    {
      mapPorts,
      mapMmio,
      allocateMemory,
      sendMsi: (address, data) => hub.sendMsi(address, data),
      setPirq: (index, isAsserted) => piix3.setPirq(index, isAsserted),
      resetControl: {
        read: () => piix3.readResetControl(),
        write: (value) => piix3.writeResetControl(value),
      },
    },
    mapPorts,
  );
  const i440fx = new I440fx(pci, memory);
  const piix3: Piix3 = new Piix3(pci, isaIrq, () => power.reset());
  const pm = new AcpiPm({ clock, log, pci, sci: isaIrq(9), mapPorts, onPowerOff: () => power.powerOff() });
  const pit = new Pit(clock, pitLine, mapPorts);
  const rtc = new Rtc({ clock, irq8: rtcLine, mapPorts, base: options.rtcBase });
  for (const [index, value] of options.cmos ?? []) rtc.setCmos(index, value);
  const hpet = new Hpet({
    clock,
    gsi: (input) => hub.ioapicLine(input),
    isaIrq,
    mapMmio,
    onLegacyChanged: (isLegacy) => {
      pitLine.setOpen(!isLegacy);
      rtcLine.setOpen(!isLegacy);
    },
  });
  const i8042 = new I8042({
    clock,
    irq1: isaIrq(1),
    irq12: isaIrq(12),
    mapPorts,
    setA20: (isEnabled) => power.setA20(isEnabled),
    onReset: () => power.reset(),
  });
  const vmwareMouse = options.vmwareMouse
    ? new VmwareMouse({ registers: options.vmwareMouse, nudge: () => i8042.mouse.nudge(), mapPorts })
    : null;
  const isaDma = new IsaDma(memory.dma, mapPorts);
  const fpuError = new LegacyFpuError(isaIrq(13), mapPorts);
  const fwCfg = new FwCfg(memory.dma, mapPorts);
  describeMachine(fwCfg, memory, options.cpus.length);
  const debug = new DebugPorts(log, mapPorts);

  // Interrupt controllers come first: what later parts do to their lines must find the saved line levels in place.
  const parts: Device[] = [hub.pic, hub.ioapic, ...hub.lapics, i440fx, piix3, pci, pm, pit, rtc, hpet, i8042];
  parts.push(isaDma, fpuError, fwCfg);
  if (vmwareMouse) parts.push(vmwareMouse);

  return {
    ports,
    mmio,
    memory,
    interrupts: hub,
    pic: hub.pic,
    ioapic: hub.ioapic,
    lapics: hub.lapics,
    pci,
    piix3,
    pit,
    rtc,
    hpet,
    keyboard: i8042.keyboard,
    mouse: i8042.mouse,
    vmwareMouse,
    pm,
    fwCfg,
    debug,
    parts,
    contextFor: (deviceId) => ({
      clock,
      log,
      dma: memory.dma,
      pci,
      power,
      isaIrq,
      gsi: (input) => hub.ioapicLine(input),
      isaDma: (channel) => isaDma.channel(channel),
      sendMsi: (address, data) => hub.sendMsi(address, data),
      mapPorts,
      mapMmio,
      allocateMemory,
      activity: (kind, part) => options.onActivity?.(part === undefined ? deviceId : `${deviceId}.${part}`, kind),
    }),
    placeFirmware: (image) => {
      const flash = placeFirmware(image, { allocateMemory, mapMmio });
      if (flash) parts.push(flash);
    },
    ack: (cpu = 0) => hub.ack(cpu),
    readMsr: (cpu, index) => readMsr(hub.lapics[cpu]!, index),
    writeMsr: (cpu, index, low, high) => writeMsr(hub.lapics[cpu]!, index, low, high),
    ferr: () => fpuError.raise(),
    reset: () => {
      for (const part of parts) part.reset();
    },
    save: () => Object.fromEntries(parts.map((part) => [part.id, part.save()])),
    restore: (states) => {
      for (const part of parts) {
        const state = states[part.id];
        if (!state) throw new OspiteError('state.incompatible', `The saved state has no section "${part.id}".`);
        part.restore(state);
      }
      hub.refresh();
    },
  };
}

/** A wire that can be cut: the PIT's and RTC's while the HPET replaces them. */
class GatedLine implements IrqLine {
  readonly #line: IrqLine;
  #isOpen = true;
  #isAsserted = false;

  constructor(line: IrqLine) {
    this.#line = line;
  }

  set(isAsserted: boolean): void {
    this.#isAsserted = isAsserted;
    if (this.#isOpen) this.#line.set(isAsserted);
  }

  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#line.set(isOpen && this.#isAsserted);
  }
}

function readMsr(apic: LocalApic, index: number): { low: number; high: number } | null {
  if (index === MSR_APIC_BASE) return split(apic.base);
  if (index === MSR_TSC_DEADLINE) return split(apic.tscDeadline);
  return index >= MSR_X2APIC_FIRST && index <= MSR_X2APIC_LAST ? apic.x2Read(index) : null;
}

function writeMsr(apic: LocalApic, index: number, low: number, high: number): boolean {
  if (index === MSR_APIC_BASE) return apic.writeBase(low, high);
  if (index === MSR_TSC_DEADLINE) {
    apic.tscDeadline = high * 0x1_0000_0000 + low;
    return true;
  }
  return index >= MSR_X2APIC_FIRST && index <= MSR_X2APIC_LAST && apic.x2Write(index, low, high);
}

function split(value: number): { low: number; high: number } {
  return { low: value % 0x1_0000_0000, high: Math.floor(value / 0x1_0000_0000) };
}

/** The items firmware made for QEMU sizes the machine by; RAM ranges as e820 records {base u64, length u64, type u32}. */
function describeMachine(fwCfg: FwCfg, memory: GuestMemory, cpuCount: number): void {
  fwCfg.setInteger(FW_CFG_RAM_SIZE, memory.ramBytes, 8);
  fwCfg.setInteger(FW_CFG_NOGRAPHIC, 0, 2);
  fwCfg.setInteger(FW_CFG_NB_CPUS, cpuCount, 2);
  fwCfg.setInteger(FW_CFG_MAX_CPUS, cpuCount, 2);
  const ranges = [
    [0, memory.lowRamBytes],
    [0x1_0000_0000, memory.highRamBytes],
  ].filter(([, length]) => length! > 0);
  const e820 = new DataView(new ArrayBuffer(ranges.length * 20));
  ranges.forEach(([base, length], index) => {
    e820.setBigUint64(index * 20, BigInt(base!), true);
    e820.setBigUint64(index * 20 + 8, BigInt(length!), true);
    e820.setUint32(index * 20 + 16, 1, true);
  });
  fwCfg.addFile('etc/e820', new Uint8Array(e820.buffer));
}
