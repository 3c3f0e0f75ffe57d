// How large the guest's screen is shown. Pure arithmetic in CSS pixels; a guest pixel that covers a whole number of the
// monitor's pixels is drawn crisp, anything else smoothly.

export interface Size {
  width: number;
  height: number;
}

export type Fit =
  /** So many percent of the guest's pixels; the window scrolls if it is too small. */
  | { kind: 'percent'; percent: number }
  /** As large as the window allows, in the shape a monitor would show. */
  | { kind: 'fill' }
  /** The largest whole multiple that fits; a guest larger than the window is filled in instead. */
  | { kind: 'whole' };

export interface Placement extends Size {
  left: number;
  top: number;
  isCrisp: boolean;
}

/** @param pixelRatio monitor pixels per CSS pixel */
export function place(guest: Size, room: Size, pixelRatio: number, fit: Fit): Placement {
  const size = sizeFor(guest, room, pixelRatio, fit);
  const snap = (value: number): number => Math.max(0, Math.round(value * pixelRatio) / pixelRatio);
  return {
    ...size,
    left: snap((room.width - size.width) / 2),
    top: snap((room.height - size.height) / 2),
    isCrisp: isWhole((size.width * pixelRatio) / guest.width) && isWhole((size.height * pixelRatio) / guest.height),
  };
}

function sizeFor(guest: Size, room: Size, pixelRatio: number, fit: Fit): Size {
  if (fit.kind === 'percent') return times(guest, fit.percent / 100);
  const largest = Math.min(room.width / guest.width, room.height / guest.height);
  if (fit.kind === 'whole') {
    const multiple = Math.floor(largest * pixelRatio + 1e-6);
    if (multiple >= 1) return times(guest, multiple / pixelRatio);
  }
  const aspect = displayedAspect(guest.width, guest.height);
  const width = Math.min(room.width, room.height * aspect);
  return { width, height: width / aspect };
}

function times({ width, height }: Size, factor: number): Size {
  return { width: width * factor, height: height * factor };
}

function isWhole(value: number): boolean {
  return value > 0.5 && Math.abs(value - Math.round(value)) < 0.001;
}

/** What a monitor would show: text and low resolutions were made for 4:3 tubes, so their pixels are not square. */
export function displayedAspect(width: number, height: number): number {
  const isTubeMode =
    (width === 720 && height === 400) ||
    (width === 640 && height === 400) ||
    (width === 360 && height === 400) ||
    (width === 640 && height === 350) ||
    (width === 320 && height === 200);
  return isTubeMode ? 4 / 3 : width / Math.max(height, 1);
}
