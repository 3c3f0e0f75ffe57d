// What every image format must do: probe its own, read what was written, keep it over flush and kill, survive damage to its files.
// New formats are covered by being listed; a format that cannot be created brings an image in `samples`.
import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OspiteError } from '../../src-main/core/errors.ts';
import { hostFiles } from '../../src-main/host/files.ts';
import { probeLengthBytes } from '../../src-main/storage/format-module.ts';
import { createMedium, type Medium, openMedium } from '../../src-main/storage/medium.ts';
import { type FormatId, formatIds, formatModule } from '../../src-main/storage/registry.ts';
import { Random } from '../harness/random.ts';
import { numberedSectors, temporaryFolder } from '../harness/temp-medium.ts';

const seed = 0x15f0;
const capacityBytes = 4 * 1024 * 1024;

/** Images of formats that Ospite does not write, made by hand. */
const samples: { readonly [id in FormatId]?: () => Uint8Array } = {
  iso() {
    const bytes = numberedSectors(64, 2048);
    bytes.set([1, ...Buffer.from('CD001'), 1, 0], 16 * 2048);
    return bytes;
  },
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

/** A file of the format with known content; returns its path and the guest's view of it. */
async function makeImage(id: FormatId): Promise<{ path: string; content: Uint8Array }> {
  const module = formatModule(id);
  const path = folder.file(`image${module.extensions[0]}`);
  const sample = samples[id]?.();
  if (sample) {
    await writeFile(path, sample);
    return { path, content: sample };
  }
  const medium = await createMedium(hostFiles, path, { format: id, capacityBytes });
  const content = new Uint8Array(capacityBytes);
  for (const offset of [0, 65536, capacityBytes - 4096]) {
    const piece = numberedSectors(8);
    content.set(piece, offset);
    await medium.write(offset, piece);
  }
  await medium.close();
  return { path, content };
}

async function readAll(medium: Medium): Promise<Uint8Array> {
  const bytes = new Uint8Array(medium.capacityBytes);
  await medium.read(0, bytes);
  return bytes;
}

const writable = formatIds.filter((id) => formatModule(id).create);

describe.each(formatIds)('format %s', (id) => {
  it('has a title and unique lower-case extensions with a dot', () => {
    const { extensions, title } = formatModule(id);
    expect(title.length).toBeGreaterThan(2);
    expect(new Set(extensions).size).toBe(extensions.length);
    expect(extensions.every((extension) => /^\.[a-z0-9]+$/.test(extension))).toBe(true);
  });

  it('recognises its own file and shows its content and geometry', async () => {
    const { path, content } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: true });
    expect([medium.format, medium.capacityBytes, medium.capacityBytes % medium.blockSize]).toEqual([
      id,
      content.length,
      0,
    ]);
    expect(Buffer.compare(await readAll(medium), content)).toBe(0);
    await medium.close();
  });

  it('reads any run of blocks as the whole shows it', async () => {
    const { path, content } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: true });
    const random = new Random(seed);
    const blocks = medium.capacityBytes / medium.blockSize;
    for (let i = 0; i < 200; i++) {
      const first = random.below(blocks);
      const bytes = new Uint8Array((1 + random.below(Math.min(64, blocks - first))) * medium.blockSize);
      await medium.read(first * medium.blockSize, bytes);
      const expected = content.subarray(first * medium.blockSize, first * medium.blockSize + bytes.length);
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }
    await medium.close();
  });

  it('serves overlapping requests', async () => {
    const { path, content } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: true });
    const pieces = Array.from({ length: 32 }, () => new Uint8Array(medium.blockSize));
    await Promise.all(pieces.map((piece, i) => medium.read((i % 8) * medium.blockSize, piece)));
    pieces.forEach((piece, i) => {
      const start = (i % 8) * medium.blockSize;
      expect(Buffer.compare(piece, content.subarray(start, start + medium.blockSize))).toBe(0);
    });
    await medium.close();
  });

  it('refuses writes when read-only and requests beyond its end', async () => {
    const { path } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: true });
    const block = new Uint8Array(medium.blockSize);
    await expect(medium.write(0, block)).rejects.toMatchObject({ code: 'medium.readOnly' });
    await expect(medium.read(medium.capacityBytes, block)).rejects.toMatchObject({ code: 'medium.ioError' });
    await medium.close();
    await medium.close();
  });

  it('opens or refuses damaged files with an error of ours, never worse', async () => {
    const { path } = await makeImage(id);
    const original = await readFile(path);
    const random = new Random(seed + 1);
    for (let i = 0; i < 60; i++) {
      const damaged = Buffer.from(original.subarray(0, random.below(original.length + 1)));
      const flips = Math.min(damaged.length, probeLengthBytes);
      for (let flip = 0; flip < 8 && flips > 0; flip++) damaged[random.below(flips)]! ^= 1 << random.below(8);
      await writeFile(path, damaged);
      const outcome = await openMedium(hostFiles, path, { readOnly: true, format: id }).then(
        async (medium) => {
          const failure = await readAll(medium).catch((error: unknown) => error);
          await medium.close();
          return failure;
        },
        (error: unknown) => error,
      );
      expect(outcome instanceof Uint8Array || outcome instanceof OspiteError).toBe(true);
    }
  });
});

describe.each(writable)('writable format %s', (id) => {
  it('keeps what was flushed when the process is killed without closing', async () => {
    const { path } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: false });
    const piece = numberedSectors(4).reverse();
    await medium.write(8192, piece);
    await medium.flush();
    const survivor = folder.file(`survivor${formatModule(id).extensions[0]}`);
    await copyFile(path, survivor);
    await medium.close();
    const reopened = await openMedium(hostFiles, survivor, { readOnly: true });
    const bytes = new Uint8Array(piece.length);
    await reopened.read(8192, bytes);
    expect(Buffer.compare(bytes, piece)).toBe(0);
    await reopened.close();
  });

  it('reads random writes back, after closing too', async () => {
    const { path, content } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: false });
    const random = new Random(seed + 2);
    const blocks = capacityBytes / medium.blockSize;
    for (let i = 0; i < 100; i++) {
      const first = random.below(blocks);
      const piece = new Uint8Array((1 + random.below(Math.min(32, blocks - first))) * medium.blockSize);
      piece.fill(random.below(256));
      content.set(piece, first * medium.blockSize);
      await medium.write(first * medium.blockSize, piece);
    }
    expect(Buffer.compare(await readAll(medium), content)).toBe(0);
    await medium.close();
    const reopened = await openMedium(hostFiles, path, { readOnly: true });
    expect(Buffer.compare(await readAll(reopened), content)).toBe(0);
    await reopened.close();
  });

  it('spends little on the host for what was never written', async () => {
    const path = folder.file(`new${formatModule(id).extensions[0]}`);
    const medium = await createMedium(hostFiles, path, { format: id, capacityBytes: 256 * 1024 * 1024 });
    expect(await medium.allocatedBytes()).toBeLessThan(1024 * 1024);
    await medium.close();
  });

  it('has one writer at a time', async () => {
    const { path } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: false });
    await expect(openMedium(hostFiles, path, { readOnly: false })).rejects.toMatchObject({ code: 'medium.locked' });
    await medium.close();
  });

  it('survives its file being cut while open', async () => {
    const { path } = await makeImage(id);
    const medium = await openMedium(hostFiles, path, { readOnly: false });
    await truncate(path, Math.floor((await stat(path)).size / 2));
    const outcome = await readAll(medium).catch((error: unknown) => error);
    expect(outcome instanceof Uint8Array || outcome instanceof OspiteError).toBe(true);
    await medium.close();
  });
});
