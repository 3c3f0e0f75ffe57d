// What a display device shows, as the console window, screenshots and `--until-screen` see it.

export interface DisplayRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One text screen: `cells` holds columns x rows pairs [character code (CP437), attribute], row by row. */
export interface TextScreen {
  columns: number;
  rows: number;
  cells: Uint8Array;
  /** Character cell of the cursor, or null when hidden. */
  cursor: { column: number; row: number } | null;
}

/** Implemented by a display device; pulled by the machine worker at most 60 times a second while somebody looks. */
export interface DisplaySource {
  /** Current size in pixels, as displayed (after scan doubling). Aspect correction is the window's business. */
  size(): { width: number; height: number };
  /** Renders what changed since the last call into `rgba` (width x height x 4 bytes, row-major, alpha 255) and returns the changed rectangles; empty if nothing changed. `full` forces everything. */
  render(rgba: Uint8Array, full: boolean): DisplayRect[];
  /** The text screen if the device is in a text mode, else null. */
  text(): TextScreen | null;
  /** Called by the device when it may have changed after having been idle. One listener. */
  onChanged(listener: () => void): void;
}
