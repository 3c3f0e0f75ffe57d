// The menus of the manager window, in the order that hands know.
import type { Item, Items } from '../../components/menu.tsx';
import type { MenuBarMenu } from '../../components/menu-bar.tsx';
import type { Text } from '../../i18n/text.ts';
import { type ManagerAction, managerShortcuts } from '../../shortcuts/manager.ts';
import { managerChord } from '../../shortcuts/use-shortcuts.ts';
import { groupPaths, moveToGroup } from './list-model.ts';
import { arrange } from './machine-actions.ts';
import type { Selection } from './use-selection.ts';
import type { VerbName, Verbs } from './verbs.tsx';

interface MenuSource {
  verbs: Verbs;
  selection: Selection;
  text: Text;
  /** The keys that the user changed. */
  changedKeys: Record<string, string> | undefined;
}

export function keysOf(name: VerbName, changed: Record<string, string> | undefined): string | null {
  return name in managerShortcuts ? managerChord(name as ManagerAction, changed) || null : null;
}

function itemOf({ verbs, changedKeys }: MenuSource, name: VerbName): Item {
  const verb = verbs[name];
  const keys = keysOf(name, changedKeys);
  return {
    title: verb.title,
    isDisabled: verb.reason !== '',
    reason: verb.reason,
    run: verb.run,
    ...(keys ? { keys } : {}),
    ...('isChecked' in verb ? { isChecked: verb.isChecked } : {}),
  };
}

function submenu(title: string, items: Items): Item {
  return { title, items, run: () => {} };
}

const pick = (source: MenuSource, ...names: (VerbName | null)[]): Items =>
  names.map((name) => name && itemOf(source, name));

function moveToGroupMenu(source: MenuSource): Item {
  const { selection, text, verbs } = source;
  const rows = selection.keys.filter((key) => !key.startsWith('x:'));
  const groups = groupPaths(selection.tree);
  const current = selection.machines[0]?.group;
  return {
    ...submenu(text.manager.menus.moveToGroup, [
      itemOf(source, 'machine.newGroup'),
      ...(groups.length > 0 ? [null] : []),
      ...groups.map((path): Item => {
        const moved = moveToGroup(selection.tree, rows, path);
        return {
          title: path.replaceAll('/', ' › '),
          isDisabled: !moved || path === current,
          run: () => arrange(moved),
        };
      }),
      null,
      {
        title: text.manager.menus.noGroup,
        isDisabled: rows.every((key) => key.startsWith('m:')) && selection.machines.every(({ group }) => group === ''),
        run: () => arrange(moveToGroup(selection.tree, rows, '')),
      },
    ]),
    isDisabled: verbs['machine.newGroup'].reason !== '',
    reason: verbs['machine.newGroup'].reason,
  };
}

function lifeItems(source: MenuSource): Items {
  const { text, selection, verbs } = source;
  const { menus } = text.manager;
  const isShow = selection.machines.length > 0 && verbs['machine.startNormal'].reason !== '';
  return [
    isShow
      ? itemOf(source, 'machine.start')
      : {
          ...submenu(
            menus.start,
            pick(source, 'machine.startNormal', 'machine.startHeadless', 'machine.startDisposable'),
          ),
          isDisabled: verbs['machine.start'].reason !== '',
          reason: verbs['machine.start'].reason,
        },
    ...pick(source, 'machine.pause', 'machine.reset'),
    submenu(menus.stop, pick(source, 'machine.saveState', 'machine.powerButton', 'machine.powerOff')),
    null,
    submenu(menus.tools, pick(source, 'machine.details', 'machine.snapshots', 'machine.logs', 'machine.activity')),
    null,
    ...pick(source, 'machine.discard', 'machine.refresh', null, 'machine.reveal', 'machine.shortcut', null),
    ...pick(source, 'machine.moveUp', 'machine.moveDown', 'machine.sort', 'machine.search'),
  ];
}

/** The Machine menu without New and Add, which is the context menu of a machine. */
export function machineItems(source: MenuSource): Items {
  return [
    ...pick(source, 'machine.settings', 'machine.clone', 'machine.move', 'machine.remove'),
    moveToGroupMenu(source),
    null,
    ...lifeItems(source),
  ];
}

export function groupItems(source: MenuSource): Items {
  return [
    ...pick(source, 'machine.new', 'machine.add', null, 'group.rename', 'group.ungroup'),
    moveToGroupMenu(source),
    null,
    ...lifeItems(source),
  ];
}

export function menuBarMenus(source: MenuSource, paneMenu: MenuBarMenu | null): MenuBarMenu[] {
  const { menus } = source.text.manager;
  const file: Items = [
    ...pick(source, 'file.preferences', null, 'file.import', 'file.export', null),
    submenu(menus.tools, pick(source, 'file.media', 'file.network', 'file.activity', 'file.doctor', 'app.palette')),
    null,
    ...pick(source, 'file.updates', 'file.resetWarnings', null, 'file.quit'),
  ];
  const machine =
    source.selection.group === null
      ? {
          title: menus.machine,
          items: [...pick(source, 'machine.new', 'machine.add', null), ...machineItems(source)],
        }
      : { title: menus.group, items: groupItems(source) };
  return [
    { title: menus.file, items: file },
    machine,
    ...(paneMenu ? [paneMenu] : []),
    { title: menus.help, items: pick(source, 'help.contents', null, 'help.about') },
  ];
}
