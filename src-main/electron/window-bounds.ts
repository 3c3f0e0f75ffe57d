// Where windows were when they were closed, in a small file of the home. What no longer fits on a screen is forgotten.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

const bounds = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(200).max(20_000),
  height: z.int().min(150).max(20_000),
  isMaximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof bounds>;

const file = z.record(z.string(), bounds);
/** Windows remembered; those closed longest ago make room. */
const MAX_WINDOWS = 300;
/** A window of which less is on a screen cannot be taken hold of. */
const VISIBLE_PIXELS = 100;

export class BoundsMemory {
  readonly #path: string;
  readonly #windows: Map<string, WindowBounds>;

  constructor(path: string) {
    this.#path = path;
    this.#windows = new Map(Object.entries(read(path)));
  }

  /** Where the window was, if enough of that is on one of the screens. */
  find(name: string, screens: readonly Rectangle[]): WindowBounds | null {
    const found = this.#windows.get(name);
    return found && screens.some((screen) => isVisible(found, screen)) ? found : null;
  }

  remember(name: string, window: BrowserWindow): void {
    const { x, y, width, height } = window.getNormalBounds();
    this.#windows.delete(name);
    this.#windows.set(name, { x, y, width, height, isMaximized: window.isMaximized() });
    if (this.#windows.size > MAX_WINDOWS) this.#windows.delete(this.#windows.keys().next().value!);
    try {
      const draft = `${this.#path}.new`;
      writeFileSync(draft, JSON.stringify(Object.fromEntries(this.#windows), null, 1), { mode: 0o600 });
      renameSync(draft, this.#path);
    } catch (error) {
      console.error(`${this.#path} cannot be written: ${(error as Error).message}`); // Windows open where they like then.
    }
  }
}

/** A file that is missing or damaged is as good as an empty one: it holds nothing that matters. */
function read(path: string): Record<string, WindowBounds> {
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

function isVisible(window: Rectangle, screen: Rectangle): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const height = Math.min(window.y + window.height, screen.y + screen.height) - Math.max(window.y, screen.y);
  return width >= VISIBLE_PIXELS && height >= VISIBLE_PIXELS && window.y >= screen.y;
}
