// Names of the CPUID feature bits that the software processor can offer, and where each lies. A bit is listed only if the
// core implements what it promises. Names follow Linux's /proc/cpuinfo.

export type CpuidRegister = 'eax' | 'ebx' | 'ecx' | 'edx';

interface FeatureBit {
  readonly leaf: number;
  readonly register: CpuidRegister;
  readonly bit: number;
}

function at(leaf: number, register: CpuidRegister, bit: number): FeatureBit {
  return { leaf, register, bit };
}

export const cpuFeatureBits = {
  fpu: at(1, 'edx', 0),
  de: at(1, 'edx', 2),
  pse: at(1, 'edx', 3),
  tsc: at(1, 'edx', 4),
  msr: at(1, 'edx', 5),
  pae: at(1, 'edx', 6),
  mce: at(1, 'edx', 7),
  cx8: at(1, 'edx', 8),
  apic: at(1, 'edx', 9),
  sep: at(1, 'edx', 11),
  mtrr: at(1, 'edx', 12),
  pge: at(1, 'edx', 13),
  mca: at(1, 'edx', 14),
  cmov: at(1, 'edx', 15),
  pat: at(1, 'edx', 16),
  pse36: at(1, 'edx', 17),
  clflush: at(1, 'edx', 19),
  mmx: at(1, 'edx', 23),
  fxsr: at(1, 'edx', 24),
  sse: at(1, 'edx', 25),
  sse2: at(1, 'edx', 26),
  ht: at(1, 'edx', 28),
  pni: at(1, 'ecx', 0),
  pclmulqdq: at(1, 'ecx', 1),
  ssse3: at(1, 'ecx', 9),
  cx16: at(1, 'ecx', 13),
  sse4_1: at(1, 'ecx', 19),
  sse4_2: at(1, 'ecx', 20),
  x2apic: at(1, 'ecx', 21),
  popcnt: at(1, 'ecx', 23),
  tsc_deadline_timer: at(1, 'ecx', 24),
  aes: at(1, 'ecx', 25),
  xsave: at(1, 'ecx', 26),
  rdrand: at(1, 'ecx', 30),
  hypervisor: at(1, 'ecx', 31),
  tsc_adjust: at(7, 'ebx', 1),
  erms: at(7, 'ebx', 9),
  umip: at(7, 'ecx', 2),
  fsrm: at(7, 'edx', 4),
  lahf_lm: at(0x80000001, 'ecx', 0),
  cmp_legacy: at(0x80000001, 'ecx', 1),
  '3dnowprefetch': at(0x80000001, 'ecx', 8),
  syscall: at(0x80000001, 'edx', 11),
  nx: at(0x80000001, 'edx', 20),
  mmxext: at(0x80000001, 'edx', 22),
  pdpe1gb: at(0x80000001, 'edx', 26),
  rdtscp: at(0x80000001, 'edx', 27),
  lm: at(0x80000001, 'edx', 29),
  constant_tsc: at(0x80000007, 'edx', 8),
  // What follows says that a flaw of certain real processors is absent; guests then leave their workarounds off.
  amd_ssb_no: at(0x80000008, 'ebx', 26),
  btc_no: at(0x80000008, 'ebx', 29),
  lfence_rdtsc: at(0x80000021, 'eax', 2),
  null_sel_clr_base: at(0x80000021, 'eax', 6),
  autoibrs: at(0x80000021, 'eax', 8),
  srso_no: at(0x80000021, 'eax', 29),
} as const satisfies { readonly [name: string]: FeatureBit };

export type CpuFeature = keyof typeof cpuFeatureBits;
