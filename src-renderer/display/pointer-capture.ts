// Mouse movement for the guest's PS/2 mouse: captured by pointer lock on a click, given back by the Host key. Movements are
// gathered and sent once for each animation frame.

export interface PointerReport {
  dx: number;
  dy: number;
  wheel: number;
  buttons: number;
}

const LIMIT = 4096;

export class PointerCapture {
  readonly #element: HTMLElement;
  readonly #send: (report: PointerReport) => void;
  #pending: PointerReport | null = null;
  #buttons = 0;

  constructor(
    element: HTMLElement,
    send: (report: PointerReport) => void,
    onCaptured: (isCaptured: boolean) => void,
    signal: AbortSignal,
  ) {
    this.#element = element;
    this.#send = send;
    const options = { signal };
    document.addEventListener('pointerlockchange', () => onCaptured(this.isCaptured), options);
    document.addEventListener('mousemove', (event) => this.#move(event), options);
    document.addEventListener('mousedown', (event) => this.#button(event), options);
    document.addEventListener('mouseup', (event) => this.#button(event), options);
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
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

  #move(event: MouseEvent): void {
    if (this.isCaptured) this.#add({ dx: event.movementX, dy: event.movementY, wheel: 0 });
  }

  #button(event: MouseEvent): void {
    if (!this.isCaptured) return;
    event.preventDefault();
    this.#buttons = event.buttons & 31;
    this.#add({ dx: 0, dy: 0, wheel: 0 });
    this.#flush(); // A press and its release within one frame are two reports.
  }

  #wheel(event: WheelEvent): void {
    if (!this.isCaptured) return;
    event.preventDefault();
    this.#add({ dx: 0, dy: 0, wheel: -Math.sign(event.deltaY) });
  }

  #add(change: { dx: number; dy: number; wheel: number }): void {
    if (!this.#pending) {
      this.#pending = { dx: 0, dy: 0, wheel: 0, buttons: this.#buttons };
      requestAnimationFrame(() => this.#flush());
    }
    this.#pending.dx += change.dx;
    this.#pending.dy += change.dy;
    this.#pending.wheel += change.wheel;
    this.#pending.buttons = this.#buttons;
  }

  #flush(): void {
    const report = this.#pending;
    this.#pending = null;
    if (!report) return;
    const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, Math.round(value)));
    this.#send({
      dx: clamp(report.dx, LIMIT),
      dy: clamp(report.dy, LIMIT),
      wheel: clamp(report.wheel, 127),
      buttons: report.buttons,
    });
  }
}
