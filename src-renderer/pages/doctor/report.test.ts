import { expect, it } from 'vitest';
import { doctorReport, summaryOf } from './report.ts';

const info = {
  version: '1.2.3',
  home: '/home/me/.ospite',
  machineFolder: '/home/me/.ospite/machines',
  platform: 'linux x64',
  kind: 'serve' as const,
  logicalProcessors: 2,
  memoryMib: 4096,
  freeDiskBytes: 1,
  accelerators: [
    { id: 'kvm' as const, isAvailable: false, reason: 'no /dev/kvm' },
    { id: 'interpreter' as const, isAvailable: true, reason: 'Runs everywhere' },
  ],
};

it('names the fastest accelerator there is', () => {
  expect(summaryOf(info)).toBe('interpreter');
  expect(summaryOf({ ...info, accelerators: [{ id: 'kvm', isAvailable: true, reason: '' }] })).toBe('kvm');
});

it('writes what was found, without the names of home folders', () => {
  const report = doctorReport(info, [
    { id: 'kvm', title: 'KVM', status: 'missing', explanation: 'Not here.\nTwice.', remedy: 'modprobe kvm' },
    { id: 'disk', title: 'Disk space', status: 'ok', explanation: 'Enough.', remedy: '' },
  ]);
  expect(report.split('\n')).toEqual([
    'Ospite 1.2.3 on linux x64, 2 processors, 4096 MiB (serve)',
    'kvm: no (no /dev/kvm)',
    'interpreter: available (Runs everywhere)',
    '',
    '[miss] KVM',
    '       Not here.',
    '       Twice.',
    '       > modprobe kvm',
    '[ ok ] Disk space',
    '       Enough.',
    '',
  ]);
});
