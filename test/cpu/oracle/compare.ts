// Compares two results of one case and describes the differences, with everything needed to run the case again.
import {
  type CaseNotes,
  type CaseRecord,
  COMPARED_FLAGS,
  type Mode,
  RECORD_SIZE,
  ResultRecord,
  TAIL,
  WINDOW,
} from './case-format.ts';

const registerNames = 'RAX RCX RDX RBX RSP RBP RSI RDI R8 R9 R10 R11 R12 R13 R14 R15'.split(' ');

const hex = (value: bigint | number, digits = 1) => value.toString(16).padStart(digits, '0');
const bytesHex = (bytes: Uint8Array) => [...bytes].map((b) => hex(b, 2)).join('');

function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

/** RCPPS, RSQRTPS: both within 1.5 * 2^-12 of the true value; special values equal; results near the least normal may be flushed. */
function isApproximately(a: Uint8Array, b: Uint8Array): boolean {
  const x = floats(a);
  const y = floats(b);
  return x.every((value, i) => {
    const other = y[i]!;
    return Object.is(value, other) || Math.abs(value - other) <= Math.max(Math.abs(other) * 3 * 2 ** -12, 2 ** -125);
  });
}

function memoryDifference(name: string, base: number, expected: Uint8Array, actual: Uint8Array): string[] {
  const first = expected.findIndex((b, i) => b !== actual[i]);
  if (first < 0) return [];
  let last = first;
  for (let i = first; i < expected.length; i++) if (expected[i] !== actual[i]) last = i;
  return [
    `${name} at ${hex(base + first)}: processor ${bytesHex(expected.subarray(first, last + 1))}, core ${bytesHex(actual.subarray(first, last + 1))}`,
  ];
}

/** The unequal parts of two results, empty when they agree. */
export function differences(mode: Mode, notes: CaseNotes, expected: ResultRecord, actual: ResultRecord): string[] {
  const list: string[] = [];
  const check = (name: string, a: bigint | number, b: bigint | number) => {
    if (a !== b) list.push(`${name}: processor ${hex(a)}, core ${hex(b)}`);
  };
  check('vector', expected.vector, actual.vector);
  check('error code', expected.error, actual.error);
  check('RIP', expected.rip, actual.rip);
  check('CR2', expected.cr2, actual.cr2);
  const mask = COMPARED_FLAGS & ~notes.undefinedFlags;
  check('EFLAGS', expected.eflags & mask, actual.eflags & mask);
  check('MXCSR', expected.mxcsr, actual.mxcsr);
  check('FPU tags', expected.fpuTags, actual.fpuTags);
  check('FPU TOP', expected.fpuStatus & 0x3800, actual.fpuStatus & 0x3800);
  const registers = mode === 64 ? 16 : 8;
  for (let i = 0; i < registers; i++) check(registerNames[i]!, expected.gpr(i), actual.gpr(i));
  for (let i = 0; i < registers; i++) {
    const a = expected.xmm(i);
    const b = actual.xmm(i);
    if (a.every((value, j) => value === b[j])) continue;
    if (notes.tolerance === 'approximation' && isApproximately(a, b)) continue;
    list.push(`XMM${i}: processor ${bytesHex(a)}, core ${bytesHex(b)}`);
  }
  for (let i = 0; i < 8; i++) check(`MM${i}`, expected.mmx(i), actual.mmx(i));
  list.push(...memoryDifference('memory', WINDOW, expected.window, actual.window));
  list.push(...memoryDifference('memory', TAIL, expected.tail, actual.tail));
  return list;
}

/** The case in full, for a report. */
export function describeCase(mode: Mode, notes: CaseNotes, input: CaseRecord): string {
  const lines = [`${notes.name}, ${mode}-bit mode, code ${bytesHex(input.code)}`];
  lines.push(`  before: EFLAGS ${hex(input.eflags)} MXCSR ${hex(input.mxcsr)}`);
  const registers = mode === 64 ? 16 : 8;
  for (let i = 0; i < registers; i += 4) {
    const row = [];
    for (let j = i; j < i + 4; j++) row.push(`${registerNames[j]}=${hex(input.gpr(j))}`);
    lines.push(`    ${row.join(' ')}`);
  }
  for (let i = 0; i < registers; i += 2) {
    lines.push(`    XMM${i}=${bytesHex(input.xmm(i))} XMM${i + 1}=${bytesHex(input.xmm(i + 1))}`);
  }
  for (let i = 0; i < 8; i += 4) {
    lines.push(`    ${[0, 1, 2, 3].map((j) => `MM${i + j}=${hex(input.mmx(i + j), 16)}`).join(' ')}`);
  }
  return lines.join('\n');
}

export interface Mismatch {
  readonly index: number;
  readonly notes: CaseNotes;
  readonly differences: readonly string[];
}

/** Differences of whole batches of results. */
export function compareBatch(
  batch: { mode: Mode; count: number; notes: readonly CaseNotes[] },
  expected: ArrayBuffer,
  actual: ArrayBuffer,
): Mismatch[] {
  const found: Mismatch[] = [];
  const a = new Uint32Array(expected);
  const b = new Uint32Array(actual);
  const words = RECORD_SIZE / 4;
  for (let i = 0; i < batch.count; i++) {
    let equal = true;
    for (let w = i * words; w < (i + 1) * words; w++) {
      if (a[w] !== b[w]) {
        equal = false;
        break;
      }
    }
    if (equal) continue;
    const notes = batch.notes[i]!;
    const list = differences(batch.mode, notes, new ResultRecord(expected, i), new ResultRecord(actual, i));
    if (list.length > 0) found.push({ index: i, notes, differences: list });
  }
  return found;
}
