import { expect, it } from 'vitest';
import { osFamily } from './os-icon.tsx';

it.each([
  ['debian12', 'debian'],
  ['ubuntu2404', 'ubuntu'],
  ['alpine', 'linux'],
  ['linux26', 'linux'],
  ['windowsXp', 'window'],
  ['freebsd14', 'bsd'],
  ['freedos', 'dos'],
  ['other', 'other'],
  ['memtest', 'other'],
])('%s is of the family %s', (os, family) => {
  expect(osFamily(os)).toBe(family);
});
