// Machines: their definitions, their life, and what is asked of a running one.
import { deflateSync } from 'node:zlib';
import type { MethodParsed } from '../../contract/methods.ts';
import { OspiteError } from '../../core/errors.ts';
import { encodePng } from '../../core/png.ts';
import { present } from '../../core/present.ts';
import { textLines } from '../../core/text-screen.ts';
import { typingEvents } from '../../core/us-keyboard.ts';
import { pendingHandlers } from '../pending-handlers.ts';
import type { HandlersOf, HostServices } from './context.ts';

export const machineHandlers: HandlersOf<'machine'> = {
  ...pendingHandlers,
  'machine.list': (_input, { manager }) => manager.list(),
  'machine.get': ({ id }, { manager }) => manager.get(id),
  'machine.create': async (input, { manager, host }) => {
    await checkFiles(input.settings, host);
    return { id: await manager.create(input) };
  },
  'machine.update': async ({ id, ...change }, { manager, host }) => {
    await checkFiles({ ...manager.get(id).definition.settings, ...present(change.settings ?? {}) }, host);
    await manager.update(id, change);
    return null;
  },
  'machine.remove': async ({ id }, { manager }) => {
    await manager.remove(id);
    return null;
  },
  'machine.start': async ({ id }, { manager }) => {
    await manager.start(id);
    return null;
  },
  'machine.pause': ({ id }, { manager }) => {
    manager.pause(id);
    return null;
  },
  'machine.resume': ({ id }, { manager }) => {
    manager.resume(id);
    return null;
  },
  'machine.reset': ({ id }, { manager }) => {
    manager.reset(id);
    return null;
  },
  'machine.powerButton': ({ id }, { manager }) => {
    manager.powerButton(id);
    return null;
  },
  'machine.powerOff': async ({ id }, { manager }) => {
    await manager.powerOff(id);
    return null;
  },
  'machine.keys': ({ id, events }, { manager }) => {
    const handle = manager.running(id);
    for (const event of events) handle.key(event);
    return null;
  },
  'machine.type': ({ id, text }, { manager }) => {
    const handle = manager.running(id);
    for (const event of typingEvents(text)) handle.key(event);
    return null;
  },
  'machine.pointer': ({ id, event }, { manager }) => {
    manager.running(id).pointer(event);
    return null;
  },
  'machine.serialInput': ({ id, port, data }, { manager }) => {
    manager.running(id).serialInput(port, new Uint8Array(Buffer.from(data, 'base64')));
    return null;
  },
  'machine.changeMedium': async ({ id, attachment, path }, { manager, host }) => {
    if (path !== null) await host.checkReadable(path);
    await manager.running(id).changeMedium(attachment, path);
    return null;
  },
  'machine.screenshot': async ({ id }, { manager }) => {
    const screen = await manager.running(id).screenshot();
    return {
      width: screen.width,
      height: screen.height,
      png: Buffer.from(encodePng(screen, deflateSync)).toString('base64'),
    };
  },
  'machine.text': async ({ id }, { manager }) => {
    const screen = await manager.running(id).textScreen();
    return { lines: screen ? textLines(screen) : null };
  },
  'machine.log': async ({ id }, { manager }) => ({ lines: await manager.log(id) }),
  'machine.stats': async ({ id }, { manager }) => {
    const stats = await manager.running(id).stats();
    if (!stats) throw new OspiteError('machine.wrongState', 'The machine has just ended; start it again');
    const { accelerator, acceleratorReason, instructions, cpuSeconds, wallSeconds, haltedSeconds } = stats;
    const { exits, interrupts, ramBytes } = stats;
    const busySeconds = Math.max(wallSeconds - haltedSeconds, 0.001);
    return {
      accelerator,
      acceleratorReason,
      instructions,
      cpuSeconds,
      wallSeconds,
      haltedSeconds,
      guestMips: instructions / busySeconds / 1e6,
      exits,
      interrupts,
      translatedShare: 0,
      ramBytes,
    };
  },
};

/** A machine whose files are missing should fail when it is made, not when it is started. */
async function checkFiles(settings: MethodParsed<'machine.create'>['settings'], host: HostServices): Promise<void> {
  const paths = [
    ...settings.storage.flatMap((attachment) => attachment.path ?? []),
    ...(settings.directBoot ? [settings.directBoot.kernel, settings.directBoot.initrd ?? []].flat() : []),
    ...(settings.firmware.kind === 'file' ? [settings.firmware.path, settings.firmware.variables ?? []].flat() : []),
  ];
  for (const path of paths) await host.checkReadable(path);
}
