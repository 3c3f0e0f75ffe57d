# Hardware task switching (386 and 286 TSS, by CALL, JMP, IRET, task gate and interrupt) and virtual-8086 mode.
.include "harness.inc"
.code16
test_main:
  movw %cs, %ax
  movw %ax, %ds
  jmp enter_protected
.include "protected.inc"
.code32

# Fills a 32-bit TSS: entry point, stack, flags.
.macro MAKE_TSS at, eip, esp, flags=2
  movl $\eip, \at + 0x20
  movl $\flags, \at + 0x24
  movl $0x11111111, \at + 0x28
  movl $0x22222222, \at + 0x2c
  movl $0x33333333, \at + 0x30
  movl $0x44444444, \at + 0x34
  movl $\esp, \at + 0x38
  movl $G_DATA, \at + 0x48
  movl $G_CODE, \at + 0x4c
  movl $G_DATA, \at + 0x50
  movl $G_DATA, \at + 0x54
  movl $G_DATA, \at + 0x58
  movl $G_UDATA, \at + 0x5c
  movl $G_LDT, \at + 0x60
  movl $0x680000, \at + 0x64
.endm

test32:
  SAY32 "tasks\n"
  MAKE_TSS TSS2, task_two, STACK0
  TRY32 "short tss", lcall $G_TSSSHORT, $0
  TRY32 "tss np", lcall $G_TSSNP, $0
  TRY32 "own tss", lcall $G_TSS, $0
  SAY32 "call:"
  movl $0xabcd1234, %ebx
  lcall $G_TSS2, $0
  SAY32 " back ebx="
  movl %ebx, %eax
  call hex32
  call show_task_state
  SAY32 "\n"
  # CALL again: the task continues after its IRET.
  SAY32 "again:"
  lcall $G_TSS2, $0
  SAY32 " back\n"
  # A task gate, then JMP forth and back (no link, no NT).
  MAKE_TSS TSS2, task_jumped, STACK0
  SAY32 "jmp gate:"
  ljmp $G_TASKGATE, $0
  SAY32 " back"
  call show_task_state
  SAY32 "\n"
  # Interrupt through a task gate, with an error code on the new stack.
  MAKE_TSS TSS2, task_fault, STACK0
  movl $(G_TSS2 << 16), IDT + 13 * 8
  movl $0x8500, IDT + 13 * 8 + 4
  SAY32 "fault task:"
  movl $0x800, %ecx
fault_here:
  movw %cx, %fs
fault_after:
  SAY32 " back"
  call show_task_state
  SAY32 "\n"
  SETGATE 13, stub13
  # 286 TSS
  movl $(task_286 - _start), TSS286 + 0x0e
  movw $2, TSS286 + 0x10
  movw $0x5555, TSS286 + 0x12
  movw $0x7ff0, TSS286 + 0x1a
  movw $G_DATA16, TSS286 + 0x22
  movw $G_CODE16, TSS286 + 0x24
  movw $G_DATA16, TSS286 + 0x26
  movw $G_DATA16, TSS286 + 0x28
  movw $0, TSS286 + 0x2a
  SAY32 "286:"
  movl $0x12345678, %esi
  lcall $G_TSS286, $0
  SAY32 " back esi="
  movl %esi, %eax
  call hex32
  SAY32 "\n"
  # T bit: #DB before the first instruction of the task
  MAKE_TSS TSS2, task_two, STACK0
  movw $1, TSS2 + 0x64
  SAY32 "t bit:"
  movl $task_two, expect_eip
  movl $1f, resume_eip
  movl %esp, resume_esp
  lcall $G_TSS2, $0
1: SAY32 "\n"
  # In task two now; a bad segment in the incoming task: #TS there, with the new task's CS
  MAKE_TSS TSSDF, task_two, STACK0
  movl $G_NPCODE, TSSDF + 0x54
  SAY32 "bad ds:"
  movl $task_two, expect_eip
  movl $1f, resume_eip
  lcall $G_TSSDF, $0
1: str %ax
  SAY32 " tr="
  call hex32w
  SAY32 "\n"
  # Leave the nested flag and go on in this task with a ring-0 stack for it.
  pushfl
  andl $0xffffbfff, (%esp)
  popfl
  movl $STACK0, TSSDF + 4
  movl $G_DATA, TSSDF + 8

  # Virtual 8086 mode
  SAY32 "v86\n"
  SETGATE 0x20, v86_interrupt, 0xee
  SETGATE 0x21, v86_interrupt, 0x8e
  SETGATE 13, v86_fault
  SETGATE 6, v86_interrupt
  movl $v86_one, %esi
  movl $0x20002, %edi
  call enter_v86
  movl $v86_cli, %esi
  movl $0x20002, %edi
  call enter_v86
  movl $v86_int, %esi
  movl $0x20002, %edi
  call enter_v86
  movl $v86_pushf, %esi
  movl $0x20002, %edi
  call enter_v86
  movl $v86_iopl3, %esi
  movl $0x23002, %edi
  call enter_v86
  movl $v86_hlt, %esi
  movl $0x23002, %edi
  call enter_v86
  movl $v86_int21, %esi
  movl $0x23002, %edi
  call enter_v86
  movl $v86_port, %esi
  movl $0x23002, %edi
  call enter_v86
  movl $v86_lldt, %esi
  movl $0x23002, %edi
  call enter_v86
  movl $v86_lret, %esi
  movl $0x23002, %edi
  call enter_v86
  SAY32 "end\n"
  EXIT32

# ESI entry (linear), EDI flags
enter_v86:
  movl %esp, resume_esp
  pushl $0x1104
  pushl $0x1103
  pushl $0x1102
  pushl $0x1101
  pushl $0x1000
  pushl $0xfe00
  pushl %edi
  pushl $0x1000
  subl $BASE, %esi
  pushl %esi
  iretl

# Interrupt 20: shows the frame, back to the caller of enter_v86.
v86_interrupt:
  movl %eax, %ebp
  pushl $0
  jmp 1f
v86_fault:
  movl %eax, %ebp
1: movw %ds, %bx
  movw $G_DATA, %ax
  movw %ax, %ds
  SAY32 " error="
  movl (%esp), %eax
  call hex32w
  SAY32 " eax="
  movl %ebp, %eax
  call hex32
  SAY32 " ip="
  movl 4(%esp), %eax
  addl $(BASE), %eax
  subl $v86_code, %eax
  call hex32w
  SAY32 " cs="
  movl 8(%esp), %eax
  call hex32w
  SAY32 " flags="
  movl 12(%esp), %eax
  andl $0x27700, %eax
  call hex32
  SAY32 " sp="
  movl 16(%esp), %eax
  call hex32w
  SAY32 " segs="
  movl 20(%esp), %eax
  call hex32w
  movl 24(%esp), %eax
  call hex32w
  movl 28(%esp), %eax
  call hex32w
  movl 32(%esp), %eax
  call hex32w
  movl 36(%esp), %eax
  call hex32w
  SAY32 " ds="
  movl %ebx, %eax
  call hex32w
  pushfl
  popl %eax
  andl $0x20200, %eax
  SAY32 " now="
  call hex32
  SAY32 "\n"
  movl resume_esp, %esp
  ret

show_task_state:
  SAY32 " tr="
  str %ax
  call hex32w
  pushfl
  popl %eax
  andl $0x4000, %eax
  SAY32 " nt="
  call hex32w
  movl %cr0, %eax
  andl $8, %eax
  SAY32 " ts="
  call hex8
  clts
  movb gdt + G_TSS + 5, %al
  SAY32 " types="
  call hex8
  movb gdt + G_TSS2 + 5, %al
  jmp hex8

task_two:
  SAY32 " two eax="
  call hex32
  SAY32 " link="
  movzwl TSS2, %eax
  call hex32w
  SAY32 " gs="
  movw %gs, %ax
  call hex32w
  SAY32 " ldt="
  sldt %ax
  call hex32w
  SAY32 " saved ebx="
  movl TSS + 0x34, %eax
  call hex32
  call show_task_state
  iretl
  SAY32 " resumed"
  iretl

task_jumped:
  SAY32 " jumped"
  call show_task_state
  ljmp $G_TSS, $0

task_fault:
  SAY32 " error="
  popl %eax
  call hex32
  SAY32 " eip="
  movl TSS + 0x20, %eax
  subl $fault_here, %eax
  call hex32w
  call show_task_state
  movl $fault_after, TSS + 0x20
  iretl

call_gate_target:
call_gate16_target:
  ud2

.code16
task_286:
  SAY16 " in 286 ax="
  call hex16
  SAY16 " sp="
  movw %sp, %ax
  call hex16
  SAY16 " cs="
  movw %cs, %ax
  call hex16
  iretw

v86_code:
v86_one:
  movw %cs, %ax
  movw %ss, %bx
  int $0x20
v86_cli:
  movl $0xc11, %eax
  cli
v86_int:
  movl $0x1e7, %eax
  int $0x20
v86_pushf:
  movl $0xf, %eax
  pushfw
v86_iopl3:
  sti
  pushfw
  popw %ax
  movzwl %ax, %eax
  cli
  int $0x20
v86_hlt:
  hlt
v86_int21:
  int $0x21
v86_port:
  outb %al, $0x80
  outb %al, $0x81
v86_lldt:
  lldt %ax
v86_lret:
  pushw $0x1000
  pushw $(1f - _start)
  lretw
1: movw %ds, %ax
  movzwl %ax, %eax
  int $0x20
RESET_VECTOR
