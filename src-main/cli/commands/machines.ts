// Commands about machines and their definitions.
import { basename, resolve } from 'node:path';
import type { HostClient } from '../../api/client/host-client.ts';
import { createInput, updateInput } from '../../contract/machine-inputs.ts';
import type { MachineSummary } from '../../contract/methods.ts';
import { OspiteError } from '../../core/errors.ts';
import { confirm } from '../confirm.ts';
import { findMachine, isOff, stateName } from '../machines.ts';
import type { Handler, Surroundings } from '../surroundings.ts';
import { finishTask } from '../task-progress.ts';
import { printable, sizeText, table } from '../text-layout.ts';

const resolvePath = (path: string): string => resolve(path);
const MIB = 1024 * 1024;

export const create: Handler<'create'> = async ({ words: { NAME }, given, json }, around) => {
  const input = createInput(NAME, given, { resolvePath });
  const created = await (await around.host()).call('machine.create', input);
  around.print(json ? JSON.stringify(created) : `Made "${NAME}"; "ospite start" starts it. Its id is ${created.id}.`);
  return 0;
};

export const set: Handler<'set'> = async ({ words: { NAME }, given, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const { definition } = await host.call('machine.get', { id });
  const done = await host.call('machine.update', updateInput(id, given, { resolvePath, current: definition.settings }));
  around.print(json ? JSON.stringify(done) : `Changed "${name}".`);
  return 0;
};

export const rename: Handler<'rename'> = async ({ words: { NAME, NEWNAME }, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const done = await host.call('machine.update', { id, name: NEWNAME });
  around.print(json ? JSON.stringify(done) : `"${name}" is "${NEWNAME}" now.`);
  return 0;
};

export const group: Handler<'group'> = async ({ words: { NAME, GROUP = '' }, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const done = await host.call('machine.update', { id, group: GROUP });
  const text = GROUP === '' ? `"${name}" is in no group now.` : `"${name}" is in ${GROUP} now.`;
  around.print(json ? JSON.stringify(done) : text);
  return 0;
};

export const add: Handler<'add'> = async ({ words: { FILE }, json }, around) => {
  const host = await around.host();
  const added = await host.call('machine.register', { path: resolve(FILE) });
  const { summary } = await host.call('machine.get', added);
  around.print(json ? JSON.stringify(added) : `Added "${summary.name}".`);
  return 0;
};

export const move: Handler<'move'> = async ({ words: { NAME, FOLDER }, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  const { taskId } = await host.call('machine.move', { id, folder: resolve(FOLDER) });
  const task = await finishTask(host, taskId, around);
  const { summary } = await host.call('machine.get', { id });
  around.print(json ? JSON.stringify(task) : `"${name}" is in ${summary.folder} now.`);
  return 0;
};

export const remove: Handler<'remove'> = async ({ words: { NAME }, options, json }, around) => {
  const host = await around.host();
  const keepFiles = options['keep-media'] === true;
  if (keepFiles && (await forget(host, NAME, around, json))) return 0;
  const machine = await findMachine(host, NAME);
  if (!isOff(machine.state))
    throw new OspiteError(
      'machine.wrongState',
      `"${machine.name}" is ${stateName(machine.state).toLowerCase()}; "ospite stop" it before you remove it`,
    );
  if (!keepFiles && !options.yes) {
    const { files } = await host.call('machine.files', { id: machine.id });
    const owned = files.filter(({ isOwned }) => isOwned);
    const size = sizeText(owned.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    if (
      !(await confirm(
        around,
        `Delete "${machine.name}" with ${owned.length === 1 ? 'one file' : `${owned.length} files`} (${size}) in ${machine.folder}?`,
      ))
    )
      return 1;
  }
  const done = await host.call('machine.remove', { id: machine.id, keepFiles });
  around.print(
    json
      ? JSON.stringify(done)
      : keepFiles
        ? `"${machine.name}" is off the list; its files stay in ${machine.folder}.`
        : `Removed "${machine.name}".`,
  );
  return 0;
};

/** Takes an inaccessible machine off the list; false when the name is not one's. */
async function forget(host: HostClient, name: string, around: Surroundings, json: boolean): Promise<boolean> {
  const { machines, inaccessible } = await host.call('machine.list', {});
  const broken = inaccessible.find(({ folder }) => folder === resolve(name) || basename(folder) === name);
  if (!broken || machines.some((machine) => machine.name === name)) return false;
  const done = await host.call('machine.forget', { folder: broken.folder });
  around.print(json ? JSON.stringify(done) : `${broken.folder} is off the list; its files stay.`);
  return true;
}

export const list: Handler<'list'> = async ({ options, json }, around) => {
  const host = await around.host();
  if (options.refresh) await host.call('machine.refresh', {});
  const { machines, inaccessible } = await host.call('machine.list', {});
  const shown = options.running ? machines.filter(({ state }) => !isOff(state)) : machines;
  if (json) around.print(JSON.stringify({ machines: shown, inaccessible: options.running ? [] : inaccessible }));
  else if (options.names) {
    if (shown.length > 0) around.print(shown.map(({ name }) => name).join('\n'));
  } else {
    around.print(listText(shown, options.running === true));
    for (const { folder, reason } of inaccessible)
      around.warn(`ospite: ${printable(folder)} is inaccessible: ${printable(reason)}`);
  }
  return 0;
};

function listText(machines: readonly MachineSummary[], isRunning: boolean): string {
  if (machines.length === 0)
    return isRunning ? 'No machine runs.' : 'There are no machines; "ospite create" makes one.';
  const hasGroups = machines.some(({ group }) => group !== '');
  return table(
    [
      { title: 'NAME' },
      { title: 'STATE' },
      { title: 'MEMORY', isRight: true },
      { title: 'SYSTEM' },
      ...(hasGroups ? [{ title: 'GROUP' }] : []),
      { title: 'ID' },
    ],
    machines.map(({ name, state, isDisposable, memoryMib, os, group, id }) => [
      printable(name),
      `${stateName(state)}${isDisposable && !isOff(state) ? ' (disposable)' : ''}`,
      sizeText(memoryMib * MIB),
      os,
      ...(hasGroups ? [printable(group)] : []),
      id.slice(0, 8),
    ]),
  );
}
