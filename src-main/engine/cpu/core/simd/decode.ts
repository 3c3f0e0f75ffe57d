// hot path: which opcodes of the 0F, 0F38 and 0F3A maps are MMX, SSE .. SSE4.2, AES, PCLMULQDQ, CRC32 (Intel SDM volume 2,
// appendix A, tables ). The identifier is map * 0x800 + (prefix selector) * 0x100 + opcode, with bit 13 for REX.W where
// it changes the instruction, so that the executor and the translator can switch on its parts.

/** The instruction has an immediate byte. */
export const SIMD_IMM8: u32 = 0x10000;
/** The instruction has no ModRM byte (EMMS). */
export const SIMD_NO_MODRM: u32 = 0x20000;

export const SIMD_NONE: u32 = 0;
export const SIMD_66: u32 = 1;
export const SIMD_F3: u32 = 2;
export const SIMD_F2: u32 = 3;
/** F2 together with a 16-bit operand size: only CRC32 tells it from F2. */
export const SIMD_F2_16: u32 = 4;

export const SIMD_MAP_SHIFT: u32 = 11;
export const SIMD_PREFIX_SHIFT: u32 = 8;
export const SIMD_REXW: u32 = 0x2000;

function allowed0f(prefix: u32, opcode: u32, isReg: bool): u32 {
  // 0 refused, 1 plain, 2 with imm8
  switch (prefix) {
    case SIMD_NONE:
      switch (opcode) {
        case 0x13: case 0x17: case 0x2b: case 0xc3: case 0xe7:
          return isReg ? 0 : 1;
        case 0x50: case 0xd7: case 0xf7:
          return isReg ? 1 : 0;
        case 0x71: case 0x72: case 0x73: case 0xc5:
          return isReg ? 2 : 0;
        case 0x70: case 0xc2: case 0xc4: case 0xc6:
          return 2;
        case 0x6c: case 0x6d: case 0xd0: case 0xd6: case 0xe6: case 0xf0: case 0xff:
          return 0;
        default:
          break;
      }
      if (opcode >= 0x10 && opcode <= 0x16) return 1;
      if (opcode >= 0x28 && opcode <= 0x2f) return 1;
      if (opcode >= 0x51 && opcode <= 0x6b) return 1;
      if (opcode == 0x6e || opcode == 0x6f || (opcode >= 0x74 && opcode <= 0x77)) return 1;
      if (opcode == 0x7e || opcode == 0x7f) return 1;
      return opcode >= 0xd1 ? 1 : 0;
    case SIMD_66:
      switch (opcode) {
        case 0x12: case 0x13: case 0x16: case 0x17: case 0x2b: case 0xe7:
          return isReg ? 0 : 1;
        case 0x50: case 0xd7: case 0xf7:
          return isReg ? 1 : 0;
        case 0x71: case 0x72: case 0x73: case 0xc5:
          return isReg ? 2 : 0;
        case 0x70: case 0xc2: case 0xc4: case 0xc6:
          return 2;
        case 0x52: case 0x53: case 0x77: case 0xf0: case 0xff:
          return 0;
        default:
          break;
      }
      if (opcode == 0x10 || opcode == 0x11 || opcode == 0x14 || opcode == 0x15) return 1;
      if (opcode >= 0x28 && opcode <= 0x2f) return 1;
      if (opcode == 0x5b) return 1;
      if (opcode >= 0x51 && opcode <= 0x6f) return 1;
      if (opcode >= 0x74 && opcode <= 0x76) return 1;
      if (opcode >= 0x7c && opcode <= 0x7f) return 1;
      return opcode >= 0xd0 ? 1 : 0;
    case SIMD_F3:
      switch (opcode) {
        case 0x10: case 0x11: case 0x12: case 0x16: case 0x2a: case 0x2c: case 0x2d:
        case 0x51: case 0x52: case 0x53: case 0x58: case 0x59: case 0x5a: case 0x5b: case 0x5c: case 0x5d: case 0x5e: case 0x5f:
        case 0x6f: case 0x7e: case 0x7f: case 0xe6:
          return 1;
        case 0xd6:
          return isReg ? 1 : 0;
        case 0x70: case 0xc2:
          return 2;
        default:
          return 0;
      }
    default:
      switch (opcode) {
        case 0x10: case 0x11: case 0x12: case 0x2a: case 0x2c: case 0x2d:
        case 0x51: case 0x58: case 0x59: case 0x5a: case 0x5c: case 0x5d: case 0x5e: case 0x5f:
        case 0x7c: case 0x7d: case 0xd0: case 0xe6:
          return 1;
        case 0xd6:
          return isReg ? 1 : 0;
        case 0xf0:
          return isReg ? 0 : 1;
        case 0x70: case 0xc2:
          return 2;
        default:
          return 0;
      }
  }
}

function allowed0f38(prefix: u32, opcode: u32, isReg: bool): bool {
  if (prefix >= SIMD_F2) return opcode == 0xf0 || opcode == 0xf1;
  if (prefix == SIMD_F3) return false;
  if (opcode <= 0x0b || (opcode >= 0x1c && opcode <= 0x1e)) return true;
  if (prefix == SIMD_NONE) return false;
  switch (opcode) {
    case 0x10: case 0x14: case 0x15: case 0x17:
    case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: case 0x25: case 0x28: case 0x29: case 0x2b:
    case 0x30: case 0x31: case 0x32: case 0x33: case 0x34: case 0x35: case 0x37:
    case 0x38: case 0x39: case 0x3a: case 0x3b: case 0x3c: case 0x3d: case 0x3e: case 0x3f:
    case 0x40: case 0x41: case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf:
      return true;
    case 0x2a:
      return !isReg;
    default:
      return false;
  }
}

function allowed0f3a(prefix: u32, opcode: u32): bool {
  if (prefix == SIMD_NONE) return opcode == 0x0f;
  if (prefix != SIMD_66) return false;
  if (opcode >= 0x08 && opcode <= 0x0f) return true;
  switch (opcode) {
    case 0x14: case 0x15: case 0x16: case 0x17: case 0x20: case 0x21: case 0x22:
    case 0x40: case 0x41: case 0x42: case 0x44: case 0x60: case 0x61: case 0x62: case 0x63: case 0xdf:
      return true;
    default:
      return false;
  }
}

/** Whether REX.W chooses another operand size. */
function usesRexW(map: u32, prefix: u32, opcode: u32): bool {
  if (map == 0) {
    if (prefix >= SIMD_F3) return opcode == 0x2a || opcode == 0x2c || opcode == 0x2d;
    return opcode == 0x6e || opcode == 0x7e || opcode == 0xc3;
  }
  if (map == 1) return prefix >= SIMD_F2;
  return opcode == 0x16 || opcode == 0x22 || opcode == 0x60 || opcode == 0x61;
}

/**
 * `map` 0 = 0F, 1 = 0F38, 2 = 0F3A; `prefix` 0 none, 1 = 66, 2 = F3, 3 = F2, 4 = F2 with 16-bit operand size (CRC32; equal to 3 for
 * every other instruction). Returns 0 for an undefined opcode.
 */
export function simdId(map: u32, prefix: u32, opcode: u32, isReg: u32, rexW: u32): u32 {
  let flags: u32 = 0;
  if (map == 0) {
    if (prefix == SIMD_F2_16) prefix = SIMD_F2;
    const kind = allowed0f(prefix, opcode, isReg != 0);
    if (kind == 0) return 0;
    if (kind == 2) flags = SIMD_IMM8;
    if (opcode == 0x77) flags = SIMD_NO_MODRM;
  } else if (map == 1) {
    if (!allowed0f38(prefix, opcode, isReg != 0)) return 0;
    if (prefix == SIMD_F2_16 && rexW != 0) prefix = SIMD_F2;
  } else {
    if (!allowed0f3a(prefix, opcode)) return 0;
    flags = SIMD_IMM8;
  }
  if (rexW != 0 && usesRexW(map, prefix, opcode)) flags |= SIMD_REXW;
  return flags | (map << SIMD_MAP_SHIFT) | (prefix << SIMD_PREFIX_SHIFT) | opcode;
}

/** Whether the memory form of what simdId() named writes its operand. */
export function isSimdStore(id: u32): bool {
  const opcode = id & 0xff;
  const prefix = (id >> SIMD_PREFIX_SHIFT) & 7;
  switch ((id >> SIMD_MAP_SHIFT) & 3) {
    case 0:
      switch (opcode) {
        case 0x11: case 0x7f: case 0xe7: case 0xf7:
          return true;
        case 0x13: case 0x17: case 0x29: case 0x2b: case 0xc3: case 0xd6:
          return true;
        case 0x7e:
          return prefix != SIMD_F3;
        default:
          return false;
      }
    case 1:
      return false;
    default:
      return opcode >= 0x14 && opcode <= 0x17;
  }
}

/** Bytes of its memory operand. */
export function simdBytes(id: u32): u32 {
  const opcode = id & 0xff;
  const prefix = (id >> SIMD_PREFIX_SHIFT) & 7;
  const general: u32 = id & SIMD_REXW ? 8 : 4;
  const map = (id >> SIMD_MAP_SHIFT) & 3;
  if (map == 1) {
    if (prefix == SIMD_NONE) return 8;
    if (prefix >= SIMD_F2) return opcode == 0xf0 ? 1 : prefix == SIMD_F2_16 ? 2 : general;
    if (opcode >= 0x20 && opcode <= 0x35 && (opcode & 0xf) <= 5) {
      const form = opcode & 0xf;
      return form == 2 ? 2 : form == 1 || form == 4 ? 4 : 8;
    }
    return 16;
  }
  if (map == 2) {
    switch (opcode) {
      case 0x0a: case 0x17: case 0x21:
        return 4;
      case 0x0b:
        return 8;
      case 0x0f:
        return prefix == SIMD_NONE ? 8 : 16;
      case 0x14: case 0x20:
        return 1;
      case 0x15:
        return 2;
      case 0x16: case 0x22:
        return general;
      default:
        return 16;
    }
  }
  switch (opcode) {
    case 0x6e: case 0xc3:
      return general;
    case 0x7e:
      return prefix == SIMD_F3 ? 8 : general;
    case 0xc4:
      return 2;
    case 0x13: case 0x17: case 0xd6:
      return 8;
    case 0x12: case 0x16:
      return prefix == SIMD_F3 ? 16 : 8;
    case 0x2e: case 0x2f:
      return prefix == SIMD_NONE ? 4 : 8;
    case 0x2a:
      return prefix >= SIMD_F3 ? general : 8;
    case 0x2c: case 0x2d:
      return prefix == SIMD_66 ? 16 : prefix == SIMD_F3 ? 4 : 8;
    case 0x5b:
      return 16;
    case 0x5a:
      return prefix == SIMD_66 ? 16 : prefix == SIMD_F3 ? 4 : 8;
    case 0x6f: case 0x7f: case 0x70: case 0xe6:
      return prefix == SIMD_NONE || (opcode == 0xe6 && prefix == SIMD_F3) ? 8 : 16;
    case 0xf0:
      return 16;
    default:
      break;
  }
  if (prefix == SIMD_F3) return 4;
  if (prefix == SIMD_F2) return opcode == 0x7c || opcode == 0x7d || opcode == 0xd0 ? 16 : 8;
  // Unprefixed: MMX from 60h on, PUNPCKL reading half, except CMPPS and SHUFPS.
  if (prefix == SIMD_66 || opcode < 0x60 || opcode == 0xc2 || opcode == 0xc6) return 16;
  return opcode <= 0x62 ? 4 : 8;
}
