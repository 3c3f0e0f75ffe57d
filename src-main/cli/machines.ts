// Machines as the command line names and follows them.
import type { HostClient } from '../api/client/host-client.ts';
import type { MachineState } from '../contract/machine.ts';
import type { MachineSummary } from '../contract/methods.ts';
import { OspiteError } from '../core/errors.ts';

/** By exact name, name in other letter case, id, or the beginning of an id. @throws {OspiteError} machine.notFound, machine.inaccessible, usage.invalid */
export async function findMachine(host: HostClient, wanted: string): Promise<MachineSummary> {
  const { machines, inaccessible } = await host.call('machine.list', {});
  const lower = wanted.toLowerCase();
  const exact =
    machines.find(({ name }) => name === wanted) ??
    machines.find(({ name, id }) => name.toLowerCase() === lower || id === lower);
  if (exact) return exact;
  const begins = lower === '' ? [] : machines.filter(({ id }) => id.startsWith(lower));
  if (begins.length === 1) return begins[0]!;
  if (begins.length > 1)
    throw new OspiteError(
      'usage.invalid',
      `The ids of ${begins.map(({ name }) => `"${name}"`).join(' and ')} begin with ${wanted}; write more of it, or a name`,
    );
  const broken = inaccessible.find(({ folder }) => folder.split(/[/\\]/).at(-1) === wanted);
  if (broken) throw new OspiteError('machine.inaccessible', `"${wanted}" is inaccessible: ${broken.reason}`);
  throw new OspiteError('machine.notFound', `There is no machine "${wanted}"; "ospite list" tells which there are`);
}

const stateNames: Record<MachineState, string> = {
  poweredOff: 'Powered Off',
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping',
  crashed: 'Crashed',
  aborted: 'Aborted',
};
export function stateName(state: MachineState): string {
  return stateNames[state];
}

export function isOff(state: MachineState): boolean {
  return state === 'poweredOff' || state === 'crashed' || state === 'aborted';
}

interface Seen {
  state: MachineState;
  message: string;
}

/**
 * Does `act`, then resolves to the machine's first state that `isEnough`, or to null when none was in `seconds`. Listens from
 * before the act, so that no state is missed.
 */
export async function actUntil(
  host: HostClient,
  id: string,
  act: () => Promise<unknown>,
  isEnough: (state: MachineState) => boolean,
  seconds: number,
): Promise<Seen | null> {
  let isActing = true;
  let last: Seen | null = null;
  let settle: (seen: Seen | null) => void = () => {};
  const enough = new Promise<Seen | null>((resolve) => (settle = resolve));
  const consider = (seen: Seen): void => {
    last = seen;
    if (!isActing && isEnough(seen.state)) settle(seen);
  };
  const subscription = host.on('machine.stateChanged', (change) => {
    if (change.id === id) consider(change);
  });
  try {
    await act();
    isActing = false;
    consider(last ?? (await host.call('machine.get', { id })).summary);
    const timer = setTimeout(() => settle(null), seconds * 1000);
    void host.closed.then(() => settle(null));
    try {
      return await enough;
    } finally {
      clearTimeout(timer);
    }
  } finally {
    subscription.dispose();
  }
}
