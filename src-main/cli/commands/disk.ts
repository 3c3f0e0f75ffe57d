// Commands about image files.
import { resolve } from 'node:path';
import { wrongUsage } from '../../contract/commands/fault.ts';
import { parseSize } from '../../contract/commands/words.ts';
import type { MethodOutput } from '../../contract/methods.ts';
import { presetFor } from '../../contract/os-presets.ts';
import { confirm } from '../confirm.ts';
import type { Handler, Surroundings } from '../surroundings.ts';
import { finishTask } from '../task-progress.ts';
import { definitions, printable, sizeText, table } from '../text-layout.ts';

export const diskCreate: Handler<'disk create'> = async ({ words: { FILE }, options, json }, around) => {
  if (options.size === undefined) throw wrongUsage('ospite disk create needs --size, such as --size 20G');
  const sizeBytes = parseSize('size', options.size);
  const path = resolve(FILE);
  const host = await around.host();
  const { taskId } = await host.call('medium.create', {
    path,
    sizeBytes,
    isPreallocated: options.preallocate === true,
  });
  const task = await finishTask(host, taskId, around);
  around.print(json ? JSON.stringify(task) : `Made ${path}, ${sizeText(sizeBytes)}.`);
  return 0;
};

const kindNames = { disk: 'hard disk', cdrom: 'optical disc', floppy: 'floppy' };

export const diskInfo: Handler<'disk info'> = async ({ words: { FILE }, json }, around) => {
  const path = resolve(FILE);
  const found = await (await around.host()).call('medium.identify', { path });
  around.print(json ? JSON.stringify(found) : infoText(path, found));
  return 0;
};

function infoText(
  path: string,
  { kind, format, capacityBytes, label, isBootable, os }: MethodOutput<'medium.identify'>,
) {
  return definitions(
    [
      ['File', printable(path)],
      ['Kind', kindNames[kind]],
      ['Format', format],
      ['Size', `${sizeText(capacityBytes)} (${capacityBytes} bytes)`],
      ...(label === '' ? [] : [['Label', printable(label)] as const]),
      ['Bootable', isBootable ? 'yes' : 'no'],
      ['System', os === null ? 'not recognised' : `${presetFor(os).title} (--os ${os})`],
    ],
    14,
    100,
  );
}

export const diskList: Handler<'disk list'> = async ({ json }, around) => {
  const { media } = await (await around.host()).call('medium.list', {});
  if (json) around.print(JSON.stringify({ media }));
  else if (media.length === 0) around.print('There are no images; "ospite disk add" puts one on the list.');
  else
    around.print(
      table(
        [
          { title: 'KIND' },
          { title: 'FORMAT' },
          { title: 'SIZE', isRight: true },
          { title: 'ON HOST', isRight: true },
          { title: 'FILE' },
          { title: 'USED BY' },
        ],
        media.map(({ path, kind, format, capacityBytes, allocatedBytes, problem, usedBy }) => [
          kindNames[kind],
          problem === '' ? format : 'unusable',
          sizeText(capacityBytes),
          sizeText(allocatedBytes),
          printable(path),
          usedBy.map(({ name }) => printable(name)).join(', '),
        ]),
      ),
    );
  return 0;
};

/** A command on one or two files whose method begins a task. */
function fileTask(method: 'medium.copy' | 'medium.move', verb: string) {
  return async (
    { words: { FILE, TARGET }, json }: { words: { FILE: string; TARGET: string }; json: boolean },
    around: Surroundings,
  ): Promise<number> => {
    const host = await around.host();
    const target = resolve(TARGET);
    const { taskId } = await host.call(method, { path: resolve(FILE), target });
    const task = await finishTask(host, taskId, around);
    around.print(json ? JSON.stringify(task) : `${verb} to ${target}.`);
    return 0;
  };
}
export const diskCopy: Handler<'disk copy'> = fileTask('medium.copy', 'Copied');
export const diskMove: Handler<'disk move'> = fileTask('medium.move', 'Moved');

export const diskAdd: Handler<'disk add'> = async ({ words: { FILE }, json }, around) => {
  const path = resolve(FILE);
  await (await around.host()).call('medium.add', { path });
  around.print(json ? 'null' : `${path} is on the list.`);
  return 0;
};

export const diskRelease: Handler<'disk release'> = async ({ words: { FILE }, json }, around) => {
  const path = resolve(FILE);
  await (await around.host()).call('medium.release', { path });
  around.print(json ? 'null' : `No machine uses ${path} now.`);
  return 0;
};

export const diskRemove: Handler<'disk remove'> = async ({ words: { FILE }, options, json }, around) => {
  const path = resolve(FILE);
  const deleteFile = options.delete === true;
  if (deleteFile && !options.yes && !(await confirm(around, `Delete ${path}?`))) return 1;
  await (await around.host()).call('medium.remove', { path, deleteFile });
  around.print(json ? 'null' : deleteFile ? `Deleted ${path}.` : `${path} is off the list.`);
  return 0;
};
