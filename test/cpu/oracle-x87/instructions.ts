// Every x87 instruction the oracle can judge, with the operands that exercise it.
export type MemoryKind = 'f32' | 'f64' | 'f80' | 'i16' | 'i32' | 'i64' | 'bcd' | 'control' | 'environment' | 'state';

export interface Instruction {
  readonly name: string;
  readonly opcode: number;
  readonly modrm: number;
  readonly memory?: MemoryKind;
  /** 2 gives the operand-size prefix. */
  readonly opSize: number;
  /** Results may differ from the host's by one unit in the last place. */
  readonly isTranscendental: boolean;
  /** Runs without checking for pending exceptions, so the state may hold some. */
  readonly isNonWaiting: boolean;
}

const list: Instruction[] = [];

function add(name: string, opcode: number, modrm: number, extra: Partial<Instruction> = {}): void {
  list.push({ name, opcode, modrm, opSize: 4, isTranscendental: false, isNonWaiting: false, ...extra });
}

/** ModRM with the memory operand at [rsi]. */
const atRsi = (reg: number): number => (reg << 3) | 6;

const arithmetic = ['fadd', 'fmul', 'fcom', 'fcomp', 'fsub', 'fsubr', 'fdiv', 'fdivr'];
arithmetic.forEach((name, reg) => {
  add(`${name} m32`, 0xd8, atRsi(reg), { memory: 'f32' });
  add(`${name} m64`, 0xdc, atRsi(reg), { memory: 'f64' });
  add(`${name} i32`, 0xda, atRsi(reg), { memory: 'i32' });
  add(`${name} i16`, 0xde, atRsi(reg), { memory: 'i16' });
  for (const i of [0, 1, 1, 1, 3, 7]) {
    add(`${name} st0,st${i}`, 0xd8, 0xc0 | (reg << 3) | i);
    add(`${name} st${i},st0`, 0xdc, 0xc0 | (reg << 3) | i);
    if (reg !== 3) add(`${name}p st${i}`, 0xde, 0xc0 | (reg << 3) | i);
  }
});
add('fcompp', 0xde, 0xd9);
add('fucompp', 0xda, 0xe9);
for (const i of [0, 1, 2, 6]) {
  add(`fld st${i}`, 0xd9, 0xc0 | i);
  add(`fxch st${i}`, 0xd9, 0xc8 | i);
  add(`fxch4 st${i}`, 0xdd, 0xc8 | i);
  add(`fxch7 st${i}`, 0xdf, 0xc8 | i);
  add(`fstp1 st${i}`, 0xd9, 0xd8 | i);
  add(`fst st${i}`, 0xdd, 0xd0 | i);
  add(`fstp st${i}`, 0xdd, 0xd8 | i);
  add(`fstp8 st${i}`, 0xdf, 0xd0 | i);
  add(`fstp9 st${i}`, 0xdf, 0xd8 | i);
  add(`ffree st${i}`, 0xdd, 0xc0 | i);
  add(`ffreep st${i}`, 0xdf, 0xc0 | i);
  add(`fucom st${i}`, 0xdd, 0xe0 | i);
  add(`fucomp st${i}`, 0xdd, 0xe8 | i);
  add(`fucomi st${i}`, 0xdb, 0xe8 | i);
  add(`fcomi st${i}`, 0xdb, 0xf0 | i);
  add(`fucomip st${i}`, 0xdf, 0xe8 | i);
  add(`fcomip st${i}`, 0xdf, 0xf0 | i);
  ['b', 'e', 'be', 'u'].forEach((condition, at) => {
    add(`fcmov${condition} st${i}`, 0xda, 0xc0 | (at << 3) | i);
    add(`fcmovn${condition} st${i}`, 0xdb, 0xc0 | (at << 3) | i);
  });
}
const d9 = (name: string, modrm: number, isTranscendental = false): void =>
  add(name, 0xd9, modrm, { isTranscendental });
d9('fnop', 0xd0);
d9('fchs', 0xe0);
d9('fabs', 0xe1);
d9('ftst', 0xe4);
d9('fxam', 0xe5);
['fld1', 'fldl2t', 'fldl2e', 'fldpi', 'fldlg2', 'fldln2', 'fldz'].forEach((name, i) => {
  d9(name, 0xe8 + i);
});
d9('f2xm1', 0xf0, true);
d9('fyl2x', 0xf1, true);
d9('fptan', 0xf2, true);
d9('fpatan', 0xf3, true);
d9('fxtract', 0xf4);
d9('fprem1', 0xf5);
d9('fdecstp', 0xf6);
d9('fincstp', 0xf7);
d9('fprem', 0xf8);
d9('fyl2xp1', 0xf9, true);
d9('fsqrt', 0xfa);
d9('fsincos', 0xfb, true);
d9('frndint', 0xfc);
d9('fscale', 0xfd);
d9('fsin', 0xfe, true);
d9('fcos', 0xff, true);

const memoryForms: [string, number, number, MemoryKind][] = [
  ['fld', 0xd9, 0, 'f32'],
  ['fst', 0xd9, 2, 'f32'],
  ['fstp', 0xd9, 3, 'f32'],
  ['fld', 0xdd, 0, 'f64'],
  ['fst', 0xdd, 2, 'f64'],
  ['fstp', 0xdd, 3, 'f64'],
  ['fld', 0xdb, 5, 'f80'],
  ['fstp', 0xdb, 7, 'f80'],
  ['fild', 0xdf, 0, 'i16'],
  ['fisttp', 0xdf, 1, 'i16'],
  ['fist', 0xdf, 2, 'i16'],
  ['fistp', 0xdf, 3, 'i16'],
  ['fild', 0xdb, 0, 'i32'],
  ['fisttp', 0xdb, 1, 'i32'],
  ['fist', 0xdb, 2, 'i32'],
  ['fistp', 0xdb, 3, 'i32'],
  ['fild', 0xdf, 5, 'i64'],
  ['fisttp', 0xdd, 1, 'i64'],
  ['fistp', 0xdf, 7, 'i64'],
  ['fbld', 0xdf, 4, 'bcd'],
  ['fbstp', 0xdf, 6, 'bcd'],
  ['fldcw', 0xd9, 5, 'control'],
];
for (const [name, opcode, reg, memory] of memoryForms) add(`${name} ${memory}`, opcode, atRsi(reg), { memory });
for (const opSize of [2, 4]) {
  add(`fldenv/${opSize}`, 0xd9, atRsi(4), { memory: 'environment', opSize });
  add(`frstor/${opSize}`, 0xdd, atRsi(4), { memory: 'state', opSize });
  add(`fnstenv/${opSize}`, 0xd9, atRsi(6), { memory: 'environment', opSize, isNonWaiting: true });
  add(`fnsave/${opSize}`, 0xdd, atRsi(6), { memory: 'state', opSize, isNonWaiting: true });
}
add('fnstcw', 0xd9, atRsi(7), { memory: 'control', isNonWaiting: true });
add('fnstsw m16', 0xdd, atRsi(7), { memory: 'control', isNonWaiting: true });
add('fnstsw ax', 0xdf, 0xe0, { isNonWaiting: true });
add('feni', 0xdb, 0xe0, { isNonWaiting: true });
add('fdisi', 0xdb, 0xe1, { isNonWaiting: true });
add('fnclex', 0xdb, 0xe2, { isNonWaiting: true });
add('fninit', 0xdb, 0xe3, { isNonWaiting: true });
add('fsetpm', 0xdb, 0xe4, { isNonWaiting: true });

export const instructions: readonly Instruction[] = list;
