// `ospite host`: the background process that owns the machines, started by the first command that needs it.
import { localAddress } from '../../api/client/local-address.ts';
import { listenLocally } from '../../api/transports/local-socket.ts';
import { startHostProcess } from '../../app/host-process.ts';
import { OspiteError } from '../../core/errors.ts';
import type { HostReport } from '../background-host.ts';
import type { Handler } from '../surroundings.ts';

export const host: Handler<'host'> = async (_args, { home }) => {
  const report = (message: HostReport): void => void process.send?.(message);
  try {
    const started = await startHostProcess(home);
    const socket = await listenLocally(localAddress(home), started);
    report({ isReady: true });
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    });
    await socket.close();
    await started.shutDown();
    return 0;
  } catch (error) {
    if (error instanceof OspiteError) report({ code: error.code, message: error.message });
    throw error;
  }
};
