// `ospite systems`: what --os knows.
import { osPresets } from '../../contract/os-presets.ts';
import type { Handler } from '../surroundings.ts';
import { sizeText, table } from '../text-layout.ts';

const MIB = 1024 * 1024;

export const systems: Handler<'systems'> = ({ json }, { print }) => {
  print(
    json
      ? JSON.stringify({ systems: osPresets })
      : table(
          [{ title: 'ID' }, { title: 'MEMORY', isRight: true }, { title: 'DISK', isRight: true }, { title: 'SYSTEM' }],
          osPresets.map(({ id, memoryMib, diskMib, title }) => [
            id,
            sizeText(memoryMib * MIB),
            diskMib === 0 ? 'none' : sizeText(diskMib * MIB),
            title,
          ]),
        ),
  );
  return Promise.resolve(0);
};
