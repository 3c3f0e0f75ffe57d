// Binary frames from host to client: screen rectangles and serial bytes of the machines a connection has opened.
//
//   +0  u8   kind: 1 screen, 2 serial
//   +1  u8   screen: number of rectangles   serial: port
//   +2  u16  screen: 0 plain pixels, 1 run-length coded (pixel-runs.ts)   serial: zero
//   +4  16 bytes  machine id (UUID, network order)
//   screen: +20 u16 width, u16 height of the screen; then per rectangle u16 x, y, width, height; then RGBA rows of each
//   (the header's length is a multiple of four, so that pixels can be read as words)
//   serial: +20 bytes
// All numbers little-endian.

import { decodeRuns, encodeRuns } from './pixel-runs.ts';

export const STREAM_SCREEN = 1;
export const STREAM_SERIAL = 2;
const HEADER = 20;
const PLAIN = 0;
const RUNS = 1;

export interface ScreenUpdate {
  kind: typeof STREAM_SCREEN;
  id: string;
  width: number;
  height: number;
  rects: { x: number; y: number; width: number; height: number }[];
  /** RGBA rows of the rectangles, one after another. May be a view into the frame. */
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
  const runs = runsOf(update.pixels);
  const content = runs ?? update.pixels;
  const frame = new Uint8Array(HEADER + 4 + rectsBytes + content.length);
  const view = new DataView(frame.buffer);
  frame[0] = STREAM_SCREEN;
  frame[1] = update.rects.length;
  frame[2] = runs ? RUNS : PLAIN;
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
  frame.set(content, at);
  return frame;
}

/** Below this a frame is small enough as it is. */
const LEAST_CODED_BYTES = 4096;

function runsOf(pixels: Uint8Array): Uint8Array | null {
  if (pixels.length < LEAST_CODED_BYTES || pixels.byteOffset % 4 !== 0) return null;
  const runs = encodeRuns(new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length >> 2));
  return runs && new Uint8Array(runs.buffer, runs.byteOffset, runs.byteLength);
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
  const pixels = pixelsOf(frame, pixelsAt, needed);
  if (!pixels) return null;
  return {
    kind: STREAM_SCREEN,
    id,
    width: view.getUint16(HEADER, true),
    height: view.getUint16(HEADER + 2, true),
    rects,
    pixels,
  };
}

function pixelsOf(frame: Uint8Array, start: number, needed: number): Uint8Array | null {
  if (frame[2] !== RUNS) return frame.length < start + needed ? null : frame.subarray(start);
  // Words must be aligned, which a frame within a larger buffer need not be.
  const coded = frame.slice(start, frame.length - ((frame.length - start) % 4));
  if (needed > MAX_SCREEN_BYTES) return null;
  const pixels = decodeRuns(new Uint32Array(coded.buffer), needed >> 2);
  return pixels && new Uint8Array(pixels.buffer);
}

/** More than any display adapter of ours shows: what a frame claims is not believed beyond it. */
const MAX_SCREEN_BYTES = 0x1000_0000;

function writeId(frame: Uint8Array, id: string): void {
  const hex = id.replaceAll('-', '');
  for (let i = 0; i < 16; i++) frame[4 + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
}

function readId(frame: Uint8Array): string {
  const hex = Array.from(frame.subarray(4, 20), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
