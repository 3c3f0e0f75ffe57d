// Console windows as a browser user sees them: two machines at once, worked by Host keys, menus, soft keyboard, clipboard and
// terminal, with guests of one sector that answer at once.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineSettings } from '../../src-main/contract/machine.ts';
import { accessibilityFaults } from '../harness/accessibility.ts';
import { bootImage, obedient, typist } from '../harness/boot-sectors.ts';
import { ApiClient, findChromium, launchBrowser, type ServedGui, serveGui } from '../harness/served-gui.ts';

const chromium = findChromium();
const missing = chromium === null ? 'no Chromium here; set OSPITE_CHROMIUM' : null;
/** A slow computer with others at work on it. */
const PATIENCE = { timeout: 120_000, interval: 200 };
const FLOPPY_BYTES = 1_474_560;
const SERIAL = 'alpha one\r\nbeta two\r\nalpha three\r\n';

describe.skipIf(missing !== null)(
  `the console window${missing === null ? '' : ` (skipped: ${missing})`}`,
  { timeout: 300_000 },
  () => {
    let home: string;
    let gui: ServedGui;
    let browser: Browser;
    let context: BrowserContext;
    let api: ApiClient;
    let one: { id: string; page: Page };
    let two: { id: string; page: Page };

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'ospite-console-'));
      await writeFile(join(home, 'guest.img'), bootImage(SERIAL, typist));
      await writeFile(join(home, 'a.img'), floppy('FLOPPY-A'));
      await writeFile(join(home, 'b.img'), floppy('FLOPPY-B'));
      await writeFile(join(home, 'obedient.img'), bootImage('READY', obedient));
      gui = await serveGui(home);
      browser = await launchBrowser(chromium!);
      context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      context.setDefaultTimeout(PATIENCE.timeout);
      const first = await context.newPage();
      await first.goto(gui.link);
      api = await ApiClient.connect(context, gui.port);
      one = await openConsole('one', first);
      two = await openConsole('two', await context.newPage());
    });
    afterAll(async () => {
      api?.close();
      await browser?.close();
      await gui?.process.interrupt();
      await rm(home, { recursive: true, force: true });
    });

    async function openConsole(name: string, page: Page, image = 'guest.img'): Promise<{ id: string; page: Page }> {
      const { id } = await api.call('machine.create', {
        name,
        settings: machineSettings.parse({
          memoryMib: 16,
          bootOrder: ['disk'],
          storage: [
            { type: 'disk', path: join(home, image), bus: 'ide', readOnly: true },
            { type: 'floppy', path: null, bus: 'floppy' },
          ],
        }),
      });
      await page.goto(`http://127.0.0.1:${gui.port}/?${name}#/console/${id}`);
      return { id, page };
    }

    const screenText = async (id: string): Promise<string> =>
      ((await api.call('machine.text', { id })).lines ?? []).join('\n');
    const shows = (id: string, wanted: string) =>
      expect.poll(() => screenText(id), { ...PATIENCE, message: wanted }).toContain(wanted);
    const state = async (id: string) =>
      (await api.call('machine.list', {})).machines.find((machine) => machine.id === id)?.state;
    const reaches = (id: string, wanted: string) => expect.poll(() => state(id), PATIENCE).toBe(wanted);
    const titleTells = (page: Page, wanted: string) => expect.poll(() => page.title(), PATIENCE).toBe(wanted);
    const focus = (page: Page) => page.getByTestId('guest-screen').focus();
    const definition = async (id: string) => (await api.call('machine.get', { id })).definition;

    async function host(page: Page, key: string): Promise<void> {
      await focus(page);
      await page.keyboard.down('ControlRight');
      await page.keyboard.press(key);
      await page.keyboard.up('ControlRight');
    }
    async function choose(page: Page, menu: string, ...items: string[]): Promise<void> {
      await page.getByRole('menuitem', { name: menu, exact: true }).click();
      for (const name of items) {
        const item = page.locator('[role=menu] [role^=menuitem]').filter({ hasText: name });
        await item.first().click();
      }
    }
    /** In the list of folders, once it has come. */
    async function chooseFile(page: Page, path: string): Promise<void> {
      const field = page.getByLabel('Folder or file');
      await expect.poll(() => field.inputValue(), PATIENCE).not.toBe('');
      await field.fill(path);
      await page.getByRole('button', { name: 'Open', exact: true }).click();
    }
    async function bytesOf(download: Download): Promise<Buffer> {
      const path = join(home, 'downloaded');
      await download.saveAs(path);
      return readFile(path);
    }

    it('starts from its own window, and says what runs in the title', async () => {
      for (const { page } of [one, two]) await page.getByRole('button', { name: 'Start', exact: true }).click();
      await titleTells(one.page, 'one [Running] - Ospite');
      await titleTells(two.page, 'two [Running] - Ospite');
    });

    it('gives each of two guests what was typed into its own window', async () => {
      for (const { id } of [one, two]) await shows(id, '>');
      for (const { page } of [one, two]) await focus(page);
      await one.page.keyboard.type('first', { delay: 30 });
      await two.page.keyboard.type('second2', { delay: 30 });
      await shows(one.id, 'first');
      await shows(two.id, 'second2');
      expect(await screenText(one.id)).not.toContain('second');
      expect(await screenText(two.id)).not.toContain('first');
    });

    it('pauses by Host+P and goes on by the menu', async () => {
      await host(one.page, 'p');
      await titleTells(one.page, 'one [Paused] - Ospite');
      await choose(one.page, 'Machine', 'Pause');
      await titleTells(one.page, 'one [Running] - Ospite');
      expect(await state(two.id)).toBe('running');
    });

    it('resets by Host+R after a question', async () => {
      await host(one.page, 'r');
      await one.page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
      await expect.poll(() => screenText(one.id), PATIENCE).not.toContain('first');
      await shows(one.id, '>');
      await expect.poll(() => one.page.evaluate(() => document.activeElement?.tagName), PATIENCE).toBe('CANVAS');
      await one.page.keyboard.type('again', { delay: 30 });
      await shows(one.id, 'again');
    });

    it('saves the screenshot that the machine would give', async () => {
      // The cursor may blink between the two.
      await expect
        .poll(async () => {
          const downloading = one.page.waitForEvent('download');
          await host(one.page, 'e');
          const download = await downloading;
          expect(download.suggestedFilename()).toMatch(/^one .*\.png$/);
          const saved = await bytesOf(download);
          return saved.equals(Buffer.from((await api.call('machine.screenshot', { id: one.id })).png, 'base64'));
        }, PATIENCE)
        .toBe(true);
    });

    it('records a video', async () => {
      await choose(one.page, 'View', 'Recording');
      await one.page.getByRole('timer').waitFor();
      await focus(one.page);
      await one.page.keyboard.type('on film', { delay: 30 });
      await shows(one.id, 'on film');
      const downloading = one.page.waitForEvent('download');
      await choose(one.page, 'View', 'Recording');
      const video = await bytesOf(await downloading);
      expect(video.subarray(0, 4)).toEqual(Buffer.from([0x1a, 0x45, 0xdf, 0xa3]));
      expect(video.length).toBeGreaterThan(1000);
      await one.page.getByRole('timer').waitFor({ state: 'detached' });
    });

    it('changes floppies while the guest runs, and remembers them', async () => {
      await choose(one.page, 'Devices', 'Floppy Drives', 'Choose a Disk Image…');
      await chooseFile(one.page, join(home, 'a.img'));
      await expect.poll(async () => (await definition(one.id)).settings.storage[1]?.path, PATIENCE).toContain('a.img');
      await focus(one.page);
      await one.page.keyboard.press('Enter');
      await shows(one.id, 'FLOPPY-A');

      await choose(one.page, 'Devices', 'Floppy Drives', 'Choose a Disk Image…');
      await chooseFile(one.page, join(home, 'b.img'));
      await expect.poll(async () => (await definition(one.id)).settings.storage[1]?.path, PATIENCE).toContain('b.img');
      await focus(one.page);
      await one.page.keyboard.press('Enter');
      await shows(one.id, 'FLOPPY-B');
      expect((await api.call('preferences.get', {})).recentMedia).toEqual([join(home, 'b.img'), join(home, 'a.img')]);

      // The other machine is offered what this one used.
      await choose(two.page, 'Devices', 'Floppy Drives', 'a.img');
      await expect.poll(async () => (await definition(two.id)).settings.storage[1]?.path, PATIENCE).toContain('a.img');
      await choose(two.page, 'Devices', 'Floppy Drives', 'Remove Disk');
      await expect.poll(async () => (await definition(two.id)).settings.storage[1]?.path, PATIENCE).toBeNull();
    });

    it('types by the soft keyboard, whose Shift holds for one key', async () => {
      await choose(two.page, 'Input', 'Keyboard', 'Soft Keyboard…');
      for (const code of ['ShiftLeft', 'KeyO', 'KeyK', 'Digit7']) await two.page.locator(`[data-code=${code}]`).click();
      await shows(two.id, 'Ok7');
      await two.page.getByRole('button', { name: 'Close the soft keyboard' }).click();
    });

    it('types the clipboard’s text as keystrokes', async () => {
      await two.page.bringToFront();
      await two.page.evaluate(() => navigator.clipboard.writeText('{Pasted} "text" #42'));
      await choose(two.page, 'Input', 'Type Clipboard Text…');
      await expect.poll(() => two.page.getByLabel('Text', { exact: true }).inputValue(), PATIENCE).toContain('#42');
      await two.page.getByRole('button', { name: 'Type', exact: true }).click();
      await shows(two.id, '{Pasted} "text" #42');
      await two.page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('finds text in the serial terminal', async () => {
      await two.page.getByRole('tab', { name: 'Serial Port 1' }).click();
      await two.page.getByRole('button', { name: /^Find/ }).click();
      await two.page.getByRole('textbox', { name: 'Find' }).fill('alpha');
      await two.page.getByText(/^\d of 2$/).waitFor();
      await two.page.getByRole('textbox', { name: 'Find' }).fill('gamma');
      await two.page.getByText('No match').waitFor();
      await two.page.keyboard.press('Escape');
      await two.page.getByRole('tab', { name: 'Screen' }).click();
    });

    it('goes to scaled mode and back by Host+C, explaining the way back once', async () => {
      await host(two.page, 'c');
      const box = two.page.getByRole('dialog');
      await box.getByText(/Right Ctrl\+C/).waitFor();
      await box.getByRole('checkbox', { name: 'Do not show this message again' }).check();
      await box.getByRole('button', { name: 'Switch' }).click();
      await two.page.getByRole('toolbar', { name: 'Console toolbar' }).waitFor();
      expect(await two.page.getByRole('menubar').count()).toBe(0);
      const height = () => two.page.getByTestId('guest-screen').evaluate((canvas) => canvas.clientHeight);
      await expect.poll(height, PATIENCE).toBe(700);
      await host(two.page, 'Home');
      await two.page.getByRole('menu').getByText('Machine', { exact: true }).waitFor();
      await two.page.keyboard.press('Escape');
      await host(two.page, 'c');
      await two.page.getByRole('menubar').waitFor();
      await expect.poll(height, PATIENCE).toBe(400);
      expect((await api.call('preferences.get', {})).suppressedWarnings).toContain('console.scaled');
    });

    it.each(['light', 'dark'] as const)('has no accessibility faults in %s', async (colorScheme) => {
      await one.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // Menus open beside the page's regions, as those of the system do.
      const faults = (): Promise<string[]> => accessibilityFaults(one.page, { disabledRules: ['region'] });
      expect(await faults()).toEqual([]);
      await host(one.page, 'n');
      await one.page.getByRole('tabpanel').getByText('interpreter').waitFor();
      expect(await faults()).toEqual([]);
      await one.page.keyboard.press('Escape');
      await one.page.getByRole('dialog').waitFor({ state: 'detached' });
      await choose(one.page, 'Machine');
      expect(await faults()).toEqual([]);
      await one.page.keyboard.press('Escape');
    });

    it('asks what to do with the machine when it closes, and remembers the answer', async () => {
      await host(two.page, 'q');
      const dialog = two.page.getByRole('dialog');
      expect(await dialog.getByRole('radio', { name: /Save the machine state/ }).isDisabled()).toBe(true);
      await dialog.getByRole('radio', { name: /Power off/ }).check();
      await dialog.getByRole('checkbox', { name: /Remember my choice/ }).check();
      await dialog.getByRole('button', { name: 'OK' }).click();
      await reaches(two.id, 'poweredOff');
      // Saved beside the power-off, not before it.
      await expect.poll(async () => (await definition(two.id)).ui.closeAction, PATIENCE).toBe('powerOff');

      await api.call('machine.start', { id: two.id });
      const again = await context.newPage();
      await again.goto(`http://127.0.0.1:${gui.port}/?again#/console/${two.id}`);
      await titleTells(again, 'two [Running] - Ospite');
      // The remembered answer is known once the lights are.
      await again.getByRole('button', { name: 'Floppy drives' }).waitFor();
      await host(again, 'q');
      await reaches(two.id, 'poweredOff');
    });

    it('waits for a guest that was asked to shut down, and closes after it', async () => {
      const { id, page } = await openConsole('three', await context.newPage(), 'obedient.img');
      await api.call('machine.start', { id });
      await api.call('machine.pause', { id });
      await titleTells(page, 'three [Paused] - Ospite');
      await host(page, 'q');
      await page.getByRole('radio', { name: /Send the shutdown signal/ }).check();
      await page.getByRole('button', { name: 'OK' }).click();
      await page.getByText('The shutdown signal was sent').waitFor();
      await api.call('machine.resume', { id });
      await reaches(id, 'poweredOff');
      // A tab that its page may not close goes to the manager.
      await expect.poll(() => page.isClosed() || page.url().endsWith('#/'), PATIENCE).toBe(true);
    });

    it('powers off by the menu and offers to start again', async () => {
      await choose(one.page, 'Machine', 'Power Off');
      await one.page.getByRole('dialog').getByRole('button', { name: 'Power Off' }).click();
      await one.page.getByText('The machine is powered off').waitFor();
      await one.page.getByRole('button', { name: 'Show Log', exact: true }).click();
      await one.page.getByRole('dialog').getByText('one: log').waitFor();
    });
  },
);

function floppy(label: string): Uint8Array {
  const image = new Uint8Array(FLOPPY_BYTES);
  image.set(new TextEncoder().encode(label));
  return image;
}
