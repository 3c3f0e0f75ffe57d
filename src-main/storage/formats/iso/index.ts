// Optical disc images (.iso), ISO 9660 or UDF, also the hybrid ones that carry a partition table.
import { OspiteError } from '../../../core/errors.ts';
import type { FormatModule } from '../../format-module.ts';
import { IsoImage } from './image.ts';
import { hasVolumeDescriptor } from './layout.ts';

/** The smallest thing a drive can read. */
const SECTOR_BYTES = 2048;

export const iso: FormatModule<'iso'> = {
  id: 'iso',
  title: 'Optical disc image',
  extensions: ['.iso', '.cdr', '.udf'],
  kind: 'optical',

  probe({ header, extension }) {
    if (hasVolumeDescriptor(header)) return 'certain';
    return iso.extensions.includes(extension) ? 'possible' : 'no';
  },

  async open(file) {
    if (file.sizeBytes() < SECTOR_BYTES) {
      throw new OspiteError(
        'medium.corrupt',
        `"${file.path}" is too small for a disc (${file.sizeBytes()} bytes); download or copy the disc image again.`,
      );
    }
    return new IsoImage(file);
  },
};
