// The console window's menus, in the order that hands know.
import type { MachineDefinition } from '../../../src-main/contract/machine.ts';
import { useHost } from '../../client/store.ts';
import type { Item, Items } from '../../components/menu.tsx';
import type { MenuBarMenu } from '../../components/menu-bar.tsx';
import { useText } from '../../i18n/text.ts';
import type { ActionId, Actions } from './actions.ts';
import { useConsole } from './console-store.ts';
import { type DevicesContext, devicesMenu } from './devices-menu.ts';
import { hostChord } from './host-key.ts';
import { changeUi } from './modes.ts';

const SCALES = [100, 150, 200, 300];
const NO_RECENT: string[] = [];

export interface ConsoleMenus {
  bar: MenuBarMenu[];
  devices: DevicesContext;
  view: Items;
  input: Items;
  keyboard: Items;
}

export function useMenus(id: string, actions: Actions): ConsoleMenus {
  const { console: text } = useText();
  const changed = useHost((host) => host.preferences?.consoleShortcuts);
  const recentMedia = useHost((host) => host.preferences?.recentMedia ?? NO_RECENT);
  const definition = useConsole((state) => state.definition);
  const item = (name: ActionId): Item => itemOf(actions, name, changed);
  const items = (...names: (ActionId | null)[]): Items => names.map((name) => name && item(name));
  const sub = (title: string, inside: Items): Item => ({ title, items: inside, run: () => {} });

  const keyboard = items(
    'input.keyboardSettings',
    'input.softKeyboard',
    null,
    'input.ctrlAltDel',
    'input.ctrlAltBackspace',
    'input.ctrlBreak',
    'input.insert',
    'input.printScreen',
    'input.altPrintScreen',
    'input.hostKey',
  );
  const view: Items = [
    ...items(
      'view.fullscreen',
      'view.seamless',
      'view.scaled',
      null,
      'view.minimize',
      'view.adjust',
      'view.autoResize',
    ),
    null,
    ...items('view.screenshot', 'view.record', 'view.remoteDisplay', null),
    sub(text.submenus.menuBar, items('view.menuBar')),
    sub(text.submenus.statusBar, items('view.statusBar')),
    null,
    sub(text.submenus.virtualScreen, [...scales(id, definition, text.scaleTo), null, item('view.wholePixels')]),
  ];
  const input: Items = [
    sub(text.submenus.keyboard, keyboard),
    ...items('input.mouseIntegration', null, 'input.typeText', 'input.typeClipboard'),
  ];
  const devices: DevicesContext = { id, definition, recentMedia, text };
  return {
    bar: [
      { title: text.menus.file, items: items('file.preferences', 'file.resetWarnings', null, 'machine.close') },
      {
        title: text.menus.machine,
        items: items(
          'machine.start',
          'machine.settings',
          null,
          'machine.snapshot',
          'machine.information',
          'machine.fileManager',
          'machine.log',
          null,
          'machine.pause',
          'machine.reset',
          'machine.detach',
          'machine.saveState',
          'machine.powerButton',
          'machine.powerOff',
        ),
      },
      { title: text.menus.view, items: view },
      { title: text.menus.input, items: input },
      { title: text.menus.devices, items: devicesMenu(devices, actions) },
      { title: text.menus.help, items: items('help.keys', null, 'help.about') },
    ],
    devices,
    view,
    input,
    keyboard,
  };
}

function scales(id: string, definition: MachineDefinition | null, title: (percent: number) => string): Items {
  return SCALES.map((percent) => ({
    title: title(percent),
    isChecked: definition?.ui.scalePercent === percent,
    run: () => changeUi(id, { scalePercent: percent }),
  }));
}

function itemOf(actions: Actions, name: ActionId, changed: Record<string, string> | undefined): Item {
  const { title, reason, isChecked, run } = actions[name];
  const keys = hostChord(name, changed);
  return {
    title,
    run,
    ...(keys === undefined ? {} : { keys }),
    ...(isChecked === undefined ? {} : { isChecked }),
    ...(reason === null ? {} : { isDisabled: true, reason }),
  };
}
