# Long mode: entering and leaving, faults, IST, interrupt frames, IRETQ, SYSCALL and SYSRET, compatibility mode, call gates, NX.
.include "harness.inc"
.code16
test_main:
  movw %cs, %ax
  movw %ax, %ds
  jmp enter_long
.include "long.inc"
.code64

.macro LOAD reg, selector
  movl $(\selector), %ecx
  TRY64 "mov \reg,\selector", movl %ecx, %\reg
.endm
.macro SETMSR msr, value
  movl $\msr, %ecx
  movq $\value, %rax
  movq %rax, %rdx
  shrq $32, %rdx
  wrmsr
.endm

test64:
  SAY64 "long\n"
  SHOWSMALL "efer=", %rsi
  movq %cr0, %rax
  shrq $16, %rax
  SAY64 " cr0 high="
  call hex16bits
  SAY64 "\n"
  movabsq $0x0000800000000000, %rdx
  TRY64 "noncanonical read", movq (%rdx), %rax
  TRY64 "noncanonical write", movq %rax, (%rdx)
  TRY64 "noncanonical high", movb -1(%rdx), %al
  TRY64 "noncanonical straddle", movq -4(%rdx), %rax
  movq %rdx, %rbp
  TRY64 "noncanonical stack", movq (%rbp), %rax
  LOAD ss, 0
  movl $G_DATA, %eax
  movl %eax, %ss
  LOAD fs, G_NPDATA
  LOAD fs, G_CODE
  LOAD fs, 0x1000
  LOAD ss, G_UDATA
  # The double-fault handler has its own stack.
  TRY64 "push noncanonical", call push_noncanonical
  # Far transfers
  TRY64 "ljmp np", ljmp *far_np
  TRY64 "ljmp tss", ljmp *far_tss
  TRY64 "lcall data", lcall *far_data
  TRY64 "ljmp conforming", call jump_conforming
  TRY64 "lldt", call load_ldt
  SAY64 "compatibility:"
  movq $1f, resume_rip
  ljmp *far_compat
1: SAY64 " back"
  SHOWSMALL " eax high=", %r9
  SAY64 "\n"
  # Interrupt frames: alignment, saved stack, IST
  SETGATE64 0x50, show_frame
  SETGATE64 0x51, show_frame, 0x8e, 1
  SETGATE64 0x52, show_frame, 0x8f
  SAY64 "int:"
  movq $(STACK - 24), %rsp
  sti
  int $0x50
  cli
  SHOWSMALL " after rsp=", %rsp
  SAY64 "\nint ist:"
  int $0x51
  SAY64 "\nint trap gate:"
  sti
  int $0x52
  cli
  SAY64 "\n"
  movq $STACK, %rsp
  SETGATE64 0x53, show_frame, 0x8e, 0, G_CODE32
  TRY64 "int to 32-bit code", int $0x53
  SETGATE64 0x53, show_frame, 0x8c
  TRY64 "int call-gate type", int $0x53
  SETGATE64 0x53, show_frame, 0x0e
  TRY64 "int np", int $0x53
  TRY64 "int beyond", int $0x90
  TRY64 "int3", int3
  TRY64 "ud2", ud2
  xorl %ecx, %ecx
  TRY64 "div", divq %rcx
  TRY64 "push cs", .byte 0x0e
  # IRETQ
  TRY64 "iretq nt", call iret_nt
  TRY64 "iretq null cs", call iret_null
  TRY64 "iretq same level", call iret_same
  TRY64 "iretq null ss", call iret_null_ss
  TRY64 "iretq null ss to ring 3", call iret_null_ss3
  # Ring 3
  TRYU64 "u nop", nop
  TRYU64 "u cli", cli
  TRYU64 "u int 50", int $0x50
  TRYU64 "u int3", int3
  TRYU64 "u out 80", outb %al, $0x80
  TRYU64 "u out 81", outb %al, $0x81
  TRYU64 "u swapgs", swapgs
  TRYU64 "u rdmsr", rdmsr
  TRYU64 "u mov cr8", movq %cr8, %rax
  TRYU64 "u null ss", call user_null_ss
  TRYU64 "u read supervisor", movq 0x50000, %rax
  TRYU64 "u write read-only", movq %rax, 0x51000
  TRYU64 "u sysret", sysretq
  TRYU64 "u sysenter", sysenter
  # Call gate
  TRYU64 "u call gate", call user_call_gate
  # SYSCALL and SYSRET
  SETMSR 0xc0000081, 0x0020000800000000
  SETMSR 0xc0000082, syscall_entry
  SETMSR 0xc0000083, syscall_compat_entry
  SETMSR 0xc0000084, 0x0600
  SETGATE64 0x41, show_user, 0xee
  SETGATE64 0x42, show_compat, 0xee
  TRYU64 "u syscall", call user_syscall
  TRYU64 "u syscall 32", call user_syscall32
  # SCE off
  movl $0xc0000080, %ecx
  rdmsr
  andl $0xfffffffe, %eax
  wrmsr
  TRYU64 "u syscall without sce", syscall
  # Paging
  TRY64 "read absent", movq 0x52008, %rax
  TRY64 "write read-only", movq %rax, 0x51000
  TRY64 "reserved bit", movq 0x54000, %rax
  movb $0xc3, 0x53000
  movl $0x53000, %edx
  TRY64 "execute nx", call execute
  TRYU64 "u execute nx", call execute
  TRY64 "absent pml4e", movq -8, %rax
  movq $0x2468ace, 0x50010
  SHOW64 "2M page: ", 0x250010
  SAY64 "\n"
  # Segment bases
  SETMSR 0xc0000100, 0x0000123400005000
  SETMSR 0xc0000101, 0x0000000000028000
  SETMSR 0xc0000102, 0xffff800000001000
  movq $0x13579bdf, 0x28010
  SHOW64 "gs:", %gs:0x10
  swapgs
  movl $0xc0000101, %ecx
  rdmsr
  SHOWSMALL " gs base after swapgs=", %rdx
  movl $0xc0000102, %ecx
  rdmsr
  SHOW64 " kernel=", %rax
  movl $0, %eax
  movl %eax, %fs
  movl $0xc0000100, %ecx
  rdmsr
  SHOW64 " fs after null=", %rax
  SAY64 "\n"
  movq $5, %rax
  movq %rax, %cr8
  SHOWSMALL "cr8=", %cr8
  movl $0, %eax
  movq %rax, %cr8
  SAY64 "\n"
  # Single step
  SAY64 "step:"
  movq $1f, expect_rip
  movq $2f, resume_rip
  movq %rsp, resume_rsp
  pushfq
  orl $0x100, (%rsp)
  popfq
  nop
1: nop
2: movq %dr6, %rax
  andl $0x4000, %eax
  SAY64 " dr6="
  call hex16bits
  SAY64 "\n"
  # Page fault on the stack of a fault: double fault
  TRY64 "stack absent", call stack_absent
  # Out of long mode
  SAY64 "leaving:"
  ljmp *far_leave

.balign 8
far_np: .long test64
  .word G_NPCODE
far_tss: .long test64
  .word G_TSS
far_data: .long test64
  .word G_DATA
far_conforming: .long in_conforming
  .word G_CONFORMING
far_code: .long out_of_conforming
  .word G_CODE
far_compat: .long in_compat
  .word G_CODE32
far_gate: .long 0
  .word G_GATE
far_leave: .long leave_long
  .word G_CODE32

push_noncanonical:
  movq %rdx, %rsp
  movq $1f, expect_rip
1: pushq %rax
stack_absent:
  movq $0x53000, %rsp
  movq $0, PT + 0x52 * 8
  movq $1f, expect_rip
1: ud2

jump_conforming:
  ljmp *far_conforming
in_conforming:
  movl %cs, %eax
  SAY64 " cs="
  call hex16bits
  ljmp *far_code
out_of_conforming:
  ret

load_ldt:
  movl $G_LDT, %eax
  lldt %ax
  xorl %eax, %eax
  sldt %eax
  SAY64 " "
  call hex16bits
  ret

show_frame:
  SHOWSMALL " rsp=", %rsp
  SHOWSMALL " cs=", 8(%rsp)
  SHOWSMALL " flags=", 16(%rsp)
  SHOWSMALL " old rsp=", 24(%rsp)
  SHOWSMALL " ss=", 32(%rsp)
  pushfq
  popq %rax
  andl $0x200, %eax
  SAY64 " if="
  call hex16bits
  iretq

iret_nt:
  pushfq
  orl $0x4000, (%rsp)
  popfq
  movq $1f, expect_rip
  pushq $0
  pushq $0
1: iretq
iret_null:
  pushfq
  andl $0xffffbfff, (%rsp)
  popfq
  pushq $G_DATA
  pushq $STACK
  pushq $2
  pushq $0
  pushq $test64
  movq $1f, expect_rip
1: iretq
iret_same:
  movq %rsp, %rbx
  pushq $G_DATA
  pushq $STACK0
  pushq $0x802
  pushq $G_CODE
  pushq $1f
  iretq
1: pushfq
  popq %rcx
  SHOWSMALL " rsp=", %rsp
  SHOWSMALL " flags=", %rcx
  movq %rbx, %rsp
  ret
iret_null_ss:
  movq %rsp, %rbx
  pushq $0
  pushq %rbx
  pushq $2
  pushq $G_CODE
  pushq $1f
  iretq
1: movl %ss, %eax
  SAY64 " ss="
  call hex16bits
  ret
iret_null_ss3:
  pushq $3
  pushq $USTACK
  pushq $2
  pushq $(G_UCODE + 3)
  pushq $test64
  movq $1f, expect_rip
1: iretq

user_null_ss:
  movl $3, %eax
  movq $1f, expect_rip
1: movl %eax, %ss
  ret

user_call_gate:
  lcall *far_gate
  ret
call_gate_target:
  SHOWSMALL " in gate rsp=", %rsp
  SHOWSMALL " cs=", 8(%rsp)
  SHOWSMALL " old rsp=", 16(%rsp)
  SHOWSMALL " old ss=", 24(%rsp)
  movl %ss, %eax
  SAY64 " ss="
  call hex16bits
  lretq

syscall_entry:
  movq %rsp, %r8
  movq $STACK0, %rsp
  pushq %rcx
  pushq %r11
  SAY64 " entry"
  subq expect_rip, %rcx
  SHOWSMALL " rcx=", %rcx
  SHOWSMALL " r11=", %r11
  movl %cs, %eax
  SAY64 " cs="
  call hex16bits
  movl %ss, %eax
  SAY64 " ss="
  call hex16bits
  pushfq
  popq %rax
  andl $0xfd7, %eax
  SAY64 " flags="
  call hex16bits
  popq %r11
  popq %rcx
  movq %r8, %rsp
  orl $0x800, %r11d
  cmpq $0x32, %rdi
  je 1f
  sysretq
1: movl $in_user32, %ecx
  sysretl
user_syscall:
  movq $1f, expect_rip
  xorl %edi, %edi
  std
  syscall
1: pushfq
  popq %rax
  movl %cs, %ebx
  movl %ss, %ecx
  cld
  int $0x41
user_syscall32:
  movq $1f, expect_rip
  movl $0x32, %edi
  syscall
1:

show_user:
  andl $0xfff, %eax
  SHOWSMALL " back flags=", %rax
  SHOWSMALL " cs=", %rbx
  SHOWSMALL " ss=", %rcx
  movq resume_rsp, %rsp
  jmp *resume_rip
syscall_compat_entry:
  movq $STACK0, %rsp
  subq $after_syscall32, %rcx
  SHOWSMALL " cstar rcx=", %rcx
  SHOWSMALL " rax=", %rax
  movq resume_rsp, %rsp
  jmp *resume_rip

execute:
  movq %rdx, expect_rip
  jmp *%rdx

.code32
in_compat:
  movl $0x12345678, %eax
  pushl %eax
  popl %ecx
  SAY32 " cs="
  movw %cs, %ax
  call hex32w
  # Addresses wrap at 4 GiB here.
  movl $0xffffffff, %ebx
  movl %ss:0x28001(%ebx), %eax
  ljmp $G_CODE, $1f
.code64
1: movq %rax, %r9
  shrq $32, %r9
  jmp *resume_rip
.code32
in_user32:
  movw %cs, %ax
  shll $16, %eax
  movw %ss, %ax
  # INT into 64-bit code, then SYSCALL from compatibility mode
  int $0x42
  syscall
after_syscall32:
  int3
.code64
show_compat:
  SHOWSMALL " user32 cs=", 8(%rsp)
  SHOWSMALL " ss=", 32(%rsp)
  SHOWSMALL " rsp=", 24(%rsp)
  iretq

.code32
leave_long:
  movl %cr0, %eax
  andl $0x7fffffff, %eax
  movl %eax, %cr0
  movl $0xc0000080, %ecx
  rdmsr
  SAY32 " efer="
  call hex32w
  andl $0xfffffeff, %eax
  wrmsr
  SAY32 "\nend\n"
  EXIT32
RESET_VECTOR
