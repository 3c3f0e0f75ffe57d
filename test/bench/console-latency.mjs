// How fast the served console is: full redraws of a 1024x768 screen that reach the browser in a second, and the time from a key
// press to the changed pixel of a text-mode guest. Needs a build and a Chromium (OSPITE_CHROMIUM).
//   node test/bench/console-latency.mjs [--keys N] [--seconds N]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: { keys: { type: 'string', default: '40' }, seconds: { type: 'string', default: '10' } },
});

/** Shows what is typed: next: mov ah, 0; int 0x16; mov ah, 0xe; int 0x10; jmp next. */
const TYPEWRITER = [0xb4, 0x00, 0xcd, 0x16, 0xb4, 0x0e, 0xcd, 0x10, 0xeb, 0xf6];

/** Fills a second page of 1024x768x32 and shows one and the other in turn, 60 times a second; rests in between. */
const FLIP = [
  ...[0xb8, 0x02, 0x4f, 0xbb, 0x44, 0x01, 0xcd, 0x10], // mov ax, 0x4f02; mov bx, 0x144; int 0x10
  ...[0x68, 0x00, 0xa0, 0x07], //       push 0xa000; pop es
  ...[0xbb, 0x30, 0x00], //             mov bx, 48: the second page's first bank
  ...[0xbe, 0x05, 0x00, 0xe8, 0x31, 0x00], // bank: mov si, 5 (bank register); call set
  ...[0x31, 0xff, 0xb9, 0x00, 0x40], // xor di, di; mov cx, 0x4000
  ...[0x66, 0xb8, 0xa7, 0x6d, 0x4a, 0x00], // mov eax, 0x4a6da7
  ...[0x66, 0xf3, 0xab, 0x43], //       rep stosd; inc bx
  ...[0x83, 0xfb, 0x60, 0x72, 0xe6], // cmp bx, 96; jb bank
  ...[0x31, 0xdb, 0xb0, 0x36, 0xe6, 0x43], // xor bx, bx; mov al, 0x36; out 0x43, al
  ...[0xb8, 0xae, 0x4d, 0xe6, 0x40, 0x88, 0xe0, 0xe6, 0x40], // mov ax, 19886: 60 Hz; out 0x40, al; mov al, ah; out 0x40, al
  ...[0xfb, 0xf4], //                   sti; flip: hlt
  ...[0x81, 0xf3, 0x00, 0x03], //       xor bx, 768
  ...[0xbe, 0x09, 0x00, 0xe8, 0x02, 0x00, 0xeb, 0xf3], // mov si, 9 (first line shown); call set; jmp flip
  ...[0xba, 0xce, 0x01, 0x89, 0xf0, 0xef], // set: mov dx, 0x1ce; mov ax, si; out dx, ax
  ...[0x42, 0x89, 0xd8, 0xef, 0xc3], // inc dx; mov ax, bx; out dx, ax; ret
];

const home = mkdtempSync(join(tmpdir(), 'ospite-bench-'));
const server = spawn(
  process.execPath,
  [new URL('../../bin/ospite.mjs', import.meta.url).pathname, 'serve', '--no-open', '--listen', '127.0.0.1:0'],
  { env: { ...process.env, OSPITE_HOME: home }, stdio: ['ignore', 'pipe', 'inherit'] },
);
let browser;
try {
  const link = await printedLink();
  browser = await chromium.launch({
    executablePath: process.env.OSPITE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 860 } })).newPage();
  await page.goto(link);
  report('full redraws of 1024x768', await redraws(page));
  report('key press to changed pixel', await keyLatency(page));
  process.stdout.write(`load of the host while measuring: ${loadavg()[0].toFixed(1)}\n`);
} finally {
  await browser?.close();
  server.kill('SIGINT');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(home, { recursive: true, force: true });
}

function report(what, found) {
  process.stdout.write(`${what}: ${found}\n`);
}

function printedLink() {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /Ospite is at (http\S+)/.exec(text);
      if (found) resolve(found[1]);
    });
    server.once('exit', () => reject(new Error(`ospite serve ended: ${text}`)));
  });
}

/** A machine of one boot sector, with its console open in the page and the paint of each frame noted. */
async function open(page, name, code) {
  const path = join(home, `${name}.img`);
  const image = new Uint8Array(512 * 63 * 16);
  image.set([0x31, 0xc0, 0x8e, 0xd8, 0xfc, ...code]); // xor ax, ax; mov ds, ax; cld
  image.set([0x55, 0xaa], 510);
  writeFileSync(path, image);
  const settings = { memoryMib: 16, bootOrder: ['disk'], storage: [{ type: 'disk', path, bus: 'ide' }] };
  const { id } = await api(page, 'POST', '/machines', { name, settings });
  await page.goto(`${new URL(page.url()).origin}/?${name}#/console/${id}`);
  await page.getByTestId('guest-screen').waitFor();
  await page.evaluate(() => {
    const put = CanvasRenderingContext2D.prototype.putImageData;
    window.painted = { pixels: 0, at: 0, ms: 0 };
    CanvasRenderingContext2D.prototype.putImageData = function (...args) {
      const from = performance.now();
      put.apply(this, args);
      const at = performance.now();
      window.painted = {
        pixels: window.painted.pixels + args[0].width * args[0].height,
        at,
        ms: window.painted.ms + at - from,
      };
    };
  });
  await api(page, 'POST', `/machines/${id}/start`, {});
  return id;
}

async function api(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/v1${path}`, {
        method,
        headers: { 'Content-Type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    [method, path, body],
  );
}

async function redraws(page) {
  const id = await open(page, 'flip', FLIP);
  const all = 1024 * 768;
  // Until pages are flipped: three whole pictures in the right size.
  await page.waitForFunction(
    (all) => document.querySelector('canvas').width === 1024 && window.painted.pixels > 4 * all,
    all,
    { timeout: 300_000 },
  );
  const look = async () => ({
    ...(await page.evaluate(() => ({ ...window.painted, now: performance.now() }))),
    hostMs: processorMs(server.pid),
  });
  const before = await look();
  await page.waitForTimeout(Number(values.seconds) * 1000);
  const after = await look();
  await api(page, 'POST', `/machines/${id}/power-off`, {});
  const frames = (after.pixels - before.pixels) / all;
  const seconds = (after.now - before.now) / 1000;
  const each = (name) => (frames > 0 ? ((after[name] - before[name]) / frames).toFixed(1) : '-');
  return `${(frames / seconds).toFixed(1)} a second (each takes ${each('hostMs')} ms of processor time in Ospite, ${each('ms')} ms to paint)`;
}

/** Processor time of a process and its threads so far; tells more than the clock on a busy computer. */
function processorMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN; // No such file outside Linux.
  }
}

async function keyLatency(page) {
  const id = await open(page, 'typewriter', TYPEWRITER);
  const text = async () => (await api(page, 'GET', `/machines/${id}/text`))?.lines?.join('') ?? '';
  await page.getByTestId('guest-screen').focus();
  // The guest is ready when it shows what is typed.
  for (let tries = 0; !(await text()).includes('x') && tries < 600; tries++) {
    await page.keyboard.press('x');
    await page.waitForTimeout(200);
  }
  const times = [];
  for (let key = 0; key < Number(values.keys); key++) {
    await page.waitForTimeout(150);
    times.push(
      await page.evaluate(
        async (code) => {
          const canvas = document.querySelector('canvas');
          const context = canvas.getContext('2d');
          const picture = () => new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
          const before = picture();
          const from = performance.now();
          canvas.dispatchEvent(new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true }));
          canvas.dispatchEvent(new KeyboardEvent('keyup', { code, bubbles: true, cancelable: true }));
          // A letter changes more than the cursor's two lines of one cell.
          for (;;) {
            const seen = window.painted.at;
            await new Promise((resolve) => setTimeout(resolve, 1));
            if (window.painted.at === seen) continue;
            const { at } = window.painted;
            const now = picture();
            let changed = 0;
            for (let index = 0; index < now.length; index++) if (now[index] !== before[index]) changed++;
            if (changed > 20) return at - from;
            if (performance.now() - from > 5000) throw new Error('The guest did not show the key within 5 s');
          }
        },
        `Key${String.fromCharCode(65 + (key % 26))}`,
      ),
    );
  }
  await api(page, 'POST', `/machines/${id}/power-off`, {});
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
  return `median ${at(0.5)} ms, 90 % within ${at(0.9)} ms, slowest ${at(1)} ms (${times.length} keys)`;
}
