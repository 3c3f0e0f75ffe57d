import { describe, expect, it } from 'vitest';
import { SavedState, SavedStateWriter, type StateSource } from './saved-state.ts';

const fields = {
  text: 'Grüße',
  list: [1, -0.5, null, [true, false]],
  nested: { bytes: Uint8Array.of(1, 2, 3), big: 2 ** 52 },
};

async function write(memory: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const writer = new SavedStateWriter({
    write: async (chunk) => {
      chunks.push(chunk.slice());
    },
  });
  await writer.value('device', { version: 3, fields });
  await writer.memory('ram', memory);
  await writer.end();
  return Buffer.concat(chunks);
}

function sourceOf(bytes: Uint8Array): StateSource {
  return {
    lengthBytes: bytes.length,
    read: async (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}

function sampleMemory(): Uint8Array {
  const memory = new Uint8Array(600 * 4096);
  memory[5] = 1;
  memory.fill(7, 100 * 4096, 400 * 4096);
  memory[600 * 4096 - 1] = 0x80;
  return memory;
}

describe('saved state', () => {
  it('gives back values and memory as they were', async () => {
    const memory = sampleMemory();
    const state = await SavedState.open(sourceOf(await write(memory)));
    const restored = new Uint8Array(memory.length).fill(0xcc);

    await state.memory('ram', restored);

    expect(await state.value('device')).toEqual({ version: 3, fields });
    expect(Buffer.compare(restored, memory)).toBe(0);
    expect(state.names()).toEqual(['device', 'ram']);
  });

  it('leaves zero pages out', async () => {
    const bytes = await write(new Uint8Array(4096 * 1000));

    expect(bytes.length).toBeLessThan(4096);
  });

  it('refuses a cut-off file', async () => {
    const bytes = await write(sampleMemory());

    await expect(SavedState.open(sourceOf(bytes.subarray(0, bytes.length - 1)))).rejects.toThrow('cut off');
  });

  it.each([40, 80, 3000])('notices a flipped bit at offset %i', async (offset) => {
    const bytes = await write(sampleMemory());
    bytes[offset]! ^= 0x10;
    const state = SavedState.open(sourceOf(bytes));

    await expect(
      state.then(async (opened) => {
        await opened.value('device');
        await opened.memory('ram', new Uint8Array(600 * 4096));
      }),
    ).rejects.toMatchObject({ code: 'state.incompatible' });
  });

  it('refuses memory of another size', async () => {
    const state = await SavedState.open(sourceOf(await write(new Uint8Array(8192))));

    await expect(state.memory('ram', new Uint8Array(4096))).rejects.toThrow('8192');
  });
});
