// A hostile driver that knows the controller's commands: random operands, DMA counts, resets and disk changes in random order. The
// controller must settle, never throw, never touch what lies outside the disk, and come back by a reset.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeviceBench } from '../../../../test/harness/device-bench.ts';
import { MemoryMedium, numberedSectors, settleAll } from '../../../../test/harness/temp-medium.ts';
import { RemovableDrive } from '../../../storage/removable-drive.ts';
import { FloppyController } from './floppy-controller.ts';
import { parameterCount } from './registers.ts';

const seed = 20240302;
const commands = [0x03, 0x04, 0x07, 0x08, 0x0e, 0x0f, 0x10, 0x12, 0x13, 0x14, 0x94, 0x18, 0x8f, 0xcf, 0x4a, 0x4d, 0x42];
const transfers = [0xc5, 0x45, 0xe6, 0x46, 0xc9, 0xcc, 0xd6, 0x56];

const byte = fc.integer({ min: 0, max: 255 });
const step = fc.oneof(
  fc.record({
    kind: fc.constant('command' as const),
    command: fc.constantFrom(...commands),
    rest: fc.array(byte, { minLength: 8, maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant('transfer' as const),
    command: fc.constantFrom(...transfers),
    address: fc.record({
      cylinder: fc.integer({ min: 0, max: 3 }),
      head: fc.integer({ min: 0, max: 1 }),
      sector: fc.integer({ min: 0, max: 20 }),
      endOfTrack: fc.constantFrom(1, 9, 18, 19, 255),
    }),
    isPrepared: fc.boolean(),
    dmaBytes: fc.constantFrom(0, 1, 512, 700, 9216, 0x10000),
  }),
  fc.record({ kind: fc.constant('fifo' as const), count: fc.integer({ min: 1, max: 600 }), isWrite: fc.boolean() }),
  fc.record({ kind: fc.constant('dor' as const), value: fc.constantFrom(0x00, 0x04, 0x0c, 0x1c, 0x1d, 0x1e) }),
  fc.record({ kind: fc.constant('rate' as const), value: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant('disk' as const), which: fc.constantFrom('none', 'small', 'usual', 'cut') }),
);

let moved = 0;

it('settles, stays within the disk and comes back by a reset', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
      fc.boolean(),
      async (steps, saveHalfway) => {
        const bench = createDeviceBench({ ramBytes: 0x40000 });
        const media: { [which: string]: MemoryMedium | null } = {
          none: null,
          small: new MemoryMedium(160 * 1024),
          usual: new MemoryMedium(numberedSectors(2880)),
          cut: new MemoryMedium(numberedSectors(40)),
        };
        const tray = new RemovableDrive(media['usual']);
        const controller = new FloppyController('floppy0', bench.ctx, [tray, null]);
        const out = (register: number, value: number): void => bench.ports.write(0x3f0 + register, 1, value);
        const send = (bytes: number[]): void => {
          for (let i = 0; i <= (parameterCount(bytes[0]!) ?? 0); i++) out(5, bytes[i]!);
        };
        out(7, 0);
        for (const [index, action] of steps.entries()) {
          if (action.kind === 'command') send([action.command, ...action.rest]);
          else if (action.kind === 'transfer') {
            const { cylinder, head, sector, endOfTrack } = action.address;
            if (action.isPrepared) {
              for (const [register, value] of [
                [2, 0],
                [2, 0x1c],
                [7, 0],
              ] as const)
                out(register, value);
            }
            for (let i = 0; i < 10; i++) bench.ports.read(0x3f5, 1);
            Object.assign(bench.isaDma[2]!, { address: 0x8000, remaining: action.dmaBytes });
            send([0x0f, head << 2, cylinder]);
            send([0x08]);
            for (let i = 0; i < 2; i++) bench.ports.read(0x3f5, 1);
            send([action.command, head << 2, cylinder, head, sector, 2, endOfTrack, 0x1b, 0xff]);
          } else if (action.kind === 'fifo') {
            for (let i = 0; i < action.count; i++) {
              if (action.isWrite) out(5, i & 0xff);
              else bench.ports.read(0x3f5, 1);
            }
          } else if (action.kind === 'dor') out(2, action.value);
          else if (action.kind === 'rate') out(7, action.value);
          else tray.insert(media[action.which]!);
          await controller.quiesce();
          await settleAll();
          if (saveHalfway && index === steps.length >> 1) controller.restore(structuredClone(controller.save()));
        }
        expect(bench.log.lines).toEqual([]);
        for (const medium of Object.values(media)) moved += medium ? medium.reads + medium.writes : 0;
        controller.reset();
        expect(bench.ports.read(0x3f4, 1)).toBe(0x80);
        send([0x10]);
        expect(bench.ports.read(0x3f5, 1)).toBe(0x90);
      },
    ),
    { seed, numRuns: 150 },
  );
  // The steps really reach the disks.
  expect(moved).toBeGreaterThan(150);
});
