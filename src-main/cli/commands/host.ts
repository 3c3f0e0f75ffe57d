// `ospite host`: the background process that owns the machines, started by the first command that needs it.
import { runBackgroundHost } from '../../app/background-host.ts';
import type { Handler } from '../surroundings.ts';

export const host: Handler<'host'> = (_args, { home }) => runBackgroundHost(home);
