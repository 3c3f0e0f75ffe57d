import { expect, it } from 'vitest';
import { GuestClock } from './bus/guest-clock.ts';
import { KeyFeeder } from './key-feeder.ts';

function bench() {
  let now = 0;
  const clock = new GuestClock(
    () => now,
    () => 0,
  );
  clock.start();
  const keyboard = {
    hasData: false,
    sent: [] as string[],
    key: (event: { code: string }) => keyboard.sent.push(event.code),
  };
  const feeder = new KeyFeeder(keyboard, clock);
  return {
    keyboard,
    feeder,
    pass: (ms: number) => {
      now += ms * 1e6;
      clock.runDue();
    },
  };
}

it('passes a single key straight through', () => {
  const { feeder, keyboard } = bench();
  feeder.push({ code: 'KeyA', isDown: true });
  expect(keyboard.sent).toEqual(['KeyA']);
});

it('spreads a burst over time, in order', () => {
  const { feeder, keyboard, pass } = bench();
  for (const code of ['KeyA', 'KeyB', 'KeyC']) feeder.push({ code, isDown: true });
  expect(keyboard.sent).toEqual(['KeyA']);
  pass(5);
  pass(5);
  expect(keyboard.sent).toEqual(['KeyA', 'KeyB', 'KeyC']);
});

it('waits while the guest has not read the last one', () => {
  const { feeder, keyboard, pass } = bench();
  feeder.push({ code: 'KeyA', isDown: true });
  feeder.push({ code: 'KeyB', isDown: true });
  keyboard.hasData = true;
  pass(5);
  pass(5);
  expect(keyboard.sent).toEqual(['KeyA']);
  keyboard.hasData = false;
  pass(5);
  expect(keyboard.sent).toEqual(['KeyA', 'KeyB']);
});
