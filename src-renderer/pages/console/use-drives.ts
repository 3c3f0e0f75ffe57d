// The drives of a machine, for the Devices menu and the lights.
import { useEffect, useState } from 'react';
import type { Attachment } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { notify } from '../../client/store.ts';

export interface Drive {
  attachment: Attachment;
  /** In the machine's list of attachments. */
  index: number;
  /** "Optical drive", numbered when there are several of the kind. */
  title: string;
}

const titles = { disk: 'Hard disk', cdrom: 'Optical drive', floppy: 'Floppy drive' } as const;

/** Empty until the host has answered, and for a machine it does not know. */
export function useDrives(id: string, isKnown: boolean): Drive[] {
  const [drives, setDrives] = useState<Drive[]>([]);
  useEffect(() => {
    if (!isKnown) return setDrives([]);
    let isCurrent = true;
    client.call('machine.get', { id }).then(({ definition }) => {
      if (isCurrent) setDrives(drivesOf(definition.settings.storage));
    }, notify);
    return () => {
      isCurrent = false;
    };
  }, [id, isKnown]);
  return drives;
}

function drivesOf(storage: Attachment[]): Drive[] {
  return storage.map((attachment, index) => {
    const sameKind = storage.filter(({ type }) => type === attachment.type);
    const number = sameKind.length > 1 ? ` ${sameKind.indexOf(attachment) + 1}` : '';
    return { attachment, index, title: `${titles[attachment.type]}${number}` };
  });
}
