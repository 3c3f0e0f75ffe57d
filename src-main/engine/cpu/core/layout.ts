// Addresses of everything that lives in the engine's WebAssembly memory. Compiled twice: by AssemblyScript into the
// processor core (the constants fold into its loads and stores) and by TypeScript into the board and firmware.
// Literals only, no type annotations: that is the subset both compilers read alike.
//
//   0x00000000  vCPU state (this page's CPU_* offsets are absolute addresses)
//   0x00010000  core-private tables: TLBs, jump cache, decode tables ...         (owned by cpu/core)
//   0x01000000  PHYS_MAP    one u32 per guest-physical page below 8 GiB
//   0x01800000  DIRTY_MAP   one byte per guest-physical page below 8 GiB
//   0x01a00000  core-private: code bitmap, predecode cache ...                    (owned by cpu/core)
//   0x06000000  RAM_BASE    guest RAM, then VRAM, ROMs (page-aligned; memory/guest-memory.ts allots them)

// --- general registers: 16 x u64, in encoding order RAX RCX RDX RBX RSP RBP RSI RDI R8..R15
export const CPU_GPR = 0x1000;
/** A u64 that is always zero: stands in for an absent base or index register, or a flat segment base. */
export const CPU_ZERO = 0x1080;
/** u64. Exact at every exit, and at the start of every helper call (address of the current instruction). */
export const CPU_RIP = 0x1088;
/** u64. Address after the current instruction, valid during helper calls. Transfers write RIP through `setRip`. */
export const CPU_NEXT_RIP = 0x1090;
/** u32. RFLAGS without the six arithmetic flags, which are lazy (see CC_*); `getEflags()` joins them. */
export const CPU_FLAGS = 0x1098;
/** u32 kind of the last flag-setting operation (0 = EFLAGS bits held literally in CC_SRC), and its u64 operands. */
export const CPU_CC_OP = 0x109c;
export const CPU_CC_DST = 0x10a0;
export const CPU_CC_SRC = 0x10a8;
export const CPU_CC_SRC2 = 0x10b0;

// --- segment registers: 32 bytes each: +0 base u64, +8 limit u32 (bytes, already scaled), +12 access u32, +16 selector u16
// access = descriptor bits 40..55 in bits 0..15: type 0-3, S 4, DPL 5-6, P 7, (limit 8-11 zero), AVL 12, L 13, D/B 14, G 15;
// an unusable (null) segment has P = 0.
export const CPU_SEG = 0x1100;
export const SEG_STRIDE = 32;
export const SEG_BASE = 0;
export const SEG_LIMIT = 8;
export const SEG_ACCESS = 12;
export const SEG_SELECTOR = 16;
export const ES = 0;
export const CS = 1;
export const SS = 2;
export const DS = 3;
export const FS = 4;
export const GS = 5;
export const LDTR = 6;
export const TR = 7;
/** GDTR and IDTR use base and limit only. */
export const GDTR = 8;
export const IDTR = 9;

// --- control, debug and model-specific state (u64 each unless said)
export const CPU_CR0 = 0x1280;
export const CPU_CR2 = 0x1288;
export const CPU_CR3 = 0x1290;
export const CPU_CR4 = 0x1298;
export const CPU_XCR0 = 0x12a0;
export const CPU_EFER = 0x12a8;
/** u64 x 8: DR0..DR7. */
export const CPU_DR = 0x12b0;
/** u32 current privilege level 0..3 (3 in virtual-8086 mode). */
export const CPU_CPL = 0x12f0;
/** u32 1 while HLT waits for an interrupt. */
export const CPU_HALTED = 0x12f4;
/** u32 bits: 1 interrupts inhibited for one instruction (STI, MOV SS, POP SS), 2 NMI blocked until IRET. */
export const CPU_INHIBIT = 0x12f8;
/** u32 mode bits the decoder depends on, kept by `updateMode()`; see README. */
export const CPU_MODE = 0x12fc;
export const CPU_STAR = 0x1300;
export const CPU_LSTAR = 0x1308;
export const CPU_CSTAR = 0x1310;
export const CPU_FMASK = 0x1318;
export const CPU_KERNEL_GS_BASE = 0x1320;
export const CPU_SYSENTER_CS = 0x1328;
export const CPU_SYSENTER_ESP = 0x1330;
export const CPU_SYSENTER_EIP = 0x1338;
export const CPU_APIC_BASE = 0x1340;
export const CPU_PAT = 0x1348;
/** Added to the machine's time-stamp counter; written by WRMSR TSC / TSC_ADJUST. */
export const CPU_TSC_OFFSET = 0x1350;
export const CPU_TSC_ADJUST = 0x1358;
export const CPU_TSC_AUX = 0x1360;
export const CPU_MISC_ENABLE = 0x1368;
export const CPU_MTRR_DEF_TYPE = 0x1370;
/** u64 x 11 fixed-range MTRRs, then u64 x 16: eight variable base/mask pairs. */
export const CPU_MTRR_FIXED = 0x1380;
export const CPU_MTRR_VAR = 0x13d8;
/** Further MSRs that are only stored (MCG_*, DEBUGCTL ...): 64 u64 slots. */
export const CPU_MSR_STORE = 0x1460;

// --- exception being raised or delivered (u32 unless said)
/** -1 none, else vector to deliver when `run` is next entered or the main loop reaches its head. */
export const CPU_EXC_VECTOR = 0x1680;
export const CPU_EXC_ERROR = 0x1684;
/** 1 if CPU_EXC_ERROR is pushed. */
export const CPU_EXC_HAS_ERROR = 0x1688;
/** Vector under delivery (for the double-fault rule), -1 none. */
export const CPU_EXC_DELIVERING = 0x168c;
/** Atomic word other threads and devices set: see INTR_*. */
export const CPU_PENDING = 0x1690;
/** u32 0xffffffff or 0xffefffff: guest-physical bit 20 mask of the A20 gate (bits 32.. always pass). */
export const CPU_A20_MASK = 0x1694;
/** u32 CPL override for implicit supervisor accesses inside helpers. */
export const CPU_IMPLICIT_SUPERVISOR = 0x1698;
/** u64 instructions retired. */
export const CPU_ICOUNT = 0x16a0;
/** u64 linear address of the last page fault / MMIO access, for the inspector. */
export const CPU_LAST_LINEAR = 0x16a8;
/** u64 statistics: see STAT_* order in main.ts. 32 slots. */
export const CPU_STATS = 0x1700;

export const INTR_INTR = 1;
export const INTR_NMI = 2;
/** Leave `run` at the next instruction boundary. */
export const INTR_EXIT = 4;
export const INTR_INIT = 8;
export const INTR_SIPI = 16;
export const INTR_SMI = 32;

// --- x87: eight 16-byte physical registers (+0 u64 significand, +8 u16 sign and exponent), then u32 words
export const CPU_FPU_REGS = 0x1800;
export const CPU_FPU_CW = 0x1880;
/** Status word without TOP; TOP is in CPU_FPU_TOP. */
export const CPU_FPU_SW = 0x1884;
export const CPU_FPU_TOP = 0x1888;
/** Bit i set: physical register i is empty. */
export const CPU_FPU_EMPTY = 0x188c;
export const CPU_FPU_FOP = 0x1890;
export const CPU_FPU_FCS = 0x1894;
export const CPU_FPU_FDS = 0x1898;
export const CPU_MXCSR = 0x189c;
export const CPU_FPU_FIP = 0x18a0;
export const CPU_FPU_FDP = 0x18a8;
/** 16 registers of 64 bytes (room for ZMM); XMM is the low 16 bytes. */
export const CPU_XMM = 0x1900;
export const XMM_STRIDE = 64;
/** 64-byte scratch areas for accesses that cross pages or hit MMIO (not saved state). */
export const CPU_SCRATCH = 0x1d00;
export const CPU_STATE_START = 0x1000;
export const CPU_STATE_END = 0x2000;

// --- guest-physical memory
export const PHYS_MAP = 0x01000000;
export const DIRTY_MAP = 0x01800000;
/** Pages of guest-physical space that PHYS_MAP covers (8 GiB); above is unmapped. */
export const PHYS_PAGES = 0x200000;
export const RAM_BASE = 0x06000000;
// PHYS_MAP entry: host page address in bits 12-31, flags below. 0 = MMIO or unmapped.
/** Backed by memory (reads are plain loads). */
export const PAGE_BACKED = 1;
/** Guest writes allowed; a backed page without it is ROM: its writes go to the MMIO write import. */
export const PAGE_WRITABLE = 2;
/** Holds predecoded code: the core sets and clears this; stores take the slow path. */
export const PAGE_CODE = 4;
/** Dirty logging wanted: first store after a harvest sets DIRTY_MAP and only then installs a write-TLB entry. */
export const PAGE_LOG = 8;

// --- what `run` returns
export const EXIT_BUDGET = 0;
export const EXIT_HALT = 1;
export const EXIT_SHUTDOWN = 2;
/** INTR_EXIT was seen (and cleared). */
export const EXIT_REQUESTED = 3;
/** INIT or SIPI pending: the board resets or starts the vCPU. */
export const EXIT_INIT = 4;
