// The PCI transport, "transitional": modern 1.x structures in BAR 4, the legacy interface in I/O BAR 0, MSI-X in BAR 1, INTx. [VIRTIO-1.2 §4.1]
//
//   BAR 4:  0000h common configuration | 1000h ISR | 2000h device configuration | 3000h notification, 4 bytes per queue
//
// A driver that uses the legacy interface gets legacy semantics until reset: low feature bits only, page-frame queue
// addresses, no FEATURES_OK handshake.
import type { Device, DeviceContext, DeviceState, MmioHandler, PortIoHandler } from '../bus/device.ts';
import type { PciFunction, PciFunctionDescription } from '../bus/pci.ts';
import { StateReader } from '../bus/state-fields.ts';
import { CommonConfiguration } from './common-configuration.ts';
import { LegacyConfiguration } from './legacy-configuration.ts';
import {
  COMMON,
  PCI_CAP_ID_VNDR,
  TRANSITIONAL_DEVICE_IDS,
  VIRTIO_PCI_CAP_COMMON_CFG,
  VIRTIO_PCI_CAP_DEVICE_CFG,
  VIRTIO_PCI_CAP_ISR_CFG,
  VIRTIO_PCI_CAP_NOTIFY_CFG,
  VIRTIO_PCI_CAP_PCI_CFG,
  VIRTIO_VENDOR_ID,
} from './registers.ts';
import { VirtioCore } from './virtio-core.ts';
import type { VirtioModel } from './virtio-model.ts';

const modernBar = 4;
const modernBarLength = 0x4000;
const region = { common: 0x0000, isr: 0x1000, device: 0x2000, notify: 0x3000, length: 0x1000 } as const;
const notifyOffMultiplier = 4;
const legacyBarLength = 0x80;
const stateVersion = 1;

/** cfg_type, bar, offset, length of a virtio capability, without the two generic header bytes. */
function capability(cfgType: number, offset: number, length: number, extra: readonly number[] = []): Uint8Array {
  const payload = new Uint8Array(14 + extra.length);
  const view = new DataView(payload.buffer);
  payload[0] = payload.length + 2;
  payload[1] = cfgType;
  payload[2] = cfgType === VIRTIO_PCI_CAP_PCI_CFG ? 0 : modernBar;
  view.setUint32(6, offset, true);
  view.setUint32(10, length, true);
  payload.set(extra, 14);
  return payload;
}

/** The configuration access capability: bar, offset and length are the driver's, the data window is ours. [VIRTIO-1.2 §4.1.4.9] */
const windowWritable = Uint8Array.of(0, 0, 0xff, 0, 0, 0, ...new Array<number>(8).fill(0xff), 0, 0, 0, 0);
const windowBarAt = 4;
const windowOffsetAt = 8;
const windowLengthAt = 12;
const windowDataAt = 16;

export class VirtioPciDevice implements Device {
  readonly id: string;
  readonly #model: VirtioModel;
  readonly #core: VirtioCore;
  readonly #common: CommonConfiguration;
  readonly #legacy: LegacyConfiguration;
  readonly #modern: MmioHandler;
  readonly #function: PciFunction;
  readonly #windowAt: number;

  constructor(id: string, ctx: DeviceContext, model: VirtioModel) {
    this.id = id;
    this.#model = model;
    this.#core = new VirtioCore(id, ctx, model);
    this.#common = new CommonConfiguration(this.#core);
    this.#legacy = new LegacyConfiguration(this.#core);
    this.#modern = {
      read: (offset, size) => this.#read(offset, size),
      write: (offset, size, value) => this.#write(offset, size, value),
    };
    this.#function = ctx.pci.addFunction(this.#describe());
    this.#windowAt = findWindow(this.#function.config);
    this.#core.connect(this.#function);
    model.attach(this.#core);
  }

  #describe(): PciFunctionDescription {
    const { virtioDeviceId, classCode, queueSizes } = this.#model;
    const transitionalId = TRANSITIONAL_DEVICE_IDS[virtioDeviceId];
    const legacyPorts: PortIoHandler = {
      read: (port, size) => this.#legacy.read(port, size),
      write: (port, size, value) => this.#legacy.write(port, size, value),
    };
    const multiplier = [notifyOffMultiplier, 0, 0, 0];
    return {
      identity: {
        vendorId: VIRTIO_VENDOR_ID,
        deviceId: transitionalId ?? 0x1040 + virtioDeviceId,
        classCode,
        revision: transitionalId === undefined ? 1 : 0,
        subsystemVendorId: VIRTIO_VENDOR_ID,
        subsystemId: virtioDeviceId,
      },
      interruptPin: 1,
      bars: {
        ...(transitionalId === undefined
          ? {}
          : { 0: { kind: 'io', sizeBytes: legacyBarLength, handler: legacyPorts } }),
        [modernBar]: {
          kind: 'mmio',
          sizeBytes: modernBarLength,
          handler: this.#modern,
          is64Bit: true,
          prefetchable: true,
        },
      },
      capabilities: [
        { id: PCI_CAP_ID_VNDR, payload: capability(VIRTIO_PCI_CAP_COMMON_CFG, region.common, COMMON.length) },
        { id: PCI_CAP_ID_VNDR, payload: capability(VIRTIO_PCI_CAP_ISR_CFG, region.isr, 1) },
        { id: PCI_CAP_ID_VNDR, payload: capability(VIRTIO_PCI_CAP_DEVICE_CFG, region.device, region.length) },
        {
          id: PCI_CAP_ID_VNDR,
          payload: capability(
            VIRTIO_PCI_CAP_NOTIFY_CFG,
            region.notify,
            queueSizes.length * notifyOffMultiplier,
            multiplier,
          ),
        },
        {
          id: PCI_CAP_ID_VNDR,
          payload: capability(VIRTIO_PCI_CAP_PCI_CFG, 0, 0, [0, 0, 0, 0]),
          writableMask: windowWritable,
        },
      ],
      configRead: (offset, size) => this.#readWindow(offset, size),
      configWrite: (offset, size, value) => this.#writeWindow(offset, size, value),
      msix: { vectors: queueSizes.length + 1, bar: 1, tableOffset: 0, pbaOffset: 0x800 },
    };
  }

  #read(offset: number, size: number): number {
    const within = offset & (region.length - 1);
    switch (offset - within) {
      case region.common:
        return this.#common.read(within, size);
      case region.isr:
        return within === 0 ? this.#core.takeIsr() : 0;
      case region.device:
        return this.#core.readConfiguration(within, size);
      default:
        return 0;
    }
  }

  #write(offset: number, size: number, value: number): void {
    const within = offset & (region.length - 1);
    switch (offset - within) {
      case region.common:
        return this.#common.write(within, size, value);
      case region.device:
        return this.#core.writeConfiguration(within, size, value);
      case region.notify:
        return this.#core.notify(within >> 2);
    }
  }

  /** Whether the access is to the window's data and its BAR, offset and length allow it; the offset then, else null. */
  #windowTarget(offset: number, size: number): number | null {
    if (offset !== this.#windowAt + windowDataAt || this.#windowAt === 0) return null;
    const config = this.#function.config;
    const view = new DataView(config.buffer, config.byteOffset + this.#windowAt, windowDataAt);
    const target = view.getUint32(windowOffsetAt, true);
    const isLegal =
      view.getUint8(windowBarAt) === modernBar &&
      view.getUint32(windowLengthAt, true) === size &&
      target % size === 0 &&
      target + size <= modernBarLength;
    return isLegal ? target : null;
  }

  #readWindow(offset: number, size: number): number | undefined {
    const target = this.#windowTarget(offset, size);
    return target === null ? undefined : this.#read(target, size);
  }

  #writeWindow(offset: number, size: number, value: number): boolean {
    const target = this.#windowTarget(offset, size);
    if (target === null) return false;
    this.#write(target, size, value);
    return true;
  }

  reset(): void {
    this.#core.reset();
    this.#common.reset();
    this.#legacy.reset();
  }

  async quiesce(): Promise<void> {
    await this.#model.quiesce?.();
  }

  save(): DeviceState {
    return {
      version: stateVersion,
      fields: {
        transport: this.#core.save(),
        common: this.#common.save(),
        legacy: this.#legacy.save(),
        device: this.#model.save(),
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, stateVersion);
    this.#model.reset();
    this.#core.restore(reader.record('transport'));
    this.#common.restore(reader.record('common'));
    this.#legacy.restore(reader.record('legacy'));
    this.#model.restore(reader.record('device'));
  }
}

/** Where the bus put the configuration access capability, 0 if nowhere. */
function findWindow(config: Uint8Array): number {
  let at = config[0x34] ?? 0;
  for (let steps = 0; at !== 0 && steps < 48; steps++) {
    if (config[at] === PCI_CAP_ID_VNDR && config[at + 3] === VIRTIO_PCI_CAP_PCI_CFG) return at;
    at = config[at + 1] ?? 0;
  }
  return 0;
}
