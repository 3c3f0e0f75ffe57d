// The whole product as a browser user sees it: a machine made, started, typed into, paused, reset and powered off, its screen
// compared pixel by pixel with the machine's own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestFile, skipReason } from '../harness/guests.ts';
import {
  ApiClient,
  compareCanvas,
  findChromium,
  inkOfCells,
  launchBrowser,
  type ServedGui,
  serveGui,
} from '../harness/served-gui.ts';

const NAME = 'grub-cdrom.iso';
const iso = guestFile(NAME);
const chromium = findChromium();
const missing = chromium === null ? 'no Chromium here; set OSPITE_CHROMIUM' : iso === null ? skipReason(NAME) : null;
/** A slow computer with others at work on it. */
const PATIENCE = { timeout: 120_000, interval: 200 };
const CELL = { width: 9, height: 16 };

describe.skipIf(missing !== null)(
  `the served GUI${missing === null ? '' : ` (skipped: ${missing})`}`,
  { timeout: 300_000 },
  () => {
    let home: string;
    let gui: ServedGui;
    let browser: Browser;
    let context: BrowserContext;
    let manager: Page;
    let console: Page;
    let api: ApiClient;
    let id: string;

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'ospite-e2e-'));
      gui = await serveGui(home);
      browser = await launchBrowser(chromium!);
      context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
      context.setDefaultTimeout(PATIENCE.timeout);
      manager = await context.newPage();
      await manager.goto(gui.link);
      api = await ApiClient.connect(context, gui.port);
    });
    afterAll(async () => {
      api?.close();
      await browser?.close();
      await gui?.process.interrupt();
      await rm(home, { recursive: true, force: true });
    });

    const text = async (): Promise<string[]> => (await api.call('machine.text', { id })).lines ?? [];
    const showsText = (wanted: string) =>
      expect
        .poll(async () => (await text()).some((line) => line.includes(wanted)), { ...PATIENCE, message: wanted })
        .toBe(true);
    const titleTells = (state: string) => expect.poll(() => console.title(), PATIENCE).toContain(`[${state}]`);
    const choose = async (menu: string, item: string): Promise<void> => {
      await console.getByRole('menuitem', { name: menu, exact: true }).click();
      await console.locator('[role=menu] [role^=menuitem]', { hasText: item }).click();
    };
    const chooseInManager = async (menu: string, ...items: string[]): Promise<void> => {
      await manager.getByRole('menubar').getByRole('menuitem', { name: menu, exact: true }).click();
      for (const item of items) await manager.locator('[role=menu] [role^=menuitem]', { hasText: item }).last().click();
    };
    /** A cursor may blink between the two looks; nothing else may differ. */
    const canvasIsTheScreen = async (page: Page): Promise<void> => {
      await expect
        .poll(async () => {
          const { png } = await api.call('machine.screenshot', { id });
          const { isSameSize, differingWidth, differingHeight } = await compareCanvas(page, png);
          return isSameSize && differingWidth <= CELL.width && differingHeight <= CELL.height;
        }, PATIENCE)
        .toBe(true);
    };

    it('greets who has no machines', async () => {
      await manager.getByText('No machines yet').waitFor();
    });

    it('makes a machine from an ISO image', async () => {
      await manager.getByRole('button', { name: 'New machine' }).click();
      await manager.getByRole('textbox', { name: 'ISO image' }).fill(iso!);
      expect(await manager.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('grub-cdrom');
      for (const _step of ['Hardware', 'Virtual hard disk'])
        await manager.getByRole('button', { name: 'Next' }).click();
      await manager.getByRole('radio', { name: 'Do not add a hard disk' }).click();
      await manager.getByRole('button', { name: 'Next' }).click();
      await manager.getByRole('button', { name: 'Finish' }).click();
      await manager.getByRole('dialog').waitFor({ state: 'detached' });
      const { machines } = await api.call('machine.list', {});
      expect(machines).toMatchObject([{ name: 'grub-cdrom', state: 'poweredOff' }]);
      id = machines[0]!.id;
    });

    it('starts it in a window of its own that shows the guest', async () => {
      const opened = context.waitForEvent('page');
      await manager.getByRole('button', { name: 'Start', exact: true }).click();
      console = await opened;
      await titleTells('Running');
      await showsText('GNU GRUB  version');
    });

    it('gives the guest the keys typed on its screen', async () => {
      await console.getByTestId('guest-screen').focus();
      // The banner comes before the menu that takes keys.
      await showsText('before booting or `c');
      await console.keyboard.press('c');
      await showsText('grub>');
      await console.keyboard.type('echo hello-from-ospite', { delay: 20 });
      await showsText('grub> echo hello-from-ospite');
      await console.keyboard.press('Enter');
      await expect.poll(async () => (await text()).map((line) => line.trim()), PATIENCE).toContain('hello-from-ospite');
    });

    it('paints what the machine shows, pixel by pixel', async () => {
      await canvasIsTheScreen(console);
    });

    it('paints ink exactly where the text screen has characters', async () => {
      const lines = await text();
      const prompt = lines.findLastIndex((line) => line.startsWith('grub>'));
      expect(prompt).toBeGreaterThan(0);
      const ink = await inkOfCells(console, 80, 25);
      // The cursor blinks behind the last prompt: that line is left out.
      const withoutPrompt = (rows: string[]) => rows.filter((_, row) => row !== prompt);
      expect(withoutPrompt(ink)).toEqual(withoutPrompt(lines.map((line) => line.padEnd(80).replaceAll(/\S/g, '#'))));
    });

    it('shows the same in a console opened late', async () => {
      const late = await context.newPage();
      await late.goto(`http://127.0.0.1:${gui.port}/#/console/${id}`);
      await canvasIsTheScreen(late);
      await canvasIsTheScreen(console);
      await late.close();
    });

    it('pauses: keys wait until the machine goes on', async () => {
      await choose('Machine', 'Pause');
      await titleTells('Paused');
      const before = await text();
      await console.getByTestId('guest-screen').focus();
      await console.keyboard.type('later');
      expect(await text()).toEqual(before);
      await choose('Machine', 'Pause');
      await titleTells('Running');
      await showsText('grub> later');
    });

    it('resets after a question', async () => {
      await choose('Machine', 'Reset');
      await console.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
      await showsText('Use the');
      expect(await text()).not.toContainEqual(expect.stringContaining('hello-from-ospite'));
    });

    it('powers off from the manager, and offers to start again', async () => {
      await chooseInManager('Machine', 'Stop', 'Power Off');
      await manager.getByRole('dialog').getByRole('button', { name: 'Power Off' }).click();
      await titleTells('Powered Off');
      await console.getByRole('button', { name: 'Start', exact: true }).waitFor();
      expect((await api.call('machine.list', {})).machines[0]!.state).toBe('poweredOff');
    });

    it('tells a console that its machine was removed', async () => {
      await chooseInManager('Machine', 'Remove…');
      await manager.getByRole('dialog').getByRole('button', { name: 'Delete All Files' }).click();
      await console.getByText('This machine has been removed').waitFor();
      await manager.getByText('No machines yet').waitFor();
    });

    it('tells that the server is gone, and goes on once its new link was opened', async () => {
      api.close();
      await gui.process.interrupt();
      await manager.getByText('Trying to reconnect').waitFor();
      gui = await serveGui(home, gui.port);
      await manager.getByText('does not know this window').waitFor();
      const fresh = await context.newPage();
      await fresh.goto(gui.link);
      await fresh.getByText('No machines yet').waitFor();
      await manager.getByText('does not know this window').waitFor({ state: 'detached' });
      api = await ApiClient.connect(context, gui.port);
    });
  },
);
