// A hostile driver that knows the protocol: real commands, packets and PRD tables in random order with random operands. The
// controller must always settle, never throw, never touch what lies outside its media, and come back by a reset.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdeBench } from '../../../../test/harness/ide-bench.ts';
import { DiscardableMedium, MemoryMedium, numberedSectors } from '../../../../test/harness/temp-medium.ts';
import { RemovableDrive } from '../../../storage/removable-drive.ts';

const seed = 20240301;
const commands = [
  0x00, 0x06, 0x08, 0x10, 0x20, 0x24, 0x25, 0x27, 0x29, 0x30, 0x34, 0x35, 0x39, 0x40, 0x42, 0x70, 0x90, 0x91, 0xa0,
  0xa1, 0xc4, 0xc5, 0xc6, 0xc8, 0xca, 0xe0, 0xe5, 0xe7, 0xea, 0xec, 0xef, 0xf8,
];
const operations = [
  0x00, 0x03, 0x12, 0x1a, 0x1b, 0x1e, 0x25, 0x28, 0x2b, 0x42, 0x43, 0x46, 0x4a, 0x51, 0x52, 0x5a, 0xa8, 0xbb, 0xbd,
  0xbe,
];

const mediumCommands = [0x20, 0x24, 0x25, 0x29, 0x30, 0x34, 0x35, 0x39, 0x40, 0x42, 0xc4, 0xc5, 0xc8, 0xca];

const byte = fc.integer({ min: 0, max: 255 });
const transferStep = fc.record({
  kind: fc.constant('transfer' as const),
  command: fc.constantFrom(...mediumCommands),
  lba: fc.integer({ min: 0, max: 720 }),
  count: fc.constantFrom(1, 2, 16, 17, 300, 0),
  resetFirst: fc.boolean(),
});
const readStep = fc.record({
  kind: fc.constant('read' as const),
  lba: fc.integer({ min: 0, max: 42 }),
  count: fc.constantFrom(0, 1, 7, 40),
  limit: fc.constantFrom(0, 1, 2048, 0xffff),
  isDma: fc.boolean(),
  resetFirst: fc.boolean(),
});
const step = fc.oneof(
  transferStep,
  transferStep,
  readStep,
  fc.record({ kind: fc.constant('register' as const), register: fc.integer({ min: 1, max: 6 }), value: byte }),
  fc.record({ kind: fc.constant('command' as const), command: fc.constantFrom(...commands), device: byte }),
  fc.record({
    kind: fc.constant('packet' as const),
    operation: fc.constantFrom(...operations),
    rest: fc.array(byte, { minLength: 11, maxLength: 11 }),
  }),
  fc.record({ kind: fc.constant('data' as const), words: fc.integer({ min: 1, max: 700 }), isWrite: fc.boolean() }),
  fc.record({ kind: fc.constant('control' as const), value: fc.constantFrom(0, 0, 0, 2, 4, 0x80) }),
  fc.record({
    kind: fc.constant('dma' as const),
    entries: fc.array(fc.tuple(fc.integer({ min: 0, max: 0x5fffff }), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 1,
      maxLength: 5,
    }),
    command: fc.constantFrom(0, 1, 8, 9),
  }),
  fc.record({ kind: fc.constant('status' as const) }),
  fc.record({ kind: fc.constant('medium' as const), isPresent: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function perform(ide: IdeBench, tray: RemovableDrive, disc: MemoryMedium, action: Step): void {
  switch (action.kind) {
    case 'register':
      return ide.out(action.register, action.value);
    case 'command':
      ide.out(6, action.device);
      return ide.out(7, action.command);
    case 'transfer':
      // Else the command meets whatever the last one left: often a drive that waits for data.
      if (action.resetFirst) ide.writeControl(4);
      ide.writeControl(0);
      ide.out(6, 0xe0);
      for (const value of [action.count >> 8, action.count]) ide.out(2, value);
      for (const shift of [24, 0]) ide.out(3, action.lba >>> shift);
      for (const value of [0, action.lba >> 8]) ide.out(4, value);
      for (const value of [0, 0]) ide.out(5, value);
      return ide.out(7, action.command);
    case 'read':
      if (action.resetFirst) ide.writeControl(4);
      ide.writeControl(0);
      ide.out(6, 0xb0);
      ide.out(1, action.isDma ? 1 : 0);
      ide.out(4, action.limit & 0xff);
      ide.out(5, action.limit >> 8);
      ide.out(7, 0xa0);
      return ide.sendPacket([0x28, 0, 0, 0, 0, action.lba, 0, 0, action.count]);
    case 'packet':
      ide.out(6, 0x10);
      ide.out(7, 0xa0);
      return ide.sendPacket([action.operation, ...action.rest]);
    case 'data':
      for (let i = 0; i < action.words; i++) {
        if (action.isWrite) ide.out(0, i, 2);
        else ide.in(0, 2);
      }
      return;
    case 'control':
      return ide.writeControl(action.value);
    case 'dma':
      ide.prd(action.entries);
      ide.busMaster(0, 0);
      ide.busMaster(0, action.command);
      return;
    case 'status':
      ide.in(7);
      return;
    case 'medium':
      tray.insert(action.isPresent ? disc : null);
      return;
  }
}

let transfers = 0;

it('settles, stays within its media and comes back by a reset', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
      fc.boolean(),
      async (steps, saveHalfway) => {
        // A request outside the medium makes MemoryMedium throw, which the controller would log.
        const disc = new MemoryMedium(numberedSectors(40, 2048), { blockSize: 2048, isReadOnly: true });
        const disk = new DiscardableMedium(700 * 512);
        const tray = new RemovableDrive(disc);
        const ide = new IdeBench({ kind: 'disk', medium: disk }, { kind: 'optical', tray });
        for (const [index, action] of steps.entries()) {
          perform(ide, tray, disc, action);
          await ide.settle();
          if (saveHalfway && index === steps.length >> 1)
            ide.controller.restore(structuredClone(ide.controller.save()));
        }
        expect(ide.bench.log.lines).toEqual([]);
        transfers += disc.reads + disk.reads + disk.writes;
        ide.controller.reset();
        expect(ide.in(7)).toBe(0x50);
        expect(await ide.command28(0x20, 0, 1)).toBe(0x58);
      },
    ),
    { seed, numRuns: 150 },
  );
  // The steps really reach the media.
  expect(transfers).toBeGreaterThan(250);
});
