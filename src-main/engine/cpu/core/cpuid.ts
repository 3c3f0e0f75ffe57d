// CPUID from a table that the board fills (cpuid-model.ts), with the bits that depend on state worked in. The table also
// says what the privileged instructions need to know of the model. All of it is configuration: not saved by the core,
// written before the first `run`.
//
//   CPUID_TABLE +0 u32 entries   +4 u32 vendor (0 Intel-like, 1 AMD-like)   +8 u32 local APIC id   +12 u32 signature (EDX at reset)
//               +16 u64 CR4 bits that may be set   +24 u64 XCR0 bits that may be set   +32 u32 physical address bits
//               +36 u32 microcode revision   +40 u64 EFER bits that may be set   +48 u32 CPUID_FEATURE_* bits
//   from +64: entries of 32 bytes {leaf, subleaf, eax, ebx, ecx, edx, flags (1: subleaf counts), 0}

import { CPU_APIC_BASE, CPU_CR4, CPU_GPR, CPU_XCR0 } from './layout';
import { UD, raise } from './fault';
import { is64 } from './segment';

export const CPUID_TABLE: usize = 0xf000;
export const CPUID_ENTRIES: usize = CPUID_TABLE + 64;
const ENTRY_SIZE: u32 = 32;
const MAX_ENTRIES: u32 = 64;

export const FEATURE_CPUID: u32 = 1;
export const FEATURE_TSC: u32 = 2;
export const FEATURE_SEP: u32 = 4;
export const FEATURE_RDTSCP: u32 = 8;
export const FEATURE_APIC: u32 = 16;
export const FEATURE_MTRR: u32 = 32;
export const FEATURE_PAT: u32 = 64;
export const FEATURE_MCA: u32 = 128;
export const FEATURE_MSR: u32 = 256;
export const FEATURE_TSC_ADJUST: u32 = 512;

export function isAmd(): bool {
  return load<u32>(CPUID_TABLE + 4) == 1;
}
export function apicId(): u32 {
  return load<u32>(CPUID_TABLE + 8);
}
export function modelSignature(): u32 {
  return load<u32>(CPUID_TABLE + 12);
}
export function allowedCr4(): u64 {
  return load<u64>(CPUID_TABLE + 16);
}
export function allowedXcr0(): u64 {
  return load<u64>(CPUID_TABLE + 24);
}
export function physicalBits(): u32 {
  return load<u32>(CPUID_TABLE + 32);
}
export function microcodeRevision(): u32 {
  return load<u32>(CPUID_TABLE + 36);
}
export function allowedEfer(): u64 {
  return load<u64>(CPUID_TABLE + 40);
}
export function hasFeature(bit: u32): bool {
  return (load<u32>(CPUID_TABLE + 48) & bit) != 0;
}

/** Host address of the entry for a leaf, 0 if there is none. */
function findEntry(leaf: u32, subleaf: u32): usize {
  const count = min<u32>(load<u32>(CPUID_TABLE), MAX_ENTRIES);
  for (let i: u32 = 0; i < count; i++) {
    const at = CPUID_ENTRIES + i * ENTRY_SIZE;
    if (load<u32>(at) == leaf && (!(load<u32>(at + 24) & 1) || load<u32>(at + 4) == subleaf)) return at;
  }
  return 0;
}

function isBeyond(leaf: u32): bool {
  const range = leaf & 0xffff0000;
  const first = findEntry(range, 0);
  return !first || leaf > load<u32>(first + 8);
}

export function cpuidExec(): void {
  if (!hasFeature(FEATURE_CPUID)) raise(UD);
  let leaf = load<u32>(CPU_GPR);
  const subleaf = load<u32>(CPU_GPR + 8);
  // Intel answers an unknown leaf with its highest basic one, AMD with zeros.
  if (isBeyond(leaf) && !isAmd()) {
    const basic = findEntry(0, 0);
    if (basic) leaf = load<u32>(basic + 8);
  }
  let eax: u32 = 0;
  let ebx: u32 = 0;
  let ecx: u32 = 0;
  let edx: u32 = 0;
  const at = findEntry(leaf, subleaf);
  if (at) {
    eax = load<u32>(at + 8);
    ebx = load<u32>(at + 12);
    ecx = load<u32>(at + 16);
    edx = load<u32>(at + 20);
  }
  const isApicEnabled = (load<u64>(CPU_APIC_BASE) & 0x800) != 0;
  if (leaf == 1) {
    ebx = (ebx & 0x00ffffff) | (apicId() << 24);
    ecx &= ~(<u32>(1 << 27));
    if (load<u64>(CPU_CR4) & (1 << 18)) ecx |= 1 << 27;
    if (!isApicEnabled) edx &= ~(<u32>(1 << 9));
  } else if (leaf == 0xb) {
    ecx = (ecx & ~(<u32>0xff)) | (subleaf & 0xff);
    edx = apicId();
  } else if (leaf == 0xd && subleaf == 0) {
    ebx = xsaveSize();
  } else if (leaf == 0x80000001) {
    if (isAmd()) {
      if (!isApicEnabled) edx &= ~(<u32>(1 << 9));
    } else if (!is64()) edx &= ~(<u32>(1 << 11));
  } else if (leaf == 0x8000001e) {
    eax = apicId();
  }
  store<u64>(CPU_GPR, <u64>eax);
  store<u64>(CPU_GPR + 3 * 8, <u64>ebx);
  store<u64>(CPU_GPR + 8, <u64>ecx);
  store<u64>(CPU_GPR + 2 * 8, <u64>edx);
}

/** Bytes of the XSAVE area for what XCR0 has enabled now. */
function xsaveSize(): u32 {
  return load<u64>(CPU_XCR0) & 4 ? 832 : 576;
}
