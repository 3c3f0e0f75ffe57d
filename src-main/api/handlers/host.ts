// The host process itself.
import type { HandlersOf } from './context.ts';

export const hostHandlers: Pick<HandlersOf<'host'>, 'host.info' | 'host.browse'> = {
  'host.info': (_input, { host }) => host.info(),
  'host.browse': ({ path }, { host }) => host.browse(path),
};
