// Processor models: what CPUID answers and which control bits, MSRs and vendor semantics go with it. Builds the table that
// core/cpuid.ts reads (layout there). [APM-3 appendix E], [SDM-2 CPUID].
// The default is AMD-like: no Meltdown, so guests leave page-table isolation off (12 times faster system calls), and
// of a family whose other flaws can be declared absent by CPUID. Not modelled: power management, MONITOR, debug extensions.
import { type CpuFeature, type CpuidRegister, cpuFeatureBits } from './cpu-features.ts';

export interface CpuidLeaf {
  leaf: number;
  /** Null where the subleaf does not matter. */
  subleaf: number | null;
  eax: number;
  ebx: number;
  ecx: number;
  edx: number;
}

interface ModelDefinition {
  readonly description: string;
  readonly vendor: 'GenuineIntel' | 'AuthenticAMD';
  /** Leaf 1 EAX and EDX at reset: stepping, model, family. */
  readonly signature: number;
  /** Highest basic leaf; -1: no CPUID instruction. */
  readonly maxBasic: number;
  /** Highest extended leaf, 0 none. */
  readonly maxExtended: number;
  readonly brand: string;
  readonly microcode: number;
  readonly physicalBits: number;
  readonly features: readonly CpuFeature[];
}

const pentiumFeatures: readonly CpuFeature[] = ['fpu', 'de', 'pse', 'tsc', 'msr', 'mce', 'cx8', 'mmx'];
const pentium3Features: readonly CpuFeature[] = [
  ...pentiumFeatures,
  ...(['pae', 'apic', 'sep', 'mtrr', 'pge', 'mca', 'cmov', 'pat', 'pse36', 'fxsr', 'sse'] as const),
];
const amd64Features: readonly CpuFeature[] = [
  ...pentium3Features,
  ...(['clflush', 'sse2', 'pni', 'cx16', 'hypervisor', 'lahf_lm', 'syscall', 'nx', 'mmxext', 'lm'] as const),
];

const models = {
  'ospite-v2': {
    description: 'x86-64-v2 with AES, as an AMD family 19h processor; the default',
    vendor: 'AuthenticAMD',
    signature: 0x00a00f11,
    maxBasic: 0xd,
    maxExtended: 0x80000021,
    brand: 'Ospite virtual processor (x86-64-v2)',
    microcode: 0x0a0011d1,
    physicalBits: 40,
    features: [
      ...amd64Features,
      ...(['ssse3', 'sse4_1', 'sse4_2', 'popcnt', 'pclmulqdq', 'aes', 'xsave', 'rdrand'] as const),
      ...(['tsc_adjust', 'erms', 'fsrm', 'umip', '3dnowprefetch', 'pdpe1gb', 'rdtscp', 'constant_tsc'] as const),
      ...(['amd_ssb_no', 'btc_no', 'lfence_rdtsc', 'null_sel_clr_base', 'autoibrs', 'srso_no'] as const),
    ],
  },
  'qemu64-like': {
    description: 'the least a 64-bit guest can expect: SSE3, no SSE4',
    vendor: 'AuthenticAMD',
    signature: 0x00060fb1,
    maxBasic: 0xd,
    maxExtended: 0x80000008,
    brand: 'Ospite virtual processor (x86-64)',
    microcode: 0x01000065,
    physicalBits: 40,
    features: [...amd64Features, 'constant_tsc'],
  },
  pentium3: {
    description: '32-bit with SSE: Windows 2000 and XP, Linux 2.x',
    vendor: 'GenuineIntel',
    signature: 0x0000068a,
    maxBasic: 2,
    maxExtended: 0,
    brand: '',
    microcode: 1,
    physicalBits: 36,
    features: pentium3Features,
  },
  pentium: {
    description: '32-bit with MMX: Windows 95 and NT 4',
    vendor: 'GenuineIntel',
    signature: 0x00000543,
    maxBasic: 1,
    maxExtended: 0,
    brand: '',
    microcode: 0,
    physicalBits: 32,
    features: pentiumFeatures,
  },
  '486': {
    description: 'DX2, without the CPUID instruction: DOS, OS/2, Windows 3',
    vendor: 'GenuineIntel',
    signature: 0x00000435,
    maxBasic: -1,
    maxExtended: 0,
    brand: '',
    microcode: 0,
    physicalBits: 32,
    features: ['fpu'],
  },
} as const satisfies { readonly [name: string]: ModelDefinition };

export type CpuModelName = keyof typeof models;
export const cpuModelNames = Object.keys(models) as CpuModelName[];
export const defaultCpuModel: CpuModelName = 'ospite-v2';

export interface CpuidOptions {
  readonly model?: CpuModelName;
  /** Features to add to or take from the model; x2apic and tsc_deadline_timer depend on the board's local APIC. */
  readonly enable?: readonly CpuFeature[];
  readonly disable?: readonly CpuFeature[];
  readonly vcpuCount?: number;
  /** Rate of the time-stamp counter, told in leaf 0x40000010. */
  readonly tscHz?: number;
  /** Whose paravirtual interface leaf 0x40000000 announces. */
  readonly hypervisor?: 'kvm' | 'ospite' | 'none';
  /** Offer kvmclock (KvmClock in kvm-clock.ts serves its registers): Linux then need not calibrate the counter. */
  readonly hasKvmClock?: boolean;
}

export interface CpuidTable {
  readonly isAmd: boolean;
  readonly signature: number;
  readonly allowedCr4: number;
  readonly allowedXcr0: number;
  readonly allowedEfer: number;
  readonly physicalBits: number;
  readonly microcode: number;
  readonly hasCpuid: boolean;
  readonly features: ReadonlySet<CpuFeature>;
  readonly leaves: readonly CpuidLeaf[];
}

/** Bits of leaf 1 EDX that AMD repeats in leaf 0x80000001. */
const AMD_REPEATED_EDX = 0x0183f3ff;

const KVM_FEATURE_NOP_IO_DELAY = 1 << 1;
const KVM_FEATURE_CLOCKSOURCE2 = 1 << 3;
const KVM_FEATURE_CLOCKSOURCE_STABLE = 1 << 24;

export function buildCpuid(options: CpuidOptions = {}): CpuidTable {
  const model: ModelDefinition = models[options.model ?? defaultCpuModel];
  const vcpuCount = options.vcpuCount ?? 1;
  const hypervisor = options.hypervisor ?? 'kvm';
  const features = new Set<CpuFeature>([...model.features, ...(options.enable ?? [])]);
  const isAmd = model.vendor === 'AuthenticAMD';
  if (vcpuCount > 1 && model.maxBasic >= 2) features.add('ht');
  if (vcpuCount > 1 && isAmd) features.add('cmp_legacy');
  for (const name of options.disable ?? []) features.delete(name);
  if (hypervisor === 'none') features.delete('hypervisor');

  const leaves: CpuidLeaf[] = [];
  const add = (leaf: number, values: Partial<CpuidLeaf>) => {
    leaves.push({ leaf, subleaf: null, eax: 0, ebx: 0, ecx: 0, edx: 0, ...values });
  };
  const bits = (leaf: number, register: CpuidRegister): number => {
    let value = 0;
    for (const name of features) {
      const place = cpuFeatureBits[name];
      if (place.leaf === leaf && place.register === register) value |= 1 << place.bit;
    }
    return value >>> 0;
  };

  if (model.maxBasic >= 0) {
    const [ebx, edx, ecx] = words(model.vendor, 3);
    add(0, { eax: model.maxBasic, ebx: ebx!, ecx: ecx!, edx: edx! });
    const flushLine = features.has('clflush') ? 8 << 8 : 0;
    const count = features.has('ht') ? (vcpuCount & 0xff) << 16 : 0;
    add(1, { eax: model.signature, ebx: flushLine | count, ecx: bits(1, 'ecx'), edx: bits(1, 'edx') });
  }
  // Descriptors of a Pentium III: 16 KiB + 16 KiB first-level and 256 KiB second-level caches, 4 KiB and 4 MiB TLBs.
  if (model.maxBasic >= 2 && !isAmd) add(2, { eax: 0x03020101, edx: 0x0c040882 });
  if (model.maxBasic >= 7) add(7, { subleaf: 0, ebx: bits(7, 'ebx'), ecx: bits(7, 'ecx'), edx: bits(7, 'edx') });
  if (model.maxBasic >= 0xb && features.has('x2apic')) {
    const shift = Math.ceil(Math.log2(Math.max(vcpuCount, 1)));
    add(0xb, { subleaf: 0, eax: 0, ebx: 1, ecx: 0x100 });
    add(0xb, { subleaf: 1, eax: shift, ebx: vcpuCount, ecx: 0x200 });
  }
  if (features.has('xsave')) add(0xd, { subleaf: 0, eax: 3, ebx: 576, ecx: 576 });

  if (features.has('hypervisor')) addHypervisorLeaves(add, hypervisor, options);

  if (model.maxExtended > 0) {
    const [ebx, edx, ecx] = words(isAmd ? model.vendor : '', 3);
    add(0x80000000, { eax: model.maxExtended, ebx: ebx!, ecx: ecx!, edx: edx! });
    const repeated = isAmd ? bits(1, 'edx') & AMD_REPEATED_EDX : 0;
    add(0x80000001, {
      eax: isAmd ? model.signature : 0,
      ecx: bits(0x80000001, 'ecx'),
      edx: (bits(0x80000001, 'edx') | repeated) >>> 0,
    });
    const brand = words(model.brand, 12);
    for (let i = 0; i < 3; i++) {
      const part = brand.slice(i * 4, i * 4 + 4);
      add(0x80000002 + i, { eax: part[0]!, ebx: part[1]!, ecx: part[2]!, edx: part[3]! });
    }
    addCacheLeaves(add, model.maxExtended);
    add(0x80000007, { edx: bits(0x80000007, 'edx') });
    add(0x80000008, {
      eax: model.physicalBits | (48 << 8),
      ebx: bits(0x80000008, 'ebx'),
      ecx: vcpuCount - 1 + (Math.ceil(Math.log2(Math.max(vcpuCount, 1))) << 12),
    });
    if (model.maxExtended >= 0x80000021) add(0x80000021, { eax: bits(0x80000021, 'eax') });
  }

  return {
    isAmd,
    signature: model.signature,
    allowedCr4: allowedCr4(features),
    allowedXcr0: features.has('xsave') ? 3 : 1,
    allowedEfer: allowedEfer(features),
    physicalBits: model.physicalBits,
    microcode: model.microcode,
    hasCpuid: model.maxBasic >= 0,
    features,
    leaves,
  };
}

type AddLeaf = (leaf: number, values: Partial<CpuidLeaf>) => void;

/** The KVM interface, and the clock rates in kHz where VMware put them and KVM guests of several systems look. */
function addHypervisorLeaves(add: AddLeaf, hypervisor: 'kvm' | 'ospite' | 'none', options: CpuidOptions): void {
  const [ebx, ecx, edx] = words(hypervisor === 'kvm' ? 'KVMKVMKVM' : 'OspiteOspite', 3);
  add(0x40000000, { eax: options.tscHz ? 0x40000010 : 0x40000001, ebx: ebx!, ecx: ecx!, edx: edx! });
  let features = 0;
  if (hypervisor === 'kvm') {
    features = KVM_FEATURE_NOP_IO_DELAY;
    if (options.hasKvmClock) features |= KVM_FEATURE_CLOCKSOURCE2 | KVM_FEATURE_CLOCKSOURCE_STABLE;
  }
  add(0x40000001, { eax: features });
  if (options.tscHz) add(0x40000010, { eax: Math.round(options.tscHz / 1000), ebx: 1_000_000 });
}

/** Sizes that C libraries tune their copies by: 32 KiB + 32 KiB, 512 KiB, 16 MiB shared; lines of 64 bytes. */
function addCacheLeaves(add: AddLeaf, maxExtended: number): void {
  add(0x80000005, { eax: 0xff40ff40, ebx: 0xff40ff40, ecx: 0x20080140, edx: 0x20080140 });
  add(0x80000006, { eax: 0x48006400, ebx: 0x68006400, ecx: 0x02006140, edx: (32 << 18) | 0x9140 });
  if (maxExtended < 0x8000001d) return;
  const caches = [
    { type: 1, level: 1, sizeBytes: 32 << 10, ways: 8 },
    { type: 2, level: 1, sizeBytes: 32 << 10, ways: 8 },
    { type: 3, level: 2, sizeBytes: 512 << 10, ways: 8 },
    { type: 3, level: 3, sizeBytes: 16 << 20, ways: 16 },
  ];
  caches.forEach(({ type, level, sizeBytes, ways }, subleaf) => {
    add(0x8000001d, {
      subleaf,
      eax: type | (level << 5) | (1 << 8),
      ebx: 63 | ((ways - 1) << 22),
      ecx: sizeBytes / 64 / ways - 1,
    });
  });
}

function allowedCr4(features: ReadonlySet<CpuFeature>): number {
  const owners: readonly (readonly [CpuFeature, number])[] = [
    ['tsc', 2],
    ['de', 3],
    ['pse', 4],
    ['pae', 5],
    ['mce', 6],
    ['pge', 7],
    ['mmx', 8],
    ['fxsr', 9],
    ['sse', 10],
    ['umip', 11],
    ['xsave', 18],
  ];
  let value = 0;
  for (const [name, bit] of owners) if (features.has(name)) value |= 1 << bit;
  return value;
}

function allowedEfer(features: ReadonlySet<CpuFeature>): number {
  let value = 0;
  if (features.has('syscall')) value |= 1;
  if (features.has('lm')) value |= 0x100;
  if (features.has('nx')) value |= 0x800;
  if (features.has('autoibrs')) value |= 0x200000;
  return value;
}

/** `count` little-endian words of an ASCII text, padded with zeros. */
function words(text: string, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    let word = 0;
    for (let k = 3; k >= 0; k--) word = (word << 8) | (i * 4 + k < text.length ? text.charCodeAt(i * 4 + k) & 0xff : 0);
    return word >>> 0;
  });
}

// Layout of the core's table; see core/cpuid.ts.
const CPUID_TABLE = 0xf000;
const CPUID_ENTRIES = CPUID_TABLE + 64;
const ENTRY_BYTES = 32;
const MAX_ENTRIES = 64;
const coreFeatures: readonly (readonly [CpuFeature, number])[] = [
  ['tsc', 2],
  ['sep', 4],
  ['rdtscp', 8],
  ['apic', 16],
  ['mtrr', 32],
  ['pat', 64],
  ['mca', 128],
  ['msr', 256],
  ['tsc_adjust', 512],
];

/** Puts a model into the core's memory; before the vCPU's reset, which takes EDX from it. */
export function writeCpuid(memory: ArrayBufferLike, table: CpuidTable, apicId: number): void {
  if (table.leaves.length > MAX_ENTRIES) throw new RangeError('CPUID table overflow');
  const view = new DataView(memory);
  let featureWord = table.hasCpuid ? 1 : 0;
  for (const [name, bit] of coreFeatures) if (table.features.has(name)) featureWord |= bit;
  view.setUint32(CPUID_TABLE, table.leaves.length, true);
  view.setUint32(CPUID_TABLE + 4, table.isAmd ? 1 : 0, true);
  view.setUint32(CPUID_TABLE + 8, apicId, true);
  view.setUint32(CPUID_TABLE + 12, table.signature, true);
  view.setBigUint64(CPUID_TABLE + 16, BigInt(table.allowedCr4 >>> 0), true);
  view.setBigUint64(CPUID_TABLE + 24, BigInt(table.allowedXcr0), true);
  view.setUint32(CPUID_TABLE + 32, table.physicalBits, true);
  view.setUint32(CPUID_TABLE + 36, table.microcode, true);
  view.setBigUint64(CPUID_TABLE + 40, BigInt(table.allowedEfer), true);
  view.setUint32(CPUID_TABLE + 48, featureWord, true);
  table.leaves.forEach((entry, i) => {
    const place = CPUID_ENTRIES + i * ENTRY_BYTES;
    view.setUint32(place, entry.leaf, true);
    view.setUint32(place + 4, entry.subleaf ?? 0, true);
    view.setUint32(place + 8, entry.eax, true);
    view.setUint32(place + 12, entry.ebx, true);
    view.setUint32(place + 16, entry.ecx, true);
    view.setUint32(place + 20, entry.edx, true);
    view.setUint32(place + 24, entry.subleaf === null ? 0 : 1, true);
    view.setUint32(place + 28, 0, true);
  });
}
