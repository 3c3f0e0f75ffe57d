// The settings dialog and the inline editors as a person uses them in a browser; `machine.get` tells what was stored.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MachineDefinition } from '../../src-main/contract/machine.ts';
import { accessibilityFaults } from '../harness/accessibility.ts';
import { ApiClient, findChromium, launchBrowser, type ServedGui, serveGui } from '../harness/served-gui.ts';
import { tinyIso } from '../harness/tiny-iso.ts';

const chromium = findChromium();
/** A slow computer with others at work on it. */
const PATIENCE = 120_000;
const pages = [
  'General',
  'System',
  'Display',
  'Storage',
  'Audio',
  'Network',
  'Serial Ports',
  'USB',
  'Shared Folders',
  'User Interface',
];

describe.skipIf(chromium === null)(
  `the settings of a machine${chromium === null ? ' (skipped: no Chromium here; set OSPITE_CHROMIUM)' : ''}`,
  { timeout: 300_000 },
  () => {
    let home: string;
    let gui: ServedGui;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let api: ApiClient;
    let id: string;
    let discs: string[];

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'ospite-settings-'));
      discs = ['first.iso', 'second.iso', 'third.iso'].map((name) => join(home, name));
      for (const disc of discs) await writeFile(disc, tinyIso({ label: 'DATA', files: { readme: disc } }));
      await writeFile(join(home, 'disk.img'), new Uint8Array(1024 * 1024));
      gui = await serveGui(join(home, 'ospite'));
      browser = await launchBrowser(chromium!);
      context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
      context.setDefaultTimeout(PATIENCE);
      page = await context.newPage();
      await page.goto(gui.link);
      await page.getByRole('button', { name: 'New', exact: true }).waitFor();
      api = await ApiClient.connect(context, gui.port);
      await api.call('machine.create', { name: 'Other', settings: {} });
      ({ id } = await api.call('machine.create', {
        name: 'Subject',
        settings: { memoryMib: 64, storage: [{ type: 'cdrom', bus: 'ide', path: discs[0]!, readOnly: true }] },
      }));
      await page.getByText('Subject').first().click();
      await page.getByRole('region', { name: 'System' }).waitFor();
    });
    afterAll(async () => {
      api?.close();
      await browser?.close();
      await gui?.process.interrupt();
      await rm(home, { recursive: true, force: true });
    });

    const dialog = () => page.getByRole('dialog', { name: 'Settings of' });
    const button = (name: string) => dialog().getByRole('button', { name, exact: true });
    const field = (name: string) => dialog().getByRole('textbox', { name, exact: true });
    const definition = async (): Promise<MachineDefinition> => (await api.call('machine.get', { id })).definition;
    const open = async (name: string): Promise<void> => {
      if (!(await dialog().isVisible())) await page.keyboard.press('Control+s');
      await dialog().getByRole('navigation').getByRole('button', { name, exact: true }).click();
    };
    const choose = async (name: string, option: string): Promise<void> => {
      await dialog().getByRole('combobox', { name, exact: true }).first().click();
      await page.getByRole('option', { name: option }).click();
    };
    const ok = async (): Promise<void> => {
      await button('OK').click();
      await dialog().waitFor({ state: 'detached' });
    };
    beforeEach(async () => {
      if (!(await dialog().isVisible())) return;
      await button('Cancel').click();
      const leave = page.getByRole('button', { name: 'Do not save' });
      if (await leave.isVisible()) await leave.click();
      await dialog().waitFor({ state: 'detached' });
    });

    it('General: name, system, group and description', async () => {
      await open('General');
      await field('Name').fill('Renamed');
      await choose('Type', 'BSD');
      await choose('Version', 'OpenBSD (64-bit)');
      await field('Group').fill('Lab/Web');
      await field('Description').fill('What it is for');
      await ok();
      expect(await definition()).toMatchObject({
        name: 'Renamed',
        os: 'openbsd',
        group: 'Lab/Web',
        description: 'What it is for',
      });
    });

    it('System: memory, boot order, clock and cap', async () => {
      await open('System');
      await field('Base memory').fill('96');
      await button('Move Hard disk up').click();
      await dialog().getByRole('checkbox', { name: 'Network' }).click();
      await choose('Hardware clock', 'Local time');
      await field('Execution cap').fill('80');
      await ok();
      expect((await definition()).settings).toMatchObject({
        memoryMib: 96,
        bootOrder: ['floppy', 'disk', 'cdrom'],
        rtc: 'local',
        cpuCapPercent: 80,
      });
    });

    it('Display: video memory and scale', async () => {
      await open('Display');
      await choose('Video memory', '32 MiB');
      await field('Scale factor').fill('150');
      await ok();
      expect(await definition()).toMatchObject({ settings: { videoMemoryMib: 32 }, ui: { scalePercent: 150 } });
    });

    it('Storage: an attached disk, a created one, another disc, a drive less', async () => {
      await open('Storage');
      await dialog().getByRole('button', { name: 'Controller: IDE: Add a hard disk' }).click();
      await page.getByRole('menuitem', { name: 'Choose a file…' }).click();
      const chooser = page.getByRole('dialog').last();
      await chooser.getByRole('textbox').fill(join(home, 'disk.img'));
      await chooser.getByRole('button', { name: 'Open' }).click();
      await dialog().getByText('1 MiB').waitFor();
      await dialog().getByRole('button', { name: 'Controller: virtio: Add a hard disk' }).click();
      await page.getByRole('menuitem', { name: 'Create a hard disk…' }).click();
      const creation = page.getByRole('dialog', { name: 'Create a hard disk' });
      await creation.getByRole('textbox', { name: 'Size' }).fill('3 MiB');
      await creation.getByRole('button', { name: 'Create', exact: true }).click();
      await creation.waitFor({ state: 'detached' });
      await dialog().getByText('3 MiB').waitFor();
      await dialog().getByRole('button', { name: 'first.iso' }).click();
      await field('Optical drive').fill(discs[1]!);
      await dialog().getByRole('button', { name: 'Controller: floppy: Add a floppy drive' }).click();
      await button('Remove attachment').click();
      await ok();
      expect((await definition()).settings.storage).toMatchObject([
        { type: 'cdrom', path: discs[1] },
        { type: 'disk', bus: 'ide', path: join(home, 'disk.img') },
        { type: 'disk', bus: 'virtio', path: expect.stringContaining('Renamed.img') },
      ]);
    });

    it('Serial Ports: a file', async () => {
      await open('Serial Ports');
      const second = dialog().getByRole('region', { name: 'Port 2' });
      await second.getByRole('combobox').click();
      await page.getByRole('option', { name: 'Raw file' }).click();
      expect(await button('OK').isEnabled()).toBe(false);
      await second.getByRole('textbox', { name: 'File' }).fill(join(home, 'serial.log'));
      await ok();
      expect((await definition()).settings.serial).toEqual([
        { kind: 'console' },
        { kind: 'file', path: join(home, 'serial.log') },
      ]);
    });

    it('User Interface: bars and closing', async () => {
      await open('User Interface');
      await dialog().getByRole('checkbox', { name: 'Show the menu bar' }).click();
      await choose('Closing the console', 'Powers the machine off');
      await ok();
      expect((await definition()).ui).toMatchObject({ showsMenuBar: false, closeAction: 'powerOff' });
    });

    it('the expert depth: more fields, kept for the next time', async () => {
      await open('System');
      expect(await dialog().getByRole('combobox', { name: 'Processor model' }).isVisible()).toBe(false);
      await button('Expert').click();
      await choose('Processor model', 'Pentium III');
      await ok();
      expect((await definition()).settings.cpuModel).toBe('pentium3');
      await open('Display');
      await dialog().getByRole('combobox', { name: 'Graphics adapter' }).waitFor();
      await button('Basic').click();
    });

    it('finds a field by a part of its name', async () => {
      await open('General');
      await dialog().getByRole('searchbox', { name: 'Search settings' }).fill('clock');
      await dialog().locator('[data-found]', { hasText: 'Hardware clock' }).waitFor();
      const shown = await dialog().getByRole('navigation').getByRole('button').allTextContents();
      expect(shown).toEqual(['System']);
      await button('Clear the search').click();
    });

    it('says what is wrong, lists it, and does not take it', async () => {
      await open('General');
      await field('Name').fill('OTHER');
      await dialog().getByText('There is already a machine called “Other”.').first().waitFor();
      await open('System');
      await field('Base memory').fill('2');
      const strip = dialog().getByTestId('problems');
      await strip.getByText('2 settings are not right:').waitFor();
      expect(await button('OK').isEnabled()).toBe(false);
      await strip.getByRole('button', { name: 'Name' }).click();
      await field('Name').waitFor();
      expect((await definition()).settings.memoryMib).toBe(96);
    });

    it('asks before changes are lost', async () => {
      await open('System');
      await field('Base memory').fill('128');
      await page.keyboard.press('Escape');
      await page.getByText('One change is not saved.').waitFor();
      await page.getByRole('button', { name: 'Go on editing' }).click();
      expect(await field('Base memory').inputValue()).toBe('128');
      await button('Cancel').click();
      await page.getByRole('button', { name: 'Do not save' }).click();
      await dialog().waitFor({ state: 'detached' });
      expect((await definition()).settings.memoryMib).toBe(96);
    });

    it('tells when somebody else changed the machine, and keeps both', async () => {
      await open('System');
      await field('Base memory').fill('112');
      await api.call('machine.update', { id, settings: { cpuCapPercent: 33 } });
      await dialog().getByText('Somebody else changed this machine meanwhile.').waitFor();
      expect(await button('OK').isEnabled()).toBe(false);
      await button('Keep my changes').click();
      expect(await field('Execution cap').inputValue()).toBe('33');
      await ok();
      expect((await definition()).settings).toMatchObject({ memoryMib: 112, cpuCapPercent: 33 });
    });

    it('follows what somebody else changed while nothing is edited', async () => {
      await open('System');
      await api.call('machine.update', { id, settings: { memoryMib: 80 } });
      await expect.poll(() => field('Base memory').inputValue(), { timeout: PATIENCE }).toBe('80');
    });

    it('is edited in place: memory by the details', async () => {
      await page.getByRole('button', { name: /^Base memory: 80 MiB/ }).click();
      const editor = page.getByRole('dialog', { name: 'Base memory' });
      await editor.getByRole('textbox').fill('1');
      await editor.getByText('Memory goes from 4 to 3584 MiB.').waitFor();
      expect(await editor.getByRole('button', { name: 'OK' }).isEnabled()).toBe(false);
      await editor.getByRole('textbox').fill('72');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Base memory: 72 MiB/ }).waitFor();
      expect((await definition()).settings.memoryMib).toBe(72);
    });

    it('opens at the page whose title is clicked', async () => {
      await page
        .getByRole('region', { name: 'Serial Ports' })
        .getByRole('button', { name: 'Serial Ports' })
        .first()
        .click();
      await dialog().getByRole('region', { name: 'Port 4' }).waitFor();
    });

    describe('while the machine runs', () => {
      beforeAll(async () => {
        await api.call('machine.start', { id });
        await api.call('machine.wait', { id, state: 'running', timeoutSeconds: 100 });
      });
      afterAll(() => api.call('machine.powerOff', { id }));

      it('only what is safe can change, and does', async () => {
        await open('System');
        await dialog().getByText('The machine runs.').waitFor();
        expect(await field('Base memory').isEnabled()).toBe(false);
        await field('Execution cap').fill('55');
        await open('User Interface');
        await choose('Visual state', 'Scaled');
        await open('General');
        expect(await field('Name').isEnabled()).toBe(false);
        await field('Description').fill('Changed while it ran');
        await ok();
        expect(await definition()).toMatchObject({
          description: 'Changed while it ran',
          settings: { cpuCapPercent: 55 },
          ui: { visualState: 'scaled' },
        });
      });

      it('the disc is changed by the dialog', async () => {
        await open('Storage');
        await dialog().getByRole('button', { name: 'second.iso' }).click();
        await field('Optical drive').fill(discs[2]!);
        await ok();
        expect((await definition()).settings.storage[0]!.path).toBe(discs[2]);
      });

      it('the disc is taken out by the details', async () => {
        await page.getByRole('button', { name: /^Optical drive: third\.iso/ }).click();
        await page.getByRole('menuitem', { name: 'Remove from the drive' }).click();
        await page.getByRole('button', { name: /^Optical drive: empty/ }).waitFor();
        expect((await definition()).settings.storage[0]!.path).toBeNull();
      });

      it('nothing in the details moves', async () => {
        const places = () =>
          page
            .getByRole('region')
            .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)).join());
        const before = await places();
        await page.getByRole('region', { name: 'Preview' }).locator('img').waitFor();
        expect(await places()).toBe(before);
      });
    });

    it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await expectNoViolations(page, '#machine-pane');
      for (const name of pages) {
        await open(name);
        await expectNoViolations(page, '[role=dialog]');
      }
      await button('Cancel').click();
      await dialog().waitFor({ state: 'detached' });
      await page.emulateMedia({ colorScheme: 'light' });
    });
  },
);

async function expectNoViolations(page: Page, place: string): Promise<void> {
  expect(await accessibilityFaults(page, { within: place })).toEqual([]);
}
