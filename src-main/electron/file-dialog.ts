// The system's own dialog for choosing a file, for our pages.
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import { CHOOSE_FILE } from './channels.ts';
import type { Electron } from './electron.ts';
import { isOurPage } from './page-sessions.ts';

export function offerFileDialog({ ipcMain, dialog, BrowserWindow }: Electron): void {
  ipcMain.handle(CHOOSE_FILE, async (event, wish: unknown): Promise<string | null> => {
    if (!isOurPage(event) || typeof wish !== 'object' || wish === null) return null;
    const options = dialogOptions(wish as { title?: unknown; extensions?: unknown });
    const window: BrowserWindow | null = BrowserWindow.fromWebContents(event.sender);
    const answer = window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options);
    const { canceled, filePaths } = await answer;
    return canceled ? null : (filePaths[0] ?? null);
  });
}

function dialogOptions({ title, extensions }: { title?: unknown; extensions?: unknown }): OpenDialogOptions {
  const known = (Array.isArray(extensions) ? extensions : []).filter(
    (extension): extension is string => typeof extension === 'string' && extension.startsWith('.'),
  );
  return {
    title: typeof title === 'string' ? title : '',
    properties: ['openFile'],
    filters: [
      ...(known.length > 0 ? [{ name: 'Images', extensions: known.map((extension) => extension.slice(1)) }] : []),
      { name: 'All files', extensions: ['*'] },
    ],
  };
}
