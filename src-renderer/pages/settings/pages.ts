// The pages of the settings dialog, the fields that each has, and which of them only the expert depth shows.

import { isFound } from '../../forms/field.tsx';
import type { Text } from '../../i18n/text.ts';

/** Pages of the dialog, by name. */
export type SettingsPage = keyof Text['settings']['pages'];
export type FieldName = keyof Text['settings']['fields'];

export const pageFields: Record<SettingsPage, readonly FieldName[]> = {
  general: [
    'name',
    'osFamily',
    'os',
    'group',
    'snapshotFolder',
    'sharedClipboard',
    'dragAndDrop',
    'description',
    'encryption',
  ],
  system: [
    'memoryMib',
    'bootOrder',
    'tpm',
    'chipset',
    'pointingDevice',
    'rtc',
    'efi',
    'rng',
    'firmware',
    'firmwarePath',
    'firmwareVariables',
    'kernel',
    'initrd',
    'append',
    'cpus',
    'cpuCapPercent',
    'cpuModel',
    'nested',
    'accelerator',
    'paravirtualization',
  ],
  display: ['videoMemoryMib', 'monitors', 'scalePercent', 'vga', 'acceleration3d', 'remoteDisplay', 'recording'],
  storage: ['storage', 'medium', 'bus', 'readOnly', 'discard', 'hostCache'],
  audio: ['audioEnabled', 'audioDriver', 'audioController', 'audioStreams'],
  network: ['networkEnabled', 'networkAttachment', 'networkType', 'networkCable'],
  serial: ['serial', 'serialPath'],
  usb: ['usbEnabled', 'usbFilters'],
  sharedFolders: ['sharedFolders'],
  userInterface: ['startMode', 'closeAction', 'visualState', 'showsMenuBar', 'showsStatusBar', 'miniToolbar'],
};

export const settingsPages = Object.keys(pageFields) as SettingsPage[];

/** Fields for those who know why they need them. */
const expertFields: ReadonlySet<FieldName> = new Set<FieldName>([
  'snapshotFolder',
  'encryption',
  'tpm',
  'chipset',
  'rng',
  'firmware',
  'firmwarePath',
  'firmwareVariables',
  'kernel',
  'initrd',
  'append',
  'cpuModel',
  'nested',
  'paravirtualization',
  'vga',
  'monitors',
  'acceleration3d',
  'remoteDisplay',
  'discard',
  'hostCache',
  'miniToolbar',
]);

export function isExpertField(field: FieldName): boolean {
  return expertFields.has(field);
}

export function pageOf(field: FieldName): SettingsPage {
  return settingsPages.find((page) => pageFields[page].includes(field)) ?? 'general';
}

/** The pages that have something of what is searched for; all without a search. */
export function pagesFor(query: string, text: Text['settings']): SettingsPage[] {
  if (query.trim() === '') return settingsPages;
  return settingsPages.filter(
    (page) =>
      isFound(query, text.pages[page]) ||
      pageFields[page].some((field) => isFound(query, text.fields[field].label, text.fields[field].help)),
  );
}
