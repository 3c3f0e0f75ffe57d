// FNSTENV, FLDENV, FNSAVE, FRSTOR: the 14- and 28-byte environment images in their protected-mode and real-mode
// (also virtual-8086) formats. Intel SDM volume 1, figures 8-9 to 8-12.
import {
  CPU_FPU_CW, CPU_FPU_EMPTY, CPU_FPU_FCS, CPU_FPU_FDP, CPU_FPU_FDS, CPU_FPU_FIP, CPU_FPU_FOP, CPU_FPU_SW, CPU_FPU_TOP,
  CPU_MODE,
} from '../layout';
import { ld16, ld32, ld64, probeRead, probeWrite, st16, st32, st64 } from '../mmu';
import { put, seAt, setStatusWord, setTagWord, sigAt, slot, statusWord, tagWord, updateSummary } from './stack';

const MODE_PE: u32 = 1 << 3;
const MODE_VM: u32 = 1 << 4;

@inline function hasSelectors(): bool {
  return (load<u32>(CPU_MODE) & (MODE_PE | MODE_VM)) == MODE_PE;
}

/** CW as software sees it: bit 6 reads as one, the reserved upper bits as zero. */
@inline export function setControlWord(value: u32): void {
  store<u32>(CPU_FPU_CW, (value & 0x1f3f) | 0x40);
}

export function initialize(): void {
  store<u32>(CPU_FPU_CW, 0x37f);
  store<u32>(CPU_FPU_SW, 0);
  store<u32>(CPU_FPU_TOP, 0);
  store<u32>(CPU_FPU_EMPTY, 0xff);
  store<u32>(CPU_FPU_FOP, 0);
  store<u64>(CPU_FPU_FIP, 0);
  store<u32>(CPU_FPU_FCS, 0);
  store<u64>(CPU_FPU_FDP, 0);
  store<u32>(CPU_FPU_FDS, 0);
}

function storeImage16(at: u64): void {
  const fip = load<u32>(CPU_FPU_FIP);
  const fdp = load<u32>(CPU_FPU_FDP);
  st16(at, load<u32>(CPU_FPU_CW));
  st16(at + 2, statusWord());
  st16(at + 4, tagWord());
  if (hasSelectors()) {
    st16(at + 6, fip & 0xffff);
    st16(at + 8, load<u32>(CPU_FPU_FCS));
    st16(at + 10, fdp & 0xffff);
    st16(at + 12, load<u32>(CPU_FPU_FDS));
  } else {
    const ip = fip + (load<u32>(CPU_FPU_FCS) << 4);
    const dp = fdp + (load<u32>(CPU_FPU_FDS) << 4);
    st16(at + 6, ip & 0xffff);
    st16(at + 8, ((ip >> 4) & 0xf000) | load<u32>(CPU_FPU_FOP));
    st16(at + 10, dp & 0xffff);
    st16(at + 12, (dp >> 4) & 0xf000);
  }
}

function storeImage32(at: u64): void {
  const fip = load<u32>(CPU_FPU_FIP);
  const fdp = load<u32>(CPU_FPU_FDP);
  st32(at, load<u32>(CPU_FPU_CW) | 0xffff0000);
  st32(at + 4, statusWord() | 0xffff0000);
  st32(at + 8, tagWord() | 0xffff0000);
  if (hasSelectors()) {
    st32(at + 12, fip);
    st32(at + 16, load<u32>(CPU_FPU_FCS) | (load<u32>(CPU_FPU_FOP) << 16));
    st32(at + 20, fdp);
    st32(at + 24, load<u32>(CPU_FPU_FDS) | 0xffff0000);
  } else {
    const ip = fip + (load<u32>(CPU_FPU_FCS) << 4);
    const dp = fdp + (load<u32>(CPU_FPU_FDS) << 4);
    st32(at + 12, (ip & 0xffff) | 0xffff0000);
    st32(at + 16, ((ip >> 4) & 0x0ffff000) | load<u32>(CPU_FPU_FOP));
    st32(at + 20, (dp & 0xffff) | 0xffff0000);
    st32(at + 24, (dp >> 4) & 0x0ffff000);
  }
}

/** Bytes of the environment image. */
@inline function imageSize(opSize: u32): u32 {
  return opSize == 2 ? 14 : 28;
}

function storeImage(at: u64, opSize: u32): void {
  if (opSize == 2) storeImage16(at);
  else storeImage32(at);
}

export function storeEnvironment(at: u64, opSize: u32): void {
  probeWrite(at, imageSize(opSize));
  storeImage(at, opSize);
  // FNSTENV masks all exceptions after it has stored the control word.
  store<u32>(CPU_FPU_CW, load<u32>(CPU_FPU_CW) | 0x3f);
  updateSummary();
}

export function loadEnvironment(at: u64, opSize: u32): void {
  let control: u32;
  let status: u32;
  let tags: u32;
  let fip: u32;
  let fcs: u32;
  let fdp: u32;
  let fds: u32;
  let fop: u32 = load<u32>(CPU_FPU_FOP);
  if (opSize == 2) {
    control = <u32>ld16(at);
    status = <u32>ld16(at + 2);
    tags = <u32>ld16(at + 4);
    fip = <u32>ld16(at + 6);
    fcs = <u32>ld16(at + 8);
    fdp = <u32>ld16(at + 10);
    fds = <u32>ld16(at + 12);
    if (!hasSelectors()) {
      fop = fcs & 0x7ff;
      fip |= (fcs & 0xf000) << 4;
      fdp |= (fds & 0xf000) << 4;
      fcs = 0;
      fds = 0;
    }
  } else {
    control = <u32>ld16(at);
    status = <u32>ld16(at + 4);
    tags = <u32>ld16(at + 8);
    fip = <u32>ld32(at + 12);
    fcs = <u32>ld32(at + 16);
    fdp = <u32>ld32(at + 20);
    fds = <u32>ld32(at + 24);
    if (hasSelectors()) {
      fop = (fcs >> 16) & 0x7ff;
      fcs &= 0xffff;
      fds &= 0xffff;
    } else {
      fop = fcs & 0x7ff;
      fip = (fip & 0xffff) | ((fcs & 0x0ffff000) << 4);
      fdp = (fdp & 0xffff) | ((fds & 0x0ffff000) << 4);
      fcs = 0;
      fds = 0;
    }
  }
  setControlWord(control);
  setStatusWord(status);
  setTagWord(tags);
  updateSummary();
  store<u32>(CPU_FPU_FOP, fop);
  store<u64>(CPU_FPU_FIP, <u64>fip);
  store<u32>(CPU_FPU_FCS, fcs);
  store<u64>(CPU_FPU_FDP, <u64>fdp);
  store<u32>(CPU_FPU_FDS, fds);
}

export function saveState(at: u64, opSize: u32): void {
  const size = imageSize(opSize);
  probeWrite(at, 64);
  probeWrite(at + size + 80 - 64, 64);
  storeImage(at, opSize);
  at += size;
  for (let i: u32 = 0; i < 8; i++) {
    st64(at, sigAt(slot(i)));
    st16(at + 8, seAt(slot(i)));
    at += 10;
  }
  initialize();
}

export function restoreState(at: u64, opSize: u32): void {
  const registers = at + imageSize(opSize);
  // A fault must come before any change.
  probeRead(registers + 16, 64);
  loadEnvironment(at, opSize);
  const empty = load<u32>(CPU_FPU_EMPTY);
  for (let i: u32 = 0; i < 8; i++) {
    const from = registers + 10 * i;
    put(slot(i), <u32>ld16(from + 8), ld64(from));
  }
  store<u32>(CPU_FPU_EMPTY, empty);
}
