import { describe, expect, it } from 'vitest';
import { type LoopHost, type LoopMachine, MachineLoop, type SliceEnd } from './machine-loop.ts';

/** A machine that does as its script says, and a host whose time moves only in sleeps, turns and slices. */
class Bench implements LoopMachine, LoopHost {
  readonly log: string[] = [];
  ms = 0;
  retired = 0;
  /** What the next slices end with; then `ended`. */
  script: (() => SliceEnd)[] = [];
  timers: () => number | null = () => null;
  /** Runs at the next turn of the event loop. */
  onTurn: () => void = () => {};
  onSleep: () => void = () => {};
  budgets: number[] = [];
  /** Instructions that a slice of the budget takes; time passes at 1000 a millisecond. */
  speed = 1000;

  runTimers(): number | null {
    return this.timers();
  }
  runSlice(budget: number): SliceEnd {
    this.budgets.push(budget);
    const end = this.script.shift()?.() ?? 'ended';
    if (end === 'busy') {
      this.retired += budget;
      this.ms += budget / this.speed;
    }
    this.log.push(typeof end === 'string' ? end : 'call');
    return end;
  }
  instructions(): number {
    return this.retired;
  }
  startClock(): void {
    this.log.push('start');
  }
  stopClock(): void {
    this.log.push('stop');
  }
  nowMs(): number {
    return this.ms;
  }
  turn(): Promise<void> {
    this.log.push('turn');
    this.onTurn();
    return Promise.resolve();
  }
  after(ms: number, callback: () => void): () => void {
    let isCancelled = false;
    this.log.push(`sleep ${ms}`);
    queueMicrotask(() => {
      this.onSleep();
      if (isCancelled) return;
      this.ms += ms;
      callback();
    });
    return () => {
      isCancelled = true;
    };
  }
  loop(isPaused = false): MachineLoop {
    return new MachineLoop(this, this, isPaused);
  }
  count(entry: string): number {
    return this.log.filter((line) => line === entry).length;
  }
}

const times = <T>(count: number, value: T): (() => T)[] => Array.from({ length: count }, () => () => value);

describe('slices', () => {
  it('are shortened to the next timer, but never to nothing', async () => {
    const bench = new Bench();
    bench.speed = 20_000;
    const deadlines = [null, 500_000, 1];
    bench.timers = () => deadlines.shift() ?? null;
    bench.script = times<SliceEnd>(2, 'busy');
    await bench.loop().run();
    expect(bench.budgets).toEqual([20_000, 10_000, 2000]);
  });

  it('adapt to the speed at which instructions retire', async () => {
    const bench = new Bench();
    bench.speed = 100_000;
    bench.script = times<SliceEnd>(200, 'busy');
    await bench.loop().run();
    expect(bench.budgets.at(-1)).toBeGreaterThan(95_000);
    expect(bench.budgets.at(-1)).toBeLessThanOrEqual(100_000);
  });

  it('let the event loop turn every few milliseconds', async () => {
    const bench = new Bench();
    bench.speed = 20_000;
    bench.script = times<SliceEnd>(20, 'busy');
    await bench.loop().run();
    expect(bench.count('turn')).toBeGreaterThanOrEqual(10);
    expect(bench.count('turn')).toBeLessThanOrEqual(12);
  });
});

describe('the execution cap', () => {
  /** Share of the time that slices took, in percent. */
  async function share(percent: number, script: (() => SliceEnd)[]): Promise<number> {
    const bench = new Bench();
    bench.speed = 20_000;
    bench.script = script;
    const loop = bench.loop();
    loop.setCap(percent);
    await loop.run();
    return (100 * loop.busyMs) / bench.ms;
  }

  it.each([10, 25, 50, 90])('holds a busy guest to %i percent', async (percent) => {
    expect(Math.abs((await share(percent, times<SliceEnd>(2000, 'busy'))) - percent)).toBeLessThan(2);
  });

  it('lets a guest run freely at 100 percent', async () => {
    expect(await share(100, times<SliceEnd>(100, 'busy'))).toBe(100);
  });

  it('counts the sleep of a halted guest', async () => {
    const bench = new Bench();
    bench.speed = 20_000;
    bench.timers = () => 100e6;
    // One millisecond of work in a hundred is far below the cap.
    bench.script = Array.from(
      { length: 100 },
      (_, index): (() => SliceEnd) =>
        () =>
          index % 2 ? 'halted' : 'busy',
    );
    const loop = bench.loop();
    loop.setCap(50);
    await loop.run();
    expect(bench.count('sleep 10')).toBe(0);
  });

  it('does not hold up a stop', async () => {
    const bench = new Bench();
    bench.speed = 20_000;
    bench.script = times<SliceEnd>(2000, 'busy');
    const loop = bench.loop();
    loop.setCap(1);
    bench.onSleep = () => loop.stop();
    await loop.run();
    expect(bench.log.filter((line) => line.startsWith('sleep')).length).toBe(1);
  });
});

describe('a halted guest', () => {
  it('sleeps until its timer and counts the time', async () => {
    const bench = new Bench();
    bench.timers = () => 40e6;
    bench.script = [() => 'halted'];
    const loop = bench.loop();
    await loop.run();
    expect(bench.log).toContain('sleep 40');
    expect(loop.haltedMs).toBe(40);
  });

  it('is looked at once a second without a timer', async () => {
    const bench = new Bench();
    bench.script = times<SliceEnd>(2, 'halted');
    await bench.loop().run();
    expect(bench.count('sleep 1000')).toBe(2);
  });

  it('turns the event loop instead of a sleep shorter than host timers have', async () => {
    const bench = new Bench();
    bench.timers = () => 100_000;
    bench.script = [() => 'halted'];
    await bench.loop().run();
    expect(bench.log).toEqual(['start', 'halted', 'turn', 'start', 'ended', 'stop']);
  });

  it('wakes at once for an interrupt', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    bench.script = [() => 'halted'];
    bench.onSleep = () => loop.wake();
    await loop.run();
    expect(bench.ms).toBe(0);
  });

  it('does not sleep over an interrupt that a timer raises after the halt', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    const deadlines: (number | null | (() => void))[] = [1000, () => loop.wake(), null];
    bench.timers = () => {
      const next = deadlines.shift() ?? null;
      if (typeof next !== 'function') return next;
      next();
      return null;
    };
    bench.script = [() => 'halted'];
    await loop.run();
    expect(bench.log).toEqual(['start', 'halted', 'turn', 'start', 'ended', 'stop']);
  });

  it('sleeps again after a wake that came while it was running', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    bench.script = [
      () => {
        loop.wake();
        return 'halted';
      },
    ];
    await loop.run();
    expect(bench.count('sleep 1000')).toBe(1);
  });
});

describe('a firmware call', () => {
  /** A call that the test ends. */
  function call(): { begin: () => Promise<void>; settle: () => void } {
    let settle = () => {};
    const promise = new Promise<void>((resolve) => (settle = resolve));
    return { begin: () => promise, settle: () => settle() };
  }

  it('stops the processor until it settles', async () => {
    const bench = new Bench();
    const { begin, settle } = call();
    bench.script = [begin];
    let sleeps = 0;
    bench.onSleep = () => {
      if (++sleeps === 3) settle();
    };
    await bench.loop().run();
    expect(bench.count('sleep 1000')).toBe(3);
    expect(bench.budgets).toHaveLength(2);
  });

  it('may wait for guest time: timers fire meanwhile', async () => {
    const bench = new Bench();
    const { begin, settle } = call();
    bench.script = [begin];
    bench.timers = () => {
      if (bench.ms >= 25) settle();
      return bench.ms < 25 ? (25 - bench.ms) * 1e6 : null;
    };
    await bench.loop().run();
    expect(bench.ms).toBe(25);
    expect(bench.count('sleep 25')).toBe(1);
  });

  it('that rejects ends the run with its error and a stopped clock', async () => {
    const bench = new Bench();
    bench.script = [() => Promise.reject(new Error('read failed'))];
    await expect(bench.loop().run()).rejects.toThrow('read failed');
    expect(bench.log.at(-1)).toBe('stop');
  });

  it('under way at a pause goes on with a clock that stands still, and the guest only after the resume', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    const { begin, settle } = call();
    bench.script = [
      () => {
        loop.pause();
        return begin();
      },
    ];
    let sleeps = 0;
    bench.onSleep = () => {
      sleeps++;
      if (sleeps === 1) settle();
      if (sleeps === 3) loop.resume();
    };
    await loop.run();
    expect(bench.log).toEqual([
      'start',
      'call',
      'start',
      'turn',
      'stop',
      'sleep 1000',
      'sleep 1000',
      'sleep 1000',
      'start',
      'ended',
      'stop',
    ]);
  });

  it('that never settles does not keep the machine from being stopped', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    bench.script = [call().begin];
    bench.onSleep = () => loop.stop();
    await loop.run();
    expect(bench.budgets).toHaveLength(1);
    expect(bench.log.at(-1)).toBe('stop');
  });

  it('that settles at once costs no time, but again and again still lets the event loop turn', async () => {
    const bench = new Bench();
    bench.script = Array.from({ length: 1000 }, () => () => {
      bench.ms += 0.01;
      return Promise.resolve();
    });
    await bench.loop().run();
    expect(bench.ms).toBeCloseTo(10);
    expect(bench.count('turn')).toBeGreaterThanOrEqual(4);
    expect(bench.count('turn')).toBeLessThanOrEqual(6);
  });
});

describe('pause and stop', () => {
  it('keeps a machine that starts paused from running a single instruction', async () => {
    const bench = new Bench();
    const loop = bench.loop(true);
    bench.onSleep = () => loop.stop();
    await loop.run();
    expect(bench.budgets).toEqual([]);
  });

  it('runs after a resume', async () => {
    const bench = new Bench();
    const loop = bench.loop(true);
    bench.onSleep = () => loop.resume();
    await loop.run();
    expect(bench.log).toEqual(['stop', 'sleep 1000', 'start', 'ended', 'stop']);
  });

  it('does not run at all when stopped before', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    loop.stop();
    await loop.run();
    expect(bench.log).toEqual(['stop']);
  });

  it('stops a busy guest at the next turn', async () => {
    const bench = new Bench();
    const loop = bench.loop();
    bench.script = times<SliceEnd>(1000, 'busy');
    bench.onTurn = () => loop.stop();
    await loop.run();
    expect(bench.count('turn')).toBe(1);
  });
});
