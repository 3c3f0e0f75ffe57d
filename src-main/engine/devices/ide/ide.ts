// The IDE function of the PIIX3 south bridge: two channels at the legacy addresses, bus master registers in BAR 4.
// [PIIX3 §2.4, §3.3]. Timing registers are kept but change nothing; the channels always decode.
import type { BlockBackend, RemovableBackend } from '../../../core/backends/block.ts';
import type { Device, DeviceContext, DeviceState } from '../../bus/device.ts';
import { StateReader } from '../../bus/state-fields.ts';
import { AtaDrive } from './ata-drive.ts';
import { AtapiDrive } from './atapi-drive.ts';
import { BusMaster } from './bus-master.ts';
import { Channel } from './channel.ts';
import type { DrivePort } from './drive.ts';

/** One of the four places: a disk, an optical drive (perhaps empty), or nothing. */
export type DriveAttachment =
  | { kind: 'disk'; medium: BlockBackend }
  | { kind: 'optical'; tray: RemovableBackend }
  | null;

/** Channel 0 device 0, channel 0 device 1, channel 1 device 0, channel 1 device 1. */
export type DriveAttachments = readonly [DriveAttachment, DriveAttachment, DriveAttachment, DriveAttachment];

const channelWiring = [
  { command: 0x1f0, control: 0x3f6, irq: 14 },
  { command: 0x170, control: 0x376, irq: 15 },
] as const;

const stateVersion = 1;
const timingStart = 0x40;
const timingLength = 0x20;
/** IDETIM bit 15 of each channel: decode enabled. */
const timingDefaults = [0x00, 0x80, 0x00, 0x80];

export class IdeController implements Device {
  readonly id: string;
  readonly #channels: readonly [Channel, Channel];
  readonly #timing = new Uint8Array(timingLength);

  constructor(id: string, ctx: DeviceContext, attachments: DriveAttachments) {
    this.id = id;
    const [primary, secondary] = channelWiring.map(({ command, control, irq }, index) => {
      const busMaster = new BusMaster(ctx.dma, () => pciFunction.isBusMasterEnabled);
      const channel = new Channel(busMaster, ctx.isaIrq(irq));
      this.#attach(ctx, channel, index, attachments.slice(index * 2, index * 2 + 2));
      ctx.mapPorts(command, 8, channel.commandBlock);
      ctx.mapPorts(control, 1, channel.controlBlock);
      return channel;
    });
    this.#channels = [primary as Channel, secondary as Channel];
    this.#timing.set(timingDefaults);
    const pciFunction = ctx.pci.addFunction(
      {
        identity: { vendorId: 0x8086, deviceId: 0x7010, classCode: 0x010180 },
        bars: { 4: { kind: 'io', sizeBytes: 16, handler: this.#busMasterPorts() } },
        configRead: (offset, size) => this.#readTiming(offset, size),
        configWrite: (offset, size, value) => this.#writeTiming(offset, size, value),
      },
      { slot: 1, functionNumber: 1 },
    );
  }

  #attach(ctx: DeviceContext, channel: Channel, channelIndex: number, attachments: readonly DriveAttachment[]): void {
    attachments.forEach((attachment, device) => {
      if (!attachment) return;
      const place = `${channelIndex}:${device}`;
      const port: DrivePort = {
        busMaster: channel.busMaster,
        interruptChanged: () => channel.updateInterrupt(),
        // A controller drives both kinds, and each has its own light.
        activity: (kind) => ctx.activity(kind, attachment.kind === 'disk' ? 'disk' : 'cdrom'),
        logFailure: (what, error) =>
          ctx.log.limited(
            `${this.id}.${place}.${what}`,
            'error',
            `${this.id} drive ${place}: ${what} failed: ${String(error)}`,
          ),
      };
      const serial = `OSPITE-${this.id}-${channelIndex}${device}`.toUpperCase();
      channel.drives[device as 0 | 1] =
        attachment.kind === 'disk'
          ? new AtaDrive(port, attachment.medium, serial)
          : new AtapiDrive(port, attachment.tray, serial);
    });
  }

  /** Byte registers, 8 per channel; wider accesses are split. */
  #busMasterPorts(): {
    read(port: number, size: number): number;
    write(port: number, size: number, value: number): void;
  } {
    const byteAt = (port: number): [BusMaster | undefined, number] => [
      this.#channels[(port >> 3) & 1]?.busMaster,
      port & 7,
    ];
    return {
      read(port, size) {
        let value = 0;
        for (let i = 0; i < size; i++) {
          const [busMaster, register] = byteAt(port + i);
          value |= (busMaster?.readByte(register) ?? 0xff) << (8 * i);
        }
        return value >>> 0;
      },
      write(port, size, value) {
        for (let i = 0; i < size; i++) {
          const [busMaster, register] = byteAt(port + i);
          busMaster?.writeByte(register, (value >>> (8 * i)) & 0xff);
        }
      },
    };
  }

  #readTiming(offset: number, size: number): number | undefined {
    if (offset < timingStart || offset + size > timingStart + timingLength) return undefined;
    let value = 0;
    for (let i = 0; i < size; i++) value |= (this.#timing[offset - timingStart + i] as number) << (8 * i);
    return value >>> 0;
  }

  #writeTiming(offset: number, size: number, value: number): boolean {
    if (offset < timingStart || offset + size > timingStart + timingLength) return false;
    for (let i = 0; i < size; i++) this.#timing[offset - timingStart + i] = value >>> (8 * i);
    return true;
  }

  reset(): void {
    this.#timing.fill(0);
    this.#timing.set(timingDefaults);
    for (const channel of this.#channels) channel.hardReset();
  }

  async quiesce(): Promise<void> {
    for (const channel of this.#channels) await channel.settle();
  }

  save(): DeviceState {
    return {
      version: stateVersion,
      fields: { timing: this.#timing.slice(), channels: this.#channels.map((channel) => channel.save()) },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, stateVersion);
    this.#timing.set(reader.bytes('timing', timingLength));
    reader.records('channels', 2).forEach((saved, index) => {
      this.#channels[index]?.restore(saved);
    });
  }
}
