import { expect, it } from 'vitest';
import { copyName, fileName, folderOf, freeName, joinPath } from './paths.ts';

it('takes paths of both kinds apart and together', () => {
  expect([fileName('/a/b.img'), folderOf('/a/b.img'), folderOf('/b.img')]).toEqual(['b.img', '/a', '/']);
  expect([fileName('C:\\a\\b.img'), folderOf('C:\\a\\b.img')]).toEqual(['b.img', 'C:\\a']);
  expect([joinPath('/a/', 'b'), joinPath('C:\\a', 'b')]).toEqual(['/a/b', 'C:\\a\\b']);
});

it('proposes a name for a copy', () => {
  const taken = new Set(['/a/d-copy.img']);
  expect(copyName('/a/d.img', (path) => taken.has(path))).toBe('/a/d-copy2.img');
  expect(copyName('/a/plain', () => false)).toBe('/a/plain-copy');
});

it('proposes a name for a new file', () => {
  expect(freeName('/a', 'Disk', () => false)).toBe('/a/Disk.img');
  expect(freeName('/a', 'Disk', (path) => path === '/a/Disk.img')).toBe('/a/Disk2.img');
});
