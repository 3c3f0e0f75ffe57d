// Box drawing, shades and blocks of CP437, computed for any cell height so that lines meet between cells.

/** Strokes of 0xb3..0xda: how many lines leave the cell's centre up, down, left and right. */
const boxArms =
  '1100 1110 1120 2210 0210 0120 2220 2200 0220 2020 2010 1020 0110 1001 1011 0111 1101 0011 1111 1102 2201 2002 0202 ' +
  '2022 0222 2202 0022 2222 1022 2011 0122 0211 2001 1002 0102 0201 2211 1122 1010 0101';

// Columns of a single vertical stroke, and of the two of a double one.
const single = [3, 4] as const;
const doubleLeft = [1, 2] as const;
const doubleRight = [5, 6] as const;

function fill(rows: Uint8Array, y: readonly [number, number], x: readonly [number, number], isSet: boolean): void {
  let mask = 0;
  for (let column = x[0]; column <= x[1]; column++) mask |= 0x80 >> column;
  for (let row = y[0]; row <= y[1]; row++) rows[row] = isSet ? rows[row]! | mask : rows[row]! & ~mask;
}

function drawBox(rows: Uint8Array, up: number, down: number, left: number, right: number): void {
  const vertical = Math.max(up, down);
  const horizontal = Math.max(left, right);
  const bottom = rows.length - 1;
  const middle = bottom >> 1;
  const edges = vertical === 2 ? ([doubleLeft[0], doubleRight[1]] as const) : single;
  const band = horizontal === 2 ? ([middle - 1, middle + 1] as const) : ([middle, middle] as const);
  if (horizontal === 2) fill(rows, band, [left ? 0 : edges[0], right ? 7 : edges[1]], true);
  if (vertical === 2) fill(rows, [up ? 0 : band[0], down ? bottom : band[1]], edges, true);
  // Double strokes are bands with their middle taken out again; the middles of meeting bands join.
  const isOpen = vertical === 2;
  if (horizontal === 2) {
    fill(rows, [middle, middle], [left ? 0 : isOpen ? single[0] : 5, right ? 7 : isOpen ? single[1] : 2], false);
  }
  if (vertical === 2) {
    const inset = horizontal === 2 ? 0 : 1;
    fill(rows, [up ? 0 : middle + inset, down ? bottom : middle - inset], single, false);
  }
  // A single stroke ends at the far side of a corner, at the near side of a line that goes through.
  if (vertical === 1) {
    const isThrough = horizontal === 2 && left === right;
    fill(rows, [up ? 0 : isThrough ? band[1] : band[0], down ? bottom : isThrough ? band[0] : band[1]], single, true);
  }
  if (horizontal === 1) {
    const isThrough = vertical === 2 && up === down;
    const from = left ? 0 : isThrough ? doubleRight[0] : edges[0];
    const to = right ? 7 : isThrough ? doubleLeft[1] : edges[1];
    fill(rows, [middle, middle], [from, to], true);
  }
}

/** Draws 0xb0..0xdf into `font`, `height` bytes a glyph. */
export function drawBoxGlyphs(font: Uint8Array, height: number): void {
  const glyph = (code: number): Uint8Array => font.subarray(code * height, (code + 1) * height);
  for (let y = 0; y < height; y++) {
    glyph(0xb0)[y] = y & 1 ? 0x88 : 0x22;
    glyph(0xb1)[y] = y & 1 ? 0xaa : 0x55;
    glyph(0xb2)[y] = y & 1 ? 0x77 : 0xdd;
  }
  boxArms.split(' ').forEach((arms, i) => {
    const [up, down, left, right] = Array.from(arms, Number) as [number, number, number, number];
    drawBox(glyph(0xb3 + i), up, down, left, right);
  });
  const half = height >> 1;
  glyph(0xdb).fill(0xff);
  glyph(0xdc).fill(0xff, half);
  glyph(0xdd).fill(0xf0);
  glyph(0xde).fill(0x0f);
  glyph(0xdf).fill(0xff, 0, half);
}
