// What the manager does to machines and to their order: calls of the contract, with failures shown as notices.
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { openConsoleWindow } from '../../app/windows.ts';
import { client } from '../../client/client.ts';
import { attempt, notify, useHost } from '../../client/store.ts';
import { asksBefore, type Question } from '../../components/confirm-dialog.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { currentText } from '../../i18n/text.ts';
import { type Entries, type TreeNode, toEntries } from './list-model.ts';
import { openDialog, useManager } from './manager-store.ts';

/** `asSet` is what each machine's settings say: with its window, or headless. */
export type StartHow = 'asSet' | 'window' | 'headless' | 'disposable';

/** Starts the machines that are off; those that run already are shown. */
export function startMachines(machines: readonly MachineSummary[], how: StartHow): void {
  const shown = machines.filter(({ state, startMode }) =>
    how === 'asSet' ? startMode === 'window' || isActive(state) : how !== 'headless',
  );
  // Windows are opened first: browsers allow that only during the click, and often only one.
  const isBlocked = shown.map(({ id }) => openConsoleWindow(id)).includes(false);
  if (isBlocked) notify(currentText().manager.windowBlocked);
  for (const { id, state } of machines)
    if (!isActive(state))
      void attempt(() => client.call('machine.start', how === 'disposable' ? { id, isDisposable: true } : { id }));
}

/** Pauses those that run; when none runs, lets the paused ones go on. */
export function togglePause(machines: readonly MachineSummary[]): void {
  const running = machines.filter(({ state }) => state === 'running');
  if (running.length > 0) callEach('machine.pause', running);
  else
    callEach(
      'machine.resume',
      machines.filter(({ state }) => state === 'paused'),
    );
}

type SimpleMethod = 'machine.pause' | 'machine.resume' | 'machine.reset' | 'machine.powerButton' | 'machine.powerOff';

export function callEach(method: SimpleMethod, machines: readonly { id: string }[]): void {
  for (const { id } of machines) void attempt(() => client.call(method, { id }));
}

const methods = { reset: 'machine.reset', powerOff: 'machine.powerOff' } as const;

/** Resets or powers off, after a question unless the person wants none. */
export function askAndCall(question: Question, machines: readonly { id: string }[]): void {
  if (asksBefore(question)) openDialog({ kind: 'question', question, ids: machines.map(({ id }) => id) });
  else callEach(methods[question], machines);
}

export function callQuestioned(question: Question, ids: readonly string[]): void {
  callEach(
    methods[question],
    ids.map((id) => ({ id })),
  );
}

/** Sends a changed tree to the host; null is no change. */
export function arrange(tree: TreeNode[] | null): void {
  if (!tree) return;
  const entries = toEntries(tree);
  const before = useHost.getState().machines;
  if (isSame(entries, before)) return;
  void attempt(() => client.call('machine.arrange', { entries }));
}

function isSame(entries: Entries, machines: readonly MachineSummary[]): boolean {
  return (
    entries.length === machines.length &&
    entries.every(({ id, group }, index) => machines[index]?.id === id && machines[index]?.group === group)
  );
}

/** Takes an inaccessible machine off the list. */
export function forgetMachine(folder: string): void {
  void attempt(() => client.call('machine.forget', { folder }));
}

export function refreshMachines(): void {
  void attempt(() => client.call('machine.refresh', {}));
}

/** Opens the wizard for a new machine, in the group that is selected. */
export function openNew(file: string | null = null): void {
  const [only, ...others] = useManager.getState().selected;
  const group = only?.startsWith('g:') && others.length === 0 ? only.slice(2) : '';
  openDialog({ kind: 'new', file, group });
}
