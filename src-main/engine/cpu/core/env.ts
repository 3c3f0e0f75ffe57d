// What the core needs from the machine. Each import runs on the vCPU's thread and must return promptly.

@external("env", "portIn") export declare function portIn(port: u32, size: u32): u32;
@external("env", "portOut") export declare function portOut(port: u32, size: u32, value: u32): void;
@external("env", "mmioRead") export declare function mmioRead(gpaLo: u32, gpaHi: u32, size: u32): u32;
@external("env", "mmioWrite") export declare function mmioWrite(gpaLo: u32, gpaHi: u32, size: u32, value: u32): void;
/** Vector of the interrupt controller's highest pending interrupt, acknowledged; -1 if there is none any more. */
@external("env", "ackInterrupt") export declare function ackInterrupt(): i32;
/** Ticks of the machine's constant-rate time-stamp counter since power-on, an integer below 2^53. */
@external("env", "tscNow") export declare function tscNow(): f64;
/** Board-owned MSRs: 1 if known; the value is then left in the two u32 at CPU_SCRATCH. */
@external("env", "msrRead") export declare function msrRead(index: u32): i32;
/** 1 done, 0 unknown or refused (#GP). */
@external("env", "msrWrite") export declare function msrWrite(index: u32, lo: u32, hi: u32): i32;
/** CR8: the local APIC's task priority bits 7-4 as 0..15. */
@external("env", "tprRead") export declare function tprRead(): u32;
@external("env", "tprWrite") export declare function tprWrite(value: u32): void;
@external("env", "random") export declare function random(): u32;
/** x87 exception with CR0.NE clear: raises IRQ 13. */
@external("env", "ferr") export declare function ferr(): void;
/** Throws through the core's frames back to the host's run loop. Never returns. */
@external("env", "unwind") export declare function unwind(): void;
@external("env", "hypercall") export declare function hypercall(kind: u32): i32;
@external("env", "trace") export declare function trace(code: u32, a: u32, b: u32): void;
/** The block whose first entry this is has become hot; the host may put OP_REGION there. CELL_RIP_PAGE is the block's. */
@external("env", "hot") export declare function hot(entry: u32): void;
/** A block that is part of a region is no longer valid. */
@external("env", "blockLost") export declare function blockLost(block: u32): void;
/** All blocks are gone. */
@external("env", "blocksFlushed") export declare function blocksFlushed(): void;
