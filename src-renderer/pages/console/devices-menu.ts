// The Devices menu, and its parts that the status bar's lights open.
import type { MachineDefinition } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import type { Item, Items } from '../../components/menu.tsx';
import type { Text } from '../../i18n/text.ts';
import type { SettingsPage } from '../settings/settings-dialog.tsx';
import type { Actions } from './actions.ts';
import { openDialog } from './console-store.ts';
import { baseName, type Drive, drivesOf, fitsDrive } from './drives.ts';

export type DeviceGroup =
  | 'hardDisks'
  | 'opticalDrives'
  | 'floppyDrives'
  | 'audio'
  | 'network'
  | 'usb'
  | 'sharedFolders'
  | 'sharedClipboard'
  | 'dragAndDrop'
  | 'webcams';

export interface DevicesContext {
  id: string;
  definition: MachineDefinition | null;
  recentMedia: readonly string[];
  text: Text['console'];
}

const none = (): void => {};

export function devicesMenu(context: DevicesContext, actions: Actions): Items {
  const { text } = context;
  const group = (name: DeviceGroup): Item => {
    const items = groupItems(name, context);
    return items
      ? { title: text.submenus[name], items, run: none }
      : {
          title: text.submenus[name],
          isDisabled: true,
          reason: isDriveGroup(name) ? text.reasons.noDrive : text.reasons.later,
          run: none,
        };
  };
  const { guestTools } = { guestTools: actions['devices.guestTools'] };
  return [
    group('hardDisks'),
    group('opticalDrives'),
    group('floppyDrives'),
    group('audio'),
    group('network'),
    group('usb'),
    group('webcams'),
    group('sharedFolders'),
    group('sharedClipboard'),
    group('dragAndDrop'),
    null,
    {
      title: guestTools.title,
      isDisabled: true,
      ...(guestTools.reason === null ? {} : { reason: guestTools.reason }),
      run: guestTools.run,
    },
  ];
}

const isDriveGroup = (name: DeviceGroup): boolean => name === 'opticalDrives' || name === 'floppyDrives';

/** What the menu of a group of devices has; null when there is nothing to choose. */
export function groupItems(name: DeviceGroup, context: DevicesContext): Items | null {
  const { definition, text } = context;
  if (name === 'hardDisks') return [settingsItem(text.drives.settingsDisk, 'storage')];
  if (!isDriveGroup(name) || !definition) return null;
  const kind = name === 'opticalDrives' ? 'cdrom' : 'floppy';
  const drives = drivesOf(definition.settings.storage, text.drives).filter(
    ({ attachment }) => attachment.type === kind,
  );
  const [first] = drives;
  if (!first) return null;
  if (drives.length === 1) return driveItems(first, context);
  return drives.map((drive) => ({ title: drive.title, items: driveItems(drive, context), run: none }));
}

function settingsItem(title: string, page: SettingsPage): Item {
  return { title, run: () => openDialog({ kind: 'settings', page }) };
}

function driveItems({ attachment, index }: Drive, context: DevicesContext): Items {
  const { id, text, recentMedia } = context;
  const kind = attachment.type === 'cdrom' ? 'cdrom' : 'floppy';
  const current = attachment.path;
  const recent = [...new Set([...(current === null ? [] : [current]), ...recentMedia])]
    .filter((path) => path === current || fitsDrive(path, kind))
    .slice(0, 9);
  const titles = uniqueTitles(recent);
  return [
    { title: text.drives.choose, run: () => openDialog({ kind: 'chooseMedium', attachment: index }) },
    { title: text.drives.create, isDisabled: true, reason: text.reasons.later, run: none },
    ...(recent.length > 0 ? [null] : []),
    ...recent.map((path, at) => ({
      title: titles[at]!,
      isChecked: path === current,
      run: () => insertMedium(id, index, path),
    })),
    null,
    {
      title: text.drives.remove,
      isDisabled: current === null,
      ...(current === null ? { reason: text.drives.isEmpty } : {}),
      run: () => void attempt(() => client.call('machine.changeMedium', { id, attachment: index, path: null })),
    },
  ];
}

/** File names; whole paths where two have the same. */
function uniqueTitles(paths: string[]): string[] {
  const names = paths.map(baseName);
  return names.map((name, index) => (names.filter((other) => other === name).length > 1 ? paths[index]! : name));
}

const RECENT = 12;

/** Puts a disc or floppy into a drive, and on the list of those used last. */
export function insertMedium(id: string, attachment: number, path: string): void {
  void attempt(async () => {
    await client.call('machine.changeMedium', { id, attachment, path });
    const known = useHost.getState().preferences?.recentMedia ?? [];
    const recentMedia = [path, ...known.filter((other) => other !== path)].slice(0, RECENT);
    await client.call('preferences.set', { change: { recentMedia } });
  });
}
