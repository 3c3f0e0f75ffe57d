// Damage for fuzz tests: a valid file with some bytes or words replaced, mostly by values at the edges, and perhaps cut short.
import fc from 'fast-check';

const edges = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x100000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** @param within damage stays in the first bytes of the file, where the structure is */
export function damaged(original: Uint8Array, within: number): fc.Arbitrary<Uint8Array> {
  const limit = Math.min(within, original.length) - 4;
  const patch = fc.record({
    at: fc.nat(limit),
    width: fc.constantFrom(1, 2, 4),
    value: fc.oneof(fc.constantFrom(...edges), fc.nat(0xffffffff)),
  });
  return fc
    .record({ patches: fc.array(patch, { maxLength: 6 }), cut: fc.option(fc.nat(original.length), { freq: 4 }) })
    .map(({ patches, cut }) => {
      const bytes = original.slice();
      for (const { at, width, value } of patches)
        for (let i = 0; i < width; i++) bytes[at + i] = (value >>> (8 * i)) & 0xff;
      return cut === null ? bytes : bytes.slice(0, cut);
    });
}
