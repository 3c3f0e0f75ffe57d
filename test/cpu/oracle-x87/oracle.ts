// Runs the same states on the host's processor and on the x87 unit and compares what they leave.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as layout from '../../../src-main/engine/cpu/core/layout.ts';
import type { X87Core } from './core.ts';
import type { Instruction } from './instructions.ts';
import type { Random, State } from './random-state.ts';
import { randomState } from './random-state.ts';

const RECORD = 288;
const IMAGE = 16;
const OPERAND = 128;
const FLAGS = 256;
const RAX = 264;
const TRAPPED = 272;
const OPERAND_AT = 0x2000;
const IMAGE_AT = 0x1000;

/** Compiles the native half; undefined when there is no compiler or the host is no x86-64. */
export function buildNative(): { path: string; dispose(): void } | undefined {
  if (process.arch !== 'x64') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'x87-oracle-'));
  const path = join(folder, 'native');
  const built = spawnSync('gcc', ['-O1', '-o', path, new URL('./native.c', import.meta.url).pathname]);
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  if (built.status === 0) return { path, dispose };
  dispose();
  return undefined;
}

export interface Outcome {
  image: Uint8Array;
  operand: Uint8Array;
  flags: number;
  rax: bigint;
  trapped: boolean;
}

export interface Case {
  instruction: Instruction;
  before: State;
  expected: Outcome;
}

export function runNative(native: string, batch: readonly { instruction: Instruction; before: State }[]): Case[] {
  const input = Buffer.alloc(RECORD * batch.length);
  batch.forEach(({ instruction, before }, i) => {
    const at = i * RECORD;
    const code = [...(instruction.opSize === 2 ? [0x66] : []), instruction.opcode, instruction.modrm];
    input[at] = code.length;
    input.set(code, at + 1);
    input.set(before.image, at + IMAGE);
    input.set(before.operand, at + OPERAND);
    input.writeBigUInt64LE(BigInt(before.flags | 0x202), at + FLAGS);
    input.writeBigUInt64LE(before.rax, at + RAX);
  });
  const result = spawnSync(native, { input, maxBuffer: input.length + 1024 });
  if (result.status !== 0 || result.stdout.length !== input.length)
    throw new Error(`the native oracle failed: ${result.stderr}`);
  const output = result.stdout;
  return batch.map(({ instruction, before }, i) => {
    const record = output.subarray(i * RECORD, (i + 1) * RECORD);
    return {
      instruction,
      before,
      expected: {
        image: record.subarray(IMAGE, IMAGE + 108),
        operand: record.subarray(OPERAND, OPERAND + 128),
        flags: Number(record.readBigUInt64LE(FLAGS)) & 0x8d5,
        rax: record.readBigUInt64LE(RAX),
        trapped: record.readBigUInt64LE(TRAPPED) !== 0n,
      },
    };
  });
}

export function runUnit(core: X87Core, { instruction, before }: Case): Outcome {
  const memory = core.memory;
  const ram = new Uint8Array(memory.buffer, layout.RAM_BASE, 0x4000);
  ram.set(before.image, IMAGE_AT);
  memory.setUint32(layout.CPU_FPU_SW, 0, true);
  if (core.exec(0xdd, 0x20, IMAGE_AT, 4) !== -1) throw new Error('FRSTOR trapped');
  ram.set(before.operand, OPERAND_AT);
  memory.setBigUint64(layout.CPU_CC_SRC, BigInt(before.flags), true);
  memory.setBigUint64(layout.CPU_GPR, before.rax, true);
  const vector = core.exec(instruction.opcode, instruction.modrm, OPERAND_AT, instruction.opSize);
  const outcome = {
    operand: ram.slice(OPERAND_AT, OPERAND_AT + 128),
    flags: Number(memory.getBigUint64(layout.CPU_CC_SRC, true)) & 0x8d5,
    rax: memory.getBigUint64(layout.CPU_GPR, true),
    trapped: vector !== -1,
  };
  core.exec(0xdd, 0x30, IMAGE_AT, 4);
  return { ...outcome, image: ram.slice(IMAGE_AT, IMAGE_AT + 108) };
}

/** Distance in units of the 64-bit significand's last place, for results that are both finite and of one sign. */
function distance(a: Uint8Array, b: Uint8Array): bigint | undefined {
  const value = (bytes: Uint8Array): bigint => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return (BigInt(view.getUint16(8, true) & 0x7fff) << 63n) + (view.getBigUint64(0, true) & ((1n << 63n) - 1n));
  };
  if ((a[9]! ^ b[9]!) & 0x80) return undefined;
  const difference = value(a) - value(b);
  return difference < 0n ? -difference : difference;
}

export interface Verdict {
  /** What differs, empty when equal. */
  problems: string[];
  /** A transcendental whose result is one unit off. */
  isInexactMatch: boolean;
}

const SW_UE = 0x10;
const SW_C1 = 0x200;

export function judge({ instruction, expected }: Case, actual: Outcome): Verdict {
  const problems: string[] = [];
  let isInexactMatch = false;
  const want = new DataView(expected.image.buffer, expected.image.byteOffset, 108);
  const have = new DataView(actual.image.buffer, actual.image.byteOffset, 108);
  if (expected.trapped !== actual.trapped) problems.push(`trapped: ${expected.trapped} here ${actual.trapped}`);
  for (let i = 0; i < 8; i++) {
    const at = 28 + 10 * i;
    const wanted = expected.image.subarray(at, at + 10);
    const got = actual.image.subarray(at, at + 10);
    if (Buffer.compare(wanted, got) === 0) continue;
    if (instruction.isTranscendental && i < 2 && distance(wanted, got) === 1n) isInexactMatch = true;
    else problems.push(`st${i}: ${hex(wanted)} here ${hex(got)}`);
  }
  // C1 tells the direction of the last rounding (SDM volume 1, 8.1.3.3). Next to a representable value the direction is as
  // uncertain as the last place, so that a transcendental's C1 counts as a one-unit difference.
  const c1Differs = ((want.getUint16(4, true) ^ have.getUint16(4, true)) & SW_C1) !== 0;
  if (instruction.isTranscendental && c1Differs) isInexactMatch = true;
  // A result one unit off the smallest normal number may be denormal: then underflow and tag differ with it.
  const isAtUnderflow = isInexactMatch && [0, 1].some((i) => (want.getUint16(36 + 10 * i, true) & 0x7fff) <= 1);
  const transcendentalMask = 0xffff & ~SW_C1 & ~(isAtUnderflow ? SW_UE : 0);
  for (const [name, at, mask] of [
    ['cw', 0, 0xffff],
    ['sw', 4, instruction.isTranscendental ? transcendentalMask : 0xffff],
    ['tw', 8, isAtUnderflow ? 0 : 0xffff],
  ] as const) {
    const wanted = want.getUint16(at, true);
    const got = have.getUint16(at, true);
    if ((wanted ^ got) & mask) problems.push(`${name}: ${wanted.toString(16)} here ${got.toString(16)}`);
  }
  // The environment's instruction and operand pointers are the host program's own.
  const skipped =
    instruction.memory === 'environment' || instruction.memory === 'state' ? pointerBytes(instruction.opSize) : [0, 0];
  for (let i = 0; i < 128; i++) {
    if (i >= skipped[0]! && i < skipped[1]!) continue;
    if (expected.operand[i] !== actual.operand[i]) {
      problems.push(
        `memory: ${hex(expected.operand.subarray(0, 32))} here ${hex(actual.operand.subarray(0, 32))} at ${i}`,
      );
      break;
    }
  }
  if (expected.flags !== actual.flags)
    problems.push(`eflags: ${expected.flags.toString(16)} here ${actual.flags.toString(16)}`);
  if (expected.rax !== actual.rax) problems.push(`rax: ${expected.rax.toString(16)} here ${actual.rax.toString(16)}`);
  return { problems, isInexactMatch };
}

function pointerBytes(opSize: number): [number, number] {
  return opSize === 2 ? [6, 14] : [12, 28];
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).reverse().toString('hex');
}

export function describeCase({ instruction, before }: Case): string {
  const view = new DataView(before.image.buffer, before.image.byteOffset);
  const registers = [0, 1, 2, 7].map((i) => `st${i}=${hex(before.image.subarray(28 + 10 * i, 38 + 10 * i))}`).join(' ');
  const words = [0, 4, 8].map((at) => view.getUint16(at, true).toString(16)).join(' ');
  return `${instruction.name}: cw/sw/tw ${words} ${registers} memory ${hex(before.operand.subarray(0, 10))} flags ${before.flags.toString(16)}`;
}

export function makeBatch(
  random: Random,
  instructions: readonly Instruction[],
  perInstruction: number,
): { instruction: Instruction; before: State }[] {
  return instructions.flatMap((instruction) =>
    Array.from({ length: perInstruction }, () => ({ instruction, before: randomState(random, instruction) })),
  );
}
