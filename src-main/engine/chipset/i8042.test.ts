import { describe, expect, it } from 'vitest';
import { RecordedLine } from '../../../test/harness/device-bench.ts';
import { FakeClock } from '../../../test/harness/fake-clock.ts';
import { PortBus } from '../bus/port-bus.ts';
import { I8042 } from './i8042.ts';

function createController() {
  const clock = new FakeClock();
  const ports = new PortBus();
  const irq1 = new RecordedLine();
  const irq12 = new RecordedLine();
  const events = { resets: 0, a20: true };
  const controller = new I8042({
    clock,
    irq1,
    irq12,
    mapPorts: (base, count, handler) => ports.map(base, count, handler),
    setA20: (isEnabled) => {
      events.a20 = isEnabled;
    },
    onReset: () => {
      events.resets++;
    },
  });
  const command = (value: number): void => ports.write(0x64, 1, value);
  const data = (value: number): void => ports.write(0x60, 1, value);
  const status = (): number => ports.read(0x64, 1);
  /** Every byte that arrives within a tenth of a second. */
  const drain = (): number[] => {
    const bytes: number[] = [];
    for (let i = 0; i < 100; i++) {
      if (status() & 1) bytes.push(ports.read(0x60, 1));
      clock.advance(1_000_000);
    }
    return bytes;
  };
  const mouse = (...bytes: number[]): number[] => {
    for (const byte of bytes) {
      command(0xd4);
      data(byte);
    }
    return drain();
  };
  const keyboard = (...bytes: number[]): number[] => {
    for (const byte of bytes) data(byte);
    return drain();
  };
  const type = (code: string, isDown: boolean): number[] => {
    controller.keyboard.key({ code, isDown });
    return drain();
  };
  return { controller, clock, ports, irq1, irq12, events, command, data, status, drain, mouse, keyboard, type };
}

function withTranslation() {
  const bench = createController();
  bench.command(0x60);
  bench.data(0x47);
  return bench;
}

describe('8042', () => {
  it('passes its self-test and the port tests', () => {
    const { command, drain } = createController();
    const answers = [0xaa, 0xab, 0xa9].flatMap((test) => {
      command(test);
      return drain();
    });

    expect(answers).toEqual([0x55, 0x00, 0x00]);
  });

  it('reads and writes its command byte and RAM', () => {
    const { command, data, drain } = createController();
    command(0x60);
    data(0x65);
    command(0x20);
    const control = drain();
    command(0x71);
    data(0xab);
    command(0x31);

    expect([control, drain()]).toEqual([[0x65], [0xab]]);
  });

  it('marks mouse bytes in the status and raises interrupt 12', () => {
    const { command, data, status, irq1, irq12 } = createController();
    command(0xd4);
    data(0xf4);

    expect([status() & 0x21, irq1.isAsserted, irq12.isAsserted]).toEqual([0x21, false, true]);
  });

  it('repeats the last byte when port 60h is read again before the next arrives', () => {
    const { controller, ports } = withTranslation();
    controller.keyboard.key({ code: 'ArrowUp', isDown: true });

    expect([ports.read(0x60, 1), ports.read(0x60, 1)]).toEqual([0xe0, 0xe0]);
  });

  it('resets by pulse and by output port', () => {
    const { command, data, events } = createController();
    command(0xfe);
    command(0xd1);
    data(0xce);

    expect(events.resets).toBe(2);
  });

  it('holds keyboard bytes back while the keyboard is disabled', () => {
    const { command, type, drain } = withTranslation();
    command(0xad);
    const held = type('KeyA', true);
    command(0xae);

    expect([held, drain()]).toEqual([[], [0x1e]]);
  });
});

describe('PS/2 keyboard', () => {
  it('identifies itself and resets to set 2', () => {
    const { keyboard } = createController();

    expect([keyboard(0xf2), keyboard(0xff), keyboard(0xf0), keyboard(0x00)]).toEqual([
      [0xfa, 0xab, 0x83],
      [0xfa, 0xaa],
      [0xfa],
      [0xfa, 0x02],
    ]);
  });

  it.each([
    ['KeyA', [0x1e], [0x9e]],
    ['ControlRight', [0xe0, 0x1d], [0xe0, 0x9d]],
    ['F7', [0x41], [0xc1]],
    ['F12', [0x58], [0xd8]],
    ['IntlBackslash', [0x56], [0xd6]],
    ['NumpadEnter', [0xe0, 0x1c], [0xe0, 0x9c]],
    ['NumpadDivide', [0xe0, 0x35], [0xe0, 0xb5]],
    ['MetaLeft', [0xe0, 0x5b], [0xe0, 0xdb]],
    ['IntlYen', [0x7d], [0xfd]],
    ['IntlRo', [0x73], [0xf3]],
    ['PrintScreen', [0xe0, 0x2a, 0xe0, 0x37], [0xe0, 0xb7, 0xe0, 0xaa]],
    ['Pause', [0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5], []],
    ['Lang1', [0xf2], []],
  ])('sends %s in set 1 through translation', (code, make, release) => {
    const { type } = withTranslation();

    expect([type(code, true), type(code, false)]).toEqual([make, release]);
  });

  it('sends set 2 untranslated and set 3 with make only', () => {
    const { command, data, keyboard, type } = createController();
    command(0x60);
    data(0x00);
    const set2 = [...type('KeyA', true), ...type('KeyA', false)];
    keyboard(0xf0);
    keyboard(0x03);
    const set3 = [
      ...type('KeyA', true),
      ...type('KeyA', false),
      ...type('ShiftLeft', true),
      ...type('ShiftLeft', false),
    ];

    expect([set2, set3]).toEqual([
      [0x1c, 0xf0, 0x1c],
      [0x1c, 0x12, 0xf0, 0x12],
    ]);
  });

  it('repeats a held key after the delay at the set rate', () => {
    const { controller, clock, drain, keyboard, ports } = withTranslation();
    keyboard(0xf3);
    keyboard(0x00);
    controller.keyboard.key({ code: 'KeyA', isDown: true });
    ports.read(0x60, 1);
    clock.advance(240_000_000);
    const early = ports.read(0x64, 1) & 1;
    const repeats = [...drain(), ...drain()].length;

    expect(early).toBe(0);
    expect(repeats).toBeGreaterThanOrEqual(5);
    expect(repeats).toBeLessThanOrEqual(7);
  });

  it('tells the lights', () => {
    const { controller, keyboard } = createController();
    const seen: number[] = [];
    controller.keyboard.onLeds((leds) => seen.push(leds));
    keyboard(0xed);
    keyboard(0x02);

    expect(seen).toEqual([2]);
  });

  it('reports an overrun instead of half a scan code', () => {
    const { controller, drain } = withTranslation();
    for (let i = 0; i < 40; i++) {
      controller.keyboard.key({ code: 'F1', isDown: true });
      controller.keyboard.key({ code: 'F1', isDown: false });
    }

    expect(drain().length).toBeLessThanOrEqual(40);
  });
});

describe('PS/2 mouse', () => {
  it('sends movement with signs, Y upwards', () => {
    const { controller, mouse, drain } = createController();
    mouse(0xf4);
    controller.mouse.move({ dx: 5, dy: 3, wheel: 0, buttons: 1 });

    expect(drain()).toEqual([0x29, 5, 0xfd]);
  });

  it('says nothing until enabled', () => {
    const { controller, drain } = createController();
    controller.mouse.move({ dx: 5, dy: 3, wheel: 0, buttons: 1 });

    expect([controller.mouse.isEnabled(), drain()]).toEqual([false, []]);
  });

  it('becomes a wheel mouse, then a five-button mouse, by the knocks', () => {
    const { controller, mouse, drain } = createController();
    const rates = (...values: number[]): void => {
      for (const value of values) {
        mouse(0xf3);
        mouse(value);
      }
    };
    rates(200, 100, 80);
    const wheelId = mouse(0xf2);
    rates(200, 200, 80);
    const explorerId = mouse(0xf2);
    mouse(0xf4);
    controller.mouse.move({ dx: 0, dy: 0, wheel: 1, buttons: 0x10 });

    expect([wheelId, explorerId, drain()]).toEqual([
      [0xfa, 3],
      [0xfa, 4],
      [0x08, 0, 0, 0x2f],
    ]);
  });

  it('splits large movements over packets at the sampling rate', () => {
    const { controller, mouse, drain } = createController();
    mouse(0xf4);
    controller.mouse.move({ dx: 300, dy: 0, wheel: 0, buttons: 0 });

    expect(drain()).toEqual([0x08, 255, 0, 0x08, 45, 0]);
  });

  it('answers remote reads and reports its settings', () => {
    const { controller, mouse } = createController();
    mouse(0xe8);
    mouse(0x03);
    mouse(0xf0);
    controller.mouse.move({ dx: 2, dy: 0, wheel: 0, buttons: 0 });

    expect([mouse(0xeb), mouse(0xe9)]).toEqual([
      [0xfa, 0x08, 2, 0],
      [0xfa, 0x40, 3, 100],
    ]);
  });

  it('echoes in wrap mode until told to stop', () => {
    const { mouse } = createController();

    expect([mouse(0xee), mouse(0x55), mouse(0xec), mouse(0xf2)]).toEqual([[0xfa], [0x55], [0xfa], [0xfa, 0]]);
  });
});
