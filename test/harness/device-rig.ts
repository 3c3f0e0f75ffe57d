// Any device of the registry on a bench, built from its default configuration, with RAM disks and a looped line attached, and a
// record of every range it mapped: what a suite that knows nothing of the device needs to push its buttons.
import { type DeviceKind, deviceConfigs } from '../../src-main/contract/catalog.ts';
import type { BlockBackend, RemovableBackend } from '../../src-main/core/backends/block.ts';
import type { CharBackend } from '../../src-main/core/backends/char.ts';
import type { Device, DeviceContext } from '../../src-main/engine/bus/device.ts';
import type { DeviceModule } from '../../src-main/engine/devices/device-module.ts';
import { deviceModules } from '../../src-main/engine/devices/registry.ts';
import { createDeviceBench, type DeviceBench, deviceHost } from './device-bench.ts';
import type { Random } from './random.ts';

const MEDIUM_BYTES = 0x168000;
const MAX_STEP_NS = 2_000_000;
type BarIndex = 0 | 1 | 2 | 3 | 4 | 5;

/** A medium in an array. */
export class RamMedium implements BlockBackend {
  readonly bytes: Uint8Array;
  readonly blockSize: number;
  readonly isReadOnly = false;

  constructor(lengthBytes: number, blockSize: number) {
    this.bytes = new Uint8Array(lengthBytes);
    this.blockSize = blockSize;
  }

  get capacityBytes(): number {
    return this.bytes.length;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    target.set(this.bytes.subarray(offset, offset + target.length));
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    this.bytes.set(source, offset);
  }

  async flush(): Promise<void> {}
}

export interface DeviceRig {
  readonly device: Device;
  readonly bench: DeviceBench;
  readonly media: RamMedium[];
  readonly ports: { base: number; count: number }[];
  readonly mmio: { gpa: number; lengthBytes: number }[];
  /** Bytes the device sent to its line. */
  readonly sent: number[];
}

export function createDeviceRig(kind: DeviceKind): DeviceRig {
  const bench = createDeviceBench({ ramBytes: 0x20000 });
  const ports: DeviceRig['ports'] = [];
  const mmio: DeviceRig['mmio'] = [];
  const media: RamMedium[] = [];
  const sent: number[] = [];
  const ctx: DeviceContext = {
    ...bench.ctx,
    mapPorts: (base, count, handler) => {
      ports.push({ base, count });
      return bench.ctx.mapPorts(base, count, handler);
    },
    mapMmio: (gpa, lengthBytes, handler) => {
      mmio.push({ gpa, lengthBytes });
      return bench.ctx.mapMmio(gpa, lengthBytes, handler);
    },
  };
  const addMedium = (blockSize: number): RamMedium => {
    const medium = new RamMedium(MEDIUM_BYTES, blockSize);
    media.push(medium);
    return medium;
  };
  const line: CharBackend = {
    send: (bytes) => {
      sent.push(...bytes);
      return true;
    },
    onReceive: (receiver) => receiver(Uint8Array.of(1, 2, 3, 4, 5)),
    onDrain() {},
  };
  const host = deviceHost(`${kind}0`, {
    block: (slot) => (slot === '0:0' || slot === 'disk' ? addMedium(512) : null),
    removable: (slot) => (slot === '1:0' ? drive(addMedium(2048)) : slot === '0' ? drive(addMedium(512)) : null),
    char: () => line,
  });
  const module: DeviceModule<DeviceKind> = deviceModules[kind];
  const device = module.create(deviceConfigs[kind].parse({ kind }), ctx, host);
  return { device, bench, media, ports, mmio, sent };
}

function drive(medium: RamMedium): RemovableBackend {
  return { medium: () => medium, changeCount: () => 1, eject: () => false, setLocked() {} };
}

/** Lets requests under way end. */
export async function settle(rig: DeviceRig): Promise<void> {
  await rig.device.quiesce?.();
  await Promise.resolve();
}

/** One random guest action; returns what the guest could see. */
export function randomStep(rig: DeviceRig, random: Random): number {
  const { bench } = rig;
  const size = random.pick([1, 1, 2, 4]);
  const isWrite = random.below(2) === 0;
  const value = random.value();
  const choices: (() => number)[] = [];
  if (rig.ports.length > 0) {
    const range = random.pick(rig.ports);
    const port = range.base + random.below(range.count);
    choices.push(() =>
      access(
        isWrite,
        () => bench.ports.read(port, size),
        () => bench.ports.write(port, size, value),
      ),
    );
  }
  if (rig.mmio.length > 0) {
    const range = random.pick(rig.mmio);
    const gpa = range.gpa + (random.below(range.lengthBytes) & ~(size - 1));
    choices.push(() =>
      access(
        isWrite,
        () => bench.mmio.read(gpa, size),
        () => bench.mmio.write(gpa, size, value),
      ),
    );
  }
  for (const fn of bench.pci.functions) {
    for (const [key, bar] of Object.entries(fn.description.bars ?? {})) {
      if (!bar || bar.kind === 'memory') continue;
      const index = Number(key) as BarIndex;
      const offset = random.below(Math.min(bar.sizeBytes, 0x4000)) & ~(size - 1);
      choices.push(() =>
        access(
          isWrite,
          () => fn.barRead(index, offset, size),
          () => fn.barWrite(index, offset, size, value),
        ),
      );
    }
    const offset = random.below(256) & ~(size - 1);
    choices.push(() =>
      access(
        isWrite,
        () => fn.configRead(offset, size),
        () => fn.configWrite(offset, size, value),
      ),
    );
  }
  choices.push(() => {
    bench.clock.advance(random.below(MAX_STEP_NS));
    return 0;
  });
  choices.push(() => {
    bench.ram.writeU32(random.below(bench.ram.bytes.length - 4) & ~3, value);
    return 0;
  });
  return random.pick(choices)();
}

function access(isWrite: boolean, read: () => number, write: () => void): number {
  if (!isWrite) return read();
  write();
  return 0;
}

/** A second rig in the same surroundings: time, RAM, media and device memory; the device is fresh. */
export function copySurroundings(rig: DeviceRig, kind: DeviceKind): DeviceRig {
  const copy = createDeviceRig(kind);
  copy.bench.clock.setNow(rig.bench.clock.now());
  copy.bench.clock.wall.ms = rig.bench.clock.wall.ms;
  copy.bench.ram.bytes.set(rig.bench.ram.bytes);
  rig.media.forEach((medium, index) => {
    copy.media[index]!.bytes.set(medium.bytes);
  });
  rig.bench.memories.forEach((memory, index) => {
    copy.bench.memories[index]!.bytes.set(memory.bytes);
  });
  rig.bench.pci.functions.forEach((fn, index) => {
    copy.bench.pci.functions[index]!.config.set(fn.config);
  });
  return copy;
}

/** The interrupt lines and messages, as far as a guest could compare them. */
export function interruptsOf(rig: DeviceRig): unknown {
  return {
    isa: Array.from({ length: 16 }, (_, irq) => rig.bench.isa.line(irq).isAsserted),
    pins: rig.bench.pci.functions.map((fn) => fn.isInterruptAsserted),
  };
}
