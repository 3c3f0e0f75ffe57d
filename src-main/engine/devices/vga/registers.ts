// Registers of the IBM VGA and of the Bochs display interface (DISPI), as the guest addresses them.
// Sources: IBM PS/2 Hardware Interface Technical Reference (Video Subsystem), FreeVGA project notes, Bochs VBE_DISPI interface
// description (revision B0C5). Register files are raw bytes as written; their meaning is derived in mode.ts and palette.ts.

// --- ports
export const PORT_ATTRIBUTE = 0x3c0;
export const PORT_ATTRIBUTE_READ = 0x3c1;
export const PORT_MISC_WRITE = 0x3c2;
export const PORT_ENABLE = 0x3c3;
export const PORT_SEQUENCER_INDEX = 0x3c4;
export const PORT_SEQUENCER_DATA = 0x3c5;
export const PORT_DAC_MASK = 0x3c6;
export const PORT_DAC_READ_INDEX = 0x3c7;
export const PORT_DAC_WRITE_INDEX = 0x3c8;
export const PORT_DAC_DATA = 0x3c9;
export const PORT_FEATURE_READ = 0x3ca;
export const PORT_MISC_READ = 0x3cc;
export const PORT_GRAPHICS_INDEX = 0x3ce;
export const PORT_GRAPHICS_DATA = 0x3cf;
export const PORT_CRTC_INDEX_MONO = 0x3b4;
export const PORT_CRTC_DATA_MONO = 0x3b5;
export const PORT_STATUS_MONO = 0x3ba;
export const PORT_CRTC_INDEX = 0x3d4;
export const PORT_CRTC_DATA = 0x3d5;
export const PORT_STATUS = 0x3da;
export const PORT_DISPI_INDEX = 0x1ce;
export const PORT_DISPI_DATA = 0x1cf;

// --- miscellaneous output
export const MISC_COLOR_PORTS = 0x01;
export const MISC_RAM_ENABLE = 0x02;
export const MISC_CLOCK_SELECT = 0x0c;
export const MISC_PAGE_SELECT = 0x20;

// --- sequencer: index and bits
export const SEQ_CLOCKING_MODE = 1;
export const SEQ_MAP_MASK = 2;
export const SEQ_CHARACTER_MAP = 3;
export const SEQ_MEMORY_MODE = 4;
export const CLOCKING_8_DOTS = 0x01;
export const CLOCKING_HALF_DOT_CLOCK = 0x08;
export const CLOCKING_SCREEN_OFF = 0x20;
export const MEMORY_MODE_SEQUENTIAL = 0x04;
export const MEMORY_MODE_CHAIN_4 = 0x08;

// --- graphics controller
export const GC_SET_RESET = 0;
export const GC_ENABLE_SET_RESET = 1;
export const GC_COLOR_COMPARE = 2;
export const GC_DATA_ROTATE = 3;
export const GC_READ_MAP = 4;
export const GC_MODE = 5;
export const GC_MISC = 6;
export const GC_COLOR_DONT_CARE = 7;
export const GC_BIT_MASK = 8;
export const GC_MODE_READ_COMPARE = 0x08;
export const GC_MODE_ODD_EVEN = 0x10;
export const GC_MISC_GRAPHICS = 0x01;
export const GC_MISC_CHAIN_ODD_EVEN = 0x02;

// --- CRT controller
export const CRTC_HORIZONTAL_TOTAL = 0x00;
export const CRTC_HORIZONTAL_DISPLAY_END = 0x01;
export const CRTC_VERTICAL_TOTAL = 0x06;
export const CRTC_OVERFLOW = 0x07;
export const CRTC_PRESET_ROW_SCAN = 0x08;
export const CRTC_MAXIMUM_SCAN_LINE = 0x09;
export const CRTC_CURSOR_START = 0x0a;
export const CRTC_CURSOR_END = 0x0b;
export const CRTC_START_HIGH = 0x0c;
export const CRTC_START_LOW = 0x0d;
export const CRTC_CURSOR_HIGH = 0x0e;
export const CRTC_CURSOR_LOW = 0x0f;
export const CRTC_VERTICAL_RETRACE_START = 0x10;
export const CRTC_VERTICAL_RETRACE_END = 0x11;
export const CRTC_VERTICAL_DISPLAY_END = 0x12;
export const CRTC_OFFSET = 0x13;
export const CRTC_UNDERLINE = 0x14;
export const CRTC_MODE_CONTROL = 0x17;
export const CRTC_LINE_COMPARE = 0x18;
export const CURSOR_DISABLE = 0x20;
export const SCAN_DOUBLE = 0x80;
export const UNDERLINE_DOUBLE_WORD = 0x40;
/** Clear: row-scan bit 0 stands in for address bit 13 (CGA interleave). */
export const MODE_CONTROL_MAP_13 = 0x01;
/** Clear: row-scan bit 1 stands in for address bit 14 (Hercules-like interleave). */
export const MODE_CONTROL_MAP_14 = 0x02;
export const MODE_CONTROL_ADDRESS_WRAP = 0x20;
export const MODE_CONTROL_BYTE_MODE = 0x40;
export const RETRACE_END_PROTECT = 0x80;

// --- attribute controller
export const ATTR_MODE = 0x10;
export const ATTR_OVERSCAN = 0x11;
export const ATTR_PLANE_ENABLE = 0x12;
export const ATTR_PIXEL_PANNING = 0x13;
export const ATTR_COLOR_SELECT = 0x14;
/** Index register bit: the palette drives the screen. Clear: the screen shows the border colour. */
export const ATTR_INDEX_PALETTE_SOURCE = 0x20;
export const ATTR_MODE_LINE_GRAPHICS = 0x04;
export const ATTR_MODE_BLINK = 0x08;
export const ATTR_MODE_PANNING_COMPATIBLE = 0x20;
export const ATTR_MODE_8_BIT = 0x40;
export const ATTR_MODE_PALETTE_54 = 0x80;

// --- input status 1
export const STATUS_DISPLAY_DISABLED = 0x01;
export const STATUS_VERTICAL_RETRACE = 0x08;

// --- Bochs display interface
export const VBE_DISPI_INDEX_ID = 0;
export const VBE_DISPI_INDEX_XRES = 1;
export const VBE_DISPI_INDEX_YRES = 2;
export const VBE_DISPI_INDEX_BPP = 3;
export const VBE_DISPI_INDEX_ENABLE = 4;
export const VBE_DISPI_INDEX_BANK = 5;
export const VBE_DISPI_INDEX_VIRT_WIDTH = 6;
export const VBE_DISPI_INDEX_VIRT_HEIGHT = 7;
export const VBE_DISPI_INDEX_X_OFFSET = 8;
export const VBE_DISPI_INDEX_Y_OFFSET = 9;
export const VBE_DISPI_INDEX_VIDEO_MEMORY_64K = 0xa;
export const VBE_DISPI_REGISTER_COUNT = 0xb;
export const VBE_DISPI_ID0 = 0xb0c0;
export const VBE_DISPI_ID5 = 0xb0c5;
export const VBE_DISPI_ENABLED = 0x01;
export const VBE_DISPI_GETCAPS = 0x02;
export const VBE_DISPI_8BIT_DAC = 0x20;
export const VBE_DISPI_LFB_ENABLED = 0x40;
export const VBE_DISPI_NOCLEARMEM = 0x80;
export const VBE_DISPI_MAX_XRES = 4096;
export const VBE_DISPI_MAX_YRES = 2400;
export const VBE_DISPI_MAX_BPP = 32;

// --- PCI: the identity and register BAR layout of QEMU's "stdvga"
export const PCI_VENDOR_BOCHS = 0x1234;
export const PCI_DEVICE_STDVGA = 0x1111;
export const PCI_CLASS_VGA = 0x030000;
export const MMIO_EDID = 0x000;
export const MMIO_EDID_END = 0x400;
export const MMIO_VGA_PORTS = 0x400;
export const MMIO_VGA_PORTS_END = 0x420;
export const MMIO_DISPI = 0x500;
export const MMIO_DISPI_END = 0x500 + 2 * VBE_DISPI_REGISTER_COUNT;
export const MMIO_BAR_BYTES = 0x1000;

/** Every guest-visible register; all values as last written (after masking). */
export interface VgaRegisters {
  misc: number;
  featureControl: number;
  videoEnable: number;
  sequencerIndex: number;
  readonly sequencer: Uint8Array;
  crtcIndex: number;
  readonly crtc: Uint8Array;
  graphicsIndex: number;
  readonly graphics: Uint8Array;
  /** With ATTR_INDEX_PALETTE_SOURCE in bit 5. */
  attributeIndex: number;
  readonly attribute: Uint8Array;
  /** True when the next write to 0x3c0 is data. */
  isAttributeData: boolean;
  dacMask: number;
  dacReadIndex: number;
  dacWriteIndex: number;
  /** Colour component 0..2 that the next 0x3c9 access concerns. */
  dacComponent: number;
  /** What 0x3c7 reads: 3 after a read index was set, 0 after a write index. */
  dacState: number;
  /** 256 x red, green, blue; 6 bits each, or 8 with VBE_DISPI_8BIT_DAC. */
  readonly dac: Uint8Array;
  /** Components of a DAC entry being written; they take effect together. */
  readonly dacPending: Uint8Array;
  dispiIndex: number;
  readonly dispi: Uint16Array;
}

/** The power-on contents: everything zero, so the screen is dark until firmware sets a mode. */
export function createRegisters(): VgaRegisters {
  const registers: VgaRegisters = {
    misc: 0,
    featureControl: 0,
    videoEnable: 1,
    sequencerIndex: 0,
    sequencer: new Uint8Array(8),
    crtcIndex: 0,
    crtc: new Uint8Array(0x19),
    graphicsIndex: 0,
    graphics: new Uint8Array(9),
    attributeIndex: 0,
    attribute: new Uint8Array(0x15),
    isAttributeData: false,
    dacMask: 0xff,
    dacReadIndex: 0,
    dacWriteIndex: 0,
    dacComponent: 0,
    dacState: 0,
    dac: new Uint8Array(768),
    dacPending: new Uint8Array(3),
    dispiIndex: 0,
    dispi: new Uint16Array(VBE_DISPI_REGISTER_COUNT),
  };
  registers.dispi[VBE_DISPI_INDEX_ID] = VBE_DISPI_ID5;
  return registers;
}

export function resetRegisters(registers: VgaRegisters): void {
  const fresh = createRegisters();
  for (const key of ['sequencer', 'crtc', 'graphics', 'attribute', 'dac', 'dacPending', 'dispi'] as const) {
    registers[key].set(fresh[key]);
  }
  registers.misc = fresh.misc;
  registers.featureControl = fresh.featureControl;
  registers.videoEnable = fresh.videoEnable;
  registers.sequencerIndex = fresh.sequencerIndex;
  registers.crtcIndex = fresh.crtcIndex;
  registers.graphicsIndex = fresh.graphicsIndex;
  registers.attributeIndex = fresh.attributeIndex;
  registers.isAttributeData = fresh.isAttributeData;
  registers.dacMask = fresh.dacMask;
  registers.dacReadIndex = fresh.dacReadIndex;
  registers.dacWriteIndex = fresh.dacWriteIndex;
  registers.dacComponent = fresh.dacComponent;
  registers.dacState = fresh.dacState;
  registers.dispiIndex = fresh.dispiIndex;
}
