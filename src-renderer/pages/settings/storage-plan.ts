// Where attachments sit: which place of its controller each has, and which a controller still has room for. Pure.
import type { Attachment } from '../../../src-main/contract/machine.ts';
import { FLOPPY_DRIVES, IDE_DRIVES } from './problems.ts';

/** The controllers that every machine of this version has. */
export const controllers = ['ide', 'virtio', 'floppy'] as const;
export type Controller = (typeof controllers)[number];
export type DriveKind = Attachment['type'];

export interface Seated {
  attachment: Attachment;
  /** Its index among all attachments. */
  index: number;
  /** 0 to 3 on IDE (primary master, primary slave, ...), counted elsewhere. */
  place: number;
}

/** What each controller can take. */
export const kindsOf: Record<Controller, readonly DriveKind[]> = {
  ide: ['disk', 'cdrom'],
  virtio: ['disk'],
  floppy: ['floppy'],
};

/** A controller's attachments by place. IDE discs begin at the secondary channel, as the machine seats them. */
export function seatedOn(bus: Attachment['bus'], storage: readonly Attachment[]): Seated[] {
  const all = storage
    .map((attachment, index) => ({ attachment, index }))
    .filter(({ attachment }) => attachment.bus === bus);
  if (bus !== 'ide') return all.map((one, place) => ({ ...one, place }));
  const free = { disk: [0, 1, 2, 3], cdrom: [2, 3, 1, 0] };
  const taken = new Set<number>();
  // Disks choose first: the machine does the same.
  const inTurn = [
    ...all.filter(({ attachment }) => attachment.type === 'disk'),
    ...all.filter(({ attachment }) => attachment.type !== 'disk'),
  ];
  const seated = inTurn.map((one): Seated => {
    const places = one.attachment.type === 'disk' ? free.disk : free.cdrom;
    const place = places.find((candidate) => !taken.has(candidate)) ?? IDE_DRIVES + taken.size;
    taken.add(place);
    return { ...one, place };
  });
  return seated.sort((a, b) => a.place - b.place);
}

export function hasRoom(bus: Controller, storage: readonly Attachment[]): boolean {
  const count = storage.filter((attachment) => attachment.bus === bus).length;
  return count < { ide: IDE_DRIVES, virtio: 32, floppy: FLOPPY_DRIVES }[bus] && storage.length < 32;
}

export function newAttachment(bus: Controller, type: DriveKind, path: string | null): Attachment {
  return { type, bus, path, readOnly: type === 'cdrom', discard: false };
}

/** The first of NAME.img, NAME 2.img, ... in the machine's folder that none of its drives has. */
export function freePath(folder: string, name: string, storage: readonly Attachment[]): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  for (let number = 1; ; number++) {
    const path = `${folder}${separator}${name}${number === 1 ? '' : ` ${number}`}.img`;
    if (!storage.some((attachment) => attachment.path === path)) return path;
  }
}
