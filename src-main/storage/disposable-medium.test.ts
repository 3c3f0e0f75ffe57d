import { beforeEach, expect, it } from 'vitest';
import { MemoryFiles } from '../../test/harness/memory-files.ts';
import { Random } from '../../test/harness/random.ts';
import { DisposableMedium } from './disposable-medium.ts';
import { openMedium } from './medium.ts';

const SECTOR = 512;
const SECTORS = 100;
let files: MemoryFiles;
let image: Uint8Array;

beforeEach(() => {
  image = Uint8Array.from({ length: SECTORS * SECTOR }, (_, index) => (index / SECTOR) & 0xff);
  files = new MemoryFiles({ '/disk.img': image });
});

async function open(): Promise<DisposableMedium> {
  const base = await openMedium(files, '/disk.img', { readOnly: true, format: 'raw' });
  return new DisposableMedium(base, await files.scratch());
}

it('reads back what a long run of random writes left, and never touches the base', async () => {
  const untouched = image.slice();
  const medium = await open();
  const expected = image.slice();
  const random = new Random(7);
  for (let turn = 0; turn < 300; turn++) {
    const start = random.below(SECTORS);
    const count = 1 + random.below(Math.min(20, SECTORS - start));
    const bytes = new Uint8Array(count * SECTOR).fill(turn);
    expected.set(bytes, start * SECTOR);
    await medium.write(start * SECTOR, bytes);
    const found = new Uint8Array(SECTORS * SECTOR);
    await medium.read(0, found);
    expect(Buffer.compare(found, expected)).toBe(0);
  }
  expect(image).toEqual(untouched);
});

it('keeps writes apart that come at the same time and share a cluster', async () => {
  const medium = await open();
  await Promise.all([1, 2, 3, 4].map((n) => medium.write(n * SECTOR, new Uint8Array(SECTOR).fill(0xa0 + n))));
  const found = new Uint8Array(6 * SECTOR);
  await medium.read(0, found);
  expect([0, 1, 2, 3, 4, 5].map((n) => found[n * SECTOR])).toEqual([0, 0xa1, 0xa2, 0xa3, 0xa4, 5]);
});

it('refuses what lies outside of the medium', async () => {
  const medium = await open();
  await expect(medium.write(SECTORS * SECTOR, new Uint8Array(SECTOR))).rejects.toThrow();
  await expect(medium.read(SECTORS * SECTOR, new Uint8Array(SECTOR))).rejects.toThrow();
});

it('closes both files', async () => {
  const medium = await open();
  await medium.write(0, new Uint8Array(SECTOR));
  await medium.close();
  expect(files.openPaths).toEqual([]);
});
