// Over real files: holes and names are the host's business.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { hostMediaFiles } from '../host/media-files.ts';
import { copyImage, createRawImage } from './image-files.ts';

const MIB = 1_048_576;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let fractions: number[];
let abort: AbortController;
const task = {
  progress: (fraction: number): void => {
    fractions.push(fraction);
  },
  get signal(): AbortSignal {
    return abort.signal;
  },
};

beforeEach(async () => {
  folder = await temporaryFolder();
  fractions = [];
  abort = new AbortController();
});
afterEach(() => folder.dispose());

describe('creating a raw image', () => {
  it('makes a hole', async () => {
    await createRawImage(
      hostMediaFiles,
      folder.file('disk.img'),
      { sizeBytes: 100 * MIB, isPreallocated: false },
      task,
    );
    const { size, blocks } = await stat(folder.file('disk.img'));
    expect(size).toBe(100 * MIB);
    expect(blocks * 512).toBeLessThan(MIB);
  });

  it('takes the space when asked to, and tells how far it is', async () => {
    const sizeBytes = 5 * MIB + 512;
    await createRawImage(hostMediaFiles, folder.file('disk.img'), { sizeBytes, isPreallocated: true }, task);
    expect((await stat(folder.file('disk.img'))).size).toBe(sizeBytes);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  it('leaves nothing behind when cancelled', async () => {
    abort.abort();
    const options = { sizeBytes: 5 * MIB, isPreallocated: true };
    await expect(createRawImage(hostMediaFiles, folder.file('disk.img'), options, task)).rejects.toThrow('Cancelled');
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('never overwrites', async () => {
    await writeFile(folder.file('disk.img'), 'precious');
    const options = { sizeBytes: MIB, isPreallocated: false };
    await expect(createRawImage(hostMediaFiles, folder.file('disk.img'), options, task)).rejects.toThrow(
      'exists already',
    );
    expect(await readFile(folder.file('disk.img'), 'utf8')).toBe('precious');
    expect(await readdir(folder.path)).toEqual(['disk.img']);
  });
});

describe('copying an image', () => {
  it('copies every byte and keeps holes', async () => {
    const bytes = new Uint8Array(3 * MIB + 1000);
    bytes.fill(7, 10, 20);
    bytes.set([1, 2, 3], bytes.length - 3);
    await writeFile(folder.file('a.img'), bytes);
    await copyImage(hostMediaFiles, folder.file('a.img'), folder.file('b.img'), task);
    expect(Buffer.compare(await readFile(folder.file('b.img')), bytes)).toBe(0);
    expect((await stat(folder.file('b.img'))).blocks * 512).toBeLessThan(3 * MIB);
  });

  it('refuses an image that somebody writes', async () => {
    await writeFile(folder.file('a.img'), new Uint8Array(MIB));
    const writer = await hostMediaFiles.open(folder.file('a.img'), { mode: 'readWrite' });
    await expect(copyImage(hostMediaFiles, folder.file('a.img'), folder.file('b.img'), task)).rejects.toMatchObject({
      code: 'medium.locked',
    });
    await writer.close();
    expect(await readdir(folder.path)).toEqual(['a.img']);
  });

  it('keeps a tail of zeroes', async () => {
    await writeFile(folder.file('a.img'), new Uint8Array(2 * MIB));
    await copyImage(hostMediaFiles, folder.file('a.img'), folder.file('b.img'), task);
    expect((await stat(folder.file('b.img'))).size).toBe(2 * MIB);
  });
});
