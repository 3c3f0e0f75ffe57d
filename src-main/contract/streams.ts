// Binary frames from host to client: screen rectangles and serial bytes of the machines a connection has opened.
//
//   +0  u8   kind: 1 screen, 2 serial
//   +1  u8   screen: number of rectangles   serial: port
//   +2  u16  zero
//   +4  16 bytes  machine id (UUID, network order)
//   screen: +20 u16 width, u16 height of the screen; then per rectangle u16 x, y, width, height; then RGBA rows of each
//   serial: +20 bytes
// All numbers little-endian.

export const STREAM_SCREEN = 1;
export const STREAM_SERIAL = 2;
const HEADER = 20;

export interface ScreenUpdate {
  kind: typeof STREAM_SCREEN;
  id: string;
  width: number;
  height: number;
  rects: { x: number; y: number; width: number; height: number }[];
  /** RGBA rows of the rectangles, one after another. A view into the frame. */
  pixels: Uint8Array;
}
export interface SerialChunk {
  kind: typeof STREAM_SERIAL;
  id: string;
  port: number;
  bytes: Uint8Array;
}

export function encodeScreen(update: Omit<ScreenUpdate, 'kind'>): Uint8Array {
  const rectsBytes = update.rects.length * 8;
  const frame = new Uint8Array(HEADER + 4 + rectsBytes + update.pixels.length);
  const view = new DataView(frame.buffer);
  frame[0] = STREAM_SCREEN;
  frame[1] = update.rects.length;
  writeId(frame, update.id);
  view.setUint16(HEADER, update.width, true);
  view.setUint16(HEADER + 2, update.height, true);
  let at = HEADER + 4;
  for (const rect of update.rects) {
    view.setUint16(at, rect.x, true);
    view.setUint16(at + 2, rect.y, true);
    view.setUint16(at + 4, rect.width, true);
    view.setUint16(at + 6, rect.height, true);
    at += 8;
  }
  frame.set(update.pixels, at);
  return frame;
}

export function encodeSerial(id: string, port: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER + bytes.length);
  frame[0] = STREAM_SERIAL;
  frame[1] = port;
  writeId(frame, id);
  frame.set(bytes, HEADER);
  return frame;
}

/** Null for a frame this client does not know or that is too short. */
export function parseStreamFrame(frame: Uint8Array): ScreenUpdate | SerialChunk | null {
  if (frame.length < HEADER) return null;
  const id = readId(frame);
  if (frame[0] === STREAM_SERIAL) return { kind: STREAM_SERIAL, id, port: frame[1]!, bytes: frame.subarray(HEADER) };
  if (frame[0] !== STREAM_SCREEN) return null;
  const count = frame[1]!;
  const pixelsAt = HEADER + 4 + count * 8;
  if (frame.length < pixelsAt) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const rects = Array.from({ length: count }, (_, index) => {
    const at = HEADER + 4 + index * 8;
    return {
      x: view.getUint16(at, true),
      y: view.getUint16(at + 2, true),
      width: view.getUint16(at + 4, true),
      height: view.getUint16(at + 6, true),
    };
  });
  const needed = rects.reduce((sum, rect) => sum + rect.width * rect.height * 4, 0);
  if (frame.length < pixelsAt + needed) return null;
  return {
    kind: STREAM_SCREEN,
    id,
    width: view.getUint16(HEADER, true),
    height: view.getUint16(HEADER + 2, true),
    rects,
    pixels: frame.subarray(pixelsAt),
  };
}

function writeId(frame: Uint8Array, id: string): void {
  const hex = id.replaceAll('-', '');
  for (let i = 0; i < 16; i++) frame[4 + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
}

function readId(frame: Uint8Array): string {
  const hex = Array.from(frame.subarray(4, 20), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
