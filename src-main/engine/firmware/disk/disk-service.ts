// INT 13h: CHS calls, the LBA extensions and El Torito status. [PS2-BIOS, EDD-3.0, EL-TORITO-1.0]
import { OspiteError } from '../../../core/errors.ts';
import type { StateValue } from '../../bus/device.ts';
import { BDA, EBDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { DISKETTE_TABLE } from '../rom.ts';
import { emulatedNumber, fixedDiskTable, floppyTypeOf } from './drive-tables.ts';
import { type Drives, FIRST_DISK, type ResolvedDrive, readBytes, writeBytes } from './drives.ts';
import { physicalGeometry, toLba } from './geometry.ts';

export const DISK_STATUS = {
  OK: 0x00,
  BAD_COMMAND: 0x01,
  WRITE_PROTECTED: 0x03,
  NOT_FOUND: 0x04,
  CHANGED: 0x06,
  CONTROLLER: 0x20,
  NO_MEDIA: 0x31,
  NOT_REMOVABLE: 0xb2,
  NOT_READY: 0x80,
} as const;

const MAX_SECTORS_PER_CALL = 255;
/** More than fits below 1 MiB; keeps a hostile packet from asking for a huge buffer. */
const MAX_PACKET_BLOCKS = 0x7f * 32;

export class DiskService {
  private readonly context: FirmwareContext;
  private readonly drives: Drives;
  /** Change counter last seen, by drive number. */
  private readonly seenChanges = new Map<number, number>();
  private readonly locks = new Map<number, number>();

  constructor(context: FirmwareContext, drives: Drives) {
    this.context = context;
    this.drives = drives;
  }

  /** Forgets locks and takes the media now inside as known. */
  reset(): void {
    this.seenChanges.clear();
    this.locks.clear();
    for (let number = 0; number < 2; number++) this.hasChanged(number);
    this.publishDrives();
  }

  save(): { [name: string]: StateValue } {
    const pairs = (map: Map<number, number>): StateValue => [...map].map(([number, value]) => [number, value]);
    // Change counters are the host's: after a restore the media are taken as known.
    return { locks: pairs(this.locks) };
  }

  restore(fields: { [name: string]: StateValue }): void {
    this.seenChanges.clear();
    this.locks.clear();
    if (!Array.isArray(fields['locks'])) return;
    for (const pair of fields['locks']) {
      if (!Array.isArray(pair)) continue;
      const [number, value] = pair;
      if (typeof number === 'number' && typeof value === 'number') this.locks.set(number, value);
    }
  }

  /** Counts and parameter tables in the data areas. */
  publishDrives(): void {
    const { memory } = this.context;
    memory.writeU8(BDA.diskCount, this.drives.diskCount());
    // Equipment bits 0 and 6-7: DOS counts floppy drives there, a boot image included.
    const floppies = Math.min(this.drives.floppyCount(), 4);
    const others = memory.readU16(BDA.equipment) & ~0xc1;
    memory.writeU16(BDA.equipment, others | (floppies > 0 ? 1 | ((floppies - 1) << 6) : 0));
    memory.writeU8(BDA.floppyControl, 0x07);
    memory.writeU8(BDA.floppyMedia, this.drives.floppies.length > 0 ? 0x17 : 0);
    [EBDA.diskTable0, EBDA.diskTable1].forEach((address, index) => {
      const drive = this.drives.resolve(FIRST_DISK + index);
      memory.write(address, drive === null ? new Uint8Array(16) : fixedDiskTable(drive));
    });
  }

  /** INT 13h. */
  handle(frame: CallFrame): void | Promise<void> {
    const drive = this.drives.resolve(frame.dl);
    if ((frame.ax & 0xff00) === 0x4b00) {
      this.elTorito(frame);
      return this.finish(frame);
    }
    if (drive === null) {
      // Programs count drives with 08h and 15h: no drive is an answer there, not an error.
      if (frame.ah === 0x15) {
        frame.ah = 0;
        frame.carry = false;
        return;
      }
      frame.fail(DISK_STATUS.BAD_COMMAND);
      return this.finish(frame);
    }
    if (frame.ah === 0x01) {
      this.lastStatus(frame);
      return;
    }
    const work = this.command(frame, drive);
    if (work === undefined) return this.finish(frame);
    return work.then(
      () => this.finish(frame),
      (error: unknown) => {
        this.context.log.limited(
          'int13',
          'warn',
          `INT 13h on ${drive.label}: ${error instanceof OspiteError ? error.message : String(error)}`,
        );
        frame.fail(DISK_STATUS.CONTROLLER);
        this.finish(frame);
      },
    );
  }

  private finish(frame: CallFrame): void {
    const status = (frame.flags & 1) !== 0 ? frame.ah : 0;
    this.context.memory.writeU8(frame.dl < FIRST_DISK ? BDA.floppyStatus : BDA.diskStatus, status);
  }

  private lastStatus(frame: CallFrame): void {
    const status = this.context.memory.readU8(frame.dl < FIRST_DISK ? BDA.floppyStatus : BDA.diskStatus);
    frame.ah = status;
    frame.carry = status !== 0;
  }

  private command(frame: CallFrame, drive: ResolvedDrive): undefined | Promise<void> {
    const isCd = drive.kind === 'cdrom';
    switch (frame.ah) {
      case 0x00:
      case 0x09:
      case 0x0c:
      case 0x0d:
      case 0x11:
      case 0x14:
        frame.succeed();
        return undefined;
      case 0x10:
        if (drive.medium === null) frame.fail(DISK_STATUS.NOT_READY);
        else frame.succeed();
        return undefined;
      case 0x02:
      case 0x03:
      case 0x04:
        if (!isCd) return this.transferChs(frame, drive);
        break;
      case 0x05:
        if (!isCd) return this.formatTrack(frame, drive);
        break;
      case 0x08:
        if (!isCd) return this.parameters(frame, drive);
        break;
      case 0x15:
        return this.driveType(frame, drive);
      case 0x16:
        return this.changeLine(frame, drive);
      case 0x17:
      case 0x18:
        if (drive.kind === 'floppy') return this.setMediaType(frame, drive);
        break;
      case 0x41:
        return this.extensionsPresent(frame, drive);
      case 0x42:
      case 0x43:
      case 0x44:
      case 0x47:
        if (drive.kind !== 'floppy') return this.transferPacket(frame, drive);
        break;
      case 0x45:
        if (drive.kind !== 'floppy') return this.lock(frame, drive);
        break;
      case 0x46:
        if (drive.kind !== 'floppy') return this.eject(frame, drive);
        break;
      case 0x48:
        if (drive.kind !== 'floppy') return this.extendedParameters(frame, drive);
        break;
      case 0x49:
        if (drive.kind !== 'floppy') return this.changeLine(frame, drive);
        break;
      case 0x4e:
        if (drive.kind === 'disk') {
          frame.succeed();
          return undefined;
        }
        break;
      default:
        break;
    }
    frame.fail(DISK_STATUS.BAD_COMMAND);
    return undefined;
  }

  /** True once after each exchange of the medium. */
  private hasChanged(number: number): boolean {
    const removable = this.drives.resolve(number)?.removable ?? null;
    if (removable === null) return false;
    const now = removable.changeCount();
    const seen = this.seenChanges.get(number);
    this.seenChanges.set(number, now);
    return seen !== undefined && seen !== now;
  }

  private transferChs(frame: CallFrame, drive: ResolvedDrive): undefined | Promise<void> {
    const isWrite = frame.ah === 0x03;
    const isVerify = frame.ah === 0x04;
    const count = Math.min(frame.al, MAX_SECTORS_PER_CALL);
    const cylinder = frame.ch | ((frame.cl & 0xc0) << 2);
    const lba = toLba(drive.geometry, cylinder, frame.dh, frame.cl & 0x3f);
    const problem = this.refusal(frame, drive, lba, count, isWrite);
    if (problem !== null) {
      frame.fail(problem);
      frame.al = 0;
      return undefined;
    }
    return this.transfer(frame, drive, lba!, count, isWrite, isVerify, frame.es(frame.bx)).then(() => {
      frame.succeed();
      frame.al = count;
    });
  }

  /** Why a transfer cannot be done, or null. */
  private refusal(
    frame: CallFrame,
    drive: ResolvedDrive,
    lba: number | null,
    count: number,
    isWrite: boolean,
  ): number | null {
    if (drive.medium === null) return drive.kind === 'floppy' ? DISK_STATUS.NOT_READY : DISK_STATUS.NO_MEDIA;
    if (drive.kind === 'floppy' && this.hasChanged(frame.dl)) return DISK_STATUS.CHANGED;
    if (count === 0) return DISK_STATUS.BAD_COMMAND;
    if (lba === null || lba + count > drive.capacitySectors) return DISK_STATUS.NOT_FOUND;
    return isWrite && drive.isReadOnly ? DISK_STATUS.WRITE_PROTECTED : null;
  }

  private async transfer(
    _frame: CallFrame,
    drive: ResolvedDrive,
    lba: number,
    count: number,
    isWrite: boolean,
    isVerify: boolean,
    buffer: number,
  ): Promise<void> {
    const medium = drive.medium!;
    const offset = drive.offsetBytes + lba * drive.sectorBytes;
    const lengthBytes = count * drive.sectorBytes;
    if (isWrite) {
      await writeBytes(medium, offset, this.context.linear.take(buffer, lengthBytes));
      return;
    }
    const bytes = await readBytes(medium, offset, lengthBytes);
    if (!isVerify) this.context.linear.write(buffer, bytes);
  }

  private formatTrack(frame: CallFrame, drive: ResolvedDrive): undefined | Promise<void> {
    const cylinder = frame.ch | ((frame.cl & 0xc0) << 2);
    const lba = toLba(drive.geometry, cylinder, frame.dh, 1);
    const problem = this.refusal(frame, drive, lba, drive.geometry.sectors, true);
    if (problem !== null) {
      frame.fail(problem);
      return undefined;
    }
    if (drive.kind === 'disk') {
      // Fixed disks keep their format; old partition tools only want to hear that it worked.
      frame.succeed();
      return undefined;
    }
    const blank = new Uint8Array(drive.geometry.sectors * 512).fill(0xf6);
    return writeBytes(drive.medium!, drive.offsetBytes + lba! * 512, blank).then(() => frame.succeed());
  }

  private parameters(frame: CallFrame, drive: ResolvedDrive): undefined {
    const { geometry } = drive;
    const lastCylinder = Math.min(geometry.cylinders, 1024) - 1;
    frame.succeed();
    frame.al = 0;
    frame.cx = ((lastCylinder & 0xff) << 8) | ((lastCylinder >> 2) & 0xc0) | geometry.sectors;
    frame.dh = geometry.heads - 1;
    if (drive.kind === 'floppy') {
      frame.bx = floppyTypeOf(drive);
      frame.dl = this.drives.floppyCount();
      frame.setEs(0xf000);
      frame.di = DISKETTE_TABLE;
    } else {
      frame.dl = this.drives.diskCount();
    }
    return undefined;
  }

  private driveType(frame: CallFrame, drive: ResolvedDrive): undefined {
    frame.carry = false;
    if (drive.kind === 'floppy') {
      frame.ah = 2;
    } else if (drive.kind === 'disk') {
      const { cylinders, heads, sectors } = drive.geometry;
      const total = cylinders * heads * sectors;
      frame.ah = 3;
      frame.cx = Math.floor(total / 0x10000);
      frame.dx = total & 0xffff;
    } else {
      frame.fail(DISK_STATUS.BAD_COMMAND);
    }
    return undefined;
  }

  private changeLine(frame: CallFrame, drive: ResolvedDrive): undefined {
    if (drive.removable === null) frame.fail(DISK_STATUS.BAD_COMMAND);
    else if (this.hasChanged(frame.dl)) frame.fail(DISK_STATUS.CHANGED);
    else frame.succeed();
    return undefined;
  }

  private setMediaType(frame: CallFrame, drive: ResolvedDrive): undefined {
    const wanted = { lastCylinder: frame.ch | ((frame.cl & 0xc0) << 2), sectors: frame.cl & 0x3f };
    if (drive.medium === null) {
      frame.fail(DISK_STATUS.NOT_READY);
    } else if (
      frame.ah === 0x18 &&
      (wanted.lastCylinder !== drive.geometry.cylinders - 1 || wanted.sectors !== drive.geometry.sectors)
    ) {
      frame.fail(0x0c);
    } else {
      if (frame.ah === 0x18) {
        frame.setEs(0xf000);
        frame.di = DISKETTE_TABLE;
      }
      frame.succeed();
    }
    return undefined;
  }

  private extensionsPresent(frame: CallFrame, drive: ResolvedDrive): undefined {
    if (frame.bx !== 0x55aa || drive.kind === 'floppy') {
      frame.fail(DISK_STATUS.BAD_COMMAND);
      return undefined;
    }
    frame.bx = 0xaa55;
    frame.ah = 0x30;
    // Packet access and EDD; removable media get locking and ejecting as well.
    frame.cx = drive.removable === null || drive.isEmulated ? 0x0005 : 0x0007;
    frame.carry = false;
    return undefined;
  }

  /** [EDD-3.0 §3.3.2] device address packet at DS:SI. */
  private transferPacket(frame: CallFrame, drive: ResolvedDrive): undefined | Promise<void> {
    const { linear } = this.context;
    const packet = frame.ds(frame.si);
    const isWrite = frame.ah === 0x43;
    const hasNoData = frame.ah === 0x44 || frame.ah === 0x47;
    const size = linear.readU8(packet);
    const count = linear.readU16(packet + 2);
    if (size < 16 || count > MAX_PACKET_BLOCKS) {
      frame.fail(DISK_STATUS.BAD_COMMAND);
      return undefined;
    }
    const offset = linear.readU16(packet + 4);
    const segment = linear.readU16(packet + 6);
    const lba = linear.readU32(packet + 8) + linear.readU32(packet + 12) * 0x100000000;
    const isFlat = offset === 0xffff && segment === 0xffff && size >= 24;
    const buffer = isFlat ? linear.readU32(packet + 16) : segment * 16 + offset;
    if (frame.ah === 0x47) {
      if (lba < drive.capacitySectors) frame.succeed();
      else frame.fail(DISK_STATUS.NOT_FOUND);
      return undefined;
    }
    if (count === 0 && drive.medium !== null) {
      frame.succeed();
      return undefined;
    }
    const problem = this.refusal(frame, drive, lba, count, isWrite);
    if (problem !== null) {
      linear.writeU16(packet + 2, 0);
      frame.fail(problem);
      return undefined;
    }
    return this.transfer(frame, drive, lba, count, isWrite, hasNoData, buffer).then(
      () => frame.succeed(),
      (error: unknown) => {
        linear.writeU16(packet + 2, 0);
        throw error;
      },
    );
  }

  /** [EDD-3.0 §3.3.4] AL 0 lock, 1 unlock, 2 status. */
  private lock(frame: CallFrame, drive: ResolvedDrive): undefined {
    if (drive.removable === null || drive.isEmulated) {
      frame.fail(DISK_STATUS.NOT_REMOVABLE);
      return undefined;
    }
    const held = this.locks.get(frame.dl) ?? 0;
    const next = frame.al === 0 ? Math.min(held + 1, 255) : frame.al === 1 ? held - 1 : held;
    if (frame.al > 2 || next < 0) {
      frame.fail(frame.al > 2 ? DISK_STATUS.BAD_COMMAND : 0xb0);
      return undefined;
    }
    if (next !== held) drive.removable.setLocked(next > 0);
    this.locks.set(frame.dl, next);
    frame.succeed();
    frame.al = next > 0 ? 1 : 0;
    return undefined;
  }

  private eject(frame: CallFrame, drive: ResolvedDrive): undefined {
    if (drive.removable === null || drive.isEmulated) frame.fail(DISK_STATUS.NOT_REMOVABLE);
    else if ((this.locks.get(frame.dl) ?? 0) > 0) frame.fail(0xb1);
    else if (drive.removable.eject()) frame.succeed();
    else frame.fail(0xb5);
    return undefined;
  }

  /** [EDD-3.0 §3.3.7] result buffer, version 1.x part; CDs have no geometry. */
  private extendedParameters(frame: CallFrame, drive: ResolvedDrive): undefined {
    const { linear } = this.context;
    const at = frame.ds(frame.si);
    const size = linear.readU16(at);
    if (size < 26) {
      frame.fail(DISK_STATUS.BAD_COMMAND);
      return undefined;
    }
    const isDisk = drive.kind === 'disk';
    const geometry = isDisk ? physicalGeometry(drive.capacitySectors) : drive.geometry;
    const isSmall = drive.capacitySectors <= 16383 * 16 * 63;
    linear.writeU16(at, size >= 30 ? 30 : 26);
    linear.writeU16(at + 2, isDisk ? (isSmall ? 0x02 : 0) : 0x74);
    linear.writeU32(at + 4, isDisk ? geometry.cylinders : 0xffffffff);
    linear.writeU32(at + 8, isDisk ? geometry.heads : 0xffffffff);
    linear.writeU32(at + 12, isDisk ? geometry.sectors : 0xffffffff);
    const capacity = isDisk || drive.medium !== null ? drive.capacitySectors : 0;
    linear.writeU32(at + 16, capacity >>> 0);
    linear.writeU32(at + 20, Math.floor(capacity / 0x100000000));
    linear.writeU16(at + 24, drive.sectorBytes);
    if (size >= 30) linear.writeU32(at + 26, 0xffffffff);
    frame.succeed();
    return undefined;
  }

  /** 4B00h ends, 4B01h asks: specification packet at DS:SI. [EL-TORITO-1.0 §4.1] */
  private elTorito(frame: CallFrame): void {
    const { linear } = this.context;
    const emulation = this.drives.emulation;
    const drive = emulation === null ? null : emulatedNumber(emulation.media, emulation.cdIndex);
    if (emulation === null || frame.al > 1 || (frame.dl !== 0x7f && frame.dl !== drive)) {
      frame.fail(DISK_STATUS.BAD_COMMAND);
      return;
    }
    const at = frame.ds(frame.si);
    const packet = new Uint8Array(0x13);
    const view = new DataView(packet.buffer);
    packet[0] = 0x13;
    packet[1] = emulation.media;
    packet[2] = drive!;
    view.setUint32(4, emulation.imageLba, true);
    packet[8] = emulation.cdIndex & 1;
    view.setUint16(14, emulation.loadSegment, true);
    view.setUint16(16, emulation.sectorCount, true);
    packet[18] = emulation.geometry.heads - 1;
    linear.write(at, packet);
    if (frame.al === 0) {
      emulation.isActive = false;
      this.publishDrives();
    }
    frame.succeed();
  }
}
