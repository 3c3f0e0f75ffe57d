// Commands that start, hold and end machines.
import { wrongUsage } from '../../contract/commands/fault.ts';
import type { MethodName } from '../../contract/methods.ts';
import { OspiteError } from '../../core/errors.ts';
import { actUntil, findMachine, isOff, stateName } from '../machines.ts';
import { parseSeconds, secondsText } from '../seconds.ts';
import type { Handler, Surroundings } from '../surroundings.ts';

/** The engine answers a start, a pause or a pulled plug at once, but the host may be busy. */
const ANSWER_SECONDS = 120;
const SHUTDOWN_SECONDS = 60;

export const start: Handler<'start'> = async ({ words: { NAME }, options, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const isDisposable = options.disposable === true;
  const startPaused = options.paused === true;
  const seen = await actUntil(
    host,
    id,
    () => host.call('machine.start', { id, isDisposable, startPaused }),
    (state) => state !== 'starting',
    ANSWER_SECONDS,
  );
  if (seen === null) throw new OspiteError('host.busy', `"${name}" is still starting; "ospite logs" may tell why`);
  if ((isOff(seen.state) && seen.message !== '') || seen.state === 'crashed' || seen.state === 'aborted')
    throw new OspiteError('machine.crashed', `"${name}" did not start: ${seen.message}`);
  const { summary, definition } = await host.call('machine.get', { id });
  const window =
    options.headless || definition.ui.startMode === 'headless'
      ? ''
      : ` ${await host.call('host.openWindow', { page: { kind: 'console', id } }).then(
          ({ message }) => message,
          (error: Error) => `No window was opened: ${error.message}.`,
        )}`;
  around.print(
    json
      ? 'null'
      : `"${name}" is ${stateName(summary.state).toLowerCase()}${summary.accelerator === null ? '' : ` on the ${summary.accelerator}`}.${window}`,
  );
  return 0;
};

/** A verb after which the machine is in a state. */
function verb(method: MethodName & ('machine.pause' | 'machine.resume'), state: 'paused' | 'running') {
  return async (
    { words: { NAME }, json }: { words: { NAME: string }; json: boolean },
    around: Surroundings,
  ): Promise<number> => {
    const host = await around.host();
    const { id, name } = await findMachine(host, NAME);
    const seen = await actUntil(
      host,
      id,
      () => host.call(method, { id }),
      (now) => now === state || isOff(now),
      ANSWER_SECONDS,
    );
    if (seen?.state !== state)
      throw new OspiteError('machine.wrongState', `"${name}" is ${stateName(seen?.state ?? 'stopping').toLowerCase()}`);
    around.print(json ? 'null' : `"${name}" is ${stateName(state).toLowerCase()}.`);
    return 0;
  };
}
export const pause: Handler<'pause'> = verb('machine.pause', 'paused');
export const resume: Handler<'resume'> = verb('machine.resume', 'running');

export const reset: Handler<'reset'> = async ({ words: { NAME }, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  await host.call('machine.reset', { id });
  around.print(json ? 'null' : `"${name}" was reset.`);
  return 0;
};

export const stop: Handler<'stop'> = async ({ words: { NAME }, options, json }, around) => {
  const force = options.force === true;
  if (force && options.acpi) throw wrongUsage('--acpi and --force exclude each other; leave one out');
  const seconds = options.timeout === undefined ? SHUTDOWN_SECONDS : parseSeconds('timeout', options.timeout);
  const host = await around.host();
  const { id, name, state } = await findMachine(host, NAME);
  if (isOff(state)) {
    around.print(json ? 'null' : `"${name}" is off already.`);
    return 0;
  }
  const seen = await actUntil(
    host,
    id,
    () => host.call(force ? 'machine.powerOff' : 'machine.powerButton', { id }),
    isOff,
    force ? ANSWER_SECONDS : seconds,
  );
  if (seen === null && !force && seconds === 0) {
    around.print(json ? 'null' : `The power button of "${name}" was pressed.`);
    return 0;
  }
  if (seen === null)
    throw new OspiteError(
      'machine.wrongState',
      force
        ? `"${name}" did not end; "ospite quit --force" ends all`
        : `"${name}" still runs ${secondsText(seconds)} after the power button was pressed; its system may not know ACPI or be asking something, and "ospite stop --force" pulls the plug`,
    );
  around.print(json ? 'null' : `"${name}" is ${stateName(seen.state).toLowerCase()}.`);
  return 0;
};
