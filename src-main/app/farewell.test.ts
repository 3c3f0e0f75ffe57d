import { beforeEach, expect, it } from 'vitest';
import { FakeMachineHandle } from '../../test/harness/fake-machine-handle.ts';
import { ManagerBench } from '../../test/harness/manager-bench.ts';
import { machineSettings } from '../contract/machine.ts';
import { Farewell } from './farewell.ts';

const off = { reason: 'poweredOff', message: '', stats: null, screen: null } as const;

let bench: ManagerBench;
beforeEach(async () => {
  bench = new ManagerBench();
  await bench.open();
});
async function run(name: string): Promise<FakeMachineHandle> {
  const handle = new FakeMachineHandle();
  bench.handle = handle;
  await bench.manager.start(await bench.manager.create({ name, settings: machineSettings.parse({}) }));
  return handle;
}

it('lets guests go that hear their power button', async () => {
  const handle = await run('one');
  handle.powerButton = () => setImmediate(() => handle.finish(off));
  await new Farewell(bench.manager, 1e6).say('powerButton');
  expect(handle.end?.reason).toBe('poweredOff');
});

it('pulls the plug of guests that stay', async () => {
  const handle = await run('one');
  await new Farewell(bench.manager, 10).say('powerButton');
  expect(handle.asked).toContain('powerButton');
  expect(handle.end?.reason).toBe('stopped');
});

it('does not wait for guests that are stopped, or hear no button', async () => {
  const paused = await run('paused');
  bench.manager.pause(bench.manager.list().machines[0]!.id);
  const deaf = await run('deaf');
  deaf.hearsPowerButton = false;
  await new Farewell(bench.manager, 1e6).say('powerButton');
  expect([paused.end?.reason, deaf.end?.reason]).toEqual(['stopped', 'stopped']);
  expect(deaf.asked).not.toContain('powerButton');
});

it('presses no button where the plug is wanted', async () => {
  const handle = await run('one');
  await new Farewell(bench.manager, 1e6).say('powerOff');
  expect(handle.asked).not.toContain('powerButton');
  expect(handle.end?.reason).toBe('stopped');
});

it('can be hurried', async () => {
  const handle = await run('one');
  const farewell = new Farewell(bench.manager, 1e6);
  handle.powerButton = () => setImmediate(() => farewell.hurry());
  await farewell.say('powerButton');
  expect(handle.end?.reason).toBe('stopped');
});
