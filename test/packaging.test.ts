// The desktop package's recipe, checked without building it: electron-builder downloads its tools.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface ConfigModule {
  getConfig(projectFolder: string, file: string, inline: null, metadata: object): Promise<Record<string, unknown>>;
  validateConfiguration(config: object, log: object): Promise<void>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
// app-builder-lib is electron-builder's own dependency: found from there, as electron-builder finds it.
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const { getConfig, validateConfiguration } = builder('app-builder-lib/out/util/config/config') as ConfigModule;
const { DebugLogger } = builder('builder-util') as { DebugLogger: new (isEnabled: boolean) => object };

const load = () => getConfig(root, 'electron-builder.yml', null, { hasValue: true, value: Promise.resolve(null) });

it('follows electron-builder’s schema', async () => {
  await expect(validateConfiguration(await load(), new DebugLogger(false))).resolves.toBeUndefined();
});

it('would be refused with an unknown property', async () => {
  const config = { ...(await load()), surprise: true };
  await expect(validateConfiguration(config, new DebugLogger(false))).rejects.toThrow("unknown property 'surprise'");
});

it('packs what the application starts from', async () => {
  const config = await load();
  expect(JSON.stringify(config['files'])).toMatch(/dist\/\*\*.*package\.json/);
  const { main } = createRequire(import.meta.url)('../package.json') as { main: string };
  expect(main).toMatch(/^dist\//);
  for (const file of [main, 'dist/preload.cjs', 'dist/core.wasm', 'dist/renderer/index.html'])
    expect(existsSync(`${root}/${file}`), file).toBe(true);
});
