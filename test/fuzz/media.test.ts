// Image files are untrusted: opening, probing and reading them ends in a medium or an OspiteError, and a disc's boot record in a
// boot image or a reason.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OspiteError } from '../../src-main/core/errors.ts';
import { findBootImage } from '../../src-main/engine/firmware/disk/el-torito.ts';
import { type MediumUse, openMedium } from '../../src-main/storage/medium.ts';
import { MemoryFiles } from '../harness/memory-files.ts';
import { damaged } from '../harness/mutate.ts';
import { MemoryMedium } from '../harness/temp-medium.ts';

const runs = { seed: 0x150, numRuns: 800 };
const names = ['/x.iso', '/x.img', '/x', '/.iso', '/x.qcow2'];

/** A bootable disc: primary descriptor, boot record, terminator, catalog in sector 19, boot image in sector 20. */
function disc(media: number): Uint8Array {
  const bytes = new Uint8Array(24 * 2048);
  const view = new DataView(bytes.buffer);
  bytes.set([1, ...Buffer.from('CD001'), 1], 16 * 2048);
  bytes.set([0, ...Buffer.from('CD001'), 1, ...Buffer.from('EL TORITO SPECIFICATION')], 17 * 2048);
  view.setUint32(17 * 2048 + 0x47, 19, true);
  bytes.set([255, ...Buffer.from('CD001'), 1], 18 * 2048);
  const catalog = 19 * 2048;
  bytes[catalog] = 1;
  view.setUint16(catalog + 0x1e, 0xaa55, true);
  bytes.set([0x88, media], catalog + 32);
  view.setUint16(catalog + 38, 4, true);
  view.setUint32(catalog + 40, 20, true);
  return bytes;
}

async function boot(bytes: Uint8Array): Promise<Awaited<ReturnType<typeof findBootImage>>> {
  const whole = new Uint8Array(Math.ceil(bytes.length / 2048) * 2048);
  whole.set(bytes);
  return findBootImage(new MemoryMedium(whole, { blockSize: 2048, isReadOnly: true }), 0);
}

it.each([0, 1, 2, 3, 4])('finds the boot image of an undamaged disc, media type %i', async (media) => {
  expect(await boot(disc(media))).toMatchObject({ media, imageLba: 20, catalogLba: 19, loadSegment: 0x7c0 });
});

it('finds a boot image that can be used, or a reason, on any damaged disc', async () => {
  // Only what follows the system area is damaged: the rest of the disc is put before and behind it.
  const structure = fc.constantFrom(0, 1, 4).chain((media) => damaged(disc(media).subarray(17 * 2048), 3 * 2048));
  await fc.assert(
    fc.asyncProperty(structure, async (damage) => {
      const bytes = disc(0);
      bytes.set(damage, 17 * 2048);
      bytes.fill(0, 17 * 2048 + damage.length);
      const found = await boot(bytes);
      if (typeof found === 'string') {
        expect(found).not.toBe('');
        return;
      }
      expect(found.media).toBeLessThanOrEqual(4);
      const { cylinders, heads, sectors } = found.geometry;
      expect(cylinders).toBeLessThanOrEqual(1024);
      expect(heads).toBeLessThanOrEqual(256);
      expect(sectors).toBeLessThanOrEqual(63);
    }),
    runs,
  );
});

it('ends with any boot catalog', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 64 }),
      fc.constantFrom(0x90, 0x91),
      async (entries, header) => {
        const bytes = disc(0);
        bytes[19 * 2048 + 32] = 0;
        entries.slice(2).forEach((entry, index) => {
          bytes.set(entry, 19 * 2048 + 64 + index * 32);
        });
        bytes[19 * 2048 + 64] = header;
        await boot(bytes);
      },
    ),
    runs,
  );
});

it('is done with a disc that has nothing but zeroes, or nothing', async () => {
  expect(await boot(new Uint8Array(0))).toMatch(/not bootable/);
  expect(await boot(new Uint8Array(64 * 2048))).toMatch(/not bootable/);
});

it('opens or refuses any file for any use, and reads what it opened', async () => {
  const marked = fc
    .tuple(
      fc.constantFrom('QFI\xfb', 'KDMV', 'conectix', 'vhdxfile', '\x1f\x8b\x08', 'PK\x03\x04', '<?xml', ''),
      fc.uint8Array({ maxLength: 3000 }),
    )
    .map(([mark, rest]) => Uint8Array.from(Buffer.concat([Buffer.from(mark, 'latin1'), rest])));
  const sectors = fc.nat(80).map((count) => new Uint8Array(count * 512));
  const content = fc.oneof(marked, sectors, damaged(disc(0), 20 * 2048));
  await fc.assert(
    fc.asyncProperty(
      content,
      fc.constantFrom(...names),
      fc.constantFrom<MediumUse>('disk', 'optical', 'floppy'),
      fc.boolean(),
      async (bytes, path, use, readOnly) => {
        const files = new MemoryFiles({ [path]: bytes });
        try {
          const medium = await openMedium(files, path, { readOnly, use });
          expect(medium.capacityBytes % medium.blockSize).toBe(0);
          const block = new Uint8Array(medium.blockSize);
          await medium.read(0, block);
          await medium.read(medium.capacityBytes - medium.blockSize, block);
          await expect(medium.read(medium.capacityBytes, block)).rejects.toBeInstanceOf(OspiteError);
          await medium.close();
        } catch (error) {
          if (!(error instanceof OspiteError)) throw error;
        }
        expect(files.openPaths).toEqual([]);
      },
    ),
    runs,
  );
});
