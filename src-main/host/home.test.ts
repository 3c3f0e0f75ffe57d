import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ospiteHome } from './home.ts';

it('is where OSPITE_HOME says, made absolute', () => {
  expect(ospiteHome({ OSPITE_HOME: '/srv/machines' })).toBe('/srv/machines');
  expect(ospiteHome({ OSPITE_HOME: 'machines' })).toBe(resolve('machines'));
});

it.each([
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/ospite'],
  ['linux', {}, join(homedir(), '.local/share/ospite')],
  ['linux', { OSPITE_HOME: '' }, join(homedir(), '.local/share/ospite')],
  ['linux', { XDG_DATA_HOME: '' }, join(homedir(), '.local/share/ospite')],
  ['linux', { XDG_DATA_HOME: 'relative' }, join(homedir(), '.local/share/ospite')],
  ['darwin', { XDG_DATA_HOME: '/data' }, join(homedir(), 'Library/Application Support/Ospite')],
  ['win32', { APPDATA: '/appdata' }, '/appdata/Ospite'],
  ['win32', { APPDATA: '' }, join(homedir(), 'AppData/Roaming/Ospite')],
] as const)('is on %s with %j at %s', (platform, environment, path) => {
  expect(ospiteHome(environment, platform)).toBe(path);
});
