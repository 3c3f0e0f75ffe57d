// Addresses of the core-private tables in the engine's memory (see layout.ts for the architectural part), entry formats
// of the predecode cache, and the cells the main loop, the decoder and the MMU share. Nothing here is saved state: all of
// it is rebuilt by `reloadState()`.

// --- data TLBs: 2048 entries of 16 bytes {tag u64 = page address, addend u32, guest page number u32}; see mmu.ts
export const TLB_ENTRIES: u32 = 2048;
export const TLB_BYTES: u32 = 0x8000;
export const TLB_MASK: u32 = 0x7ff0;
export const TLB_SUPER_R: u32 = 0x10000;
export const TLB_SUPER_W: u32 = 0x18000;
export const TLB_USER_R: u32 = 0x20000;
export const TLB_USER_W: u32 = 0x28000;
/** Never filled: sends every access of a mode that needs checking (AC, data breakpoints) through the slow path. */
export const TLB_NONE: u32 = 0x30000;
// --- fetch TLBs: 512 entries {tag u64, guest-physical page number u32, 0}
export const FETCH_SUPER: u32 = 0x38000;
export const FETCH_USER: u32 = 0x3a000;
export const FETCH_BYTES: u32 = 0x2000;
/** Translations of stores to pages that hold code: 256 entries as the data TLBs', used by the slow path. */
export const CODE_SUPER_W: u32 = 0x3c000;
export const CODE_USER_W: u32 = 0x3d000;
export const CODE_W_BYTES: u32 = 0x1000;
// --- jump cache: 4096 entries {rip u64, mode and generation u32, first entry u32}
export const JUMP_CACHE: u32 = 0x40000;
export const JUMP_CACHE_BYTES: u32 = 0x10000;
// --- addresses of TLB slots in use, so that flushes cost what was filled
export const TLB_LOG: u32 = 0x50000;
export const TLB_LOG_GLOBAL: u32 = 0x58000;
export const TLB_LOG_MAX: u32 = 0x2000;
// --- cells
export const CELL_BUDGET: u32 = 0x60000;
/** Cache entry being executed by a helper, 0 outside instructions. */
export const CELL_ENTRY: u32 = 0x60004;
/** u64: RIP minus the page offset of the running block: RIP of an entry is this plus its `off`. Base of RIP-relative operands. */
export const CELL_RIP_PAGE: u32 = 0x60008;
/** u64 linear address left by an address prelude entry. */
export const CELL_EA: u32 = 0x60010;
/** u32 added to jump cache keys; bumped whenever linear-to-physical code mappings may have changed. Low 16 bits zero. */
export const CELL_GENERATION: u32 = 0x60018;
/** u32 counts whole flushes of the predecode cache. */
export const CELL_EPOCH: u32 = 0x6001c;
export const CELL_CACHE_NEXT: u32 = 0x60020;
export const CELL_LOG_COUNT: u32 = 0x60024;
export const CELL_LOG_GLOBAL_COUNT: u32 = 0x60028;
export const CELL_BUDGET_START: u32 = 0x6002c;
/** u64 constants for RIP-relative displacements that overflow 32 bits. */
export const CELL_CONST_PLUS: u32 = 0x60030;
export const CELL_CONST_MINUS: u32 = 0x60038;
/** Pending write-back of `ptrWrite`: 1 if any, size, gpa of the first part u64, its length, gpa of the second part u64. */
export const CELL_COMMIT: u32 = 0x60040;
export const CELL_COMMIT_SIZE: u32 = 0x60044;
export const CELL_COMMIT_GPA: u32 = 0x60048;
export const CELL_COMMIT_SPLIT: u32 = 0x60050;
export const CELL_COMMIT_GPA2: u32 = 0x60058;
/** Attributes of the last walk: bit 0 global. */
export const CELL_WALK: u32 = 0x60060;
/** u32 data breakpoints hit by the running instruction (DR6 bits). */
export const CELL_BREAKPOINTS: u32 = 0x60064;
/** u32 nonzero: data accesses must take the slow path (AC or data breakpoints). */
export const CELL_CHECKED: u32 = 0x60068;
/** u32 1 while the block being run holds one instruction only (TF, breakpoints, interrupt shadow). */
export const CELL_STEP: u32 = 0x6006c;
/** u32 counts killed blocks: a region that may have overwritten its own code compares it. */
export const CELL_KILLS: u32 = 0x60078;
/** u32 taken branches to a block before the host is asked to translate it; 0 never. */
export const CELL_HEAT: u32 = 0x6007c;
/** u64 instructions retired by translated regions. */
export const CELL_TRANSLATED: u32 = 0x60080;
/** u32 first entry that has its own operation back while it runs, 0 none. */
export const CELL_UNPATCHED: u32 = 0x60094;
/** u32 entry with which the interpreter goes on after a region. */
export const CELL_RESUME: u32 = 0x60098;
/** A page of 0xff bytes and a page for discarded writes never exist: unmapped space goes through the MMIO imports. */
export const BLOCK_HASH: u32 = 0x80000;
export const BLOCK_HASH_BYTES: u32 = 0x40000;
/** Decode buffer for one instruction (16 bytes) and scratch block for uncached instructions. */
export const FETCH_BUFFER: u32 = 0x60100;
export const SCRATCH_BLOCK: u32 = 0x60200;

export const SCRATCH_READ: u32 = 0x1d40;
export const SCRATCH_WRITE: u32 = 0x1d80;
export const SCRATCH_END: u32 = 0x1dc0;
/** u64 x 4: page-directory-pointer entries loaded by MOV CR3 in PAE mode (saved state, in the gap before CPU_EXC_VECTOR). */
export const CPU_PDPTE: u32 = 0x1660;

/** u64 per guest page: which 64-byte granules hold predecoded code. */
export const CODE_BITMAP: u32 = 0x01a00000;
/** u32 per guest page: first block header of the page's list, 0 none. */
export const PAGE_BLOCKS: u32 = 0x02a00000;
export const CACHE_START: u32 = 0x03200000;
export const CACHE_END: u32 = 0x05f00000;
export const ENTRY_BYTES: u32 = 32;
