// The sessions of our pages over Electron's messages. Whoever is not one of our pages, in the top frame, is not heard.
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { Session } from '../api/session.ts';
import type { ApiServices } from '../api/transports/socket-session.ts';
import { CONNECT, MESSAGE, REQUEST } from './channels.ts';
import { type Electron, PAGE_ORIGIN } from './electron.ts';

export function isOurPage(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${PAGE_ORIGIN}/`);
}

export function serveOurPages(ipcMain: Electron['ipcMain'], { services, consoles }: ApiServices): void {
  const sessions = new Map<WebContents, Session>();
  ipcMain.on(CONNECT, (event) => {
    if (!isOurPage(event)) return;
    const contents = event.sender;
    const isNew = !sessions.has(contents);
    sessions.get(contents)?.close(); // The page was loaded anew.
    const send = (message: string | Uint8Array): void => {
      if (!contents.isDestroyed()) contents.send(MESSAGE, message);
    };
    sessions.set(contents, new Session({ sendText: send, sendBinary: send }, services, consoles));
    if (!isNew) return;
    contents.once('destroyed', () => {
      sessions.get(contents)?.close();
      sessions.delete(contents);
    });
  });
  ipcMain.on(REQUEST, (event, text: unknown) => {
    if (isOurPage(event) && typeof text === 'string') void sessions.get(event.sender)?.receive(text);
  });
}
