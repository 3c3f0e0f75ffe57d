// The drives of a machine, named as the menus and the status bar name them.
import type { Attachment } from '../../../src-main/contract/machine.ts';
import type { Text } from '../../i18n/text.ts';

export interface Drive {
  attachment: Attachment;
  /** In the machine's list of attachments. */
  index: number;
  /** "Optical drive (IDE)", numbered when there are several of the kind. */
  title: string;
}

export function drivesOf(storage: readonly Attachment[], text: Text['console']['drives']): Drive[] {
  return storage.map((attachment, index) => {
    const sameKind = storage.filter(({ type }) => type === attachment.type);
    const kind = text[attachment.type];
    const name = sameKind.length > 1 ? text.numbered(kind, sameKind.indexOf(attachment) + 1) : kind;
    return { attachment, index, title: text.on(name, attachment.bus.toUpperCase()) };
  });
}

export const EXTENSIONS = {
  cdrom: ['.iso', '.cdr', '.img'],
  floppy: ['.img', '.ima', '.dsk', '.flp', '.vfd'],
} as const;

/** Whether a recently used file is one for this kind of drive, by its name. */
export function fitsDrive(path: string, kind: 'cdrom' | 'floppy'): boolean {
  const isDisc = /\.(iso|cdr)$/i.test(path);
  return kind === 'cdrom' ? isDisc : !isDisc;
}

export function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
