// The IBM VGA BIOS modes 0 to 13h as register values. [PS2-BIOS INT 10h,
// PS2-HITR Video Subsystem]

export type VideoLayout = 'text' | 'cga-2bpp' | 'cga-1bpp' | 'planar' | 'linear';
export type PaletteKind = 'ega-64' | 'cga-16' | 'mono' | 'vga-256';

export interface VideoMode {
  number: number;
  layout: VideoLayout;
  columns: number;
  rows: number;
  characterHeight: number;
  /** Bytes from one display page to the next. */
  pageBytes: number;
  pages: number;
  /** Start of the display window. */
  base: number;
  misc: number;
  /** Sequencer registers 1..4. */
  sequencer: readonly number[];
  /** CRT controller registers 0..18h. */
  crtc: readonly number[];
  /** Attribute controller registers 0..13h. */
  attribute: readonly number[];
  /** Graphics controller registers 0..8. */
  graphics: readonly number[];
  palette: PaletteKind;
}

function bytes(hex: string): number[] {
  return hex.split(' ').map((value) => Number.parseInt(value, 16));
}

const egaColors = '00 01 02 03 04 05 14 07 38 39 3a 3b 3c 3d 3e 3f';
const cgaColors = '00 01 02 03 04 05 06 07 10 11 12 13 14 15 16 17';
const textAttribute = bytes(`${egaColors} 0c 00 0f 08`);
const planarGraphics = bytes('00 00 00 00 00 00 05 0f ff');

function textMode(number: number, columns: 40 | 80): VideoMode {
  const isWide = columns === 80;
  return {
    number,
    layout: 'text',
    columns,
    rows: 25,
    characterHeight: 16,
    pageBytes: isWide ? 0x1000 : 0x800,
    pages: 8,
    base: 0xb8000,
    misc: 0x67,
    sequencer: bytes(isWide ? '00 03 00 02' : '08 03 00 02'),
    crtc: bytes(
      isWide
        ? '5f 4f 50 82 55 81 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 28 1f 96 b9 a3 ff'
        : '2d 27 28 90 2b a0 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 14 1f 96 b9 a3 ff',
    ),
    attribute: textAttribute,
    graphics: bytes('00 00 00 00 00 10 0e 0f ff'),
    palette: 'ega-64',
  };
}

function cgaMode(number: number): VideoMode {
  return {
    number,
    layout: 'cga-2bpp',
    columns: 40,
    rows: 25,
    characterHeight: 8,
    pageBytes: 0x4000,
    pages: 1,
    base: 0xb8000,
    misc: 0x63,
    sequencer: bytes('09 03 00 02'),
    crtc: bytes('2d 27 28 90 2b 80 bf 1f 00 c1 00 00 00 00 00 00 9c 8e 8f 14 00 96 b9 a2 ff'),
    attribute: bytes('00 13 15 17 02 04 06 07 10 11 12 13 14 15 16 17 01 00 03 00'),
    graphics: bytes('00 00 00 00 00 30 0f 0f ff'),
    palette: 'cga-16',
  };
}

type PlanarMode = Pick<
  VideoMode,
  'number' | 'columns' | 'rows' | 'characterHeight' | 'pageBytes' | 'pages' | 'misc'
> & {
  sequencer: string;
  crtc: string;
  attribute: string;
  graphics?: string;
  palette: PaletteKind;
};

function planarMode(mode: PlanarMode): VideoMode {
  return {
    ...mode,
    layout: 'planar',
    base: 0xa0000,
    sequencer: bytes(mode.sequencer),
    crtc: bytes(mode.crtc),
    attribute: bytes(mode.attribute),
    graphics: mode.graphics === undefined ? planarGraphics : bytes(mode.graphics),
  };
}

export const videoModes: readonly VideoMode[] = [
  textMode(0, 40),
  textMode(1, 40),
  textMode(2, 80),
  textMode(3, 80),
  cgaMode(4),
  cgaMode(5),
  {
    ...cgaMode(6),
    layout: 'cga-1bpp',
    columns: 80,
    sequencer: bytes('01 01 00 06'),
    crtc: bytes('5f 4f 50 82 54 80 bf 1f 00 c1 00 00 00 00 00 00 9c 8e 8f 28 00 96 b9 c2 ff'),
    attribute: bytes('00 17 17 17 17 17 17 17 17 17 17 17 17 17 17 17 01 00 01 00'),
    graphics: bytes('00 00 00 00 00 00 0d 0f ff'),
  },
  {
    ...textMode(7, 80),
    base: 0xb0000,
    misc: 0x66,
    crtc: bytes('5f 4f 50 82 55 81 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 28 0f 96 b9 a3 ff'),
    attribute: bytes('00 08 08 08 08 08 08 08 10 18 18 18 18 18 18 18 0e 00 0f 08'),
    graphics: bytes('00 00 00 00 00 10 0a 0f ff'),
    palette: 'mono',
  },
  planarMode({
    number: 0x0d,
    columns: 40,
    rows: 25,
    characterHeight: 8,
    pageBytes: 0x2000,
    pages: 8,
    misc: 0x63,
    sequencer: '09 0f 00 06',
    crtc: '2d 27 28 90 2b 80 bf 1f 00 c0 00 00 00 00 00 00 9c 8e 8f 14 00 96 b9 e3 ff',
    attribute: `${cgaColors} 01 00 0f 00`,
    palette: 'cga-16',
  }),
  planarMode({
    number: 0x0e,
    columns: 80,
    rows: 25,
    characterHeight: 8,
    pageBytes: 0x4000,
    pages: 4,
    misc: 0x63,
    sequencer: '01 0f 00 06',
    crtc: '5f 4f 50 82 54 80 bf 1f 00 c0 00 00 00 00 00 00 9c 8e 8f 28 00 96 b9 e3 ff',
    attribute: `${cgaColors} 01 00 0f 00`,
    palette: 'cga-16',
  }),
  planarMode({
    number: 0x0f,
    columns: 80,
    rows: 25,
    characterHeight: 14,
    pageBytes: 0x8000,
    pages: 2,
    misc: 0xa2,
    sequencer: '01 0f 00 06',
    crtc: '5f 4f 50 82 54 80 bf 1f 00 40 00 00 00 00 00 00 83 85 5d 28 0f 63 ba e3 ff',
    attribute: '00 08 00 00 18 18 00 00 00 08 00 00 00 18 00 00 0b 00 05 00',
    graphics: '00 00 00 00 00 00 05 05 ff',
    palette: 'mono',
  }),
  planarMode({
    number: 0x10,
    columns: 80,
    rows: 25,
    characterHeight: 14,
    pageBytes: 0x8000,
    pages: 2,
    misc: 0xa3,
    sequencer: '01 0f 00 06',
    crtc: '5f 4f 50 82 54 80 bf 1f 00 40 00 00 00 00 00 00 83 85 5d 28 0f 63 ba e3 ff',
    attribute: `${egaColors} 01 00 0f 00`,
    palette: 'ega-64',
  }),
  planarMode({
    number: 0x11,
    columns: 80,
    rows: 30,
    characterHeight: 16,
    pageBytes: 0xa000,
    pages: 1,
    misc: 0xe3,
    sequencer: '01 0f 00 06',
    crtc: '5f 4f 50 82 54 80 0b 3e 00 40 00 00 00 00 00 00 ea 8c df 28 00 e7 04 c3 ff',
    attribute: '00 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 3f 01 00 0f 00',
    graphics: '00 00 00 00 00 00 05 01 ff',
    palette: 'ega-64',
  }),
  planarMode({
    number: 0x12,
    columns: 80,
    rows: 30,
    characterHeight: 16,
    pageBytes: 0xa000,
    pages: 1,
    misc: 0xe3,
    sequencer: '01 0f 00 06',
    crtc: '5f 4f 50 82 54 80 0b 3e 00 40 00 00 00 00 00 00 ea 8c df 28 00 e7 04 e3 ff',
    attribute: `${egaColors} 01 00 0f 00`,
    palette: 'ega-64',
  }),
  {
    number: 0x13,
    layout: 'linear',
    columns: 40,
    rows: 25,
    characterHeight: 8,
    pageBytes: 0x10000,
    pages: 1,
    base: 0xa0000,
    misc: 0x63,
    sequencer: bytes('01 0f 00 0e'),
    crtc: bytes('5f 4f 50 82 54 80 bf 1f 00 41 00 00 00 00 00 00 9c 8e 8f 28 40 96 b9 a3 ff'),
    attribute: bytes('00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 41 00 0f 00'),
    graphics: bytes('00 00 00 00 00 40 05 0f ff'),
    palette: 'vga-256',
  },
];

export function findVideoMode(number: number): VideoMode | null {
  return videoModes.find((mode) => mode.number === number) ?? null;
}
