import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiBench, createApiBench } from '../../test/harness/api-bench.ts';
import { type FakeContents, FakeWindow, fakeElectron, ourPage } from '../../test/harness/fake-electron.ts';
import type { HostProcess, WindowOpener } from '../app/host-process.ts';
import { machineSettings } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import { ASK_QUIT, CHOOSE_FILE, CONNECT, QUIT_ASKED, REQUEST } from './channels.ts';
import { type DesktopOptions, runDesktop } from './desktop.ts';
import type { LaunchWish } from './launch.ts';

const id = '0190a0b1-0000-4000-8000-000000000001';
let folder: string;
let bench: ApiBench;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ospite-desktop-'));
  bench = await createApiBench();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function fakeHost() {
  let end = (): void => {};
  let opener: WindowOpener = () => Promise.reject(new Error('nobody opens windows'));
  const state = { isServing: false };
  const shutDown = vi.fn((_machines?: string) => Promise.resolve());
  const host = {
    ...bench,
    shutDown,
    ended: new Promise<void>((resolve) => {
      end = resolve;
    }),
    isServing: () => state.isServing,
    openWindowsWith: (wanted: WindowOpener) => {
      opener = wanted;
    },
  } as unknown as HostProcess;
  return { host, shutDown, end: () => end(), open: (page: Parameters<WindowOpener>[0]) => opener(page), state };
}

async function start(overrides: Partial<DesktopOptions> = {}, fake = fakeElectron()) {
  const served = fakeHost();
  const handOver = vi.fn((_wishes: readonly LaunchWish[]) => Promise.resolve());
  await runDesktop(fake.electron, {
    startHost: () => Promise.resolve(served.host),
    handOver,
    rendererFolder: '/nowhere',
    preload: '/app/preload.cjs',
    boundsFile: join(folder, 'windows.json'),
    argv: [],
    folder: '/images',
    ...overrides,
  });
  return { ...fake, ...served, handOver, window: FakeWindow.all[0]! };
}

async function runMachine(): Promise<string> {
  const machine = await bench.manager.create({ name: 'web', settings: machineSettings.parse({}) } as never);
  await bench.manager.start(machine);
  await vi.waitFor(() => expect(bench.manager.get(machine).summary.state).toBe('running'));
  return machine;
}

describe('at the start', () => {
  it('opens one sandboxed, isolated manager window on our own scheme', async () => {
    const { window } = await start();
    expect(FakeWindow.all).toHaveLength(1);
    expect(window.url).toBe('ospite://app/index.html');
    expect(window.options.webPreferences).toEqual({
      preload: '/app/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    });
  });

  it('quits at once as a second instance and starts no host', async () => {
    const startHost = vi.fn();
    const { app } = await start({ startHost }, fakeElectron({ hasLock: false }));
    expect(app.quit).toHaveBeenCalledOnce();
    expect(startHost).not.toHaveBeenCalled();
  });

  it('hands over to a process that has the home', async () => {
    const startHost = () => Promise.reject(new OspiteError('host.busy', 'Ospite already runs'));
    const { app, handOver, dialog } = await start({ startHost, argv: ['electron', '/x/disc.iso'] });
    expect(handOver).toHaveBeenCalledWith([{ kind: 'open', path: '/x/disc.iso' }]);
    expect(dialog.showErrorBox).not.toHaveBeenCalled();
    expect(app.quit).toHaveBeenCalledOnce();
  });

  it('says why it cannot start or hand over, and quits', async () => {
    const failed = await start({ startHost: () => Promise.reject(new Error('the disk is full')) });
    expect(failed.dialog.showErrorBox).toHaveBeenCalledWith('Ospite cannot start', 'the disk is full');
    expect(failed.app.quit).toHaveBeenCalledOnce();
    const alone = await start({
      startHost: () => Promise.reject(new OspiteError('host.busy', 'Ospite already runs')),
      handOver: () => Promise.reject(new Error('it hangs')),
    });
    expect(alone.dialog.showErrorBox).toHaveBeenCalledWith('Ospite cannot start', 'it hangs');
  });

  it('opens files that came before it was ready, and later ones', async () => {
    const fake = fakeElectron();
    const ready = fake.holdReady();
    const starting = start({}, fake);
    const event = { preventDefault: vi.fn() };
    fake.app.emit('open-file', event, '/early.iso');
    ready();
    const { app } = await starting;
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(FakeWindow.all.map(({ url }) => url)).toEqual(['ospite://app/index.html#/new/%2Fearly.iso']);
    app.emit('open-file', event, '/late.img');
    expect(FakeWindow.all.map(({ url }) => url)).toEqual(['ospite://app/index.html#/new/%2Flate.img']);
  });
});

describe('a second launch', () => {
  it('brings the window to the front', async () => {
    const { app, window } = await start();
    window.minimized = true;
    app.emit('second-instance', {}, ['electron', '--flag'], '/');
    expect(window).toMatchObject({ focused: 1, minimized: false, loads: 1 });
    expect(FakeWindow.all).toHaveLength(1);
  });

  it('opens the New dialog for its image, named from its own folder', async () => {
    const { app, window } = await start({ argv: ['/usr/bin/electron', '--flag', 'a disc.iso'] });
    expect(window.url).toBe(`ospite://app/index.html#/new/${encodeURIComponent('/images/a disc.iso')}`);
    app.emit('second-instance', {}, ['electron', 'floppy.img'], '/elsewhere');
    expect(window.url).toBe(`ospite://app/index.html#/new/${encodeURIComponent('/elsewhere/floppy.img')}`);
  });

  it('adds a machine by its file, or says why not', async () => {
    const { app, dialog } = await start();
    app.emit('second-instance', {}, ['electron', '/lab/machine.json'], '/');
    await vi.waitFor(() => expect(dialog.showErrorBox).toHaveBeenCalledOnce());
    expect(dialog.showErrorBox.mock.calls[0]).toEqual(['The machine cannot be added', expect.stringMatching(/\w/)]);
  });

  it('shows what an address of our scheme names, and no file', async () => {
    const { app } = await start();
    const event = { preventDefault: vi.fn() };
    app.emit('open-url', event, `ospite://app/#/console/${id}`);
    expect(FakeWindow.all.at(-1)?.url).toBe(`ospite://app/index.html#/console/${id}`);
    for (const url of ['ospite://app/#/new/%2Fetc%2Fpasswd', 'ospite://evil/#/console/x', 'nonsense'])
      app.emit('open-url', event, url);
    expect(FakeWindow.all).toHaveLength(2);
    expect(FakeWindow.all[0]).toMatchObject({ focused: 3, loads: 1 });
  });
});

describe('windows', () => {
  it('are one for each machine: asking again brings it to the front', async () => {
    const { open } = await start();
    await open({ kind: 'console', id });
    await open({ kind: 'console', id: id.replace(/1$/, '2') });
    expect(await open({ kind: 'console', id })).toContain('window');
    expect(FakeWindow.all.map(({ url, focused }) => [url.split('#')[1], focused])).toEqual([
      [undefined, 0],
      [`/console/${id}`, 1],
      [`/console/${id.replace(/1$/, '2')}`, 0],
    ]);
    FakeWindow.all[1]!.close();
    await open({ kind: 'console', id });
    expect(FakeWindow.all).toHaveLength(3);
  });

  it('open none by themselves and stay on our pages', async () => {
    const { window, open } = await start();
    await open({ kind: 'console', id });
    for (const { webContents } of FakeWindow.all) {
      for (const url of [`ospite://app/index.html#/console/${id}`, 'https://example.com/', 'file:///etc/passwd'])
        expect(webContents.windowOpenHandler!({ url })).toEqual({ action: 'deny' });
      const event = { preventDefault: vi.fn() };
      webContents.emit('will-navigate', event, 'https://example.com/');
      webContents.emit('will-navigate', event, 'ospite://application/');
      expect(event.preventDefault).toHaveBeenCalledTimes(2);
    }
    expect(window.webContents.windowOpenHandler).not.toBeNull();
  });

  it('open where they were closed, while that is on a screen', async () => {
    const { window } = await start();
    window.bounds = { x: 100, y: 50, width: 1000, height: 700 };
    window.maximized = true;
    window.close();
    const second = await start();
    expect(second.window.options).toMatchObject({ x: 100, y: 50, width: 1000, height: 700 });
    expect(second.window.maximized).toBe(true);
    second.window.bounds = { x: 5000, y: 50, width: 1000, height: 700 };
    second.window.close();
    const third = await start();
    expect(third.window.options.x).toBeUndefined();
    expect(third.window.options.width).toBe(1100);
  });

  it('open anyhow when the file of their places is damaged', async () => {
    writeFileSync(join(folder, 'windows.json'), '{"manager":{"x":"left"}}');
    const { window } = await start();
    expect(window.options.width).toBe(1100);
  });

  it('get no permission of the browser but those that a console needs', async () => {
    const { session } = await start();
    const [decide] = session.setPermissionCheckHandler.mock.calls[0] as [
      (contents: null, permission: string) => boolean,
    ];
    expect(['pointerLock', 'fullscreen'].map((name) => decide(null, name))).toEqual([true, true]);
    expect(['media', 'geolocation', 'notifications', 'usb'].some((name) => decide(null, name))).toBe(false);
  });
});

describe('messages', () => {
  it('of our pages are answered', async () => {
    const { window, connect, request } = await start();
    connect(window.webContents);
    request(window.webContents, JSON.stringify({ call: 7, method: 'machine.list', params: {} }));
    await vi.waitFor(() => expect(window.webContents.messages()).toHaveLength(1));
    expect(JSON.parse(String(window.webContents.messages()[0]))).toEqual({
      call: 7,
      result: { machines: [], inaccessible: [] },
    });
  });

  it('of others are not heard', async () => {
    const { ipc, window } = await start();
    const sender: FakeContents = window.webContents;
    for (const senderFrame of [
      { url: 'https://evil.example/', parent: null },
      { url: 'ospite://application/', parent: null },
      { ...ourPage, parent: {} },
      null,
    ]) {
      ipc.emit(CONNECT, { sender, senderFrame });
      ipc.emit(REQUEST, { sender, senderFrame }, JSON.stringify({ call: 1, method: 'machine.list', params: {} }));
      expect(await ipc.handlers.get(CHOOSE_FILE)!({ sender, senderFrame }, { title: 'x' })).toBeNull();
    }
    await Promise.resolve();
    expect(sender.messages()).toEqual([]);
  });

  it('go to a page once, however often it was loaded, and to none that is gone', async () => {
    const { window, connect } = await start();
    connect(window.webContents);
    connect(window.webContents);
    await bench.manager.create({ name: 'one', settings: machineSettings.parse({}) } as never);
    const added = () => window.webContents.messages().filter((text) => String(text).includes('"machine.added"'));
    expect(added()).toHaveLength(1);
    window.close();
    await bench.manager.create({ name: 'two', settings: machineSettings.parse({}) } as never);
    expect(added()).toHaveLength(1);
  });

  it('choose a file in the dialog of the system', async () => {
    const { ipc, window, dialog, answers } = await start();
    const choose = (wish: unknown) =>
      ipc.handlers.get(CHOOSE_FILE)!({ sender: window.webContents, senderFrame: ourPage }, wish);
    expect(await choose({ title: 'Disc', extensions: ['.iso', 7] })).toBe('/images/a.iso');
    expect(dialog.showOpenDialog).toHaveBeenCalledWith(
      window,
      expect.objectContaining({ title: 'Disc', filters: [{ name: 'Images', extensions: ['iso'] }, expect.anything()] }),
    );
    answers.file = [];
    expect(await choose({ title: {}, extensions: 'all' })).toBeNull();
  });
});

describe('the end', () => {
  const quitEvent = () => ({ preventDefault: vi.fn() });

  it('comes at once when no machine runs, after the host has ended', async () => {
    const { app, shutDown, end, window } = await start();
    const event = quitEvent();
    app.emit('before-quit', event);
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(shutDown).toHaveBeenCalledOnce();
    expect(app.quit).not.toHaveBeenCalled();
    end();
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce());
    expect(FakeWindow.all).not.toContain(window);
    const last = quitEvent();
    app.emit('before-quit', last);
    expect(last.preventDefault).not.toHaveBeenCalled();
  });

  it('is asked about by the page while machines run', async () => {
    const { app, ipc, window, shutDown, dialog } = await start();
    await runMachine();
    window.webContents.on('sent', (channel: string) => {
      if (channel === ASK_QUIT) ipc.emit(QUIT_ASKED, { sender: window.webContents, senderFrame: ourPage });
    });
    app.emit('before-quit', quitEvent());
    expect(window.focused).toBe(1);
    await vi.waitFor(() => expect(ipc.listenerCount(QUIT_ASKED)).toBe(0));
    expect(dialog.showMessageBox).not.toHaveBeenCalled();
    expect(shutDown).not.toHaveBeenCalled(); // The page calls host.shutDown if the user wants that.
  });

  it.each([
    [0, null],
    [1, 'powerButton'],
    [2, 'powerOff'],
  ])('is asked about by the system when no page answers (button %i)', async (button, machines) => {
    const { app, answers, dialog, shutDown } = await start();
    await runMachine();
    vi.useFakeTimers();
    answers.messageBox = button;
    app.emit('before-quit', quitEvent());
    app.emit('before-quit', quitEvent()); // One question at a time.
    await vi.advanceTimersByTimeAsync(2000);
    expect(dialog.showMessageBox).toHaveBeenCalledOnce();
    expect(shutDown.mock.calls).toEqual(machines === null ? [] : [[machines]]);
  });

  it('can be hurried, by asking again while guests shut down', async () => {
    const { app, answers, dialog, shutDown } = await start();
    await runMachine();
    vi.useFakeTimers();
    answers.messageBox = 1;
    app.emit('before-quit', quitEvent());
    await vi.advanceTimersByTimeAsync(2000);
    app.emit('before-quit', quitEvent());
    await vi.advanceTimersByTimeAsync(0);
    expect(dialog.showMessageBox).toHaveBeenCalledTimes(2);
    expect(shutDown.mock.calls).toEqual([['powerButton'], ['powerOff']]);
  });

  it('does not come with the last window while a machine runs, but with that machine', async () => {
    const { app, shutDown, window } = await start();
    const machine = await runMachine();
    window.close();
    app.emit('window-all-closed');
    expect(shutDown).not.toHaveBeenCalled();
    await bench.manager.powerOff(machine);
    await vi.waitFor(() => expect(shutDown).toHaveBeenCalled());
  });

  it('does not come with the last window while browsers are served', async () => {
    const { app, shutDown, window, state } = await start();
    state.isServing = true;
    window.close();
    app.emit('window-all-closed');
    expect(shutDown).not.toHaveBeenCalled();
    app.emit('activate');
    expect(FakeWindow.all).toHaveLength(1);
  });
});
