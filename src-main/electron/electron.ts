// The parts of Electron that the desktop uses. They come in as an argument, so that everything here is tested with a fake.
export type Electron = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'protocol' | 'session' | 'screen' | 'Menu'
>;

/** Our own scheme: pages come from here and can go nowhere else. */
export const PAGE_ORIGIN = 'ospite://app';
