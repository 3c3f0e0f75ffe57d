// A medium that tells how many bytes move, for a machine's activity charts.
import type { Medium } from './medium.ts';

export function meterMedium(medium: Medium, count: (kind: 'read' | 'write', bytes: number) => void): Medium {
  const metered: Medium = {
    path: medium.path,
    format: medium.format,
    kind: medium.kind,
    blockSize: medium.blockSize,
    isReadOnly: medium.isReadOnly,
    get capacityBytes() {
      return medium.capacityBytes;
    },
    read: (offset, target) => {
      count('read', target.length);
      return medium.read(offset, target);
    },
    write: (offset, source) => {
      count('write', source.length);
      return medium.write(offset, source);
    },
    flush: () => medium.flush(),
    allocatedBytes: () => medium.allocatedBytes(),
    close: () => medium.close(),
  };
  const discard = medium.discard?.bind(medium);
  return discard ? Object.defineProperty(metered, 'discard', { value: discard, enumerable: true }) : metered;
}
