// The VGA's I/O ports 0x3b4..0x3df: index/data pairs, the attribute flip-flop and the DAC's three-byte protocol. Writes are masked
// to the bits a VGA has; effects on addressing, timing and the picture are announced through VgaPortEffects.

import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

export interface VgaPortEffects {
  /** Processor addressing of video memory. */
  windowChanged(): void;
  timingChanged(): void;
  /** Everything on screen may look different. */
  pictureChanged(): void;
  /** Cursor position or start address. */
  startChanged(): void;
  /** Input status 1, bits 0 and 3. */
  retraceStatus(): number;
}

const sequencerMasks = [0x03, 0x3d, 0x0f, 0x3f, 0x0e] as const;
const graphicsMasks = [0x0f, 0x0f, 0x0f, 0x1f, 0x03, 0x7b, 0x0f, 0x0f, 0xff] as const;

function attributeMask(index: number): number {
  if (index < 16) return 0x3f;
  if (index === r.ATTR_MODE) return 0xef;
  if (index === r.ATTR_OVERSCAN) return 0xff;
  return index === r.ATTR_PLANE_ENABLE ? 0x3f : 0x0f;
}

export class VgaPorts {
  readonly #registers: VgaRegisters;
  readonly #effects: VgaPortEffects;

  constructor(registers: VgaRegisters, effects: VgaPortEffects) {
    this.#registers = registers;
    this.#effects = effects;
  }

  // hot path: register dispatch; programs poll 0x3da.
  read(port: number): number {
    const v = this.#registers;
    switch (this.#normalize(port)) {
      case r.PORT_STATUS:
        v.isAttributeData = false;
        return this.#effects.retraceStatus();
      case r.PORT_CRTC_INDEX:
        return v.crtcIndex;
      case r.PORT_CRTC_DATA:
        return v.crtc[v.crtcIndex] ?? 0xff;
      case r.PORT_ATTRIBUTE:
        return v.attributeIndex;
      case r.PORT_ATTRIBUTE_READ:
        return v.attribute[v.attributeIndex & 31] ?? 0;
      case r.PORT_MISC_WRITE:
        // Input status 0: the monitor-sense comparator reports a colour monitor; no vertical interrupt.
        return 0x10;
      case r.PORT_ENABLE:
        return v.videoEnable;
      case r.PORT_SEQUENCER_INDEX:
        return v.sequencerIndex;
      case r.PORT_SEQUENCER_DATA:
        return v.sequencer[v.sequencerIndex] ?? 0;
      case r.PORT_DAC_MASK:
        return v.dacMask;
      case r.PORT_DAC_READ_INDEX:
        return v.dacState;
      case r.PORT_DAC_WRITE_INDEX:
        return v.dacWriteIndex;
      case r.PORT_DAC_DATA:
        return this.#readDac();
      case r.PORT_FEATURE_READ:
        return v.featureControl;
      case r.PORT_MISC_READ:
        return v.misc;
      case r.PORT_GRAPHICS_INDEX:
        return v.graphicsIndex;
      case r.PORT_GRAPHICS_DATA:
        return v.graphics[v.graphicsIndex] ?? 0;
      default:
        return 0xff;
    }
  }

  write(port: number, value: number): void {
    const v = this.#registers;
    switch (this.#normalize(port)) {
      case r.PORT_STATUS:
        v.featureControl = value & 3;
        return;
      case r.PORT_CRTC_INDEX:
        v.crtcIndex = value & 0x3f;
        return;
      case r.PORT_CRTC_DATA:
        this.#writeCrtc(value);
        return;
      case r.PORT_ATTRIBUTE:
        this.#writeAttribute(value);
        return;
      case r.PORT_MISC_WRITE:
        v.misc = value;
        this.#effects.windowChanged();
        this.#effects.timingChanged();
        return;
      case r.PORT_ENABLE:
        v.videoEnable = value & 1;
        return;
      case r.PORT_SEQUENCER_INDEX:
        v.sequencerIndex = value & 7;
        return;
      case r.PORT_SEQUENCER_DATA:
        this.#writeSequencer(value);
        return;
      case r.PORT_DAC_MASK:
        if (v.dacMask !== value) {
          v.dacMask = value;
          this.#effects.pictureChanged();
        }
        return;
      case r.PORT_DAC_READ_INDEX:
        v.dacReadIndex = value;
        v.dacComponent = 0;
        v.dacState = 3;
        return;
      case r.PORT_DAC_WRITE_INDEX:
        v.dacWriteIndex = value;
        v.dacComponent = 0;
        v.dacState = 0;
        return;
      case r.PORT_DAC_DATA:
        this.#writeDac(value);
        return;
      case r.PORT_GRAPHICS_INDEX:
        v.graphicsIndex = value & 15;
        return;
      case r.PORT_GRAPHICS_DATA:
        this.#writeGraphics(value);
    }
  }

  /** The colour address of a CRTC or status port, or 0 where the misc output register has moved it away. */
  #normalize(port: number): number {
    const isColor = (this.#registers.misc & r.MISC_COLOR_PORTS) !== 0;
    if (port >= 0x3d0) return isColor ? port : 0;
    if (port < 0x3c0) return isColor ? 0 : port + 0x20;
    return port;
  }

  #writeCrtc(value: number): void {
    const { crtc, crtcIndex: index } = this.#registers;
    if (index >= crtc.length) return;
    let next = value;
    if (index < 8 && (crtc[r.CRTC_VERTICAL_RETRACE_END]! & r.RETRACE_END_PROTECT) !== 0) {
      // Write protection covers registers 0-7 but for the line compare bit.
      if (index !== r.CRTC_OVERFLOW) return;
      next = (crtc[index]! & ~0x10) | (value & 0x10);
    }
    if (crtc[index] === next) return;
    crtc[index] = next;
    if (index >= r.CRTC_START_HIGH && index <= r.CRTC_CURSOR_LOW) {
      this.#effects.startChanged();
      return;
    }
    this.#effects.timingChanged();
    this.#effects.pictureChanged();
  }

  #writeSequencer(value: number): void {
    const { sequencer, sequencerIndex: index } = this.#registers;
    const next = value & (sequencerMasks[index] ?? 0);
    if (index >= sequencerMasks.length || sequencer[index] === next) return;
    sequencer[index] = next;
    this.#effects.windowChanged();
    if (index === r.SEQ_CLOCKING_MODE) this.#effects.timingChanged();
    // The map mask and the memory mode steer only the processor's accesses.
    if (index === r.SEQ_CLOCKING_MODE || index === r.SEQ_CHARACTER_MAP) this.#effects.pictureChanged();
  }

  #writeGraphics(value: number): void {
    const { graphics, graphicsIndex: index } = this.#registers;
    const next = value & (graphicsMasks[index] ?? 0);
    if (index >= graphics.length || graphics[index] === next) return;
    const changed = graphics[index]! ^ next;
    graphics[index] = next;
    this.#effects.windowChanged();
    const isShiftMode = index === r.GC_MODE && (changed & 0x60) !== 0;
    if (isShiftMode || (index === r.GC_MISC && (changed & r.GC_MISC_GRAPHICS) !== 0)) this.#effects.pictureChanged();
  }

  #writeAttribute(value: number): void {
    const v = this.#registers;
    if (!v.isAttributeData) {
      const changed = (v.attributeIndex ^ value) & r.ATTR_INDEX_PALETTE_SOURCE;
      v.attributeIndex = value & 0x3f;
      if (changed !== 0) this.#effects.pictureChanged();
    } else {
      const index = v.attributeIndex & 31;
      const next = value & attributeMask(index);
      if (index < v.attribute.length && v.attribute[index] !== next) {
        v.attribute[index] = next;
        this.#effects.pictureChanged();
      }
    }
    v.isAttributeData = !v.isAttributeData;
  }

  #readDac(): number {
    const v = this.#registers;
    const value = v.dac[v.dacReadIndex * 3 + v.dacComponent]!;
    v.dacComponent = (v.dacComponent + 1) % 3;
    if (v.dacComponent === 0) v.dacReadIndex = (v.dacReadIndex + 1) & 0xff;
    return value;
  }

  #writeDac(value: number): void {
    const v = this.#registers;
    const is8Bit = (v.dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_8BIT_DAC) !== 0;
    v.dacPending[v.dacComponent] = is8Bit ? value : value & 63;
    v.dacComponent = (v.dacComponent + 1) % 3;
    if (v.dacComponent !== 0) return;
    v.dac.set(v.dacPending, v.dacWriteIndex * 3);
    v.dacWriteIndex = (v.dacWriteIndex + 1) & 0xff;
    this.#effects.pictureChanged();
  }
}
