// INT 19h: banner, F12 menu, trying devices in order, and the screen when nothing boots. The ROM calls `step` again after
// each interrupt until an operating system has been started, so nothing here waits.

import { OspiteError } from '../../../core/errors.ts';
import type { StateValue } from '../../bus/device.ts';
import type { DiskService } from '../disk/disk-service.ts';
import { emulatedNumber } from '../disk/drive-tables.ts';
import { type Drives, FIRST_CD, FIRST_DISK, readBytes } from '../disk/drives.ts';
import { findBootImage } from '../disk/el-torito.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import type { CpuEntryState } from '../firmware-cpu.ts';
import { EBX, EDI, EDX, realModeEntry, realSegment } from '../firmware-cpu.ts';
import type { Keyboard } from '../keyboard.ts';
import { SYSTEM_SEGMENT } from '../services.ts';
import { findVideoMode } from '../video/modes.ts';
import type { Screen } from '../video/screen.ts';
import { type BootAttempt, drawBanner, drawMenu, drawNothingBoots, sizeText } from './boot-screens.ts';
import type { OptionRoms } from './option-roms.ts';

export type BootDevice = 'disk' | 'cdrom' | 'floppy' | 'net';

interface Candidate {
  device: BootDevice;
  /** Index among its kind. */
  index: number;
  label: string;
}

type Phase = 'start' | 'prompt' | 'menu' | 'boot' | 'started' | 'failed';

const BOOT_ADDRESS = 0x7c00;
const KEY_F12 = 0x8600;
const KEY_ESCAPE = 0x011b;
const KEY_ENTER = 0x1c0d;
const KEYPAD_ENTER = 0xe00d;
const SCAN_UP = 0x48;
const SCAN_DOWN = 0x50;
const deviceNames: Record<BootDevice, string> = { disk: 'Disk', cdrom: 'CD/DVD', floppy: 'Floppy', net: 'Network' };

export interface BootServiceParts {
  context: FirmwareContext;
  drives: Drives;
  disk: DiskService;
  screen: Screen;
  keyboard: Keyboard;
  optionRoms: OptionRoms;
  order: readonly BootDevice[];
  promptMs: number;
}

export class BootService {
  private readonly parts: BootServiceParts;
  private phase: Phase = 'start';
  private promptEndsNs = 0;
  private selected = 0;
  private next = 0;
  /** Index of the one candidate that the menu chose, or null for the whole order. */
  private chosen: number | null = null;
  private attempts: BootAttempt[] = [];

  constructor(parts: BootServiceParts) {
    this.parts = parts;
  }

  reset(): void {
    this.phase = 'start';
    this.restart(null);
  }

  private restart(chosen: number | null): void {
    this.next = 0;
    this.chosen = chosen;
    this.attempts = [];
  }

  save(): { [name: string]: StateValue } {
    return {
      phase: this.phase,
      promptEndsNs: this.promptEndsNs,
      selected: this.selected,
      next: this.next,
      chosen: this.chosen,
      attempts: this.attempts.map(({ label, reason }) => ({ label, reason })),
    };
  }

  restore(fields: { [name: string]: StateValue }): void {
    const number = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0);
    const phases: readonly Phase[] = ['start', 'prompt', 'menu', 'boot', 'started', 'failed'];
    this.phase = phases.find((phase) => phase === fields['phase']) ?? 'start';
    this.promptEndsNs = number('promptEndsNs');
    this.selected = number('selected');
    this.next = number('next');
    this.chosen = typeof fields['chosen'] === 'number' ? fields['chosen'] : null;
    this.attempts = Array.isArray(fields['attempts']) ? fields['attempts'].filter(isAttempt) : [];
  }

  /** INT 19h from a running program boots anew; after power-on the banner comes first. */
  step(): void | Promise<void> {
    switch (this.phase) {
      case 'start':
        return this.start();
      case 'prompt':
        return this.prompt();
      case 'menu':
        return this.menu();
      case 'started':
        this.restart(null);
        this.phase = 'boot';
        return this.bootNext();
      case 'boot':
        return this.bootNext();
      case 'failed':
        return this.retry();
    }
  }

  /** INT 18h, or a network boot program came back: on to the next device. */
  giveUp(): void {
    const candidate = this.candidates()[this.next - 1];
    if (candidate !== undefined && this.phase === 'started') {
      this.attempts.push({ label: candidate.label, reason: 'its boot program found nothing to start' });
    }
    this.parts.drives.emulation = null;
    this.parts.disk.publishDrives();
    this.phase = 'boot';
  }

  private candidates(): Candidate[] {
    const { drives, optionRoms, order } = this.parts;
    const list: Candidate[] = [];
    for (const device of order) {
      if (device === 'disk') {
        drives.disks.forEach((disk, index) => {
          list.push({
            device,
            index,
            label: `Disk ${index + 1}: ${disk.label} (${sizeText(disk.backend.capacityBytes)})`,
          });
        });
      } else if (device === 'net') {
        optionRoms.bootstraps().forEach((entry, index) => {
          list.push({ device, index, label: `Network: ${entry.label}` });
        });
      } else {
        const removable = device === 'cdrom' ? drives.cdroms : drives.floppies;
        removable.forEach((drive, index) => {
          list.push({ device, index, label: `${deviceNames[device]} ${index + 1}: ${drive.label}` });
        });
      }
    }
    return list;
  }

  private start(): void | Promise<void> {
    const { screen, context, promptMs } = this.parts;
    drawBanner(
      screen,
      context.machine,
      this.candidates().map((candidate) => candidate.label),
      promptMs > 0,
    );
    this.promptEndsNs = context.clock.now() + promptMs * 1e6;
    this.restart(null);
    this.phase = promptMs > 0 ? 'prompt' : 'boot';
    return promptMs > 0 ? undefined : this.bootNext();
  }

  private prompt(): void | Promise<void> {
    const { keyboard, context } = this.parts;
    const key = keyboard.take();
    if (key === KEY_F12) {
      this.openMenu();
      return undefined;
    }
    if (key !== KEY_ESCAPE && context.clock.now() < this.promptEndsNs) return undefined;
    this.phase = 'boot';
    return this.bootNext();
  }

  private openMenu(): void {
    this.phase = 'menu';
    this.selected = 0;
    this.drawMenu();
  }

  private drawMenu(): void {
    drawMenu(
      this.parts.screen,
      this.candidates().map((candidate) => candidate.label),
      this.selected,
    );
  }

  private menu(): void | Promise<void> {
    const key = this.parts.keyboard.take();
    if (key === null) return undefined;
    const count = this.candidates().length;
    const digit = (key & 0xff) - 0x31;
    if (key === KEY_ENTER || key === KEYPAD_ENTER) return this.leaveMenu(count === 0 ? null : this.selected);
    if (key === KEY_ESCAPE) return this.leaveMenu(null);
    if (digit >= 0 && digit < Math.min(count, 9)) return this.leaveMenu(digit);
    const scan = key >> 8;
    if (count > 0 && (scan === SCAN_UP || scan === SCAN_DOWN)) {
      this.selected = (this.selected + (scan === SCAN_UP ? count - 1 : 1)) % count;
      this.drawMenu();
    }
    return undefined;
  }

  private leaveMenu(chosen: number | null): void | Promise<void> {
    this.parts.screen.setMode(findVideoMode(3)!, false);
    this.restart(chosen);
    this.phase = 'boot';
    return this.bootNext();
  }

  private retry(): void | Promise<void> {
    const key = this.parts.keyboard.take();
    if (key === null) return undefined;
    if (key === KEY_F12) {
      this.openMenu();
      return undefined;
    }
    return this.leaveMenu(null);
  }

  private async bootNext(): Promise<void> {
    const candidates = this.candidates();
    const list = this.chosen === null ? candidates : candidates.slice(this.chosen, this.chosen + 1);
    while (this.next < list.length) {
      const candidate = list[this.next++]!;
      const reason = await this.tryBoot(candidate);
      if (reason === null) {
        this.phase = 'started';
        return;
      }
      this.attempts.push({ label: candidate.label, reason });
    }
    this.phase = 'failed';
    drawNothingBoots(this.parts.screen, this.attempts);
  }

  /** Starts the candidate's boot program, or says why not. */
  private async tryBoot(candidate: Candidate): Promise<string | null> {
    const { drives, disk } = this.parts;
    drives.emulation = null;
    try {
      switch (candidate.device) {
        case 'disk':
          return await this.bootSector(FIRST_DISK + candidate.index);
        case 'floppy':
          return await this.bootSector(candidate.index);
        case 'cdrom':
          return await this.bootCd(candidate.index);
        case 'net':
          return this.bootNetwork(candidate.index);
      }
    } catch (error) {
      drives.emulation = null;
      return `reading failed: ${error instanceof OspiteError ? error.message.replace(/\.$/, '') : 'input/output error'}`;
    } finally {
      disk.publishDrives();
    }
  }

  private async bootSector(number: number): Promise<string | null> {
    const drive = this.parts.drives.resolve(number);
    if (drive === null || drive.medium === null) return 'there is no medium in the drive';
    const sector = await readBytes(drive.medium, drive.offsetBytes, 512);
    const isSigned = sector[510] === 0x55 && sector[511] === 0xaa;
    if (sector.every((byte) => byte === sector[0])) return 'it is empty: the first sector holds no boot program';
    if (!isSigned && drive.kind === 'disk') return 'the first sector is no boot sector (its signature 55AA is missing)';
    this.parts.context.memory.write(BOOT_ADDRESS, sector);
    this.enter(number, 0, BOOT_ADDRESS);
    return null;
  }

  private async bootCd(index: number): Promise<string | null> {
    const { drives, disk, context } = this.parts;
    const medium = drives.cdroms[index]?.drive.medium() ?? null;
    if (medium === null) return 'there is no disc in the drive';
    const image = await findBootImage(medium, index);
    if (typeof image === 'string') return image;
    drives.emulation = image;
    disk.publishDrives();
    const number = emulatedNumber(image.media, index);
    if (image.media !== 0) return this.bootSector(number);
    // At most what fits between the load address and the extended data area.
    const limit = Math.max(0x9f000 - image.loadSegment * 16, 0);
    const program = await readBytes(medium, image.imageLba * 2048, Math.min(image.sectorCount * 512, limit));
    if (program.every((byte) => byte === 0)) return 'the boot image of the disc is empty';
    context.memory.write(image.loadSegment * 16, program);
    this.enter(FIRST_CD + index, image.loadSegment & 0xf000, (image.loadSegment & 0x0fff) * 16);
    return null;
  }

  private bootNetwork(index: number): string | null {
    const { optionRoms, context } = this.parts;
    const entry = optionRoms.bootstraps()[index];
    if (entry === undefined) return 'its boot ROM is gone';
    const state = this.entryState(entry.pciAddress, entry.segment, entry.offset);
    // A far call: the ROM returns to `boot_returned`.
    const stack = BOOT_ADDRESS - 4;
    context.memory.writeU16(stack, context.rom.entry('boot_returned'));
    context.memory.writeU16(stack + 2, SYSTEM_SEGMENT);
    state.gpr[4] = stack;
    state.gpr[0] = entry.pciAddress;
    context.cpu.applyState(state);
    return null;
  }

  private enter(drive: number, segment: number, offset: number): void {
    this.parts.context.cpu.applyState(this.entryState(drive, segment, offset));
  }

  /** DL drive, ES:DI the PnP header. [PNP-BIOS-1.0A §3.4, BBS-1.01 §6.5] */
  private entryState(drive: number, segment: number, offset: number): CpuEntryState {
    const state = realModeEntry({
      codeSegment: segment,
      ip: offset,
      dataSegment: 0,
      sp: BOOT_ADDRESS,
      flags: 0x202,
      gpr: { [EDX]: drive, [EBX]: 0, [EDI]: this.parts.context.rom.entry('pnp_header') },
    });
    state.segments.es = realSegment(SYSTEM_SEGMENT);
    return state;
  }
}

function isAttempt(value: StateValue): value is { label: string; reason: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    typeof value['label'] === 'string' &&
    typeof value['reason'] === 'string'
  );
}
