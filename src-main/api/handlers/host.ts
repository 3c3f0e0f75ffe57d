// The host process itself: what it is, what it can do, its windows and its end.
import type { HandlersOf } from './context.ts';

export const hostHandlers: HandlersOf<'host'> = {
  'host.info': (_input, { host }) => host.info(),
  'host.doctor': async (_input, { host }) => ({ checks: await host.doctor() }),
  'host.browse': ({ path }, { host }) => host.browse(path),
  'host.openWindow': async ({ page }, { manager, host, control }) => {
    if (page.kind === 'console') manager.get(page.id);
    if (page.kind === 'open') await host.checkReadable(page.path);
    return { message: await control.openWindow(page) };
  },
  'host.serve': (options, { control }) => control.serve(options),
  'host.shutDown': ({ machines }, { control }) => {
    control.beginShutDown(machines);
    return null;
  },
};
