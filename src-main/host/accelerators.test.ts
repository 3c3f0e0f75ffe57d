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
  expect(chosen.reason).toMatch(/kvm: .+; jit: .+/);
});

it('takes the one that was asked for', () => {
  expect(chooseAccelerator('interpreter')).toEqual({
    id: 'interpreter',
    isAvailable: true,
    reason: 'Chosen by you',
  });
});

it.each(['kvm', 'jit'] as const)('refuses %s, which this version has not, with the remedy', (wanted) => {
  expect(() => chooseAccelerator(wanted)).toThrow(
    expect.objectContaining({ code: 'feature.unavailable', message: expect.stringContaining('--accel interpreter') }),
  );
});
