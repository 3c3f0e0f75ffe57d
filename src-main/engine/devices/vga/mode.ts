// What the registers mean: the display mode, its geometry and the order in which the CRT controller walks memory.
// A guest can program any combination; everything derived here is bounded (4608 x 2400 pixels at most).

import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

/** How the CRT controller's counters become a plane address [FREEVGA CRTC registers]. */
export interface AddressMap {
  /** 0 byte, 1 word, 2 double word: left rotation of the counter. */
  rotate: 0 | 1 | 2;
  /** Counter bit that becomes address bit 0 in word mode: 13 or 15. */
  wrapBit: 13 | 15;
  /** Row-scan bit 0 replaces address bit 13. */
  isRowScan13: boolean;
  /** Row-scan bit 1 replaces address bit 14. */
  isRowScan14: boolean;
}

/** What text and planar/packed VGA modes share. Widths and heights are pixels as shown. */
export interface VgaGeometry {
  width: number;
  height: number;
  /** Character clocks per line. */
  columns: number;
  /** Dots per character clock before doubling: 8 or 9 (graphics: 8). */
  dots: 8 | 9;
  /** 2 with the dot clock halved. */
  xScale: 1 | 2;
  /** 2 with scan doubling. */
  yScale: 1 | 2;
  /** Scan lines per character row, 1..32. */
  rowScans: number;
  /** Memory counter at the top left, with byte panning. */
  start: number;
  /** Counter step per row. */
  pitch: number;
  presetRowScan: number;
  /** Dots shifted out to the left. */
  panDots: number;
  /** The counter restarts from 0 after this scan line; beyond `height` when there is no split. */
  lineCompare: number;
  isPanningOffBelowSplit: boolean;
  map: AddressMap;
}

export type DisplayMode =
  | { kind: 'blank'; width: number; height: number }
  | ({ kind: 'text' } & VgaGeometry)
  | ({ kind: 'planar' | 'cga' | 'packed' } & VgaGeometry)
  | LinearMode;

export interface LinearMode {
  kind: 'linear';
  width: number;
  height: number;
  bitsPerPixel: 4 | 8 | 15 | 16 | 24 | 32;
  /** Bytes of interleaved video memory. */
  startByte: number;
  pitchBytes: number;
}

const nothingShown = { width: 640, height: 400 } as const;

function linearMode(registers: VgaRegisters): LinearMode {
  const { dispi } = registers;
  const bitsPerPixel = dispi[r.VBE_DISPI_INDEX_BPP] as LinearMode['bitsPerPixel'];
  const pitchBytes = dispiPitchBytes(dispi[r.VBE_DISPI_INDEX_VIRT_WIDTH]!, bitsPerPixel);
  return {
    kind: 'linear',
    width: dispi[r.VBE_DISPI_INDEX_XRES]!,
    height: dispi[r.VBE_DISPI_INDEX_YRES]!,
    bitsPerPixel,
    pitchBytes,
    startByte:
      dispi[r.VBE_DISPI_INDEX_Y_OFFSET]! * pitchBytes +
      dispiPitchBytes(dispi[r.VBE_DISPI_INDEX_X_OFFSET]!, bitsPerPixel),
  };
}

/** Bytes that `pixels` take in (interleaved) video memory; 4-bit modes count whole groups of eight. */
export function dispiPitchBytes(pixels: number, bitsPerPixel: number): number {
  return bitsPerPixel === 4 ? (pixels >> 3) * 4 : pixels * ((bitsPerPixel + 7) >> 3);
}

function vgaGeometry(registers: VgaRegisters, isText: boolean): VgaGeometry {
  const { crtc, sequencer, attribute } = registers;
  const clocking = sequencer[r.SEQ_CLOCKING_MODE]!;
  const overflow = crtc[r.CRTC_OVERFLOW]!;
  const maximumScan = crtc[r.CRTC_MAXIMUM_SCAN_LINE]!;
  const modeControl = crtc[r.CRTC_MODE_CONTROL]!;
  const presetRowScan = crtc[r.CRTC_PRESET_ROW_SCAN]!;
  const columns = crtc[r.CRTC_HORIZONTAL_DISPLAY_END]! + 1;
  const dots = isText && (clocking & r.CLOCKING_8_DOTS) === 0 ? 9 : 8;
  const xScale = clocking & r.CLOCKING_HALF_DOT_CLOCK ? 2 : 1;
  const pan = attribute[r.ATTR_PIXEL_PANNING]! & 15;
  const isDoubleWord = (crtc[r.CRTC_UNDERLINE]! & r.UNDERLINE_DOUBLE_WORD) !== 0;
  const isByte = (modeControl & r.MODE_CONTROL_BYTE_MODE) !== 0;
  return {
    width: columns * dots * xScale,
    height: (crtc[r.CRTC_VERTICAL_DISPLAY_END]! | ((overflow & 2) << 7) | ((overflow & 0x40) << 3)) + 1,
    columns,
    dots,
    xScale,
    yScale: maximumScan & r.SCAN_DOUBLE ? 2 : 1,
    rowScans: (maximumScan & 31) + 1,
    start: ((crtc[r.CRTC_START_HIGH]! << 8) | crtc[r.CRTC_START_LOW]!) + ((presetRowScan >> 5) & 3),
    pitch: crtc[r.CRTC_OFFSET]! * 2,
    presetRowScan: presetRowScan & 31,
    // With nine dots, 8 means no shift and n a shift of n + 1; with eight, n is the shift.
    panDots: dots === 9 ? (pan >= 8 ? 0 : pan + 1) : pan & 7,
    lineCompare: crtc[r.CRTC_LINE_COMPARE]! | ((overflow & 0x10) << 4) | ((maximumScan & 0x40) << 3),
    isPanningOffBelowSplit: (attribute[r.ATTR_MODE]! & r.ATTR_MODE_PANNING_COMPATIBLE) !== 0,
    map: {
      rotate: isDoubleWord ? 2 : isByte ? 0 : 1,
      wrapBit: modeControl & r.MODE_CONTROL_ADDRESS_WRAP ? 15 : 13,
      isRowScan13: (modeControl & r.MODE_CONTROL_MAP_13) === 0,
      isRowScan14: (modeControl & r.MODE_CONTROL_MAP_14) === 0,
    },
  };
}

export function deriveMode(registers: VgaRegisters): DisplayMode {
  const { crtc, sequencer, graphics, attributeIndex, dispi } = registers;
  const isPaletteOff = (attributeIndex & r.ATTR_INDEX_PALETTE_SOURCE) === 0;
  if ((dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_ENABLED) !== 0) {
    const mode = linearMode(registers);
    return isPaletteOff ? { kind: 'blank', width: mode.width, height: mode.height } : mode;
  }
  // Never programmed: a monitor would show no signal.
  if (crtc[r.CRTC_HORIZONTAL_DISPLAY_END] === 0) return { kind: 'blank', ...nothingShown };
  const isText = (graphics[r.GC_MISC]! & r.GC_MISC_GRAPHICS) === 0;
  const geometry = vgaGeometry(registers, isText);
  if (isPaletteOff || (sequencer[r.SEQ_CLOCKING_MODE]! & r.CLOCKING_SCREEN_OFF) !== 0) {
    return { kind: 'blank', width: geometry.width, height: geometry.height };
  }
  if (isText) return { kind: 'text', ...geometry };
  const shift = (graphics[r.GC_MODE]! >> 5) & 3;
  return { kind: shift === 0 ? 'planar' : shift === 1 ? 'cga' : 'packed', ...geometry };
}

/** Plane address (0..0xffff) of memory counter `counter` on row scan `rowScan`. */
export function planeAddress(map: AddressMap, counter: number, rowScan: number): number {
  const value = counter & 0xffff;
  let address = value;
  if (map.rotate === 1) address = ((value << 1) & 0xfffe) | ((value >> map.wrapBit) & 1);
  else if (map.rotate === 2) address = ((value << 2) & 0xfffc) | (value >> 14);
  if (map.isRowScan13) address = (address & ~0x2000) | ((rowScan & 1) << 13);
  if (map.isRowScan14) address = (address & ~0x4000) | ((rowScan & 2) << 13);
  return address;
}

/** A stretch of scan lines that show one character row: [top, bottom) on screen, starting at row scan `firstScan`. */
export interface RowSpan {
  top: number;
  bottom: number;
  counter: number;
  firstScan: number;
  panDots: number;
}

/** Character rows from top to bottom, with preset row scan and the line-compare split. */
export function rowSpans(geometry: VgaGeometry): RowSpan[] {
  const spans: RowSpan[] = [];
  const { height, rowScans, yScale, pitch, lineCompare } = geometry;
  let counter = geometry.start;
  let firstScan = Math.min(geometry.presetRowScan, rowScans - 1);
  let panDots = geometry.panDots;
  let isBelowSplit = false;
  for (let top = 0; top < height; ) {
    let bottom = Math.min(top + (rowScans - firstScan) * yScale, height);
    const isSplit = !isBelowSplit && lineCompare >= top && lineCompare < bottom;
    if (isSplit) bottom = lineCompare + 1;
    spans.push({ top, bottom, counter: counter & 0xffff, firstScan, panDots });
    firstScan = 0;
    if (isSplit) {
      isBelowSplit = true;
      counter = 0;
      if (geometry.isPanningOffBelowSplit) panDots = 0;
    } else {
      counter += pitch;
    }
    top = bottom;
  }
  return spans;
}
