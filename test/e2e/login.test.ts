// A browser on another computer: TLS, the page that asks for the password, without scripts and with, and the way out.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OspiteProcess } from '../harness/ospite-process.ts';
import { findChromium, launchBrowser } from '../harness/served-gui.ts';

const chromium = findChromium();
const password = 'correct horse battery';
const pictures = process.env['OSPITE_PICTURES'];

describe.skipIf(chromium === null)('logging in (needs a Chromium)', { timeout: 300_000 }, () => {
  let home: string;
  let host: OspiteProcess;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'ospite-login-'));
    await writeFile(join(home, 'password'), `${password}\n`);
    if (pictures) await mkdir(pictures, { recursive: true });
    host = new OspiteProcess(
      ['serve', '--no-open', '--listen', '0.0.0.0:0', '--password-file', join(home, 'password')],
      { home },
    );
    const [, link] = await host.printed(/Ospite is at (https:\S+)/);
    url = new URL('/', link!).href;
    browser = await launchBrowser(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.interrupt();
    await rm(home, { recursive: true, force: true });
  });

  async function newPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 1024, height: 700 },
      ...options,
    });
    context.setDefaultTimeout(120_000);
    return await context.newPage();
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  it('takes the right password, by keyboard alone, and keeps the place in the address', async () => {
    const page = await newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    await page.goto(`${url}#/new/%2Fx.iso`);
    await picture(page, 'login-light');
    await page.keyboard.type('wrong password'); // The field has the focus.
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('That password is wrong. Try again.');
    await picture(page, 'login-wrong');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor(); // The GUI, with the New dialog for that file.
    expect(page.url()).toBe(`${url}#/new/%2Fx.iso`);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
    expect(complaints).toEqual([]);
    const left = await page.evaluate(async () => (await fetch('/api/logout', { method: 'POST' })).status);
    expect(left).toBe(204);
    await page.goto(url);
    await page.getByLabel('Password').waitFor();
    await page.context().close();
  });

  it('works without scripts, in Italian, and in the dark', async () => {
    const page = await newPage({ javaScriptEnabled: false, locale: 'it-IT', colorScheme: 'dark' });
    await page.goto(url);
    expect(await page.title()).toBe('Accedi a Ospite');
    await picture(page, 'login-dark-italian');
    await page.getByLabel('Password').fill(password);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.getByRole('button', { name: 'Accedi' }).click(),
    ]);
    expect(answer.status()).toBe(303);
    await page.context().close();
  });

  it('is what a browser with a used link sees', async () => {
    const page = await newPage();
    await page.goto(`${url}?token=used`);
    expect(await page.getByRole('alert').textContent()).toContain('Log in with the password');
    await picture(page, 'login-used-link');
    await page.context().close();
  });
});
