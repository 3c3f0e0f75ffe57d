// `ospite logs` and `ospite stats`.
import type { HostClient } from '../../api/client/host-client.ts';
import type { ActivitySample } from '../../contract/activity.ts';
import type { MethodOutput } from '../../contract/methods.ts';
import { findMachine, isOff } from '../machines.ts';
import type { Handler, Surroundings } from '../surroundings.ts';
import { definitions, printable, sizeText, table } from '../text-layout.ts';

export const logs: Handler<'logs'> = async ({ words: { NAME }, options, json }, around) => {
  const host = await around.host();
  const { id } = await findMachine(host, NAME);
  if (options.list) {
    const found = await host.call('machine.logs', { id });
    around.print(json ? JSON.stringify(found) : logFilesText(found));
    return 0;
  }
  if (options.follow) return await follow(host, id, json, around);
  const log = await host.call('machine.log', { id, ...(options.file === undefined ? {} : { name: options.file }) });
  if (json) around.print(JSON.stringify(log));
  else if (log.lines.length > 0) around.print(log.lines.map(printable).join('\n'));
  return 0;
};

function logFilesText({ files }: MethodOutput<'machine.logs'>): string {
  if (files.length === 0) return 'There are no logs yet.';
  return table(
    [{ title: 'FILE' }, { title: 'SIZE', isRight: true }, { title: 'CHANGED' }],
    files.map(({ name, sizeBytes, modifiedAt }) => [printable(name), sizeText(sizeBytes), modifiedAt]),
  );
}

/** Lines so far, then what comes, until Ctrl-C or the host ends. */
async function follow(host: HostClient, id: string, json: boolean, around: Surroundings): Promise<number> {
  const show = (line: string): void => around.print(json ? JSON.stringify({ line }) : printable(line));
  let early: string[] | null = [];
  const subscription = host.on('machine.logged', ({ id: of, line }) => {
    if (of !== id) return;
    if (early) early.push(line);
    else show(line);
  });
  const { lines } = await host.call('machine.log', { id });
  // What was logged while the answer was on its way is in it already.
  const known = new Set(lines);
  for (const line of [...lines, ...early.filter((line) => !known.has(line))]) show(line);
  early = null;
  await Promise.race([host.closed, interrupted()]);
  subscription.dispose();
  return 0;
}

export const stats: Handler<'stats'> = async ({ words: { NAME }, options, json }, around) => {
  const host = await around.host();
  const { id, name } = await findMachine(host, NAME);
  if (options.watch) return await watch(host, id, json, around);
  if (options.history) {
    const activity = await host.call('machine.activity', { id });
    const rows = activity.samples.map((sample) => [sample.at.slice(11, 19), ...cells(sample)]);
    around.print(
      json ? JSON.stringify(activity) : rows.length === 0 ? `"${name}" does not run.` : table(columns, rows),
    );
    return 0;
  }
  const counters = await host.call('machine.stats', { id });
  around.print(json ? JSON.stringify(counters) : countersText(counters));
  return 0;
};

function countersText(counters: MethodOutput<'machine.stats'>): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const seconds = (value: number): string => `${value.toFixed(1)} s`;
  return definitions(
    [
      ['Accelerator', `${counters.accelerator}: ${counters.acceleratorReason}`],
      ['Running for', `${seconds(counters.wallSeconds)}, of it ${seconds(counters.haltedSeconds)} halted`],
      ['Processor time', seconds(counters.cpuSeconds)],
      ['Instructions', count(counters.instructions)],
      ['Speed', `${counters.guestMips.toFixed(1)} million instructions a second`],
      ['Translated', `${(counters.translatedShare * 100).toFixed(0)} % of instructions`],
      ['Exits', count(counters.exits)],
      ['Interrupts', count(counters.interrupts)],
      ['Memory', sizeText(counters.ramBytes)],
    ],
    18,
    100,
  );
}

const columns = [
  { title: 'TIME' },
  ...['HOST CPU', 'GUEST CPU', 'MIPS', 'RAM', 'DISK READ', 'DISK WRITE', 'EXITS'].map((title) => ({
    title,
    isRight: true,
  })),
];

function cells(sample: ActivitySample): string[] {
  return [
    `${sample.hostCpuPercent.toFixed(0)} %`,
    `${sample.guestCpuPercent.toFixed(0)} %`,
    sample.guestMips.toFixed(1),
    sizeText(sample.ramBytes),
    `${sizeText(sample.diskReadBytesPerSecond)}/s`,
    `${sizeText(sample.diskWriteBytesPerSecond)}/s`,
    `${sample.exitsPerSecond.toFixed(0)}/s`,
  ];
}

const WIDTHS = [8, 8, 9, 8, 10, 12, 12, 9];

/** A line a second, until Ctrl-C or the machine's end. */
async function watch(host: HostClient, id: string, json: boolean, around: Surroundings): Promise<number> {
  await host.call('machine.stats', { id }); // Says why not when it does not run.
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[index]!))).join('  ');
  if (!json) around.print(line(columns.map(({ title }) => title)));
  await new Promise<void>((resolve) => {
    host.on('machine.sampled', ({ id: of, sample, totals }) => {
      if (of !== id) return;
      around.print(json ? JSON.stringify({ sample, totals }) : line([sample.at.slice(11, 19), ...cells(sample)]));
    });
    host.on('machine.stateChanged', ({ id: of, state }) => {
      if (of === id && isOff(state)) resolve();
    });
    void Promise.race([host.closed, interrupted()]).then(() => resolve());
  });
  return 0;
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    process.stdout.once('error', () => resolve()); // Nobody reads any more.
  });
}
