// Actions of a console that can have a key, pressed together with the Host key, and the key that hands know.
export const consoleShortcuts = {
  'machine.settings': 'S',
  'machine.snapshot': 'T',
  'machine.information': 'N',
  'machine.pause': 'P',
  'machine.reset': 'R',
  'machine.powerButton': 'H',
  'machine.powerOff': null,
  'machine.close': 'Q',
  'view.fullscreen': 'F',
  'view.scaled': 'C',
  'view.minimize': 'M',
  'view.adjust': 'A',
  'view.screenshot': 'E',
  'view.record': null,
  'view.popupMenu': 'Home',
  'input.ctrlAltDel': 'Delete',
  'input.ctrlAltBackspace': 'Backspace',
  'input.hostKey': 'Insert',
  'input.typeClipboard': null,
  'input.softKeyboard': null,
} as const satisfies Record<string, string | null>;

export type ConsoleAction = keyof typeof consoleShortcuts;
