# 32-bit paging: error codes, accessed and dirty bits, WP, 4 MiB pages, INVLPG, global pages, PAE with NX, CR2.
.include "harness.inc"
.code16
test_main:
  movw %cs, %ax
  movw %ax, %ds
  jmp enter_protected
.include "protected.inc"
.code32
call_gate_target:
call_gate16_target:
  ud2

.set PD, 0x40000
.set PT, 0x41000
.set PDPT, 0x42000
.set PAEPD, 0x43000
.set PAEPT, 0x44000

.macro SHOWPTE
  movl PT + 0x50 * 4, %eax
  SAY32 " pte="
  call hex32
.endm

test32:
  SAY32 "paging\n"
  # Identity map of the first MiB, user pages above 0x60000.
  movl $PD, %edi
  xorl %eax, %eax
  movl $0x1800, %ecx
  rep stosl
  movl $(PT + 7), PD
  movl $PT, %edi
  movl $3, %eax
1: stosl
  addl $0x1000, %eax
  cmpl $0x100003, %eax
  jb 1b
  movl $0x50003, PT + 0x50 * 4
  movl $0x51001, PT + 0x51 * 4
  movl $0, PT + 0x52 * 4
  movl $0x53007, PT + 0x53 * 4
  movl $0x54005, PT + 0x54 * 4
  # User code runs in the image; open those pages, the user stack and the tables' page for output.
  .irp n, 0x10,0x11,0x12,0x13,0x2b,0x2c
  movl $(\n * 4096 + 7), PT + \n * 4
  .endr
  # 4 MiB page at 4 MiB, mapping physical 0.
  movl $0x83, PD + 4
  movl %cr4, %eax
  orl $0x10, %eax
  movl %eax, %cr4
  movl $PD, %eax
  movl %eax, %cr3
  movl %cr0, %eax
  orl $0x80000000, %eax
  movl %eax, %cr0
  jmp 1f
1:
  SAY32 "on"
  SHOWPTE
  movl 0x50000, %eax
  SHOWPTE
  movl %eax, 0x50000
  SHOWPTE
  SAY32 " pde="
  movl PD, %eax
  andl $0x60, %eax
  call hex32
  SAY32 "\n"
  TRY32 "read absent", movl 0x52010, %eax
  TRY32 "write absent", movl %eax, 0x52010
  TRY32 "absent pde", movl 0xc00abc, %eax
  TRY32 "read-only without WP", movl %eax, 0x51000
  movl %cr0, %eax
  orl $0x10000, %eax
  movl %eax, %cr0
  TRY32 "read-only with WP", movl %eax, 0x51000
  TRY32 "cross page", movl 0x51ffe, %eax
  TRY32 "cross page write", movl %eax, 0x4fffe
  TRY32 "jump absent", call jump_absent
  TRYU "u read user", movl 0x53000, %eax
  TRYU "u write user read-only", movl %eax, 0x54000
  TRYU "u read supervisor", movl 0x50000, %eax
  TRYU "u write supervisor", movl %eax, 0x50000
  TRYU "u read absent", movl 0x52000, %eax
  TRYU "u jump supervisor", call jump_supervisor
  # POP reads the stack before it looks at its destination.
  TRYU "u pop to code, stack absent", call pop_absent
  TRYU "u pop to code", call pop_present
  SAY32 "4M page: "
  movl $0x13572468, 0x50100
  movl 0x450100, %eax
  call hex32
  movl %eax, 0x450104
  SAY32 " pde="
  movl PD + 4, %eax
  call hex32
  SAY32 "\n"
  movl $0x200083, PD + 8
  TRY32 "4M reserved bit", movl 0x800000, %eax
  # A remapped page shows after INVLPG.
  SAY32 "invlpg: "
  movl $0xaaaa0001, 0x56000
  movl $0xbbbb0002, 0x57000
  movl 0x56000, %eax
  movl $0x57003, PT + 0x56 * 4
  invlpg 0x56000
  movl 0x56000, %eax
  call hex32
  movl $0x56003, PT + 0x56 * 4
  movl %cr3, %eax
  movl %eax, %cr3
  movl 0x56000, %eax
  SAY32 " cr3: "
  call hex32
  SAY32 "\n"
  # Global pages survive a CR3 write and end with CR4.PGE.
  SAY32 "global: "
  movl %cr4, %eax
  orl $0x80, %eax
  movl %eax, %cr4
  movl $0x56103, PT + 0x56 * 4
  invlpg 0x56000
  movl 0x56000, %eax
  movl $0x57103, PT + 0x56 * 4
  movl %cr3, %eax
  movl %eax, %cr3
  movl 0x56000, %eax
  call hex32
  movl %cr4, %eax
  andl $0xffffff7f, %eax
  movl %eax, %cr4
  movl 0x56000, %eax
  SAY32 " without pge: "
  call hex32
  SAY32 "\n"
  # A page fault while delivering a page fault: double fault
  movl $0, PT + 0x2f * 4
  movl %cr3, %eax
  movl %eax, %cr3
  TRY32 "stack gone", call no_stack
  # PAE: switch paging off first.
  movl %cr0, %eax
  andl $0x7fffffff, %eax
  movl %eax, %cr0
  movl $(PAEPD + 1), PDPT
  movl $(PAEPT + 7), PAEPD
  movl $0x00000083, PAEPD + 8
  movl $PAEPT, %edi
  movl $3, %eax
1: movl %eax, (%edi)
  movl $0, 4(%edi)
  addl $8, %edi
  addl $0x1000, %eax
  cmpl $0x100003, %eax
  jb 1b
  movl $PDPT, %eax
  movl %eax, %cr3
  movl %cr4, %eax
  orl $0x20, %eax
  movl %eax, %cr4
  movl %cr0, %eax
  orl $0x80000000, %eax
  movl %eax, %cr0
  jmp 1f
1: SAY32 "pae on, 2M page: "
  movl 0x250100, %eax
  call hex32
  SAY32 "\n"
  movl $0x80000000, PAEPT + 0x58 * 8 + 4
  TRY32 "nx without nxe", movl 0x58000, %eax
  movl $0xc0000080, %ecx
  rdmsr
  orl $0x800, %eax
  wrmsr
  TRY32 "nx read", movl 0x58000, %eax
  movb $0xc3, 0x58000
  movl $0x58000, %edx
  TRY32 "nx jump", call jump_nx
  movl $0, PAEPT + 0x58 * 8 + 4
  invlpg 0x58000
  TRY32 "without nx", call *%edx
  TRY32 "absent pdpte", movl 0x40000000, %eax
  movl $0, PAEPT + 0x59 * 8
  invlpg 0x59000
  movl $0x59000, %edx
  TRY32 "jump absent", call jump_nx
  TRY32 "pdpte reserved", call bad_pdpte
  SAY32 "end\n"
  EXIT32

jump_absent:
  movl $0x52000, %eax
  movl %eax, expect_eip
  jmp *%eax
jump_supervisor:
  movl $0x50000, %eax
  movl %eax, expect_eip
  jmp *%eax
pop_absent:
  movl $0x52000, %esp
pop_present:
  movl $1f, expect_eip
1: popl %cs:0x53000
  int $0x40
jump_nx:
  movl %edx, expect_eip
  jmp *%edx
no_stack:
  # The frame goes to an absent page: #PF at #PF. The double-fault task brings its own stack.
  movl $(G_TSSDF << 16), IDT + 8 * 8
  movl $0x8500, IDT + 8 * 8 + 4
  movl $double_task, TSSDF + 0x20
  movl $2, TSSDF + 0x24
  movl $STACK0, TSSDF + 0x38
  movl $G_DATA, TSSDF + 0x48
  movl $G_CODE, TSSDF + 0x4c
  movl $G_DATA, TSSDF + 0x50
  movl $G_DATA, TSSDF + 0x54
  movl %cr3, %eax
  movl %eax, TSSDF + 0x1c
  movl %cr3, %eax
  movl %eax, TSS + 0x1c
  movl $0x2f800, %esp
1: pushl %eax
double_task:
  popl %eax
  SAY32 " double error="
  call hex32
  SAY32 " eip="
  movl TSS + 0x20, %eax
  subl $1b, %eax
  call hex32w
  SAY32 " esp="
  movl TSS + 0x38, %eax
  call hex32
  SAY32 " cr2="
  movl %cr2, %eax
  call hex32
  movl $3f, TSS + 0x20
  movl resume_esp, %eax
  movl %eax, TSS + 0x38
  iretl
3: jmp *resume_eip
bad_pdpte:
  movl $0x9, PDPT + 16
  orl $4, PDPT + 16
  movl %cr3, %eax
  movl $1f, expect_eip
1: movl %eax, %cr3
  SAY32 " taken"
  ret
RESET_VECTOR
