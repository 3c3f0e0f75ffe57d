import fc from 'fast-check';
import { expect, it } from 'vitest';
import { damaged } from '../../test/harness/mutate.ts';
import { MemoryMedium } from '../../test/harness/temp-medium.ts';
import { tinyIso } from '../../test/harness/tiny-iso.ts';
import { readDiscContents } from './disc-contents.ts';

const installer = {
  label: 'Debian 12 amd64',
  files: { '.disk/info': 'Debian GNU/Linux 12', 'install.amd/vmlinuz': 'kernel', 'README.txt': 'Hello' },
  isBootable: true,
};

function disc(bytes: Uint8Array): MemoryMedium {
  return new MemoryMedium(bytes, { blockSize: 2048, isReadOnly: true });
}

it('reads label, names of two levels, and small files', async () => {
  const contents = await readDiscContents(disc(tinyIso(installer)));
  expect(contents.label).toBe('Debian 12 amd64');
  expect(contents.isBootable).toBe(true);
  expect(contents.names.toSorted()).toEqual([
    '.disk/',
    '.disk/info',
    'install.amd/',
    'install.amd/vmlinuz',
    'readme.txt',
  ]);
  expect(await contents.readText('.disk/info')).toBe('Debian GNU/Linux 12');
  expect(await contents.readText('install.amd/')).toBe('');
  expect(await contents.readText('nothing')).toBe('');
});

it('finds nothing on what is no ISO 9660 disc', async () => {
  const contents = await readDiscContents(disc(new Uint8Array(64 * 2048)));
  expect(contents).toMatchObject({ label: '', isBootable: false, names: [] });
});

it('ends on any damaged disc, within the disc', async () => {
  const whole = tinyIso(installer);
  const structures = whole.subarray(16 * 2048);
  await fc.assert(
    fc.asyncProperty(damaged(structures, structures.length), async (damage) => {
      const bytes = new Uint8Array(Math.ceil((16 * 2048 + damage.length) / 2048) * 2048);
      bytes.set(damage, 16 * 2048);
      const contents = await readDiscContents(disc(bytes));
      for (const name of contents.names) await contents.readText(name);
    }),
    { seed: 0x9660, numRuns: 500 },
  );
});
