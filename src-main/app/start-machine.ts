// Starts a machine from its settings: picks the accelerator, gives birth to the worker.
import { randomUUID } from 'node:crypto';
import type { MachineSettings } from '../contract/machine.ts';
import { MachineHandle } from '../engine/handle.ts';
import { chooseAccelerator } from '../host/accelerators.ts';
import { releaseLockOfThread } from '../host/file-lock.ts';
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
  /** What the guest writes to its media is kept in this folder and thrown away at power-off. */
  scratchFolder?: string;
}

/** @throws {OspiteError} feature.unavailable for an accelerator this host has not */
export function startMachine(options: StartOptions): MachineHandle {
  const choice = chooseAccelerator(options.settings.accelerator);
  const handle = new MachineHandle({
    name: options.name,
    uuid: options.uuid ?? randomUUID(),
    version: ospiteVersion(),
    settings: options.settings,
    core: options.core,
    accelerator: { id: choice.id, reason: choice.reason },
    startPaused: options.startPaused ?? false,
    noReboot: options.noReboot ?? false,
    scratchFolder: options.scratchFolder ?? null,
  });
  handle.on('ended', ({ reason }) => {
    if (reason === 'crashed') releaseMedia(options.settings, handle.threadId);
  });
  return handle;
}

/** A worker that died could not give its media back; their locks would last as long as this process. */
export function releaseMedia(settings: MachineSettings, threadId: number): void {
  for (const { path } of settings.storage) if (path !== null) void releaseLockOfThread(path, threadId);
}
