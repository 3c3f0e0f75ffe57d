// CR0.EM, CR0.TS, CR4.OSFXSR and CR4.OSXMMEXCPT before MMX and SSE instructions (Intel SDM volume 3, sections 13.1 and 13.4), which
// the host's own processor cannot show in user mode.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CaseRecord, RECORD_SIZE, ResultRecord } from './case-format.ts';
import { CoreProcessor, defaultCr0, defaultCr4 } from './core-processor.ts';

const corePath = process.env['OSPITE_CORE'] ?? fileURLToPath(new URL('../../../dist/core.wasm', import.meta.url));
const EM = 4n;
const TS = 8n;
const OSFXSR = 0x200n;
const OSXMMEXCPT = 0x400n;
const BREAKPOINT = 3;
const UD = 6;
const NM = 7;
const XM = 19;

const addps = [0x0f, 0x58, 0xc1];
const paddb = [0x0f, 0xfc, 0xc1];
const paddbXmm = [0x66, 0x0f, 0xfc, 0xc1];
const cvtps2pi = [0x0f, 0x2d, 0xc1];
const movq2dq = [0xf3, 0x0f, 0xd6, 0xc1];
const pclmulqdq = [0x66, 0x0f, 0x3a, 0x44, 0xc1, 0];
const crc32 = [0xf2, 0x0f, 0x38, 0xf1, 0xc3];
const divps = [0x0f, 0x5e, 0xc1];

/** The vector that ends `code`, with zeros in every register. */
function vectorOf(code: readonly number[], cr0: bigint, cr4: bigint, mxcsr = 0x1f80): number {
  const buffer = new ArrayBuffer(RECORD_SIZE);
  const input = new CaseRecord(buffer, 0);
  input.code = code;
  input.mxcsr = mxcsr;
  const notes = [{ name: 'availability', undefinedFlags: 0 }];
  const results = new CoreProcessor(corePath, cr0, cr4).run({ mode: 64, count: 1, buffer, notes });
  return new ResultRecord(results, 0).vector;
}

describe('availability of MMX and SSE', () => {
  it.each([
    ['nothing set', defaultCr0, defaultCr4, BREAKPOINT, BREAKPOINT],
    ['CR0.TS', defaultCr0 | TS, defaultCr4, NM, NM],
    ['CR0.EM', defaultCr0 | EM, defaultCr4, UD, UD],
    ['CR0.EM and TS', defaultCr0 | EM | TS, defaultCr4, UD, UD],
    ['no CR4.OSFXSR', defaultCr0, defaultCr4 & ~OSFXSR, UD, BREAKPOINT],
    ['no CR4.OSFXSR, CR0.TS', defaultCr0 | TS, defaultCr4 & ~OSFXSR, UD, NM],
  ] as const)('%s', (_, cr0, cr4, sse, mmx) => {
    for (const code of [addps, paddbXmm, cvtps2pi, movq2dq, pclmulqdq]) expect(vectorOf(code, cr0, cr4)).toBe(sse);
    expect(vectorOf(paddb, cr0, cr4)).toBe(mmx);
    expect(vectorOf(crc32, cr0, cr4)).toBe(BREAKPOINT);
  });

  it('raises #XM for an unmasked exception, #UD where the system does not handle it', () => {
    const invalidUnmasked = 0x1f00;
    expect(vectorOf(divps, defaultCr0, defaultCr4)).toBe(BREAKPOINT);
    expect(vectorOf(divps, defaultCr0, defaultCr4, invalidUnmasked)).toBe(XM);
    expect(vectorOf(divps, defaultCr0, defaultCr4 & ~OSXMMEXCPT, invalidUnmasked)).toBe(UD);
  });
});
