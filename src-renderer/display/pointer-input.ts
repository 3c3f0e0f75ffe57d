// The mouse, a pen or fingers for the guest. A guest that takes absolute positions gets them as the pointer crosses its screen;
// any other gets movements, after a click has captured the pointer (the Host key gives it back). A finger moves the guest's
// pointer like a trackpad there. Movements are gathered and sent once for each animation frame.

export interface RelativeReport {
  dx: number;
  dy: number;
  wheel: number;
  buttons: number;
}
export interface AbsoluteReport {
  x: number;
  y: number;
  wheel: number;
  buttons: number;
}

export interface PointerInputOptions {
  /** Whether positions go to the guest; movements otherwise. */
  isAbsolute(): boolean;
  /** Whether a click may capture the pointer. */
  mayCapture(): boolean;
  sendRelative(report: RelativeReport): void;
  sendAbsolute(report: AbsoluteReport): void;
  onCaptured(isCaptured: boolean): void;
}

const STEP_LIMIT = 4096;
const WHEEL_LIMIT = 127;
const ABSOLUTE_MAX = 65_535;
/** Trackpads report many small movements; one notch of a wheel is at least this much. */
const NOTCH_PIXELS = 40;
const LINE_PIXELS = 40;
/** A finger that stays this long means the right button. */
const LONG_PRESS_MS = 600;
const TAP_MS = 250;
const TAP_SLOP = 8;

export class PointerInput {
  readonly #element: HTMLElement;
  readonly #options: PointerInputOptions;
  #buttons = 0;
  #dx = 0;
  #dy = 0;
  #wheel = 0;
  #scrolled = 0;
  #place: { x: number; y: number } | null = null;
  #frame = 0;
  /** The finger that moves the pointer. */
  #finger: { id: number; x: number; y: number; startX: number; startY: number; at: number } | null = null;
  #longPress: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement, options: PointerInputOptions, signal: AbortSignal) {
    this.#element = element;
    this.#options = options;
    const listen = { signal };
    document.addEventListener('pointerlockchange', () => this.#lockChanged(), listen);
    element.addEventListener('pointermove', (event) => this.#moved(event), listen);
    element.addEventListener('pointerdown', (event) => this.#pressed(event), listen);
    element.addEventListener('pointerup', (event) => this.#released(event), listen);
    element.addEventListener('pointercancel', (event) => this.#released(event), listen);
    element.addEventListener('contextmenu', (event) => event.preventDefault(), listen);
    element.addEventListener('wheel', (event) => this.#wheeled(event), { signal, passive: false });
    signal.addEventListener('abort', () => {
      clearTimeout(this.#longPress);
      cancelAnimationFrame(this.#frame);
    });
  }

  get isCaptured(): boolean {
    return document.pointerLockElement === this.#element;
  }

  capture(): void {
    // Refused by the browser when the user has just left the lock: the next click works.
    void Promise.resolve(this.#element.requestPointerLock()).catch(() => {});
  }

  release(): void {
    if (this.isCaptured) document.exitPointerLock();
  }

  /** No button stays down in the guest when the window loses the pointer. */
  releaseButtons(): void {
    if (this.#buttons === 0) return;
    this.#buttons = 0;
    this.#flush();
  }

  #lockChanged(): void {
    if (!this.isCaptured) this.releaseButtons();
    this.#options.onCaptured(this.isCaptured);
  }

  #moved(event: PointerEvent): void {
    if (event.pointerType === 'touch') return this.#fingerMoved(event);
    // Chorded buttons arrive as moves, not as presses.
    const buttons = event.buttons & 31;
    if (this.#options.isAbsolute()) this.#goTo(event);
    else if (this.isCaptured) this.#goBy(event.movementX, event.movementY);
    else return;
    if (buttons !== this.#buttons) this.#press(buttons);
  }

  #pressed(event: PointerEvent): void {
    if (event.pointerType === 'touch') return this.#fingerDown(event);
    if (this.#options.isAbsolute()) {
      this.#element.setPointerCapture(event.pointerId);
      this.#goTo(event);
      this.#press(event.buttons & 31);
    } else if (this.isCaptured) this.#press(event.buttons & 31);
    else if (this.#options.mayCapture()) this.capture();
  }

  #released(event: PointerEvent): void {
    if (event.pointerType === 'touch') return this.#fingerUp(event);
    if (this.#options.isAbsolute()) this.#goTo(event);
    if (this.#options.isAbsolute() || this.isCaptured) this.#press(event.buttons & 31);
  }

  #fingerDown(event: PointerEvent): void {
    event.preventDefault();
    this.#element.focus();
    if (this.#finger) return this.#secondFinger();
    this.#finger = {
      id: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      startX: event.clientX,
      startY: event.clientY,
      at: event.timeStamp,
    };
    if (!this.#options.isAbsolute()) return;
    this.#goTo(event);
    this.#press(1);
    this.#longPress = setTimeout(() => this.#press(2), LONG_PRESS_MS);
  }

  /** Two fingers are the right button. */
  #secondFinger(): void {
    clearTimeout(this.#longPress);
    this.#press(2);
  }

  #fingerMoved(event: PointerEvent): void {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    if (distance(finger, event) > TAP_SLOP) clearTimeout(this.#longPress);
    if (this.#options.isAbsolute()) this.#goTo(event);
    else this.#goBy(event.clientX - finger.x, event.clientY - finger.y);
    finger.x = event.clientX;
    finger.y = event.clientY;
  }

  #fingerUp(event: PointerEvent): void {
    const finger = this.#finger;
    if (finger?.id !== event.pointerId) return;
    clearTimeout(this.#longPress);
    this.#finger = null;
    const isTap = event.timeStamp - finger.at < TAP_MS && distance(finger, event) <= TAP_SLOP;
    if (!this.#options.isAbsolute() && isTap && this.#buttons === 0) this.#press(1);
    this.#press(0);
  }

  #wheeled(event: WheelEvent): void {
    if (!this.#options.isAbsolute() && !this.isCaptured) return;
    event.preventDefault();
    this.#scrolled += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PIXELS;
    if (Math.abs(this.#scrolled) < NOTCH_PIXELS) return;
    this.#wheel -= Math.sign(this.#scrolled);
    this.#scrolled = 0;
    this.#flushSoon();
  }

  #goTo(event: { clientX: number; clientY: number }): void {
    const box = this.#element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return;
    const share = (at: number, from: number, size: number): number =>
      Math.round(Math.max(0, Math.min(1, (at - from) / size)) * ABSOLUTE_MAX);
    this.#place = {
      x: share(event.clientX, box.left, box.width),
      y: share(event.clientY, box.top, box.height),
    };
    this.#flushSoon();
  }

  #goBy(dx: number, dy: number): void {
    this.#dx += dx;
    this.#dy += dy;
    this.#flushSoon();
  }

  /** Sent at once: a press and its release within one frame are two reports. */
  #press(buttons: number): void {
    this.#buttons = buttons;
    this.#flush();
  }

  #flushSoon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const wheel = clamp(this.#wheel, WHEEL_LIMIT);
    const buttons = this.#buttons;
    if (this.#options.isAbsolute()) {
      if (this.#place) this.#options.sendAbsolute({ ...this.#place, wheel, buttons });
    } else {
      this.#options.sendRelative({ dx: clamp(this.#dx, STEP_LIMIT), dy: clamp(this.#dy, STEP_LIMIT), wheel, buttons });
    }
    this.#dx = 0;
    this.#dy = 0;
    this.#wheel = 0;
  }
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, Math.round(value)));
}

function distance(from: { startX: number; startY: number }, to: { clientX: number; clientY: number }): number {
  return Math.hypot(to.clientX - from.startX, to.clientY - from.startY);
}
