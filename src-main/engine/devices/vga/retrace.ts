// Where the beam is, from guest time and the CRT controller's timing: input status register 1. No timers run; the state is
// computed when read. Emulated time can jump over a short pulse between two reads, so a pulse that began and ended unseen is
// reported once: a program that waits for an edge always gets it.

import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

interface Timing {
  lineNs: number;
  displayNs: number;
  frameNs: number;
  displayLines: number;
  retraceStartNs: number;
  retraceEndNs: number;
}

/** 640x480 at 60 Hz: what is assumed while the registers describe no possible monitor signal. */
const fallback: Timing = {
  lineNs: 31_778,
  displayNs: 25_422,
  frameNs: 31_778 * 525,
  displayLines: 480,
  retraceStartNs: 31_778 * 490,
  retraceEndNs: 31_778 * 492,
};

function derive(registers: VgaRegisters): Timing {
  const { crtc, sequencer, misc } = registers;
  const clocking = sequencer[r.SEQ_CLOCKING_MODE]!;
  const dotNs = (misc & r.MISC_CLOCK_SELECT) === 0x04 ? 1000 / 28.322 : 1000 / 25.175;
  const characterNs = dotNs * (clocking & r.CLOCKING_8_DOTS ? 8 : 9) * (clocking & r.CLOCKING_HALF_DOT_CLOCK ? 2 : 1);
  const lineNs = (crtc[r.CRTC_HORIZONTAL_TOTAL]! + 5) * characterNs;
  const overflow = crtc[r.CRTC_OVERFLOW]!;
  const totalLines = (crtc[r.CRTC_VERTICAL_TOTAL]! | ((overflow & 1) << 8) | ((overflow & 0x20) << 4)) + 2;
  const displayLines = (crtc[r.CRTC_VERTICAL_DISPLAY_END]! | ((overflow & 2) << 7) | ((overflow & 0x40) << 3)) + 1;
  const retraceStart = crtc[r.CRTC_VERTICAL_RETRACE_START]! | ((overflow & 4) << 6) | ((overflow & 0x80) << 2);
  const retraceLines = (crtc[r.CRTC_VERTICAL_RETRACE_END]! - retraceStart) & 15 || 1;
  const displayNs = (crtc[r.CRTC_HORIZONTAL_DISPLAY_END]! + 1) * characterNs;
  const frameNs = totalLines * lineNs;
  const isPossible =
    frameNs > 5e6 &&
    frameNs < 50e6 &&
    displayNs < lineNs &&
    displayLines < totalLines &&
    retraceStart + retraceLines <= totalLines;
  if (!isPossible) return fallback;
  const retraceStartNs = retraceStart * lineNs;
  return {
    lineNs,
    displayNs,
    frameNs,
    displayLines,
    retraceStartNs,
    retraceEndNs: retraceStartNs + retraceLines * lineNs,
  };
}

export class Retrace {
  #timing: Timing = fallback;
  #lastReadNs = 0;
  #lastStatus = 0;

  update(registers: VgaRegisters): void {
    this.#timing = derive(registers);
  }

  /** Length of one frame in guest nanoseconds. */
  get frameNs(): number {
    return this.#timing.frameNs;
  }

  /** Bits 0 (display disabled) and 3 (vertical retrace) of input status 1 at guest time `nowNs`. */
  read(nowNs: number): number {
    const { lineNs, displayNs, frameNs, displayLines, retraceStartNs, retraceEndNs } = this.#timing;
    const inFrameNs = nowNs % frameNs;
    const isInDisplayLines = inFrameNs < displayLines * lineNs;
    const isBlank = !isInDisplayLines || inFrameNs % lineNs >= displayNs;
    const isRetrace = inFrameNs >= retraceStartNs && inFrameNs < retraceEndNs;
    let status = (isBlank ? r.STATUS_DISPLAY_DISABLED : 0) | (isRetrace ? r.STATUS_VERTICAL_RETRACE : 0);
    const pulses = Math.floor((nowNs - retraceStartNs) / frameNs);
    const pulsesBefore = Math.floor((this.#lastReadNs - retraceStartNs) / frameNs);
    const wasRetrace = (this.#lastStatus & r.STATUS_VERTICAL_RETRACE) !== 0;
    if (!isRetrace && !wasRetrace && pulses > pulsesBefore) {
      status |= r.STATUS_VERTICAL_RETRACE | r.STATUS_DISPLAY_DISABLED;
    } else if (isInDisplayLines && nowNs - this.#lastReadNs >= lineNs) {
      // At least one whole line went by: both states of the display-enable bit have occurred since.
      status = (status & ~r.STATUS_DISPLAY_DISABLED) | (~this.#lastStatus & r.STATUS_DISPLAY_DISABLED);
    }
    this.#lastReadNs = nowNs;
    this.#lastStatus = status;
    return status;
  }

  /** Forgets the previous read (reset, restore). */
  reset(nowNs: number): void {
    this.#lastReadNs = nowNs;
    this.#lastStatus = 0;
  }
}
