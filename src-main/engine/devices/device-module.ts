// What each device folder's index.ts exports: the kind's name and how to build an instance from its configuration.
import type { DeviceConfigOf, DeviceKind } from '../../contract/catalog.ts';
import type { BlockBackend, RemovableBackend } from '../../core/backends/block.ts';
import type { CharBackend } from '../../core/backends/char.ts';
import type { EntropyBackend } from '../../core/backends/entropy.ts';
import type { Device, DeviceContext } from '../bus/device.ts';

/** What the machine's owner plugs into a device, by the device's own attachment names ("0:1", "disk", "line"). */
export interface DeviceHost {
  /** Stable instance name: "serial0", "ide0". */
  readonly id: string;
  /** The fixed disk at `slot`, or null when nothing is attached. */
  block(slot: string): BlockBackend | null;
  /** The removable drive at `slot`, or null when there is no such drive. */
  removable(slot: string): RemovableBackend | null;
  /** The host end of a character line, or null when unplugged. */
  char(slot: string): CharBackend | null;
  /** Randomness for the guest. */
  readonly entropy: EntropyBackend;
}

export interface DeviceModule<K extends DeviceKind, D extends Device = Device> {
  readonly kind: K;
  /** Builds a device in its power-on state and maps it into `ctx`. `config` has passed the schema. */
  create(config: DeviceConfigOf<K>, ctx: DeviceContext, host: DeviceHost): D;
}
