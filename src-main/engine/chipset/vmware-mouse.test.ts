import { beforeEach, describe, expect, it } from 'vitest';
import type { PortIoHandler } from '../bus/device.ts';
import { VmwareMouse } from './vmware-mouse.ts';

const MAGIC = 0x564d5868;
const ENABLE = 0x45414552;
const ABSOLUTE = 0x53424152;

let port: PortIoHandler;
let registers: number[];
let nudges: number;
let mouse: VmwareMouse;

beforeEach(() => {
  registers = new Array<number>(8).fill(0);
  nudges = 0;
  mouse = new VmwareMouse({
    registers: { get: (index) => registers[index]!, set: (index, value) => (registers[index] = value) },
    nudge: () => nudges++,
    mapPorts: (_base, _count, handler) => {
      port = handler;
    },
  });
});

/** IN EAX, DX as a driver does it: [EAX, EBX, ECX, EDX] afterwards. */
function call(command: number, argument = 0, magic = MAGIC): number[] {
  registers = [magic, command, 0x5658, argument, 0, 0, 0, 0];
  const eax = port.read(0x5658, 4);
  return [eax, registers[3]!, registers[1]!, registers[2]!];
}

function enable(): void {
  call(41, ENABLE);
  call(39, 1);
  call(41, ABSOLUTE);
}

describe('the VMware mouse', () => {
  it('says its version to who knows the magic word, and nothing to others', () => {
    expect(call(10).slice(0, 2)).toEqual([6, MAGIC]);
    expect(call(10, 0, 1)[0]).toBe(0xffffffff);
    registers = [MAGIC, 10, 0, 0];
    expect(port.read(0x5658, 1)).toBe(0xff);
  });

  it('announces itself after it was enabled', () => {
    expect(call(40)[0]).toBe(0xffff0000);
    call(41, ENABLE);
    expect(call(40)[0]).toBe(1);
    expect(call(39, 1)[0]).toBe(0x3442554a);
  });

  it('hands out positions in absolute mode, and wakes the driver', () => {
    enable();
    mouse.move({ x: 0x1234, y: 0xfedc, wheel: 1, buttons: 5 });
    expect(nudges).toBe(1);
    expect(call(40)[0]).toBe(4);
    expect(call(39, 4)).toEqual([0x28, 0x1234, 0xfedc, 0xff]);
  });

  it('keeps quiet until the driver asks for absolute positions', () => {
    call(41, ENABLE);
    mouse.move({ x: 1, y: 1, wheel: 0, buttons: 0 });
    expect(mouse.isAbsolute).toBe(false);
    expect(nudges).toBe(0);
  });

  it('keeps the newest positions when nobody fetches them', () => {
    enable();
    for (let x = 0; x < 1000; x++) mouse.move({ x, y: 0, wheel: 0, buttons: 0 });
    const waiting = call(40)[0]!;
    expect(waiting).toBeLessThanOrEqual(256);
    let last = -1;
    for (let left = waiting; left > 0; left -= 4) last = call(39, 4)[1]!;
    expect(last).toBe(999);
  });

  it('makes a driver that asks for too much start anew', () => {
    enable();
    expect(call(39, 4)[0]).toBe(0xffff0000);
    expect(call(40)[0]).toBe(0xffff0000);
    expect(call(39, 0xffffffff)[0]).toBe(0xffff0000);
  });
});
