// Logs, activity, media, preferences and doctor as a browser user works with them, over a guest of one sector.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../harness/accessibility.ts';
import { bootImage, busy, idle } from '../harness/boot-sectors.ts';
import { ApiClient, findChromium, launchBrowser, type ServedGui, serveGui } from '../harness/served-gui.ts';
import { temporaryFolder } from '../harness/temp-medium.ts';

const chromium = findChromium();
const missing = chromium === null ? 'no Chromium here; set OSPITE_CHROMIUM' : null;
/** A slow computer with others at work on it. */
const PATIENCE = { timeout: 120_000, interval: 200 };

describe.skipIf(missing !== null)(
  `the panes${missing === null ? '' : ` (skipped: ${missing})`}`,
  { timeout: 300_000 },
  () => {
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let gui: ServedGui;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let api: ApiClient;
    let busyId: string;

    beforeAll(async () => {
      folder = await temporaryFolder();
      gui = await serveGui(folder.file('home'));
      browser = await launchBrowser(chromium!);
      context = await browser.newContext({ viewport: { width: 1100, height: 720 }, locale: 'en-US' });
      context.setDefaultTimeout(PATIENCE.timeout);
      page = await context.newPage();
      await page.goto(gui.link);
      api = await ApiClient.connect(context, gui.port);
      busyId = await machine('Busy', busy);
      await machine('Idle', idle);
      for (const { id } of (await api.call('machine.list', {})).machines) await api.call('machine.start', { id });
      await page.getByText('Busy', { exact: true }).first().click();
    });
    afterAll(async () => {
      for (const { id, state } of (await api?.call('machine.list', {}))?.machines ?? [])
        if (state !== 'poweredOff') await api.call('machine.powerOff', { id });
      api?.close();
      await browser?.close();
      await gui?.process.interrupt();
      await folder?.dispose();
    });

    async function machine(name: string, code: readonly number[]): Promise<string> {
      const path = folder.file(`${name}.img`);
      await writeFile(path, bootImage(name, code));
      const storage = [{ type: 'disk' as const, path, bus: 'ide' as const }];
      return (await api.call('machine.create', { name, settings: { memoryMib: 16, storage } })).id;
    }
    const tab = (name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();
    const globalPage = (name: string): Promise<void> =>
      page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
    const region = (name: string): Locator => page.getByRole('region', { name, exact: true });
    const button = (within: Locator | Page, name: string): Locator => within.getByRole('button', { name, exact: true });
    /** What the click makes the browser save. */
    async function saved(click: Locator): Promise<{ name: string; text: string }> {
      const download = page.waitForEvent('download');
      await click.click();
      const file = await download;
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    }
    async function accessible(): Promise<void> {
      const place = (await page.getByRole('dialog').count()) > 0 ? '[role=dialog]' : 'main';
      expect(await accessibilityFaults(page, { within: place })).toEqual([]);
    }

    describe('logs', () => {
      const lines = (): Locator => region('Logs').getByRole('option');

      it('are followed as they are written', async () => {
        await tab('Logs');
        await lines().filter({ hasText: 'Starting with 16 MiB' }).waitFor();
        for (let times = 0; times < 3; times++) await api.call('machine.reset', { id: busyId });
        await expect.poll(() => lines().filter({ hasText: 'was reset' }).count(), PATIENCE).toBe(3);
      });

      it('are found in, forwards and backwards, with and without case', async () => {
        await lines().first().click();
        await page.keyboard.press('Control+Shift+F');
        const find = region('Logs').getByRole('group', { name: 'Find' });
        await find.getByRole('textbox').fill('WAS RESET');
        const status = find.getByRole('status');
        await expect.poll(() => status.textContent(), PATIENCE).toBe('1 of 3');
        await page.keyboard.press('Enter');
        await expect.poll(() => status.textContent(), PATIENCE).toBe('2 of 3');
        await page.keyboard.press('Shift+Enter');
        await page.keyboard.press('Shift+Enter');
        await expect.poll(() => status.textContent(), PATIENCE).toBe('3 of 3');
        expect(await region('Logs').locator('mark').count()).toBe(3);
        await button(find, 'Match case').click();
        await expect.poll(() => status.textContent(), PATIENCE).toBe('Not found');
        await find.getByRole('textbox').press('Escape');
        await find.waitFor({ state: 'detached' });
      });

      it('are filtered', async () => {
        const total = await lines().count();
        await button(region('Logs'), 'Filter').click();
        const filter = region('Logs').getByRole('group', { name: 'Filter' });
        const terms = filter.getByRole('combobox', { name: 'Show lines with' });
        await terms.fill('reset');
        await terms.press('Enter');
        await expect.poll(() => lines().count(), PATIENCE).toBe(3);
        await terms.fill('starting');
        await terms.press('Enter');
        await filter
          .getByRole('status')
          .filter({ hasText: `4 of ${total} lines` })
          .waitFor();
        await button(filter, 'All').click();
        await expect.poll(() => lines().count(), PATIENCE).toBe(0);
        await button(filter, 'Close').click();
        await expect.poll(() => lines().count(), PATIENCE).toBe(total);
      });

      it('remember bookmarks over a reload', async () => {
        await lines().filter({ hasText: 'was reset' }).first().click();
        await page.keyboard.press('Control+Shift+D');
        await page.reload();
        await button(region('Logs'), 'Bookmarks').click();
        const list = page.getByRole('complementary', { name: 'Bookmarks' });
        await list.getByRole('button').first().click();
        const chosen = region('Logs').getByRole('option', { selected: true });
        await chosen.filter({ hasText: 'was reset' }).waitFor();
        await accessible();
        await list.getByRole('button', { name: /^Remove bookmark/ }).click();
        await list.getByText('No bookmarks').waitFor();
        await button(region('Logs'), 'Bookmarks').click();
      });

      it('are saved', async () => {
        const { name, text } = await saved(button(region('Logs'), 'Save…'));
        expect(name).toBe('Busy-machine.log');
        expect(text.match(/was reset\n/g)).toHaveLength(3);
      });

      it('give keys to who has the focus only', async () => {
        await page.getByRole('tab', { name: 'Logs', exact: true }).focus();
        await page.keyboard.press('Control+Shift+P');
        expect(await region('Logs').getByRole('group', { name: 'Preferences' }).count()).toBe(0);
        await lines().first().click();
        await page.keyboard.press('Control+Shift+P');
        await region('Logs').getByRole('group', { name: 'Preferences' }).waitFor();
        await page.keyboard.press('Control+Shift+P');
      });
    });

    describe('activity', () => {
      it('draws lines that move, with values', async () => {
        await tab('Activity');
        const chart = region('Activity').getByRole('region', { name: 'CPU Load' });
        const path = chart.locator('path').filter({ visible: true });
        const drawn = async (): Promise<string> =>
          (await path.evaluateAll((paths) => paths.map((one) => one.getAttribute('d')))).join();
        await expect.poll(drawn, PATIENCE).toMatch(/M.+L/);
        const before = await drawn();
        await expect.poll(drawn, PATIENCE).not.toBe(before);
        await expect
          .poll(async () => Number.parseFloat((await page.getByTestId('now-guestMips').textContent()) ?? ''), PATIENCE)
          .toBeGreaterThan(0);
        expect(await page.getByTestId('now-ramBytes').textContent()).toMatch(/ [KM]iB$/);
      });

      it('says in words and in a table what it draws', async () => {
        await region('Activity')
          .getByRole('img', { name: /CPU Load: Guest load \d+.* %, at most/ })
          .waitFor();
        await accessible();
        await button(region('Activity'), 'As table').click();
        await region('Activity')
          .getByRole('row', { name: /Guest instructions a second .* MIPS/ })
          .waitFor();
        await accessible();
        await button(region('Activity'), 'As table').click();
      });

      it('is exported', async () => {
        const { name, text } = await saved(button(region('Activity'), 'Export…'));
        expect(name).toBe('Busy-activity.csv');
        const [head, first] = text.split('\r\n');
        expect(head).toMatch(/^at,hostCpuPercent,guestCpuPercent,/);
        expect(first!.split(',')).toHaveLength(head!.split(',').length);
      });

      it('explains the speed', async () => {
        await region('Activity')
          .getByRole('button', { name: /^Speed: Interpreter/ })
          .click();
        const explanation = page.getByRole('dialog', { name: 'Speed' });
        await explanation.getByText('What would make it faster').waitFor();
        const { accelerators } = await api.call('host.info', {});
        await explanation
          .getByText(accelerators.find(({ id }) => id === 'kvm')!.reason)
          .last()
          .waitFor();
        await explanation.getByRole('listitem').filter({ hasText: 'Translator' }).waitFor();
        await page.keyboard.press('Escape');
      });

      it('stands still while the machine is paused', async () => {
        await api.call('machine.pause', { id: busyId });
        await region('Activity').getByText('The machine is paused').waitFor();
        await api.call('machine.resume', { id: busyId });
        await region('Activity').getByText('The machine is paused').waitFor({ state: 'detached' });
      });
    });

    describe('the activity overview', () => {
      const names = async (): Promise<string[]> =>
        (await region('VM Activity Overview').locator('tbody tr').allTextContents()).map(
          (text) => /^(Busy|Idle)/.exec(text)?.[1] ?? text,
        );

      it('sorts the machines by what they do', async () => {
        await globalPage('Activity');
        expect(await names()).toEqual(['Busy', 'Idle']);
        await button(region('VM Activity Overview'), 'CPU Guest').click();
        await expect.poll(names, PATIENCE).toEqual(['Busy', 'Idle']);
        await button(region('VM Activity Overview'), 'CPU Guest').click();
        await expect.poll(names, PATIENCE).toEqual(['Idle', 'Busy']);
        await accessible();
      });

      it('shows the columns that are chosen, and goes to a machine', async () => {
        const overview = region('VM Activity Overview');
        await button(overview, 'Columns').click();
        await page.getByRole('menuitemcheckbox', { name: 'VM Exits' }).click();
        await page.keyboard.press('Escape');
        await overview.getByRole('columnheader', { name: 'VM Exits' }).waitFor({ state: 'detached' });
        await overview.getByRole('row', { name: /^Busy/ }).focus();
        await page.keyboard.press('Enter');
        await region('Activity').waitFor();
      });
    });

    describe('media', () => {
      const row = (name: string): Locator => region('Virtual Media Manager').getByRole('row', { name });
      const dialog = (): Locator => page.getByRole('dialog');

      it('are created', async () => {
        await globalPage('Media');
        await row('Busy.img').waitFor();
        await button(region('Virtual Media Manager'), 'Create…').click();
        await dialog().getByRole('textbox', { name: 'New file' }).fill(folder.file('made.img'));
        await dialog().getByRole('textbox', { name: 'Size' }).fill('64');
        await dialog().getByRole('combobox', { name: 'Unit' }).click();
        await page.getByRole('option', { name: 'MiB' }).click();
        await dialog().getByRole('checkbox', { name: 'Pre-allocate full size' }).check();
        await accessible();
        await button(dialog(), 'Create').click();
        await dialog().waitFor({ state: 'detached' });
        await row('made.img').getByText('64 MiB').first().waitFor();
        expect((await stat(folder.file('made.img'))).size).toBe(64 * 2 ** 20);
      });

      it('are copied', async () => {
        await row('made.img').click();
        await page.keyboard.press('Control+Shift+C');
        expect(await dialog().getByRole('textbox', { name: 'New file' }).inputValue()).toBe(
          folder.file('made-copy.img'),
        );
        await button(dialog(), 'Copy').click();
        await row('made-copy.img').waitFor();
        await expect.poll(async () => (await stat(folder.file('made-copy.img'))).size, PATIENCE).toBe(64 * 2 ** 20);
      });

      it('are released from machines that are off, and refused while one runs', async () => {
        const { id } = await api.call('machine.create', {
          name: 'Off',
          settings: { storage: [{ type: 'disk', path: folder.file('made-copy.img'), bus: 'ide' }] },
        });
        await row('made-copy.img').filter({ hasText: 'Off' }).click();
        expect(await button(region('Virtual Media Manager'), 'Remove…').getAttribute('aria-disabled')).toBe('true');
        await button(region('Virtual Media Manager'), 'Release…').click();
        await button(dialog(), 'Release').click();
        await row('made-copy.img').filter({ hasText: 'not attached' }).waitFor();
        expect((await api.call('machine.get', { id })).definition.settings.storage).toEqual([]);
        await row('Busy.img').click();
        await button(region('Virtual Media Manager'), 'Release…').click();
        await button(dialog(), 'Release').click();
        await dialog().getByRole('alert').waitFor();
        await button(dialog(), 'Cancel').click();
      });

      it('are removed, with their file if asked', async () => {
        await row('made-copy.img').click();
        await button(region('Virtual Media Manager'), 'Remove…').click();
        await dialog().getByRole('radio', { name: 'Delete the file' }).check();
        await button(dialog(), 'Delete').click();
        await dialog().waitFor({ state: 'detached' });
        await row('made-copy.img').waitFor({ state: 'detached' });
        await expect(stat(folder.file('made-copy.img'))).rejects.toThrow();
        await row('made.img').click();
        await button(region('Virtual Media Manager'), 'Remove…').click();
        await button(dialog(), 'Remove').click();
        await dialog().waitFor({ state: 'detached' });
        await row('made.img').waitFor({ state: 'detached' });
        expect((await stat(folder.file('made.img'))).size).toBe(64 * 2 ** 20);
        await accessible();
      });
    });

    describe('preferences', () => {
      const dialog = (): Locator => page.getByRole('dialog');
      const open = async (title: string, pageName: string): Promise<void> => {
        await page.keyboard.press('Control+G');
        await dialog().getByRole('heading', { name: title }).waitFor();
        await dialog().getByRole('button', { name: pageName, exact: true }).click();
      };
      const ok = async (): Promise<void> => {
        await button(dialog(), 'OK').click();
        await dialog().waitFor({ state: 'detached' });
      };

      it('change the language of the window at once, and for good', async () => {
        await open('Preferences', 'Language');
        await dialog().getByRole('radio', { name: 'Italiano' }).check();
        await accessible();
        await ok();
        await region('Gestore dei supporti virtuali').waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toBe('it');
        await page.reload();
        await region('Gestore dei supporti virtuali').waitFor();
        await open('Preferenze', 'Lingua');
        await dialog().getByRole('radio', { name: 'English' }).check();
        await ok();
        await region('Virtual Media Manager').waitFor();
      });

      it('change nothing when cancelled', async () => {
        await open('Preferences', 'Display');
        await button(dialog(), 'Dark').click();
        await button(dialog(), 'Cancel').click();
        expect((await api.call('preferences.get', {})).theme).toBe('system');
      });

      it('assign keys, and say who had them', async () => {
        await open('Preferences', 'Input');
        await dialog().getByRole('searchbox', { name: 'Filter' }).fill('Doctor');
        await dialog()
          .getByRole('button', { name: /^Keys of Doctor/ })
          .click();
        await page.keyboard.press('Control+h');
        await dialog().getByText('Ctrl+H belongs to “Network Manager”').waitFor();
        await button(dialog(), 'Keep').click();
        await dialog()
          .getByRole('button', { name: /^Keys of Doctor/ })
          .click();
        await page.keyboard.press('Control+Shift+Y');
        await dialog().getByRole('button', { name: 'Keys of Doctor: Ctrl+Shift+Y' }).waitFor();
        await accessible();
        await ok();
        await page.keyboard.press('Control+Shift+Y');
        await region('Doctor').waitFor();
      });

      it('change the Host key, but not to one that is needed for writing', async () => {
        await open('Preferences', 'Input');
        await dialog().getByRole('tab', { name: 'Virtual Machine' }).click();
        await dialog()
          .getByRole('button', { name: /^Host key/ })
          .click();
        await page.keyboard.press('a');
        await dialog().getByRole('alert').filter({ hasText: 'A is needed for writing' }).waitFor();
        await dialog()
          .getByRole('button', { name: /^Host key/ })
          .click();
        await page.keyboard.press('ScrollLock');
        await dialog().getByRole('button', { name: 'Host key: Scroll Lock' }).waitFor();
        await ok();
        expect((await api.call('preferences.get', {})).hostKey).toBe('ScrollLock');
      });

      it('refuse a folder that is no whole path, or is not there', async () => {
        await open('Preferences', 'General');
        await dialog().getByRole('textbox', { name: 'Default machine folder' }).fill('machines');
        await dialog().getByText('A whole path is needed').filter({ visible: true }).waitFor();
        expect(await button(dialog(), 'OK').isDisabled()).toBe(true);
        const elsewhere = folder.file('elsewhere');
        await dialog().getByRole('textbox', { name: 'Default machine folder' }).fill(elsewhere);
        await button(dialog(), 'OK').click();
        await dialog().getByRole('alert').filter({ hasText: 'elsewhere' }).waitFor();
        await mkdir(elsewhere);
        await ok();
        expect((await api.call('preferences.get', {})).machineFolder).toBe(elsewhere);
      });

      it('make the windows dark', async () => {
        await open('Preferences', 'Display');
        await button(dialog(), 'Dark').click();
        await ok();
        const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        await expect.poll(background, PATIENCE).toBe('rgb(17, 22, 29)');
      });
    });

    it('reports what the doctor found', async () => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await globalPage('Doctor');
      await region('Doctor').getByText('Machines run on the interpreter').waitFor();
      await button(region('Doctor'), 'Copy report').click();
      await button(region('Doctor'), 'Copied').waitFor();
      const report = await page.evaluate(() => navigator.clipboard.readText());
      expect(report).toMatch(/^Ospite \d+\.\d+\.\d+ on /);
      expect(report).toMatch(/^\[(miss|warn| ok )\] /m);
    });

    describe('is accessible in the dark', () => {
      it.each(['Media', 'Network', 'Activity', 'Doctor'])('%s', async (name) => {
        await globalPage(name);
        await page.getByRole('toolbar').first().waitFor();
        await accessible();
      });
      it.each(['Snapshots', 'Logs', 'Activity'])('%s of a machine', async (name) => {
        await globalPage('Machines');
        await tab(name);
        await accessible();
      });
    });
  },
);
