// Instantiates the planned devices on the board, each with its own view of the machine and of what is plugged into it.
import type { DeviceConfig, DeviceKind } from '../contract/catalog.ts';
import type { BlockBackend, RemovableBackend } from '../core/backends/block.ts';
import type { CharBackend } from '../core/backends/char.ts';
import type { DisplaySource } from '../core/backends/display.ts';
import type { EntropyBackend } from '../core/backends/entropy.ts';
import type { Device, DeviceContext } from './bus/device.ts';
import type { Board } from './chipset/board.ts';
import type { DeviceHost, DeviceModule } from './devices/device-module.ts';
import { deviceModules } from './devices/registry.ts';
import { createVga } from './devices/vga/index.ts';
import type { Vga } from './devices/vga/vga.ts';
import type { PlannedDevice } from './machine-plan.ts';

/** What the machine's owner plugs in, by index of the settings' lists. */
export interface Attached {
  disk(attachment: number): BlockBackend | null;
  drive(attachment: number): RemovableBackend | null;
  serialLine(port: number): CharBackend | null;
  entropy: EntropyBackend;
  /** Option ROM of the display adapter, for firmware files that need one. */
  vgaBios: Uint8Array | null;
}

export interface BuiltDevices {
  devices: Device[];
  display: DisplaySource | null;
}

export function buildDevices(plan: readonly PlannedDevice[], board: Board, attached: Attached): BuiltDevices {
  const built: BuiltDevices = { devices: [], display: null };
  for (const planned of plan) {
    const { id, config } = planned;
    if (config.kind === 'vga') {
      const vga: Vga = createVga(config, board.contextFor(id), {
        id,
        ...(attached.vgaBios ? { expansionRom: attached.vgaBios } : {}),
      });
      built.devices.push(vga);
      built.display = vga.display;
    } else built.devices.push(createDevice(config, board.contextFor(id), hostOf(planned, attached)));
  }
  return built;
}

/** The registry pairs each module with its own configuration; the compiler cannot follow that through the union. */
function createDevice(config: DeviceConfig, context: DeviceContext, host: DeviceHost): Device {
  const module = deviceModules[config.kind] as unknown as DeviceModule<DeviceKind>;
  return module.create(config as never, context, host);
}

function hostOf({ id, config, slots }: PlannedDevice, attached: Attached): DeviceHost {
  const at = <T>(slot: string, find: (attachment: number) => T | null): T | null => {
    const attachment = slots.get(slot);
    return attachment === undefined ? null : find(attachment);
  };
  return {
    id,
    entropy: attached.entropy,
    block: (slot) => at(slot, (attachment) => attached.disk(attachment)),
    removable: (slot) => at(slot, (attachment) => attached.drive(attachment)),
    char: () => (config.kind === 'serial' ? attached.serialLine(config.port - 1) : null),
  };
}
