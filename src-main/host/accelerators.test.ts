import { expect, it } from 'vitest';
import { accelerator } from '../contract/machine.ts';
import { chooseAccelerator, probeAccelerators } from './accelerators.ts';

it('reports every accelerator that can be asked for, with a reason', () => {
  const reports = probeAccelerators();
  expect(['auto', ...reports.map(({ id }) => id)].sort()).toEqual([...accelerator.options].sort());
  for (const { reason } of reports) expect(reason).not.toBe('');
});

it('chooses the interpreter and says why nothing faster', () => {
  const chosen = chooseAccelerator('auto');
  expect(chosen).toMatchObject({ id: 'interpreter', isAvailable: true });
  expect(chosen.reason).toMatch(/kvm: .+/);
});

it.each(['interpreter', 'jit'] as const)('takes %s when it was asked for', (id) => {
  expect(chooseAccelerator(id)).toEqual({ id, isAvailable: true, reason: 'Chosen by you' });
});

it('refuses kvm, which this version has not, with the remedy', () => {
  expect(() => chooseAccelerator('kvm')).toThrow(
    expect.objectContaining({ code: 'feature.unavailable', message: expect.stringContaining('--accel interpreter') }),
  );
});
