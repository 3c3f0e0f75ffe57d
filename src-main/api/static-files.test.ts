import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { readStaticFile } from './static-files.ts';

let outer: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
beforeAll(async () => {
  outer = await temporaryFolder();
  folder = outer.file('web');
  await mkdir(`${folder}/assets/page.html`, { recursive: true });
  await writeFile(`${folder}/index.html`, '<title>Ospite</title>');
  await writeFile(`${folder}/assets/main-a1.js`, 'start()');
  await writeFile(`${folder}/assets/notes.secret`, 'no');
  await writeFile(outer.file('outside.html'), 'outside');
});
afterAll(() => outer.dispose());

it('serves the page for /', async () => {
  const file = await readStaticFile(folder, '/');
  expect(file?.type).toMatch(/^text\/html/);
  expect(file?.content.toString()).toBe('<title>Ospite</title>');
});

it('serves files of the folder by their types', async () => {
  const file = await readStaticFile(folder, '/assets/main-a1.js');
  expect(file?.type).toMatch(/javascript/);
  expect(file?.content.toString()).toBe('start()');
});

it.each([
  '/../outside.html',
  '/assets/../../outside.html',
  '/%2e%2e/outside.html',
  '/..%2foutside.html',
  '/%2e%2e%2foutside.html',
  '//outside.html',
  '/..\\outside.html',
  '/index.html%00.js',
  '/%ff',
  '',
  'index.html',
  '/assets',
  '/assets/page.html',
  '/index.html/',
  '/missing.js',
  '/assets/notes.secret',
  '/constructor',
  '/.__proto__',
])('finds nothing at %j', async (path) => {
  expect(await readStaticFile(folder, path)).toBeNull();
});
