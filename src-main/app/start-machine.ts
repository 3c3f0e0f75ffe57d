// Starts a machine from its settings: picks the accelerator, gives birth to the worker.
import type { MachineSettings } from '../contract/machine.ts';
import { MachineHandle } from '../engine/handle.ts';
import { chooseAccelerator } from '../host/accelerators.ts';

export interface StartOptions {
  name: string;
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
    settings: options.settings,
    core: options.core,
    accelerator: { id: choice.id, reason: choice.reason },
    startPaused: options.startPaused ?? false,
    noReboot: options.noReboot ?? false,
  });
}
