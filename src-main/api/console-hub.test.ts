import { beforeEach, describe, expect, it } from 'vitest';
import { type ApiBench, createApiBench } from '../../test/harness/api-bench.ts';
import type { FakeMachineHandle } from '../../test/harness/fake-machine-handle.ts';
import { machineSettings } from '../contract/machine.ts';
import type { DisplayRect } from '../core/backends/display.ts';
import type { DisplayFrame } from '../engine/protocol.ts';
import type { ConsoleWatcher } from './console-hub.ts';

let bench: ApiBench;
let id: string;
let machine: FakeMachineHandle;

beforeEach(async () => {
  bench = await createApiBench();
  id = await bench.manager.create({ name: 'Console', settings: machineSettings.parse({}) });
  await start();
});

async function start(): Promise<void> {
  await bench.manager.start(id);
  machine = bench.handles.at(-1)!;
}

interface Seen {
  frames: DisplayFrame[];
  serial: string;
  pieces: number;
  watcher: ConsoleWatcher;
}

function watch(): Seen {
  const seen: Omit<Seen, 'watcher'> = { frames: [], serial: '', pieces: 0 };
  const watcher = bench.consoles.watch(id, {
    frame: (frame) => seen.frames.push(frame),
    serial: (port, bytes) => {
      seen.serial += `${port}:${Buffer.from(bytes).toString()} `;
      seen.pieces++;
    },
  });
  return Object.assign(seen, { watcher });
}

/** The machine paints the rectangles in one colour. */
function paint(colour: number, rects: DisplayRect[], size = { width: 4, height: 2 }): void {
  const pixels = new Uint8Array(rects.reduce((sum, rect) => sum + rect.width * rect.height * 4, 0)).fill(colour);
  machine.emit('frame', { ...size, rects, pixels });
}
const whole = { x: 0, y: 0, width: 4, height: 2 };
const at = (x: number, y: number): DisplayRect => ({ x, y, width: 1, height: 1 });
/** One number for each pixel. */
const colours = (frame: DisplayFrame): number[] => [...frame.pixels].filter((_, index) => index % 4 === 0);

describe('the screen', () => {
  it('is asked of the machine only while somebody watches', () => {
    const [first, second] = [watch(), watch()];
    first.watcher.dispose();
    expect(machine.asked).toEqual([{ isWatched: false }, { isWatched: true }, { isWatched: true }]);
    second.watcher.dispose();
    expect(machine.asked.at(-1)).toEqual({ isWatched: false });
  });

  it('goes whole to its first watcher, then as changes', () => {
    const seen = watch();
    paint(1, [whole]);
    seen.watcher.frameShown();
    paint(2, [at(3, 1)]);
    expect(seen.frames.map(({ rects }) => rects)).toEqual([[whole], [at(3, 1)]]);
  });

  it('goes whole to a newcomer', () => {
    watch();
    paint(1, [whole]);
    paint(2, [at(3, 1)]);
    const newcomer = watch();
    expect(newcomer.frames.map(({ rects }) => rects)).toEqual([[whole]]);
    expect(colours(newcomer.frames[0]!)).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it('goes to a slow watcher as one rectangle around all it missed, as it is then', () => {
    const slow = watch();
    paint(1, [whole]);
    paint(2, [at(1, 0)]);
    paint(3, [at(2, 1), at(1, 0)]);
    expect(slow.frames).toHaveLength(1);
    slow.watcher.frameShown();
    expect(slow.frames[1]?.rects).toEqual([{ x: 1, y: 0, width: 2, height: 2 }]);
    expect(colours(slow.frames[1]!)).toEqual([3, 1, 1, 3]);
    slow.watcher.frameShown();
    expect(slow.frames).toHaveLength(2);
  });

  it('goes on for others, and in the machine, beside a watcher that never acknowledges', () => {
    const [stuck, quick] = [watch(), watch()];
    paint(1, [whole]);
    for (let colour = 2; colour < 50; colour++) {
      quick.watcher.frameShown();
      paint(colour, [at(0, 0)]);
    }
    expect(stuck.frames).toHaveLength(1);
    expect(quick.frames).toHaveLength(49);
    expect(machine.asked.filter((asked) => asked === 'frameShown')).toHaveLength(49);
  });

  it('goes whole to everybody when its size changes', () => {
    const [slow, quick] = [watch(), watch()];
    paint(1, [whole]);
    quick.watcher.frameShown();
    paint(2, [{ x: 0, y: 0, width: 1, height: 1 }], { width: 1, height: 1 });
    slow.watcher.frameShown();
    for (const seen of [slow, quick])
      expect(seen.frames.at(-1)).toMatchObject({ width: 1, height: 1, rects: [at(0, 0)] });
    expect(colours(slow.frames.at(-1)!)).toEqual([2]);
  });

  it('is forgotten at the next start', async () => {
    const seen = watch();
    paint(1, [whole]);
    seen.watcher.frameShown();
    machine.finish({ reason: 'poweredOff', message: '', stats: null, screen: null });
    await start();
    expect(machine.asked).toEqual([{ isWatched: true }]);
    expect(watch().frames).toEqual([]);
    paint(2, [whole]);
    expect(seen.frames).toHaveLength(2);
  });

  it('stays for those who look after the end', () => {
    watch();
    paint(1, [whole]);
    machine.finish({ reason: 'poweredOff', message: '', stats: null, screen: null });
    expect(watch().frames).toHaveLength(1);
  });

  it('does not go to who has left', () => {
    const seen = watch();
    paint(1, [whole]);
    paint(2, [whole]);
    seen.watcher.dispose();
    seen.watcher.frameShown();
    paint(3, [whole]);
    expect(seen.frames).toHaveLength(1);
  });

  it('is drawn one frame ahead of the quickest client, and no further', () => {
    const drawn = () => machine.asked.filter((asked) => asked === 'frameShown').length;
    const [quick, slow] = [watch(), watch()];
    paint(1, [whole]);
    expect(drawn()).toBe(1);
    quick.watcher.frameShown();
    paint(2, [at(0, 0)]);
    paint(3, [at(1, 0)]);
    // Both have a frame to come: what the machine drew now would be for nobody.
    expect(drawn()).toBe(2);
    quick.watcher.frameShown();
    expect(drawn()).toBe(3);
    paint(4, [at(2, 0)]);
    expect(drawn()).toBe(3);
    slow.watcher.dispose();
    quick.watcher.dispose();
    expect(drawn()).toBe(4);
  });

  it('goes on in the machine when a watcher fails', () => {
    bench.consoles.watch(id, {
      frame: () => {
        throw new Error('window gone');
      },
      serial: () => {},
    });
    expect(() => paint(1, [whole])).toThrow('window gone');
    expect(machine.asked.at(-1)).toBe('frameShown');
  });
});

describe('serial output', () => {
  const print = (port: number, text: string) => machine.emit('serial', { port, bytes: Buffer.from(text) });

  it('goes to all watchers as it comes', () => {
    const [first, second] = [watch(), watch()];
    print(0, 'login:');
    print(1, 'x');
    expect([first.serial, second.serial]).toEqual(['0:login: 1:x ', '0:login: 1:x ']);
  });

  it('is told to a newcomer in one piece for each port', () => {
    for (const letter of 'many small pieces') print(0, letter);
    print(1, 'other');
    const newcomer = watch();
    expect(newcomer.serial).toBe('0:many small pieces 1:other ');
    expect(newcomer.pieces).toBe(2);
  });

  it('of an earlier run is gone', async () => {
    print(0, 'old');
    machine.finish({ reason: 'poweredOff', message: '', stats: null, screen: null });
    await start();
    print(0, 'new');
    expect(watch().serial).toBe('0:new ');
  });
});

it('forgets a machine that was removed', async () => {
  machine.emit('serial', { port: 0, bytes: Buffer.from('secret') });
  machine.finish({ reason: 'poweredOff', message: '', stats: null, screen: null });
  await bench.manager.remove(id);
  expect(watch().serial).toBe('');
});

it('keeps what the guest does with keyboard and mouse, until it starts anew', async () => {
  expect(bench.consoles.input(id)).toEqual({ leds: null, pointerMode: null });
  machine.emit('leds', 2);
  machine.emit('pointerMode', { isEnabled: true, isAbsolute: true });
  expect(bench.consoles.input(id)).toEqual({ leds: 2, pointerMode: { isEnabled: true, isAbsolute: true } });
  await bench.manager.powerOff(id);
  await start();
  expect(bench.consoles.input(id)).toEqual({ leds: null, pointerMode: null });
});
