// AES-NI (FIPS 197 in the form of the Intel AES white paper), PCLMULQDQ and CRC32. No tables in memory: the S-boxes are sixteen
// 16-byte constants each, looked up with swizzles, which give zero for indices outside their slice.

/** Slice i of a 256-byte table: bytes of x in [16 i, 16 i + 15] select, all others give zero. */
// @ts-ignore: decorator
@inline
function slice(table: v128, x: v128, i: i32): v128 {
  return i8x16.swizzle(table, i8x16.sub(x, i8x16.splat(<i8>(i << 4))));
}

function substitute(x: v128): v128 {
  let r = slice(i8x16(99, 124, 119, 123, -14, 107, 111, -59, 48, 1, 103, 43, -2, -41, -85, 118), x, 0);
  r = v128.or(r, slice(i8x16(-54, -126, -55, 125, -6, 89, 71, -16, -83, -44, -94, -81, -100, -92, 114, -64), x, 1));
  r = v128.or(r, slice(i8x16(-73, -3, -109, 38, 54, 63, -9, -52, 52, -91, -27, -15, 113, -40, 49, 21), x, 2));
  r = v128.or(r, slice(i8x16(4, -57, 35, -61, 24, -106, 5, -102, 7, 18, -128, -30, -21, 39, -78, 117), x, 3));
  r = v128.or(r, slice(i8x16(9, -125, 44, 26, 27, 110, 90, -96, 82, 59, -42, -77, 41, -29, 47, -124), x, 4));
  r = v128.or(r, slice(i8x16(83, -47, 0, -19, 32, -4, -79, 91, 106, -53, -66, 57, 74, 76, 88, -49), x, 5));
  r = v128.or(r, slice(i8x16(-48, -17, -86, -5, 67, 77, 51, -123, 69, -7, 2, 127, 80, 60, -97, -88), x, 6));
  r = v128.or(r, slice(i8x16(81, -93, 64, -113, -110, -99, 56, -11, -68, -74, -38, 33, 16, -1, -13, -46), x, 7));
  r = v128.or(r, slice(i8x16(-51, 12, 19, -20, 95, -105, 68, 23, -60, -89, 126, 61, 100, 93, 25, 115), x, 8));
  r = v128.or(r, slice(i8x16(96, -127, 79, -36, 34, 42, -112, -120, 70, -18, -72, 20, -34, 94, 11, -37), x, 9));
  r = v128.or(r, slice(i8x16(-32, 50, 58, 10, 73, 6, 36, 92, -62, -45, -84, 98, -111, -107, -28, 121), x, 10));
  r = v128.or(r, slice(i8x16(-25, -56, 55, 109, -115, -43, 78, -87, 108, 86, -12, -22, 101, 122, -82, 8), x, 11));
  r = v128.or(r, slice(i8x16(-70, 120, 37, 46, 28, -90, -76, -58, -24, -35, 116, 31, 75, -67, -117, -118), x, 12));
  r = v128.or(r, slice(i8x16(112, 62, -75, 102, 72, 3, -10, 14, 97, 53, 87, -71, -122, -63, 29, -98), x, 13));
  r = v128.or(r, slice(i8x16(-31, -8, -104, 17, 105, -39, -114, -108, -101, 30, -121, -23, -50, 85, 40, -33), x, 14));
  r = v128.or(r, slice(i8x16(-116, -95, -119, 13, -65, -26, 66, 104, 65, -103, 45, 15, -80, 84, -69, 22), x, 15));
  return r;
}

function substituteInverse(x: v128): v128 {
  let r = slice(i8x16(82, 9, 106, -43, 48, 54, -91, 56, -65, 64, -93, -98, -127, -13, -41, -5), x, 0);
  r = v128.or(r, slice(i8x16(124, -29, 57, -126, -101, 47, -1, -121, 52, -114, 67, 68, -60, -34, -23, -53), x, 1));
  r = v128.or(r, slice(i8x16(84, 123, -108, 50, -90, -62, 35, 61, -18, 76, -107, 11, 66, -6, -61, 78), x, 2));
  r = v128.or(r, slice(i8x16(8, 46, -95, 102, 40, -39, 36, -78, 118, 91, -94, 73, 109, -117, -47, 37), x, 3));
  r = v128.or(r, slice(i8x16(114, -8, -10, 100, -122, 104, -104, 22, -44, -92, 92, -52, 93, 101, -74, -110), x, 4));
  r = v128.or(r, slice(i8x16(108, 112, 72, 80, -3, -19, -71, -38, 94, 21, 70, 87, -89, -115, -99, -124), x, 5));
  r = v128.or(r, slice(i8x16(-112, -40, -85, 0, -116, -68, -45, 10, -9, -28, 88, 5, -72, -77, 69, 6), x, 6));
  r = v128.or(r, slice(i8x16(-48, 44, 30, -113, -54, 63, 15, 2, -63, -81, -67, 3, 1, 19, -118, 107), x, 7));
  r = v128.or(r, slice(i8x16(58, -111, 17, 65, 79, 103, -36, -22, -105, -14, -49, -50, -16, -76, -26, 115), x, 8));
  r = v128.or(r, slice(i8x16(-106, -84, 116, 34, -25, -83, 53, -123, -30, -7, 55, -24, 28, 117, -33, 110), x, 9));
  r = v128.or(r, slice(i8x16(71, -15, 26, 113, 29, 41, -59, -119, 111, -73, 98, 14, -86, 24, -66, 27), x, 10));
  r = v128.or(r, slice(i8x16(-4, 86, 62, 75, -58, -46, 121, 32, -102, -37, -64, -2, 120, -51, 90, -12), x, 11));
  r = v128.or(r, slice(i8x16(31, -35, -88, 51, -120, 7, -57, 49, -79, 18, 16, 89, 39, -128, -20, 95), x, 12));
  r = v128.or(r, slice(i8x16(96, 81, 127, -87, 25, -75, 74, 13, 45, -27, 122, -97, -109, -55, -100, -17), x, 13));
  r = v128.or(r, slice(i8x16(-96, -32, 59, 77, -82, 42, -11, -80, -56, -21, -69, 60, -125, 83, -103, 97), x, 14));
  r = v128.or(r, slice(i8x16(23, 43, 4, 126, -70, 119, -42, 38, -31, 105, 20, 99, 85, 33, 12, 125), x, 15));
  return r;
}

// @ts-ignore: decorator
@inline
function shiftRows(x: v128): v128 {
  return i8x16.shuffle(x, x, 0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11);
}

// @ts-ignore: decorator
@inline
function shiftRowsInverse(x: v128): v128 {
  return i8x16.shuffle(x, x, 0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);
}

/** Every byte times x in GF(2^8). */
// @ts-ignore: decorator
@inline
function timesX(a: v128): v128 {
  return v128.xor(i8x16.shl(a, 1), v128.and(i8x16.shr_s(a, 7), i8x16.splat(0x1b)));
}

// @ts-ignore: decorator
@inline
function rotateColumns(a: v128): v128 {
  return i8x16.shuffle(a, a, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
}

// @ts-ignore: decorator
@inline
function swapColumnHalves(a: v128): v128 {
  return i8x16.shuffle(a, a, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

function mixColumns(a: v128): v128 {
  // 2 a0 + 3 a1 + a2 + a3 = x (a0 + a1) + a1 + (a2 + a3)
  const rotated = rotateColumns(a);
  const pair = v128.xor(a, rotated);
  return v128.xor(v128.xor(timesX(pair), rotated), swapColumnHalves(pair));
}

function mixColumnsInverse(a: v128): v128 {
  // The inverse is the forward matrix times (4 x^2-columns): add 4 (a0 + a2) to each element first.
  const four = timesX(timesX(v128.xor(a, swapColumnHalves(a))));
  return mixColumns(v128.xor(a, four));
}

/** 0F38 DB..DF: AESIMC, AESENC, AESENCLAST, AESDEC, AESDECLAST. */
export function aesRound(opcode: u32, a: v128, b: v128): v128 {
  switch (opcode) {
    case 0xdb: return mixColumnsInverse(b);
    case 0xdc: return v128.xor(mixColumns(substitute(shiftRows(a))), b);
    case 0xdd: return v128.xor(substitute(shiftRows(a)), b);
    case 0xde: return v128.xor(mixColumnsInverse(substituteInverse(shiftRowsInverse(a))), b);
    default: return v128.xor(substituteInverse(shiftRowsInverse(a)), b);
  }
}

export function aesKeyAssist(b: v128, imm: u32): v128 {
  const s = substitute(b);
  const spread = i8x16.shuffle(s, s, 4, 5, 6, 7, 5, 6, 7, 4, 12, 13, 14, 15, 13, 14, 15, 12);
  return v128.xor(spread, i32x4(0, <i32>imm, 0, <i32>imm));
}

/**
 * 32 x 32 bit carry-less product. With one bit in four the column sums of an ordinary product (at most 8) stay inside their four bits.
 */
function carrylessHalf(a: u64, b: u64): u64 {
  const m: u64 = 0x1111111111111111;
  const a0 = a & m;
  const a1 = a & (m << 1);
  const a2 = a & (m << 2);
  const a3 = a & (m << 3);
  const b0 = b & m;
  const b1 = b & (m << 1);
  const b2 = b & (m << 2);
  const b3 = b & (m << 3);
  return (((a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1)) & m) |
    (((a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2)) & (m << 1)) |
    (((a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3)) & (m << 2)) |
    (((a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0)) & (m << 3));
}

/** PCLMULQDQ's 64 x 64 bit product, by Karatsuba's method. */
export function carrylessProduct(a: u64, b: u64): v128 {
  const low = carrylessHalf(a & 0xffffffff, b & 0xffffffff);
  const high = carrylessHalf(a >> 32, b >> 32);
  const mid = carrylessHalf((a ^ (a >> 32)) & 0xffffffff, (b ^ (b >> 32)) & 0xffffffff) ^ low ^ high;
  return i64x2.replace_lane(i64x2.splat(low ^ (mid << 32)), 1, high ^ (mid >> 32));
}

/** Remainder of 32 bits by Barrett's method, bit-reflected: quotient by 1DEA713F1h, then times the polynomial 105EC76F1h. */
function reduce32(x: u32): u32 {
  const quotient = <u32>carrylessHalf(<u64>x, 0xdea713f1);
  return <u32>(carrylessHalf(<u64>quotient, 0x05ec76f1) >> 32) ^ quotient;
}

/** CRC32 of `bytes` bytes of `value`: polynomial 11EDC6F41h, bit-reflected. */
export function crc32c(crc: u32, value: u64, bytes: u32): u32 {
  if (bytes >= 4) {
    crc = reduce32(crc ^ <u32>value);
    return bytes == 4 ? crc : reduce32(crc ^ <u32>(value >> 32));
  }
  crc ^= bytes == 1 ? <u32>value & 0xff : <u32>value & 0xffff;
  for (let bit: u32 = 0; bit < bytes << 3; bit++) crc = (crc >> 1) ^ (0x82f63b78 & (0 - (crc & 1)));
  return crc;
}
