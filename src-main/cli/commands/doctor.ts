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
  return canRun(report.checks) ? 0 : 1;
};

/** Something runs guest code, and Ospite's own files are there. */
function canRun(checks: readonly DoctorCheck[]): boolean {
  const isThere = (wanted: RegExp): boolean => checks.some(({ id, status }) => wanted.test(id) && status !== 'missing');
  return isThere(/^accelerator\./) && isThere(/^files$/);
}

function checkText({ title, status, explanation, remedy }: DoctorCheck, hasColour: boolean): string {
  const mark = marks[status].padEnd(INDENT.length);
  const lines = [
    `${hasColour ? `\u001b[${colours[status]}m${mark}\u001b[0m` : mark}${printable(title)}`,
    ...wrap(printable(explanation), WIDTH - INDENT.length).map((line) => INDENT + line),
    ...remedy.split('\n').flatMap((line) => remedyLines(printable(line))),
  ];
  return lines.join('\n');
}

/** A sentence is wrapped; what is to be typed stays a line. */
function remedyLines(line: string): string[] {
  if (line === '') return [];
  const lines = line.endsWith('.') ? wrap(line, WIDTH - INDENT.length - 2) : [line];
  return lines.map((text, index) => `${INDENT}${index === 0 ? '> ' : '  '}${text}`);
}
