// `ospite serve` in a process of its own and a headless Chromium looking at it.
import { accessSync, constants } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { ServerMessage } from '../../src-main/contract/messages.ts';
import type { MethodInput, MethodName, MethodOutput } from '../../src-main/contract/methods.ts';
import { OspiteProcess } from './ospite-process.ts';

const candidates = [
  process.env['OSPITE_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Path of a Chromium on this computer, or null. */
export function findChromium(): string | null {
  return candidates.find((path) => path !== undefined && isExecutable(path)) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface ServedGui {
  process: OspiteProcess;
  /** With its one-time token. */
  link: string;
  port: number;
}

export async function serveGui(home: string, port = 0): Promise<ServedGui> {
  const process = new OspiteProcess(['serve', '--no-open', '--listen', `127.0.0.1:${port}`], { home });
  const [, link] = await process.printed(/Ospite is at (http:\S+)/);
  return { process, link: link!, port: Number(new URL(link!).port) };
}

/** The contract over a WebSocket of our own, with the browser's cookie. */
export class ApiClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      if (isBinary) return;
      const message = JSON.parse(String(data)) as ServerMessage;
      if ('event' in message) return;
      const waiting = this.#waiting.get(message.call);
      this.#waiting.delete(message.call);
      if ('error' in message) waiting?.reject(new Error(message.error.message));
      else waiting?.resolve(message.result);
    });
  }

  static async connect(context: BrowserContext, port: number): Promise<ApiClient> {
    const cookies = await context.cookies();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, {
      headers: {
        origin: `http://127.0.0.1:${port}`,
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      },
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new ApiClient(socket);
  }

  call<Name extends MethodName>(method: Name, params: MethodInput<Name>): Promise<MethodOutput<Name>> {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#socket.send(JSON.stringify({ call, method, params }));
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}

export interface CanvasComparison {
  isSameSize: boolean;
  /** Size of the smallest box around all differing pixels; a blinking cursor fits into one character cell. */
  differingWidth: number;
  differingHeight: number;
}

/** Compares the guest's canvas in the page with a PNG, in the page. */
export function compareCanvas(page: Page, png: string): Promise<CanvasComparison> {
  return page.evaluate(async (base64) => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="guest-screen"]')!;
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    if (image.width !== canvas.width || image.height !== canvas.height)
      return { isSameSize: false, differingWidth: canvas.width, differingHeight: canvas.height };
    const other = document.createElement('canvas');
    other.width = image.width;
    other.height = image.height;
    other.getContext('2d')!.drawImage(image, 0, 0);
    const a = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    const b = other.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    let [left, top, right, bottom] = [canvas.width, canvas.height, 0, 0];
    for (let at = 0; at < a.length; at += 4) {
      if (a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2]) continue;
      const x = (at / 4) % canvas.width;
      const y = Math.floor(at / 4 / canvas.width);
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
    return {
      isSameSize: true,
      differingWidth: Math.max(0, right - left),
      differingHeight: Math.max(0, bottom - top),
    };
  }, png);
}

/** For each text cell of the canvas whether something is drawn in it ("#") or not (" "). */
export function inkOfCells(page: Page, columns: number, rows: number): Promise<string[]> {
  return page.evaluate(
    ({ columns, rows }) => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="guest-screen"]')!;
      const context = canvas.getContext('2d')!;
      const [width, height] = [canvas.width / columns, canvas.height / rows];
      return Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => {
          const pixels = new Uint32Array(context.getImageData(column * width, row * height, width, height).data.buffer);
          return pixels.some((pixel) => pixel !== pixels[0]) ? '#' : ' ';
        }).join(''),
      );
    },
    { columns, rows },
  );
}
