// Machines: their definitions, their life, and what is asked of a running one.
import { deflateSync } from 'node:zlib';
import type { MachineSettings } from '../../contract/machine.ts';
import { downscale } from '../../core/downscale.ts';
import { OspiteError } from '../../core/errors.ts';
import { encodePng } from '../../core/png.ts';
import { present } from '../../core/present.ts';
import { textLines } from '../../core/text-screen.ts';
import { typingEvents } from '../../core/us-keyboard.ts';
import { pathsOf } from '../../manager/machine-paths.ts';
import type { PreferencesStore } from '../../manager/preferences-store.ts';
import type { HandlersOf, HostServices } from './context.ts';

/** As many as the preferences take. */
const RECENT_MEDIA = 12;

export const machineHandlers: HandlersOf<'machine'> = {
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
  'machine.arrange': async ({ entries }, { manager }) => {
    await manager.arrange(entries);
    return null;
  },
  'machine.register': async ({ path }, { manager }) => ({ id: await manager.register(path) }),
  'machine.refresh': async (_input, { manager }) => {
    await manager.refresh();
    return null;
  },
  'machine.forget': async ({ folder }, { manager }) => {
    await manager.forget(folder);
    return null;
  },
  'machine.files': ({ id }, { manager }) => manager.files(id),
  'machine.remove': async ({ id, keepFiles }, { manager }) => {
    await manager.remove(id, keepFiles);
    return null;
  },
  'machine.move': async ({ id, folder }, { manager }) => ({ taskId: await manager.move(id, folder) }),
  'machine.start': async ({ id, ...wishes }, { manager }) => {
    await manager.start(id, wishes);
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
  'machine.pointerAbsolute': ({ id, event }, { manager }) => {
    manager.running(id).pointerAbsolute(event);
    return null;
  },
  'machine.serialInput': ({ id, port, data }, { manager }) => {
    manager.running(id).serialInput(port, new Uint8Array(Buffer.from(data, 'base64')));
    return null;
  },
  'machine.changeMedium': async ({ id, attachment, path }, { manager, host, preferences }) => {
    const { type } = manager.get(id).definition.settings.storage[attachment] ?? {};
    if (path !== null && type !== undefined) await host.checkMedium(path, type);
    await manager.changeMedium(id, attachment, path);
    if (path !== null) await rememberMedium(path, preferences);
    return null;
  },
  'machine.screenshot': async ({ id, maxWidth }, { manager }) => {
    const screen = await manager.running(id).screenshot();
    const { width, height, rgba } = maxWidth === undefined ? screen : downscale(screen, maxWidth);
    return { width, height, png: Buffer.from(encodePng({ width, height, rgba }, deflateSync)).toString('base64') };
  },
  'machine.text': async ({ id }, { manager }) => {
    const screen = await manager.running(id).textScreen();
    return { lines: screen ? textLines(screen) : null };
  },
  'machine.wait': ({ id, screen, serial, state, timeoutSeconds }, { manager, host, caller }) =>
    manager.wait(
      id,
      {
        ...(screen === undefined ? {} : { screen: host.finder(screen) }),
        ...(serial === undefined ? {} : { serial: host.finder(serial) }),
        ...(state === undefined ? {} : { state }),
        timeoutMs: timeoutSeconds * 1000,
      },
      caller.gone,
    ),
  'machine.logs': ({ id }, { manager }) => manager.logs(id),
  'machine.log': async ({ id, name }, { manager }) => ({ lines: await manager.log(id, name) }),
  'machine.activity': ({ id }, { manager }) => manager.activity(id),
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
async function checkFiles(settings: MachineSettings, host: HostServices): Promise<void> {
  const outputs = settings.serial.flatMap((port) => (port.kind === 'file' ? port.path : []));
  for (const path of pathsOf(settings)) {
    if (!host.isAbsolute(path))
      throw new OspiteError('config.invalid', `"${path}" is no whole path; start it at the root`);
    if (!outputs.includes(path)) await host.checkReadable(path);
  }
}

/** Discs used last, newest first; a list that cannot be saved is not worth a failure. */
async function rememberMedium(path: string, preferences: PreferencesStore): Promise<void> {
  const { recentMedia } = preferences.get();
  if (recentMedia[0] === path) return;
  const newest = [path, ...recentMedia.filter((other) => other !== path)].slice(0, RECENT_MEDIA);
  await preferences.set({ recentMedia: newest }).catch(() => {});
}
