// Media and the work on their files.
import type { HandlersOf } from './context.ts';

export const mediumHandlers: HandlersOf<'medium'> = {
  'medium.list': async (_input, { media }) => ({ media: await media.list() }),
  'medium.identify': ({ path }, { media }) => media.identify(path),
  'medium.create': async ({ path, ...options }, { media }) => ({ taskId: await media.create(path, options) }),
  'medium.copy': async ({ path, target }, { media }) => ({ taskId: await media.copy(path, target) }),
  'medium.move': async ({ path, target }, { media }) => ({ taskId: await media.move(path, target) }),
  'medium.add': async ({ path }, { media }) => {
    await media.add(path);
    return null;
  },
  'medium.release': async ({ path }, { media }) => {
    await media.release(path);
    return null;
  },
  'medium.remove': async ({ path, deleteFile }, { media }) => {
    await media.remove(path, deleteFile);
    return null;
  },
};
