// `ospite doctor`: what works on this host, what not, and why.
import type { DoctorCheck } from '../../contract/methods/host.ts';
import type { Handler } from '../surroundings.ts';
import { printable, wrap } from '../text-layout.ts';

const WIDTH = 80;
const marks = { ok: 'ok', limited: 'limited', missing: 'missing' } as const;
const colours = { ok: 32, limited: 33, missing: 31 } as const;
const INDENT = ' '.repeat(10);

export const doctor: Handler<'doctor'> = async ({ json }, around) => {
  const report = await (await around.host()).call('host.doctor', {});
  around.print(
    json ? JSON.stringify(report) : report.checks.map((check) => checkText(check, around.hasColour)).join('\n\n'),
  );
  return report.checks.some(({ id, status }) => id === 'accelerator.interpreter' && status === 'missing') ? 1 : 0;
};

function checkText({ title, status, explanation, remedy }: DoctorCheck, hasColour: boolean): string {
  const mark = marks[status].padEnd(INDENT.length);
  const lines = [
    `${hasColour ? `\u001b[${colours[status]}m${mark}\u001b[0m` : mark}${printable(title)}`,
    ...wrap(printable(explanation), WIDTH - INDENT.length).map((line) => INDENT + line),
    ...remedy.split('\n').flatMap((line) => (line === '' ? [] : [`${INDENT}> ${printable(line)}`])),
  ];
  return lines.join('\n');
}
