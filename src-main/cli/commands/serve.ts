// `ospite serve`: the GUI in a browser. Prints a loopback URL whose token works once.
import { startHttpServer } from '../../api/transports/http-server.ts';
import { startHostProcess } from '../../app/host-process.ts';
import { OspiteError } from '../../core/errors.ts';
import { openBrowserWindow } from '../../host/browser-window.ts';
import { ospiteHome } from '../../host/home.ts';
import { rendererFolder } from '../../host/renderer-folder.ts';
import { ospiteVersion } from '../../host/version.ts';
import type { Handler } from '../surroundings.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export const run: Handler<'serve'> = async ({ options: values }) => {
  const { address, port } = parseListen(values.listen ?? '127.0.0.1:0');
  return await serve({ address, port, opensWindow: values['no-open'] !== true });
};

/** Serves until a signal comes. */
export async function serve(options: {
  address: string;
  port: number;
  opensWindow: boolean;
  file?: string | null;
}): Promise<number> {
  const host = await startHostProcess(ospiteHome());
  try {
    const server = await startHttpServer({
      ...options,
      home: ospiteHome(),
      version: ospiteVersion(),
      staticFolder: rendererFolder(),
      services: host.services,
      consoles: host.consoles,
    });
    const ended = untilSignal(); // Before the link is out: whoever reads it may end us at once.
    const link = server.issueLink(options.file ? `/new/${encodeURIComponent(options.file)}` : undefined);
    process.stdout.on('error', () => {}); // Whoever started us may have gone; the GUI goes on.
    process.stdout.write(`Ospite is at ${link}\n`);
    if (options.opensWindow) process.stdout.write(`${openBrowserWindow(link)}\n`);
    await ended;
    await server.close();
  } finally {
    await host.shutDown();
  }
  return 0;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function parseListen(text: string): { address: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (address === undefined || port > 65_535)
    throw new OspiteError('usage.invalid', `--listen needs ADDRESS:PORT such as 127.0.0.1:8080, not "${text}"`);
  if (!LOOPBACK.has(address))
    throw new OspiteError(
      'feature.unavailable',
      `--listen ${address}: serving beyond this computer is not in this version; use 127.0.0.1`,
    );
  return { address: address === 'localhost' ? '127.0.0.1' : address, port };
}
