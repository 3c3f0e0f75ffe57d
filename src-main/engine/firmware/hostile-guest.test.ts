// A guest that calls every service with arbitrary registers, memory and port values must get answers, never an exception or an
// endless call. Seeds are fixed.
import { expect, it } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import { Firmware } from './firmware.ts';
import { type FirmwareCpu, realSegment, type SegmentName, type SegmentState } from './firmware-cpu.ts';
import { SERVICE } from './services.ts';
import { createTestMemory, testMachine } from './test-machine.ts';

/** xorshift32 */
function randomSource(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function scriptedCpu(): FirmwareCpu & { gpr: number[]; segments: Map<SegmentName, SegmentState>; control: number[] } {
  const segments = new Map<SegmentName, SegmentState>();
  const cpu = {
    gpr: new Array<number>(8).fill(0),
    segments,
    control: [0, 0, 0, 0, 0],
    readGpr: (index: number) => cpu.gpr[index]!,
    writeGpr(index: number, value: number) {
      cpu.gpr[index] = value >>> 0;
    },
    readIp: () => 0x9000,
    writeIp() {},
    readFlags: () => 2,
    writeFlags() {},
    readSegment: (name: SegmentName) => segments.get(name) ?? realSegment(0),
    writeSegment(name: SegmentName, state: SegmentState) {
      segments.set(name, state);
    },
    readCr: (index: 0 | 2 | 3 | 4) => cpu.control[index]!,
    applyState() {},
  };
  return cpu;
}

const services = [
  ...[0x05, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x1a].map((vector) => 0x100 + vector),
  ...[SERVICE.KEY, SERVICE.RTC, SERVICE.MOUSE, SERVICE.OPTION_ROM, SERVICE.NEXT_BOOT, SERVICE.BOOT],
  ...[SERVICE.PCI_32, SERVICE.APM_32, SERVICE.APM_16, 0xffff],
];
/** Functions worth hitting often: the rest of AX is random. */
const functions = [
  0x00, 0x02, 0x03, 0x06, 0x08, 0x0e, 0x10, 0x11, 0x13, 0x1b, 0x1c, 0x41, 0x42, 0x43, 0x48, 0x4b, 0x4f, 0x53, 0x87,
  0x88, 0xb1, 0xc2, 0xe8,
];

it.each([1, 0xdecade, 0x5eed])('answers arbitrary calls (seed %i)', async (seed) => {
  const random = randomSource(seed);
  const memory = createTestMemory(4 * 1024 * 1024);
  const cpu = scriptedCpu();
  let nowNs = 0;
  const medium = {
    capacityBytes: 1474560,
    blockSize: 512,
    isReadOnly: false,
    read: (_offset: number, target: Uint8Array) =>
      random(8) === 0 ? Promise.reject(new Error('broken')) : Promise.resolve(void target.fill(random(256))),
    write: () => Promise.resolve(),
    flush: () => Promise.resolve(),
  };
  const drive = {
    medium: () => (random(4) === 0 ? null : medium),
    changeCount: () => random(3),
    eject: () => random(2) === 0,
    setLocked() {},
  };
  const firmware = new Firmware({
    machine: testMachine,
    cpu,
    memory,
    ports: { read: (_port, size) => random(2 ** (8 * size)), write() {} },
    clock: {
      now: () => nowNs,
      wallMs: () => 0,
      createTimer: (callback) => ({
        arm(deadlineNs) {
          nowNs = Math.max(nowNs, deadlineNs);
          queueMicrotask(callback);
        },
        cancel() {},
        deadlineNs: null,
      }),
    },
    log: silentLogger,
    cpuSignature: { eax: 0, edx: 0 },
    drives: [
      { kind: 'disk', label: 'disk', backend: medium },
      { kind: 'floppy', label: 'floppy', drive },
      { kind: 'cdrom', label: 'disc', drive },
    ],
    bootOrder: ['disk', 'cdrom', 'floppy', 'net'],
    directBoot: null,
    optionRoms: [],
    bootPromptMs: 0,
  });
  for (let call = 0; call < 4000; call++) {
    for (let index = 0; index < 8; index++) cpu.gpr[index] = random(0x100000000);
    // Data areas full of noise, a stack with AX from the list half the time, segments anywhere.
    for (let at = 0; at < 16; at++) memory.writeU8(0x400 + random(0x200), random(256));
    cpu.segments.set('cs', realSegment(0xf000));
    for (const name of ['ss', 'ds', 'es'] as const) cpu.segments.set(name, realSegment(random(0x10000)));
    cpu.control[0] = random(8) === 0 ? 0x80000001 : 0;
    cpu.control[3] = random(0x400) * 0x1000;
    cpu.control[4] = random(2) * 0x20;
    const stack = (cpu.segments.get('ss')!.base + (cpu.gpr[4]! & 0xffff)) >>> 0;
    memory.writeU16(stack, ((random(2) === 0 ? random(256) : functions[random(functions.length)]!) << 8) | random(256));
    nowNs += random(1e8);
    await firmware.handle(services[random(services.length)]!);
  }
  await firmware.quiesce();
  expect(firmware.save().version).toBe(1);
});
