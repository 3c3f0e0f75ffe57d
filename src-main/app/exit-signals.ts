// Ends a host process when it is told to by a signal, and writes down what would otherwise end it without a word.
import type { HostProcess } from './host-process.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves at the end of the host: after a signal, or by `host.shutDown`. A second signal waits for no guest. */
export async function untilEnded(host: HostProcess): Promise<void> {
  const end = (): void => void host.shutDown();
  const logRejection = (reason: unknown): void =>
    host.log.add('error', `Unhandled: ${reason instanceof Error ? reason.stack : String(reason)}`);
  for (const signal of SIGNALS) process.on(signal, end);
  // A promise that nobody looked at is a bug, but none that running machines should pay for.
  process.on('unhandledRejection', logRejection);
  await host.ended;
  for (const signal of SIGNALS) process.off(signal, end);
  process.off('unhandledRejection', logRejection);
}
