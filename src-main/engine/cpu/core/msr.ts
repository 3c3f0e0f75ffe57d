// RDMSR and WRMSR. Intel SDM vol. 4, AMD APM vol. 2 appendix A. The board owns the local APIC's registers, the TSC deadline
// and the hypervisor ranges (imports msrRead, msrWrite); everything else lives in the core. Registers that guests only
// expect to exist keep what is written. Unknown ones raise #GP, as operating systems probe for that.

import {
  CPU_APIC_BASE,
  CPU_CR0,
  CPU_CSTAR,
  CPU_EFER,
  CPU_FMASK,
  CPU_GPR,
  CPU_KERNEL_GS_BASE,
  CPU_LSTAR,
  CPU_MISC_ENABLE,
  CPU_MSR_STORE,
  CPU_MTRR_DEF_TYPE,
  CPU_MTRR_FIXED,
  CPU_MTRR_VAR,
  CPU_PAT,
  CPU_SCRATCH,
  CPU_STAR,
  CPU_SYSENTER_CS,
  CPU_SYSENTER_EIP,
  CPU_SYSENTER_ESP,
  CPU_TSC_ADJUST,
  CPU_TSC_AUX,
  CPU_TSC_OFFSET,
  FS,
  GS,
  SEG_BASE,
} from './layout';
import { msrRead, msrWrite, tscNow } from './env';
import { GP, UD, raise, raiseError } from './fault';
import { flushTlbAll } from './mmu';
import {
  FEATURE_APIC,
  FEATURE_MCA,
  FEATURE_MSR,
  FEATURE_MTRR,
  FEATURE_PAT,
  FEATURE_RDTSCP,
  FEATURE_SEP,
  FEATURE_TSC,
  FEATURE_TSC_ADJUST,
  allowedEfer,
  hasFeature,
  isAmd,
  microcodeRevision,
  physicalBits,
} from './cpuid';
import { isCanonical, segAt } from './segment';
import { readTsc, requireSupervisor, updateMode } from './sysops';

const EFER_LME: u64 = 0x100;
const EFER_LMA: u64 = 0x400;
const EFER_NXE: u64 = 0x800;

const IA32_TSC: u32 = 0x10;
const IA32_PLATFORM_ID: u32 = 0x17;
const IA32_APIC_BASE: u32 = 0x1b;
const IA32_TSC_ADJUST: u32 = 0x3b;
const IA32_BIOS_UPDT_TRIG: u32 = 0x79;
const IA32_BIOS_SIGN_ID: u32 = 0x8b;
const IA32_MTRRCAP: u32 = 0xfe;
const IA32_SYSENTER_CS: u32 = 0x174;
const IA32_SYSENTER_ESP: u32 = 0x175;
const IA32_SYSENTER_EIP: u32 = 0x176;
const IA32_MCG_CAP: u32 = 0x179;
const IA32_MISC_ENABLE: u32 = 0x1a0;
const IA32_PAT: u32 = 0x277;
const IA32_MTRR_DEF_TYPE: u32 = 0x2ff;
const IA32_TSC_DEADLINE: u32 = 0x6e0;
const IA32_EFER: u32 = 0xc0000080;
const IA32_STAR: u32 = 0xc0000081;
const IA32_LSTAR: u32 = 0xc0000082;
const IA32_CSTAR: u32 = 0xc0000083;
const IA32_FMASK: u32 = 0xc0000084;
const IA32_FS_BASE: u32 = 0xc0000100;
const IA32_GS_BASE: u32 = 0xc0000101;
const IA32_KERNEL_GS_BASE: u32 = 0xc0000102;
const IA32_TSC_AUX: u32 = 0xc0000103;
const MSR_AMD_PATCH_LOADER: u32 = 0xc0010020;

/** VCNT 8, fixed ranges, write combining. */
const MTRR_CAPABILITIES: u64 = 0x508;
const PAT_RESET: u64 = 0x0007040600070406;
/** Fast strings, branch trace and precise sampling unavailable. */
const MISC_ENABLE_RESET: u64 = 0x1801;
/** HWCR bit 24: the TSC runs at the P0 frequency. */
const HWCR_RESET: u64 = 0x01000000;
/** DE_CFG bit 1: LFENCE is serializing. */
const DE_CFG_RESET: u64 = 2;

// Slots of CPU_MSR_STORE. Saved state: append only.
const SLOT_MCG_STATUS: i32 = 0;
const SLOT_MCG_CTL: i32 = 1;
const SLOT_DEBUGCTL: i32 = 2;
const SLOT_SPEC_CTRL: i32 = 3;
const SLOT_FEATURE_CONTROL: i32 = 4;
const SLOT_HWCR: i32 = 8;
const SLOT_DE_CFG: i32 = 9;
const SLOT_SYSCFG: i32 = 10;
const SLOT_TOP_MEM: i32 = 11;
const SLOT_TOP_MEM2: i32 = 12;
const SLOT_LS_CFG: i32 = 13;
const SLOT_IC_CFG: i32 = 14;
const SLOT_DC_CFG: i32 = 15;
const SLOT_BU_CFG2: i32 = 16;
const SLOT_VM_CR: i32 = 17;
const SLOT_INT_PENDING: i32 = 18;
const SLOT_TSC_RATIO: i32 = 19;
const SLOT_PERF_CTL: i32 = 20;
const SLOT_ENERGY_BIAS: i32 = 21;
const SLOT_EBL_CR_POWERON: i32 = 22;
const SLOT_THERM_INTERRUPT: i32 = 23;

function slot(index: i32): usize {
  return CPU_MSR_STORE + <u32>index * 8;
}

export function resetMsrs(): void {
  store<u64>(CPU_APIC_BASE, 0xfee00900);
  store<u64>(CPU_PAT, PAT_RESET);
  store<u64>(CPU_MISC_ENABLE, MISC_ENABLE_RESET);
  store<u64>(slot(SLOT_HWCR), HWCR_RESET);
  store<u64>(slot(SLOT_DE_CFG), DE_CFG_RESET);
}

/** Host address of a register that is stored and read back as it is, 0 if there is no such. */
function storedAt(index: u32): usize {
  switch (index) {
    case 0x17a:
      return hasFeature(FEATURE_MCA) ? slot(SLOT_MCG_STATUS) : 0;
    case 0x17b:
      return hasFeature(FEATURE_MCA) ? slot(SLOT_MCG_CTL) : 0;
    case 0x1d9:
      return slot(SLOT_DEBUGCTL);
    case 0x48:
      return slot(SLOT_SPEC_CTRL);
    case IA32_MISC_ENABLE:
      return CPU_MISC_ENABLE;
    case IA32_STAR:
      return CPU_STAR;
    case IA32_FMASK:
      return CPU_FMASK;
  }
  if (!isAmd()) {
    switch (index) {
      case 0x3a:
        return slot(SLOT_FEATURE_CONTROL);
      case 0x2a:
        return slot(SLOT_EBL_CR_POWERON);
      case 0x199:
        return slot(SLOT_PERF_CTL);
      case 0x19b:
        return slot(SLOT_THERM_INTERRUPT);
      case 0x1b0:
        return slot(SLOT_ENERGY_BIAS);
    }
    return 0;
  }
  switch (index) {
    case 0xc0010010:
      return slot(SLOT_SYSCFG);
    case 0xc0010015:
      return slot(SLOT_HWCR);
    case 0xc001001a:
      return slot(SLOT_TOP_MEM);
    case 0xc001001d:
      return slot(SLOT_TOP_MEM2);
    case 0xc0010055:
      return slot(SLOT_INT_PENDING);
    case 0xc0010114:
      return slot(SLOT_VM_CR);
    case 0xc0000104:
      return slot(SLOT_TSC_RATIO);
    case 0xc0011020:
      return slot(SLOT_LS_CFG);
    case 0xc0011021:
      return slot(SLOT_IC_CFG);
    case 0xc0011022:
      return slot(SLOT_DC_CFG);
    case 0xc0011029:
      return slot(SLOT_DE_CFG);
    case 0xc001102a:
      return slot(SLOT_BU_CFG2);
  }
  return 0;
}

/** Host address of an MTRR, 0 if `index` is none. */
function mtrrAt(index: u32): usize {
  if (!hasFeature(FEATURE_MTRR)) return 0;
  if (index >= 0x200 && index < 0x210) return CPU_MTRR_VAR + <u32>(index - 0x200) * 8;
  if (index == 0x250) return CPU_MTRR_FIXED;
  if (index == 0x258 || index == 0x259) return CPU_MTRR_FIXED + <u32>(index - 0x257) * 8;
  if (index >= 0x268 && index < 0x270) return CPU_MTRR_FIXED + <u32>(index - 0x268 + 3) * 8;
  if (index == IA32_MTRR_DEF_TYPE) return CPU_MTRR_DEF_TYPE;
  return 0;
}

function isBoardMsr(index: u32): bool {
  return (
    index == IA32_TSC_DEADLINE ||
    (index >= 0x800 && index < 0x900) ||
    (index >= 0x40000000 && index < 0x40000200) ||
    (index >= 0x4b564d00 && index < 0x4b564e00) ||
    index == 0x11 ||
    index == 0x12
  );
}

function readMsr(index: u32): u64 {
  const stored = storedAt(index);
  if (stored) return load<u64>(stored);
  const mtrr = mtrrAt(index);
  if (mtrr) return load<u64>(mtrr);
  if (isBoardMsr(index)) {
    if (msrRead(index) != 1) raiseError(GP, 0);
    return load<u64>(CPU_SCRATCH);
  }
  switch (index) {
    case IA32_TSC:
      if (!hasFeature(FEATURE_TSC)) break;
      return readTsc();
    case IA32_PLATFORM_ID:
      return 0;
    case IA32_APIC_BASE:
      if (!hasFeature(FEATURE_APIC)) break;
      return msrRead(index) == 1 ? load<u64>(CPU_SCRATCH) : load<u64>(CPU_APIC_BASE);
    case IA32_TSC_ADJUST:
      if (!hasFeature(FEATURE_TSC_ADJUST)) break;
      return load<u64>(CPU_TSC_ADJUST);
    case IA32_BIOS_UPDT_TRIG:
      return 0;
    case IA32_BIOS_SIGN_ID:
      return isAmd() ? <u64>microcodeRevision() : (<u64>microcodeRevision()) << 32;
    case IA32_MTRRCAP:
      if (!hasFeature(FEATURE_MTRR)) break;
      return MTRR_CAPABILITIES;
    case IA32_SYSENTER_CS:
      if (!hasFeature(FEATURE_SEP)) break;
      return load<u64>(CPU_SYSENTER_CS);
    case IA32_SYSENTER_ESP:
      if (!hasFeature(FEATURE_SEP)) break;
      return load<u64>(CPU_SYSENTER_ESP);
    case IA32_SYSENTER_EIP:
      if (!hasFeature(FEATURE_SEP)) break;
      return load<u64>(CPU_SYSENTER_EIP);
    case IA32_MCG_CAP:
      // No banks. A P5's machine-check registers 0 and 1 are handled with the unknown ones.
      if (!hasFeature(FEATURE_MCA)) break;
      return 0;
    case IA32_PAT:
      if (!hasFeature(FEATURE_PAT)) break;
      return load<u64>(CPU_PAT);
    case 0xce:
      // PLATFORM_INFO: no ratios to report.
      if (isAmd()) break;
      return 0;
    case 0x198:
      if (isAmd()) break;
      return 0;
    case 0x19c:
      if (isAmd()) break;
      return 0;
    case IA32_EFER:
      if (!allowedEfer()) break;
      return load<u64>(CPU_EFER);
    case IA32_LSTAR:
      return load<u64>(CPU_LSTAR);
    case IA32_CSTAR:
      return load<u64>(CPU_CSTAR);
    case IA32_FS_BASE:
      return load<u64>(segAt(FS) + SEG_BASE);
    case IA32_GS_BASE:
      return load<u64>(segAt(GS) + SEG_BASE);
    case IA32_KERNEL_GS_BASE:
      return load<u64>(CPU_KERNEL_GS_BASE);
    case IA32_TSC_AUX:
      if (!hasFeature(FEATURE_RDTSCP)) break;
      return load<u64>(CPU_TSC_AUX);
  }
  raiseError(GP, 0);
  return 0;
}

function writeMsr(index: u32, value: u64): void {
  const stored = storedAt(index);
  if (stored) {
    store<u64>(stored, value);
    return;
  }
  const mtrr = mtrrAt(index);
  if (mtrr) {
    checkMtrr(index, value);
    store<u64>(mtrr, value);
    return;
  }
  if (isBoardMsr(index)) {
    if (msrWrite(index, <u32>value, <u32>(value >> 32)) == 0) raiseError(GP, 0);
    return;
  }
  switch (index) {
    case IA32_TSC: {
      if (!hasFeature(FEATURE_TSC)) break;
      const offset = value - <u64>tscNow();
      store<u64>(CPU_TSC_ADJUST, load<u64>(CPU_TSC_ADJUST) + (offset - load<u64>(CPU_TSC_OFFSET)));
      store<u64>(CPU_TSC_OFFSET, offset);
      return;
    }
    case IA32_APIC_BASE:
      if (!hasFeature(FEATURE_APIC) || value >> physicalBits()) break;
      if (msrWrite(index, <u32>value, <u32>(value >> 32)) == 0) break;
      store<u64>(CPU_APIC_BASE, value);
      return;
    case IA32_TSC_ADJUST:
      if (!hasFeature(FEATURE_TSC_ADJUST)) break;
      store<u64>(CPU_TSC_OFFSET, load<u64>(CPU_TSC_OFFSET) + (value - load<u64>(CPU_TSC_ADJUST)));
      store<u64>(CPU_TSC_ADJUST, value);
      return;
    case IA32_BIOS_UPDT_TRIG:
    case IA32_BIOS_SIGN_ID:
      return;
    case MSR_AMD_PATCH_LOADER:
      if (!isAmd()) break;
      return;
    case 0x49:
      // PRED_CMD: a command, nothing stays.
      return;
    case IA32_SYSENTER_CS:
      if (!hasFeature(FEATURE_SEP)) break;
      store<u64>(CPU_SYSENTER_CS, value & 0xffffffff);
      return;
    case IA32_SYSENTER_ESP:
      if (!hasFeature(FEATURE_SEP) || !isCanonical(value)) break;
      store<u64>(CPU_SYSENTER_ESP, value);
      return;
    case IA32_SYSENTER_EIP:
      if (!hasFeature(FEATURE_SEP) || !isCanonical(value)) break;
      store<u64>(CPU_SYSENTER_EIP, value);
      return;
    case IA32_PAT:
      if (!hasFeature(FEATURE_PAT) || !isPat(value)) break;
      store<u64>(CPU_PAT, value);
      return;
    case 0x19c:
      if (isAmd()) break;
      return;
    case IA32_EFER:
      if (!allowedEfer()) break;
      writeEfer(value);
      return;
    case IA32_LSTAR:
      if (!isCanonical(value)) break;
      store<u64>(CPU_LSTAR, value);
      return;
    case IA32_CSTAR:
      if (!isCanonical(value)) break;
      store<u64>(CPU_CSTAR, value);
      return;
    case IA32_FS_BASE:
      if (!isCanonical(value)) break;
      store<u64>(segAt(FS) + SEG_BASE, value);
      return;
    case IA32_GS_BASE:
      if (!isCanonical(value)) break;
      store<u64>(segAt(GS) + SEG_BASE, value);
      return;
    case IA32_KERNEL_GS_BASE:
      if (!isCanonical(value)) break;
      store<u64>(CPU_KERNEL_GS_BASE, value);
      return;
    case IA32_TSC_AUX:
      if (!hasFeature(FEATURE_RDTSCP)) break;
      store<u64>(CPU_TSC_AUX, value & 0xffffffff);
      return;
  }
  raiseError(GP, 0);
}

function writeEfer(value: u64): void {
  const old = load<u64>(CPU_EFER);
  // LMA follows CR0.PG; software may only write it back.
  if (value & ~(allowedEfer() | EFER_LMA)) raiseError(GP, 0);
  if ((old ^ value) & EFER_LME && load<u32>(CPU_CR0) >> 31) raiseError(GP, 0);
  store<u64>(CPU_EFER, (value & ~EFER_LMA) | (old & EFER_LMA));
  if ((old ^ value) & EFER_NXE) flushTlbAll();
  updateMode();
}

function isMemoryType(type: u64): bool {
  return type == 0 || type == 1 || type == 4 || type == 5 || type == 6;
}

/** Each PAT byte is a memory type, or UC- (7). */
function isPat(value: u64): bool {
  for (let i: u32 = 0; i < 8; i++) {
    const type = (value >> (i * 8)) & 0xff;
    if (type != 7 && !isMemoryType(type)) return false;
  }
  return true;
}

function checkMtrr(index: u32, value: u64): void {
  const addressBits = ((<u64>1) << physicalBits()) - 1;
  let isValid = true;
  if (index == IA32_MTRR_DEF_TYPE) isValid = !(value & ~(<u64>0xcff)) && isMemoryType(value & 0xff);
  else if (index >= 0x250) {
    for (let i: u32 = 0; i < 8; i++) if (!isMemoryType((value >> (i * 8)) & 0xff)) isValid = false;
  } else if (index & 1) isValid = !(value & ~(addressBits & ~(<u64>0x7ff)));
  else isValid = !(value & ~((addressBits & ~(<u64>0xfff)) | 0xff)) && isMemoryType(value & 0xff);
  if (!isValid) raiseError(GP, 0);
}

export function rdmsrExec(): void {
  if (!hasFeature(FEATURE_MSR)) raise(UD);
  requireSupervisor();
  const value = readMsr(load<u32>(CPU_GPR + 8));
  store<u64>(CPU_GPR, value & 0xffffffff);
  store<u64>(CPU_GPR + 2 * 8, value >> 32);
}

export function wrmsrExec(): void {
  if (!hasFeature(FEATURE_MSR)) raise(UD);
  requireSupervisor();
  writeMsr(load<u32>(CPU_GPR + 8), ((<u64>load<u32>(CPU_GPR + 2 * 8)) << 32) | <u64>load<u32>(CPU_GPR));
}
