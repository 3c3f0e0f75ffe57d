// Input events, from a window or a script to an input device.

/** A physical key, named by the DOM's KeyboardEvent.code ("KeyA", "ControlRight", "NumpadEnter", "Lang1" ...). */
export interface KeyEvent {
  code: string;
  isDown: boolean;
}
/** Relative pointer movement in pixels (positive y downward), wheel in detents (positive away from the user), buttons bit 0 left, 1 right, 2 middle. */
export interface PointerEventRelative {
  dx: number;
  dy: number;
  wheel: number;
  buttons: number;
}
/** A place on the screen: 0 is the left or upper edge, 65535 the right or lower one. Wheel and buttons as for relative movement. */
export interface PointerEventAbsolute {
  x: number;
  y: number;
  wheel: number;
  buttons: number;
}
export interface KeyboardSink {
  key(event: KeyEvent): void;
  /** Fires when the guest sets the lights: bit 0 scroll, 1 num, 2 caps lock. */
  onLeds(listener: (leds: number) => void): void;
}
export interface PointerSink {
  move(event: PointerEventRelative): void;
  /** True once the guest's driver has enabled reporting. */
  isEnabled(): boolean;
}
