// Raw images (.img, .raw, .dd, floppy images): recognised by having no other format's marks.
import { OspiteError } from '../../../core/errors.ts';
import type { FormatModule } from '../../format-module.ts';
import { RawImage } from './image.ts';

export const raw: FormatModule<'raw'> = {
  id: 'raw',
  title: 'Raw image',
  extensions: ['.img', '.raw', '.dd', '.ima', '.flp', '.vfd', '.dsk', '.hdd', '.bin'],
  kind: 'disk',

  probe() {
    return 'possible';
  },

  async open(file) {
    const size = file.sizeBytes();
    if (size === 0) {
      throw new OspiteError('medium.corrupt', `"${file.path}" is empty; choose another file or create a disk first.`);
    }
    if (size % 512 !== 0) {
      throw new OspiteError(
        'medium.corrupt',
        `"${file.path}" has ${size} bytes, which is not a whole number of 512-byte sectors; it may be cut off or not be a disk image.`,
        { details: { path: file.path, sizeBytes: size } },
      );
    }
    return new RawImage(file);
  },

  async create(file, { capacityBytes }) {
    const image = new RawImage(file);
    await image.resizable.resize(capacityBytes);
    return image;
  },
};
