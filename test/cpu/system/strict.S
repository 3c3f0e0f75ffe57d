# Checks that QEMU's translator leaves out, after the manuals alone: reserved bits of control registers and MSRs, null TR,
# L with D, the CPUID and TSC registers of the default model.
.include "harness.inc"
.code16
test_main:
  movw %cs, %ax
  movw %ax, %ds
  jmp enter_long
.include "long.inc"
.code64
call_gate_target:
  ud2

.macro SETMSR msr, value
  movl $\msr, %ecx
  movabsq $\value, %rax
  movq %rax, %rdx
  shrq $32, %rdx
.endm
.macro TRYMSR name, msr, value
  SETMSR \msr, \value
  TRY64 "\name", wrmsr
.endm

test64:
  SAY64 "strict\n"
  TRY64 "ljmp l and d", ljmp *far_bad
  xorl %eax, %eax
  TRY64 "ltr null", ltr %ax
  movl $G_TSS286, %eax
  TRY64 "ltr 286", ltr %ax
  movl $4, %eax
  TRY64 "lldt in ldt", lldt %ax
  movq %cr0, %rax
  btr $31, %rax
  TRY64 "cr0 clear pg", movq %rax, %cr0
  movq %cr0, %rax
  bts $32, %rax
  TRY64 "cr0 high", movq %rax, %cr0
  movq %cr0, %rax
  btr $30, %rax
  bts $29, %rax
  TRY64 "cr0 nw without cd", movq %rax, %cr0
  movq %cr4, %rax
  btr $5, %rax
  TRY64 "cr4 clear pae", movq %rax, %cr4
  movq %cr4, %rax
  bts $15, %rax
  TRY64 "cr4 reserved", movq %rax, %cr4
  movq %cr4, %rax
  bts $0, %rax
  TRY64 "cr4 vme", movq %rax, %cr4
  movq %cr3, %rax
  bts $45, %rax
  TRY64 "cr3 reserved", movq %rax, %cr3
  movl $16, %eax
  TRY64 "cr8 16", movq %rax, %cr8
  movq %dr7, %rax
  bts $32, %rax
  TRY64 "dr7 high", movq %rax, %dr7
  movq %dr6, %rax
  bts $40, %rax
  TRY64 "dr6 high", movq %rax, %dr6
  TRYMSR "efer clear lme", 0xc0000080, 0xc01
  TRYMSR "efer reserved", 0xc0000080, 0x1d02
  TRYMSR "efer same", 0xc0000080, 0xd01
  TRYMSR "fs base", 0xc0000100, 0x800000000000
  TRYMSR "kernel gs base", 0xc0000102, 0x8000000000000000
  TRYMSR "lstar", 0xc0000082, 0x1000000000000
  TRYMSR "pat 2", 0x277, 0x0007040600070402
  TRYMSR "pat", 0x277, 0x0007040600070106
  TRYMSR "mtrr fixed 2", 0x250, 0x0606060606060602
  TRYMSR "mtrr fixed", 0x250, 0x0606060606060606
  TRYMSR "mtrr base", 0x200, 0x10000000006
  TRYMSR "mtrr def", 0x2ff, 0x1c06
  TRYMSR "mtrr cap", 0xfe, 0x508
  TRYMSR "unknown", 0x12345, 0
  movl $0x12345, %ecx
  TRY64 "unknown read", rdmsr
  xorl %ecx, %ecx
  TRY64 "rdpmc", rdpmc
  TRY64 "xgetbv without osxsave", xgetbv
  movq %cr4, %rax
  bts $18, %rax
  movq %rax, %cr4
  TRY64 "xgetbv", xgetbv
  xorl %edx, %edx
  xorl %eax, %eax
  TRY64 "xsetbv 0", xsetbv
  movl $7, %eax
  TRY64 "xsetbv avx", xsetbv
  movl $3, %eax
  TRY64 "xsetbv 3", xsetbv
  # OSXSAVE shows in CPUID once CR4 has it.
  movl $1, %eax
  cpuid
  shrl $27, %ecx
  andl $1, %ecx
  SHOWSMALL "osxsave=", %rcx
  xorl %eax, %eax
  cpuid
  movl %ebx, %esi
  SHOW64 " vendor=", %rsi
  movl $0x60000000, %eax
  cpuid
  SHOWSMALL " unknown leaf=", %rbx
  SAY64 "\n"
  # TSC: writable, and TSC_ADJUST follows.
  movl $0x10, %ecx
  movl $0, %eax
  movl $0x100, %edx
  wrmsr
  rdtsc
  SHOWSMALL "tsc high=", %rdx
  movl $0x3b, %ecx
  rdmsr
  andl $-2, %edx
  SHOWSMALL " adjust high=", %rdx
  xorl %eax, %eax
  xorl %edx, %edx
  wrmsr
  rdtsc
  SHOWSMALL " reset high=", %rdx
  movl $0xc0000103, %ecx
  movl $0x4711, %eax
  wrmsr
  rdtscp
  SHOWSMALL " aux=", %rcx
  SAY64 "\n"
  # TSD keeps RDTSC from ring 3, UMIP keeps SGDT.
  movq %cr4, %rax
  bts $2, %rax
  bts $11, %rax
  movq %rax, %cr4
  TRYU64 "u rdtsc", rdtsc
  TRYU64 "u sgdt", sgdt 0x30000
  TRYU64 "u smsw", smsw %eax
  TRY64 "sgdt", sgdt 0x30000
  SAY64 "end\n"
  EXIT64

.balign 8
far_bad: .long test64
  .word G_BADCODE
RESET_VECTOR
