// What the machine does at power-on and reset: the embedded BIOS (which also starts kernels given directly) or a firmware file.

import type { MachineSettings } from '../contract/machine.ts';
import type { BlockBackend, RemovableBackend } from '../core/backends/block.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Board } from './chipset/board.ts';
import { INTR_EXIT } from './cpu/core/layout.ts';
import type { CpuidTable } from './cpu/cpuid-model.ts';
import { SoftwareFirmwareCpu } from './cpu/firmware-access.ts';
import type { SoftwareCpu } from './cpu/software-cpu.ts';
import { cmosContents } from './firmware/cmos.ts';
import type { FirmwareDrive } from './firmware/disk/drives.ts';
import { withDisplayWindow } from './firmware/display-window-memory.ts';
import { Firmware } from './firmware/firmware.ts';
import { buildFwCfg } from './firmware/fw-cfg-files.ts';
import type { LegacyPort, MachineDescription } from './firmware/machine-description.ts';
import { TRAP_PORT } from './firmware/services.ts';
import type { BootFiles } from './machine-media.ts';
import type { PlannedDevice } from './machine-plan.ts';

export interface MachineFirmwareOptions {
  settings: MachineSettings;
  files: BootFiles;
  plan: readonly PlannedDevice[];
  board: Board;
  cpu: SoftwareCpu;
  cpuid: CpuidTable;
  clock: Clock;
  log: Logger;
  uuid: Uint8Array;
  version: string;
  disk(attachment: number): BlockBackend | null;
  drive(attachment: number): RemovableBackend | null;
}

const COM_PORTS: readonly LegacyPort[] = [
  { ioPort: 0x3f8, irq: 4 },
  { ioPort: 0x2f8, irq: 3 },
  { ioPort: 0x3e8, irq: 4 },
  { ioPort: 0x2e8, irq: 3 },
];
/** How long the banner waits for F12. */
const BOOT_PROMPT_MS = 1000;
/** Host bridge registers that turn C0000-EFFFF into RAM [82441FX §3.2.18], at bus 0, slot 0. */
const PAM_FIRST = 0x5a;
const PAM_LAST = 0x5f;
const PAM_RAM = 0x33;

export class MachineFirmware {
  readonly #options: MachineFirmwareOptions;
  readonly #cpu: SoftwareFirmwareCpu;
  readonly #bios: Firmware;
  /** False while a firmware file runs the machine: then only our display ROM may call. */
  readonly #isBiosInCharge: boolean;
  #service: number | null = null;

  /** @throws {OspiteError} firmware.invalid */
  constructor(options: MachineFirmwareOptions) {
    this.#options = options;
    this.#cpu = new SoftwareFirmwareCpu(options.cpu);
    this.#isBiosInCharge = options.settings.firmware.kind === 'bios';
    this.#bios = this.#buildBios();
    if (this.#isBiosInCharge) this.#mapRoms();
    else this.#placeFile();
  }

  /** After the processor's and the board's reset. */
  powerOn(): void {
    this.#service = null;
    this.#bios.reset();
    if (!this.#isBiosInCharge) return;
    const { ports } = this.#options.board;
    for (let register = PAM_FIRST; register <= PAM_LAST; register++) {
      ports.write(0xcf8, 4, (0x80000000 | (register & 0xfc)) >>> 0);
      ports.write(0xcfc + (register & 3), 1, PAM_RAM);
    }
  }

  /** Puts the firmware's changes of processor state into effect; call before the processor runs. */
  commit(): void {
    this.#cpu.commit();
  }

  /** Does what ROM code asked for, if it did; a promise must settle before the processor goes on. @throws {OspiteError} kernel.invalid */
  serve(): Promise<void> | null {
    const service = this.#service;
    if (service === null) return null;
    this.#service = null;
    return this.#bios.handle(service) ?? null;
  }

  #buildBios(): Firmware {
    const { board, cpu, cpuid, settings, files, clock, log } = this.#options;
    const bios = new Firmware({
      machine: this.#describe(),
      cpu: this.#cpu,
      memory: withDisplayWindow(board.memory.dma, board.mmio),
      ports: board.ports,
      clock,
      log,
      cpuSignature: { eax: cpuid.signature, edx: cpuid.leaves.find((leaf) => leaf.leaf === 1)?.edx ?? 0 },
      drives: this.#drives(),
      bootOrder: settings.bootOrder,
      directBoot: files.kernel
        ? { kernel: files.kernel, initrd: files.initrd, commandLine: settings.directBoot?.append ?? '' }
        : null,
      optionRoms: [],
      bootPromptMs: BOOT_PROMPT_MS,
    });
    board.ports.map(TRAP_PORT, 1, {
      read: (_port, size) => (size === 1 ? 0xff : 0xffff),
      write: (_port, size, value) => {
        if (size !== 2) return;
        this.#service = value & 0xffff;
        cpu.raise(INTR_EXIT);
      },
    });
    return bios;
  }

  #mapRoms(): void {
    const { board } = this.#options;
    for (const { gpa, bytes } of this.#bios.roms) {
      const rom = board.contextFor(this.#bios.id).allocateMemory(bytes.length, 'BIOS');
      rom.bytes.set(bytes);
      rom.mapAt(gpa, { writable: false, logDirty: false });
    }
  }

  #placeFile(): void {
    const { board, files, settings } = this.#options;
    board.placeFirmware({
      code: files.firmware ?? new Uint8Array(0),
      ...(files.firmwareVariables ? { vars: files.firmwareVariables } : {}),
    });
    for (const [index, value] of [...cmosContents(this.#describe()), ...bootOrderCmos(settings.bootOrder)])
      board.rtc.setCmos(index, value);
    const contents = buildFwCfg(this.#describe(), {
      bootPaths: [],
      hasBootMenu: true,
      bootPromptMs: BOOT_PROMPT_MS,
      directBoot: files.kernel
        ? { kernel: files.kernel, initrd: files.initrd, commandLine: settings.directBoot?.append ?? '' }
        : null,
      // Firmware without a display ROM of its own shows its picture through ours.
      roms: files.vgaBios ? [] : [{ name: 'vgaroms/ospite.rom', bytes: this.#bios.videoRom }],
    });
    for (const [key, bytes] of contents.items) board.fwCfg.setItem(key, bytes);
    for (const { name, bytes } of contents.files) board.fwCfg.addFile(name, bytes);
  }

  #drives(): FirmwareDrive[] {
    const { settings, disk, drive } = this.#options;
    return settings.storage.flatMap((attachment, index): FirmwareDrive[] => {
      const label = attachment.path === null ? 'empty' : (attachment.path.split(/[/\\]/).at(-1) ?? '');
      if (attachment.type === 'disk') {
        const backend = disk(index);
        return backend ? [{ kind: 'disk', label, backend }] : [];
      }
      const removable = drive(index);
      return removable ? [{ kind: attachment.type, label, drive: removable }] : [];
    });
  }

  #describe(): MachineDescription {
    const { board, settings, cpuid, plan, uuid, version } = this.#options;
    return {
      lowMemoryBytes: board.memory.lowRamBytes,
      highMemoryBytes: board.memory.highRamBytes,
      vcpuCount: settings.cpus,
      hasLongMode: cpuid.features.has('lm'),
      hasHpet: true,
      hasIoApic: true,
      serialPorts: plan.flatMap(({ config }) => (config.kind === 'serial' ? [COM_PORTS[config.port - 1]!] : [])),
      parallelPorts: [],
      floppyDrives: settings.storage.filter((attachment) => attachment.type === 'floppy').length,
      isaBridgeSlot: 1,
      uuid,
      productName: 'Ospite virtual machine',
      serialNumber: '0',
      version,
    };
  }
}

/** Where firmware made for QEMU and Bochs looks for the boot order: a nibble each, the first in the low half of 3Dh. */
function bootOrderCmos(order: MachineSettings['bootOrder']): [index: number, value: number][] {
  const codes = { floppy: 1, disk: 2, cdrom: 3, net: 4 };
  const [first = 0, second = 0, third = 0] = order.map((device) => codes[device]);
  return [
    [0x3d, first | (second << 4)],
    [0x38, (third << 4) | 1],
  ];
}
