// Starts the process that owns the machines when a command finds none running. It says by its message channel when it can be
// talked to, or why not; of several started at once, one wins and all talk to that one.
import { spawn } from 'node:child_process';
import { parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HostClient } from '../api/client/host-client.ts';
import { localAddress } from '../api/client/local-address.ts';
import type { HostReport } from '../app/background-host.ts';
import { type ErrorCode, errorTable } from '../contract/errors.ts';
import { OspiteError } from '../core/errors.ts';

const script = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../bin/ospite.mjs' : '../../../bin/ospite.mjs', import.meta.url),
);

/** How long another process that won the race may take to listen. */
const RIVAL_MS = 20_000;
const RIVAL_POLL_MS = 50;

/** @throws {OspiteError} why the host did not start */
export async function startBackgroundHost(home: string): Promise<HostClient> {
  const report = await spawnHost(home);
  if ('isReady' in report) return await found(home, RIVAL_MS);
  // Another command, or the desktop, may have been faster.
  if (report.code === 'host.busy') return await found(home, RIVAL_MS, report);
  throw new OspiteError(
    Object.hasOwn(errorTable, report.code) ? (report.code as ErrorCode) : 'internal',
    report.message,
  );
}

function spawnHost(home: string): Promise<HostReport> {
  const child = spawn(process.execPath, [script, 'host'], {
    detached: true,
    // Its own failures are in its log; a terminal that closes must not take it along.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, OSPITE_HOME: home },
    cwd: parse(process.execPath).root, // It outlives the folder it was started in.
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (report) => {
      if (child.connected) child.disconnect();
      child.unref();
      resolve(report as HostReport);
    });
    child.once('exit', (status, signal) =>
      resolve({
        code: 'internal',
        message: `Ospite ended with ${status ?? signal} while it started; "ospite host" in a terminal shows why`,
      }),
    );
  });
}

async function found(home: string, ms: number, failure?: { code: string; message: string }): Promise<HostClient> {
  const address = localAddress(home);
  for (const end = performance.now() + ms; ; ) {
    const client = await HostClient.connect(address);
    if (client) return client;
    if (performance.now() > end)
      throw new OspiteError(
        'host.busy',
        failure?.message ?? `Ospite has started but does not answer at ${address}; see "ospite quit --force"`,
      );
    await sleep(RIVAL_POLL_MS);
  }
}
