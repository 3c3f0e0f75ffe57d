// The wizard for a new machine as a person uses it in a browser: recognition, live complaints, the guided and the expert way, and
// that what is shown is what is made.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../harness/accessibility.ts';
import { ApiClient, findChromium, launchBrowser, type ServedGui, serveGui } from '../harness/served-gui.ts';
import { tinyIso } from '../harness/tiny-iso.ts';

const chromium = findChromium();
/** A slow computer with others at work on it. */
const PATIENCE = 120_000;

describe.skipIf(chromium === null)(
  `the new-machine wizard${chromium === null ? ' (skipped: no Chromium here; set OSPITE_CHROMIUM)' : ''}`,
  { timeout: 300_000 },
  () => {
    let home: string;
    let iso: string;
    let gui: ServedGui;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    let api: ApiClient;

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'ospite-wizard-'));
      iso = join(home, 'installer.iso');
      await writeFile(iso, tinyIso({ label: 'Debian 12.5.0 amd64 n', files: { readme: 'hello' }, isBootable: true }));
      gui = await serveGui(join(home, 'ospite'));
      browser = await launchBrowser(chromium!);
      context = await browser.newContext({ viewport: { width: 1024, height: 700 }, locale: 'en-US' });
      context.setDefaultTimeout(PATIENCE);
      page = await context.newPage();
      await page.goto(gui.link);
      await page.getByRole('button', { name: 'New', exact: true }).waitFor();
      api = await ApiClient.connect(context, gui.port);
    });
    afterAll(async () => {
      api?.close();
      await browser?.close();
      await gui?.process.interrupt();
      await rm(home, { recursive: true, force: true });
    });

    const dialog = () => page.getByRole('dialog');
    const button = (name: string) => dialog().getByRole('button', { name, exact: true });
    const field = (name: string) => dialog().getByRole('textbox', { name, exact: true });
    const open = async (): Promise<void> => {
      await page.keyboard.press('Control+n');
      await dialog().waitFor();
    };
    const finish = async (): Promise<void> => {
      await button('Finish').click();
      await dialog().waitFor({ state: 'detached' });
    };
    const definitionOf = async (name: string) => {
      const { machines } = await api.call('machine.list', {});
      const found = machines.find((machine) => machine.name === name);
      return (await api.call('machine.get', { id: found!.id })).definition;
    };
    beforeEach(async () => {
      if (await dialog().isVisible()) await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
    });

    it('recognises the system of a disc and makes a machine that suits it', async () => {
      await open();
      await field('ISO image').fill(iso);
      await dialog().getByText('Recognised: Debian (64-bit)').waitFor();
      expect(await field('Name').inputValue()).toBe('installer');
      await button('Next').click();
      expect(await field('Base memory').inputValue()).toBe('2048');
      await field('Base memory').fill('96');
      await button('Next').click();
      await field('Size').fill('12 MiB');
      await button('Next').click();
      await dialog()
        .getByText(/12 MiB, made as .*installer\.img, on virtio/)
        .waitFor();
      await finish();
      const { os, settings } = await definitionOf('installer');
      expect(os).toBe('debian');
      expect(settings).toMatchObject({
        memoryMib: 96,
        storage: expect.arrayContaining([
          expect.objectContaining({ type: 'cdrom', path: iso }),
          expect.objectContaining({ type: 'disk', bus: 'virtio' }),
        ]),
      });
      const disk = settings.storage.find(({ type }) => type === 'disk')!;
      expect((await stat(disk.path!)).size).toBe(12 * 2 ** 20);
    });

    it('complains of what cannot be while it is typed, and goes no further', async () => {
      await open();
      await expect.poll(() => button('Next').isEnabled()).toBe(false);
      await field('Name').fill('a/b');
      await dialog().getByText('A name may not contain').waitFor();
      await field('Name').fill('INSTALLER');
      await dialog().getByText('There is already a machine called “installer”.').waitFor();
      expect(await button('Next').isEnabled()).toBe(false);
      await field('Name').fill('fine');
      await field('ISO image').fill('installer.iso');
      await dialog().getByText('Give the whole path').waitFor();
      expect(await button('Next').isEnabled()).toBe(false);
      await field('ISO image').fill(join(home, 'missing.iso'));
      await dialog().getByRole('status').getByText('missing.iso').waitFor();
      await field('ISO image').fill('');
      await button('Next').click();
      await field('Base memory').fill('99999');
      await dialog().getByText('Memory goes from 4 to 3584 MiB.').waitFor();
      expect(await button('Next').isEnabled()).toBe(false);
    });

    it('chooses the system that the name speaks of', async () => {
      await open();
      await field('Name').fill('my windows xp box');
      await dialog().getByRole('combobox', { name: 'Version' }).getByText('Windows XP').waitFor();
    });

    it('makes everything on one page for experts', async () => {
      const kernel = join(home, 'vmlinuz');
      await writeFile(kernel, 'not really');
      await open();
      await button('Expert mode').click();
      await field('Name').fill('expert');
      await field('Base memory').fill('64');
      await field('Execution cap').fill('40');
      await field('Size').fill('5 MiB');
      await dialog().getByRole('combobox', { name: 'Attached to' }).click();
      await page.getByRole('option', { name: 'virtio' }).click();
      await dialog().getByRole('button', { name: 'Direct kernel boot and firmware' }).click();
      await field('Kernel').fill(kernel);
      await field('Command line').fill('console=ttyS0');
      await finish();
      const { settings } = await definitionOf('expert');
      expect(settings).toMatchObject({
        memoryMib: 64,
        cpuCapPercent: 40,
        directBoot: { kernel, append: 'console=ttyS0' },
      });
      expect(settings.storage.find(({ type }) => type === 'disk')).toMatchObject({ bus: 'virtio' });
      // The next one is asked as before: what is chosen here is remembered.
      await open();
      await button('Guided mode').click();
    });

    it('tells the command that does the same', async () => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await open();
      await field('Name').fill('by command');
      await button('Copy as command').click();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      expect(command).toMatch(/^ospite \w+ .*'by command'/);
      await page.keyboard.press('Escape');
    });

    it('starts the machine right after, if asked', async () => {
      await open();
      await field('Name').fill('at once');
      await button('Next').click();
      await field('Base memory').fill('16');
      await button('Next').click();
      await dialog().getByRole('radio', { name: 'Do not add a hard disk' }).click();
      await button('Next').click();
      await dialog().getByRole('checkbox', { name: 'Start the machine right after' }).click();
      const opened = context.waitForEvent('page');
      await finish();
      const { id } = await definitionOf('at once');
      await api.call('machine.wait', { id, state: 'running', timeoutSeconds: 100 });
      const console = await opened;
      expect(console.url()).toContain(`#/console/${id}`);
      await console.close();
      await api.call('machine.powerOff', { id });
    });

    it('shows the host’s refusal and keeps what was typed', async () => {
      await open();
      await field('Name').fill('refused');
      await field('ISO image').fill(join(home, 'missing.iso'));
      await button('Next').click();
      await button('Next').click();
      await button('Next').click();
      await button('Finish').click();
      await dialog().getByRole('alert').getByText('missing.iso').waitFor();
      await button('Back').click();
      expect((await api.call('machine.list', {})).machines.map(({ name }) => name)).not.toContain('refused');
    });

    it('is opened with a file already in it', async () => {
      const other = await context.newPage();
      await other.goto(`http://127.0.0.1:${gui.port}/#/new/${encodeURIComponent(iso)}`);
      const prefilled = other.getByRole('dialog').getByRole('textbox', { name: 'ISO image' });
      await expect.poll(() => prefilled.inputValue(), { timeout: PATIENCE }).toBe(iso);
      await other.close();
    });

    it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await open();
      for (const step of ['Name and operating system', 'Hardware', 'Virtual hard disk', 'Summary']) {
        if (step === 'Name and operating system') await field('Name').fill('axe');
        else await button('Next').click();
        await dialog().getByRole('heading', { name: step }).waitFor();
        await expectNoViolations(page);
      }
      await button('Expert mode').click();
      await dialog().getByRole('button', { name: 'Hard disk' }).waitFor();
      await expectNoViolations(page);
      await button('Guided mode').click();
      await page.emulateMedia({ colorScheme: 'light' });
    });
  },
);

async function expectNoViolations(page: Page): Promise<void> {
  expect(await accessibilityFaults(page, { within: '[role=dialog]' })).toEqual([]);
}
