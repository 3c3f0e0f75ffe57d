// The character generator of our firmware: code page 437 in cells of 8 x 8, 8 x 14 and 8 x 16 dots. The drawings are Ospite's
// own; accented letters are composed, line drawing is computed, and the 8 x 14 font is the 8 x 16 one with its margins cut.
import { drawBoxGlyphs } from './font-box.ts';
import { accents8, ascii8, special8 } from './font-glyphs-8.ts';
import { accents16, ascii16, special16 } from './font-glyphs-16.ts';

type Accent = keyof typeof accents16;

/** Accented letters of CP437: code, letter, mark. */
const composed: readonly (readonly [number, string, Accent])[] = [
  [0x80, 'C', 'cedilla'],
  [0x81, 'u', 'diaeresis'],
  [0x82, 'e', 'acute'],
  [0x83, 'a', 'circumflex'],
  [0x84, 'a', 'diaeresis'],
  [0x85, 'a', 'grave'],
  [0x86, 'a', 'ring'],
  [0x87, 'c', 'cedilla'],
  [0x88, 'e', 'circumflex'],
  [0x89, 'e', 'diaeresis'],
  [0x8a, 'e', 'grave'],
  [0x8b, 'i', 'diaeresis'],
  [0x8c, 'i', 'circumflex'],
  [0x8d, 'i', 'grave'],
  [0x8e, 'A', 'diaeresis'],
  [0x8f, 'A', 'ring'],
  [0x90, 'E', 'acute'],
  [0x93, 'o', 'circumflex'],
  [0x94, 'o', 'diaeresis'],
  [0x95, 'o', 'grave'],
  [0x96, 'u', 'circumflex'],
  [0x97, 'u', 'grave'],
  [0x98, 'y', 'diaeresis'],
  [0x99, 'O', 'diaeresis'],
  [0x9a, 'U', 'diaeresis'],
  [0xa0, 'a', 'acute'],
  [0xa1, 'i', 'acute'],
  [0xa2, 'o', 'acute'],
  [0xa3, 'u', 'acute'],
  [0xa4, 'n', 'tilde'],
  [0xa5, 'N', 'tilde'],
];

const bullets = [
  [0x08, 0x07],
  [0x0a, 0x09],
] as const;
const integralTop = 0xf4;
const integralBottom = 0xf5;

/** Rows of dots, leftmost in bit 7, from the notation of font-glyphs-16.ts. */
function parseRows(drawing: string): number[] {
  return drawing.split('/').flatMap((part) => {
    const [dots = '', count = '1'] = part.split('*');
    let bits = 0;
    for (let x = 0; x < dots.length; x++) if (dots[x] === '#') bits |= 0x80 >> x;
    return new Array<number>(Number(count)).fill(bits);
  });
}

function dotCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Shortens a drawing to `height` rows by dropping, each time, the row that differs least from the one below it. */
function condense(rows: readonly number[], height: number): number[] {
  const kept = [...rows];
  while (kept.length > height) {
    let least = 0;
    let leastCost = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < kept.length; i++) {
      const cost = dotCount(kept[i]! ^ kept[i + 1]!);
      if (cost < leastCost) {
        leastCost = cost;
        least = i;
      }
    }
    kept.splice(least, 1);
  }
  return kept;
}

function parseAll(drawings: Readonly<Record<number, string>>, height: number): Record<number, number[]> {
  return Object.fromEntries(
    Object.entries(drawings).map(([code, drawing]) => [code, condense(parseRows(drawing), height)]),
  );
}

interface Design {
  height: number;
  /** Cell row of a drawing's row 0. */
  top: number;
  /** Drawing row of the x-height line, and of the baseline. */
  xHeight: number;
  baseline: number;
  /** Cell rows of marks above capitals and small letters, and of the first row of a marked capital: marks are cut to fit. */
  capitalMark: number;
  smallMark: number;
  markedCapital: number;
  ascii: Readonly<Record<string, string>>;
  /** Rows of the characters that are neither ASCII nor composed, and of composed ones drawn by hand. */
  special: Readonly<Record<number, readonly number[]>>;
  accents: Readonly<Record<Accent, string>>;
}

function put(glyph: Uint8Array, rows: readonly number[], top: number): void {
  rows.forEach((bits, i) => {
    if (top + i >= 0 && top + i < glyph.length) glyph[top + i] = glyph[top + i]! | bits;
  });
}

function compose(glyph: Uint8Array, design: Design, letter: string, accent: Accent): void {
  const rows = parseRows(design.ascii[letter]!);
  const mark = parseRows(design.accents[accent]);
  const isCapital = letter < 'a';
  if (accent === 'cedilla') {
    put(glyph, rows, design.top);
    put(glyph, mark, design.top + design.baseline + 1);
  } else if (isCapital) {
    const height = design.top + design.baseline + 1 - design.markedCapital;
    put(glyph, condense(rows, height), design.markedCapital);
    put(glyph, mark.slice(0, design.markedCapital - design.capitalMark), design.capitalMark);
  } else {
    // Without the dot of the i.
    put(glyph, rows.slice(design.xHeight), design.top + design.xHeight);
    put(glyph, mark, accent === 'ring' ? design.capitalMark : design.smallMark);
  }
}

function drawFont(design: Design): Uint8Array {
  const { height, top } = design;
  const font = new Uint8Array(256 * height);
  const glyph = (code: number): Uint8Array => font.subarray(code * height, (code + 1) * height);
  for (const [character, drawing] of Object.entries(design.ascii)) {
    put(glyph(character.charCodeAt(0)), parseRows(drawing), top);
  }
  for (const [code, rows] of Object.entries(design.special)) put(glyph(Number(code)), rows, top);
  for (const [code, letter, accent] of composed) {
    if (!(code in design.special)) compose(glyph(code), design, letter, accent);
  }
  for (const [inverse, of] of bullets)
    glyph(of).forEach((bits, y) => {
      glyph(inverse)[y] = ~bits;
    });
  glyph(integralTop).fill(0x18, top + 1);
  put(glyph(integralTop), parseRows('....###/...##.#'), top);
  glyph(integralBottom).fill(0x18, 0, top + design.baseline);
  put(glyph(integralBottom), parseRows('.#.##/.###'), top + design.baseline - 1);
  drawBoxGlyphs(font, height);
  return font;
}

/** 256 glyphs of 16 bytes, one per row, leftmost dot in bit 7. */
export const font8x16: Uint8Array = drawFont({
  height: 16,
  top: 2,
  xHeight: 3,
  baseline: 9,
  capitalMark: 1,
  smallMark: 2,
  markedCapital: 4,
  ascii: ascii16,
  special: parseAll(special16, 16),
  accents: accents16,
});

/** 256 glyphs of 14 bytes. */
export const font8x14: Uint8Array = (() => {
  const font = new Uint8Array(256 * 14);
  for (let code = 0; code < 256; code++) font.set(font8x16.subarray(code * 16 + 1, code * 16 + 15), code * 14);
  font.fill(0, 0xb0 * 14, 0xe0 * 14);
  drawBoxGlyphs(font, 14);
  return font;
})();

/** 256 glyphs of 8 bytes. */
export const font8x8: Uint8Array = drawFont({
  height: 8,
  top: 0,
  xHeight: 2,
  baseline: 6,
  capitalMark: 0,
  smallMark: 0,
  markedCapital: 2,
  ascii: ascii8,
  special: { ...parseAll(special16, 7), ...parseAll(special8, 8) },
  accents: accents8,
});
