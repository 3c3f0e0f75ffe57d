// Starts a machine from its settings: picks the accelerator, gives birth to the worker.
import { randomUUID } from 'node:crypto';
import type { MachineSettings } from '../contract/machine.ts';
import { MachineHandle } from '../engine/handle.ts';
import { chooseAccelerator } from '../host/accelerators.ts';
import { ospiteVersion } from '../host/version.ts';

export interface StartOptions {
  name: string;
  /** A new one when omitted. */
  uuid?: string;
  settings: MachineSettings;
  /** From `loadCore()`. */
  core: WebAssembly.Module;
  startPaused?: boolean;
  noReboot?: boolean;
}

/** @throws {OspiteError} feature.unavailable for an accelerator this host has not */
export function startMachine(options: StartOptions): MachineHandle {
  const choice = chooseAccelerator(options.settings.accelerator);
  return new MachineHandle({
    name: options.name,
    uuid: options.uuid ?? randomUUID(),
    version: ospiteVersion(),
    settings: options.settings,
    core: options.core,
    accelerator: { id: choice.id, reason: choice.reason },
    startPaused: options.startPaused ?? false,
    noReboot: options.noReboot ?? false,
  });
}
