// Which accelerators this host can offer, and which one `auto` means. The reasons are shown to users (doctor, speed badge).
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Accelerator } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';

export interface AcceleratorReport {
  id: Exclude<Accelerator, 'auto'>;
  isAvailable: boolean;
  reason: string;
}

/** The state of every accelerator on this host, in the order in which `auto` takes them. */
export function probeAccelerators(): AcceleratorReport[] {
  return [
    { id: 'kvm', isAvailable: false, reason: kvmReason() },
    { id: 'interpreter', isAvailable: true, reason: 'Runs everywhere; every guest instruction is interpreted' },
    { id: 'jit', isAvailable: true, reason: 'New: translates hot guest code to WebAssembly; choose it yourself' },
  ];
}

/** @throws {OspiteError} feature.unavailable for one that this host or version has not */
export function chooseAccelerator(requested: Accelerator): AcceleratorReport {
  const reports = probeAccelerators();
  if (requested === 'auto') {
    const best = reports.find((report) => report.isAvailable)!;
    const passedOver = reports
      .filter((report) => !report.isAvailable)
      .map((report) => `${report.id}: ${report.reason}`);
    return { ...best, reason: `Chosen automatically (${passedOver.join('; ')})` };
  }
  const report = reports.find((candidate) => candidate.id === requested)!;
  if (!report.isAvailable)
    throw new OspiteError(
      'feature.unavailable',
      `The ${requested} accelerator cannot be used: ${report.reason}; use --accel interpreter or auto`,
    );
  return { ...report, reason: 'Chosen by you' };
}

function kvmReason(): string {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'this host offers no /dev/kvm to this user';
  }
  if (!/^flags\s*:.*\b(vmx|svm)\b/m.test(readText('/proc/cpuinfo')))
    return 'the processor here has neither VT-x nor SVM';
  return 'hardware assistance is not in this version';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
