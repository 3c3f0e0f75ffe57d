// The house's rules that no compiler checks: every member of a registry has its files, and the headless program knows no Electron.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function folders(path: string): string[] {
  return readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory());
}

/** The folder's parts, and its mention in the registry. Behaviour is the conformance suites' business. */
function checkMembers(root: string, required: string[], registry: string): void {
  const listed = readFileSync(registry, 'utf8');
  describe.each(folders(root))(`${root}/%s`, (name) => {
    it.each(required)('has %s', (file) => {
      expect(existsSync(join(root, name, file))).toBe(true);
    });
    it('is registered', () => {
      expect(listed).toContain(
        `./${root.split('/').at(-1) === 'devices' ? '' : `${root.split('/').at(-1)}/`}${name}/index.ts`,
      );
    });
  });
}

checkMembers('src-main/engine/devices', ['config.ts', 'index.ts', 'README.md'], 'src-main/engine/devices/registry.ts');
checkMembers(
  'src-main/storage/formats',
  ['config.ts', 'image.ts', 'index.ts', 'README.md'],
  'src-main/storage/registry.ts',
);
checkMembers('src-main/network/modes', ['config.ts', 'index.ts', 'README.md'], 'src-main/network/registry.ts');

it('runs headless without loading Electron', () => {
  const output = execFileSync(process.execPath, ['bin/ospite.mjs', '--version'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DEBUG: 'module,esm' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(output).toMatch(/^ospite \d+\.\d+\.\d+$/m);
});

it('names Electron in no other place than its folder', () => {
  const offenders: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (
        /\.tsx?$/.test(entry.name) &&
        !path.startsWith('src-main/electron/') &&
        /from 'electron'|require\('electron'\)/.test(readFileSync(path, 'utf8'))
      )
        offenders.push(path);
    }
  };
  visit('src-main');
  visit('src-renderer');
  expect(offenders).toEqual([]);
});
