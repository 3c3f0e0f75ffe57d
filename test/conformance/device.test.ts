// What every device of the registry must do, whatever it is: survive a hostile guest, reset to its power-on state, and go on
// after save and restore as if nothing had happened. New kinds are covered by being listed.
import { describe, expect, it } from 'vitest';
import type { DeviceKind } from '../../src-main/contract/catalog.ts';
import { deviceModules } from '../../src-main/engine/devices/registry.ts';
import {
  copySurroundings,
  createDeviceRig,
  type DeviceRig,
  interruptsOf,
  randomStep,
  settle,
} from '../harness/device-rig.ts';
import { Random } from '../harness/random.ts';

const SEED = 0x0de71ce;
/** A device's registers and queues; media and video memory are far larger but fixed. */
const MAX_GROWTH_BYTES = 0x40000;

async function abuse(rig: DeviceRig, seed: number, steps: number): Promise<number[]> {
  const random = new Random(seed);
  const seen: number[] = [];
  for (let i = 0; i < steps; i++) {
    seen.push(randomStep(rig, random));
    await settle(rig);
  }
  return seen;
}

function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'object' && value !== null)
    return Object.values(value).reduce((sum, each) => sum + sizeOf(each), 8);
  return 8;
}

describe.each(Object.keys(deviceModules) as DeviceKind[])('device %s', (kind) => {
  it('survives hostile accesses without throwing or growing', async () => {
    const rig = createDeviceRig(kind);
    const before = sizeOf(rig.device.save());

    await abuse(rig, SEED, 15_000);

    expect(sizeOf(rig.device.save()) - before).toBeLessThan(MAX_GROWTH_BYTES);
    expect(rig.bench.log.lines.length).toBeLessThanOrEqual(1000);
  });

  it('drops its interrupts at reset and answers as a fresh one does', async () => {
    const rig = createDeviceRig(kind);
    await abuse(rig, SEED + 1, 4_000);

    rig.device.reset();
    await settle(rig);
    const fresh = copySurroundings(rig, kind);

    expect(interruptsOf(rig)).toEqual(interruptsOf(fresh));
  });

  it('goes on after save and restore as if nothing had happened', async () => {
    const rig = createDeviceRig(kind);
    await abuse(rig, SEED + 2, 3_000);
    await settle(rig);
    const state = structuredClone(rig.device.save());

    const copy = copySurroundings(rig, kind);
    copy.device.restore(state);

    expect(copy.device.save()).toEqual(rig.device.save());
    expect(interruptsOf(copy)).toEqual(interruptsOf(rig));
    const seen = await abuse(rig, SEED + 3, 3_000);
    expect(await abuse(copy, SEED + 3, 3_000)).toEqual(seen);
  });

  it('refuses a state of another version or without its fields', () => {
    const { device } = createDeviceRig(kind);
    const { version } = device.save();

    expect(() => device.restore({ version: version + 1, fields: {} })).toThrowError(
      expect.objectContaining({ code: 'state.incompatible' }),
    );
    expect(() => device.restore({ version, fields: {} })).toThrowError(
      expect.objectContaining({ code: 'state.incompatible' }),
    );
  });
});
