// The doctor's findings as a text for a question or a report. Always English: those who answer may not read another language.
import type { DoctorCheck } from '../../../src-main/contract/methods/host.ts';
import type { MethodOutput } from '../../../src-main/contract/methods.ts';

type Info = MethodOutput<'host.info'>;

/** The fastest accelerator that works here. */
export function summaryOf({ accelerators }: Info): 'kvm' | 'jit' | 'interpreter' {
  const best = accelerators.find(({ isAvailable }) => isAvailable)?.id;
  return best === 'kvm' || best === 'jit' ? best : 'interpreter';
}

const signs = { ok: '[ ok ]', limited: '[warn]', missing: '[miss]' };

export function doctorReport(info: Info, checks: DoctorCheck[]): string {
  return [
    `Ospite ${info.version} on ${info.platform}, ${info.logicalProcessors} processors, ${info.memoryMib} MiB (${info.kind})`,
    ...info.accelerators.map(({ id, isAvailable, reason }) => `${id}: ${isAvailable ? 'available' : 'no'} (${reason})`),
    '',
    ...checks.flatMap(({ title, status, explanation, remedy }) => [
      `${signs[status]} ${title}`,
      ...indented(explanation, '       '),
      ...(remedy === '' ? [] : indented(remedy, '       > ')),
    ]),
    '',
  ].join('\n');
}

function indented(text: string, by: string): string[] {
  return text.split('\n').map((line) => `${by}${line}`);
}
