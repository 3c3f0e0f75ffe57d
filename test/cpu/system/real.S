# Real mode: reset state, IVT, flags, single step, limits, the way into protected mode and back ("big real mode").
.include "harness.inc"
.code16

# Vector \n gets the handler \label.
.macro IVT n, label
  movw $(\label - _start), %ds:(\n * 4)
  movw %cs, %ds:(\n * 4 + 2)
.endm
.macro ON_FAULT label
  movw $(\label - _start), %cs:(resume - _start)
.endm

gdt:
  .quad 0
  .quad 0x00009b010000ffff        # 08 code16 base 0x10000
  .quad 0x008f93000000ffff        # 10 data16, 4 GiB
  .quad 0x000093000000ffff        # 18 data16, 64 KiB, base 0
gdt_pointer: .word 31
  .long gdt
resume: .word 0
steps: .word 0

test_main:
  SAY16 "start\n"
  movl %cr0, %eax
  SAY16 "cr0 pe,et="
  andw $0x11, %ax
  call hex16
  pushfw
  popw %ax
  SAY16 " flags="
  andw $0x7fd7, %ax
  call hex16
  SAY16 "\n"

  xorw %ax, %ax
  movw %ax, %ds
  IVT 0x20, int20
  IVT 0, fault0
  IVT 1, step
  IVT 6, fault6
  IVT 13, fault13
  IVT 12, fault12
  IVT 5, fault5

  # INT n: flags on the stack, IF and TF cleared, IRET restores.
  sti
  stc
  int $0x20
after_int20:
  pushfw
  popw %ax
  cli
  SAY16 "after: flags="
  andw $0x0fd7, %ax
  call hex16
  SAY16 "\n"

  ON_FAULT 1f
  SAY16 "div:"
  xorw %cx, %cx
  movw $5, %ax
  xorw %dx, %dx
  divw %cx
1: ON_FAULT 1f
  SAY16 "ud2:"
  ud2
1: ON_FAULT 1f
  SAY16 "word at ffff:"
  movw %ds:0xffff, %ax
  SAY16 " none\n"
1: ON_FAULT 1f
  SAY16 "stack word at ffff:"
  movw $0xffff, %bp
  movw %ss:(%bp), %ax
  SAY16 " none\n"
1: ON_FAULT 1f
  SAY16 "lldt:"
  lldt %ax
  SAY16 " none\n"
1: ON_FAULT 1f
  SAY16 "bound:"
  movw $9, %ax
  boundw %ax, %cs:(bounds - _start)
  SAY16 " none\n"
1:
  # Single step three instructions.
  movw $0, %cs:(steps - _start)
  pushfw
  popw %ax
  orw $0x100, %ax
  pushw %ax
  popfw
  nop
  nop
  pushfw
  popw %ax
  andw $0xfeff, %ax
  pushw %ax
  popfw
  nop
  SAY16 "steps="
  movw %cs:(steps - _start), %ax
  call hex16
  SAY16 "\n"

  # Far call and return with a wide stack operand.
  SAY16 "lcall:"
  lcall $0x1000, $(far_target - _start)
  SAY16 " back\n"

  # Protected mode for a moment; 4 GiB limits survive in real mode.
  movw $0x1000, %ax
  movw %ax, %ds
  lgdtl gdt_pointer - _start
  movl %cr0, %eax
  orb $1, %al
  movl %eax, %cr0
  ljmp $8, $(1f - _start)
1: smsw %ax
  andw $1, %ax
  SAY16 "pe="
  call hex16
  movw $0x10, %bx
  movw %bx, %fs
  movw $0x18, %bx
  movw %bx, %gs
  movl %cr0, %eax
  andb $0xfe, %al
  movl %eax, %cr0
  ljmp $0x1000, $(1f - _start)
1: movl $0x200000, %ebx
  movl $0x12345678, %fs:(%ebx)
  movl %fs:(%ebx), %eax
  SAY16 " big real="
  call hex16
  xorw %ax, %ax
  movw %ax, %fs
  movl %fs:(%ebx), %eax
  SAY16 " after reload="
  call hex16
  SAY16 "\n"
  ON_FAULT 1f
  SAY16 "gs beyond 64K:"
  movl %gs:(%ebx), %eax
  SAY16 " none\n"
1:
  # LMSW sets PE but cannot clear it: come back through CR0.
  movl %cr0, %eax
  orw $1, %ax
  lmsw %ax
  ljmp $8, $(1f - _start)
1: xorw %ax, %ax
  lmsw %ax
  smsw %ax
  andw $1, %ax
  movw %ax, %bx
  movl %cr0, %eax
  andb $0xfe, %al
  movl %eax, %cr0
  ljmp $0x1000, $(1f - _start)
1: movw %bx, %ax
  SAY16 "lmsw 0: pe="
  call hex16
  SAY16 "\n"

  # An IDT too short for the vector: #GP, real mode style.
  lidtl %cs:(short_idt - _start)
  ON_FAULT 1f
  SAY16 "short idt:"
  int $0x20
  SAY16 " none\n"
1: lidtl %cs:(full_idt - _start)
  SAY16 "end\n"
  EXIT16

short_idt: .word 0x7f
  .long 0
full_idt: .word 0x3ff
  .long 0
bounds: .word 1, 8

far_target:
  SAY16 " there"
  lret

int20:
  pushw %bp
  movw %sp, %bp
  SAY16 "int20: ip="
  movw 2(%bp), %ax
  subw $(after_int20 - _start), %ax
  call hex16
  SAY16 " cs="
  movw 4(%bp), %ax
  call hex16
  SAY16 " flags="
  movw 6(%bp), %ax
  andw $0x0fd7, %ax
  call hex16
  pushfw
  popw %ax
  SAY16 " now="
  andw $0x0f01, %ax
  call hex16
  SAY16 "\n"
  popw %bp
  iretw

step:
  incw %cs:(steps - _start)
  iretw

fault0:
  SAY16 " #DE\n"
  jmp fault_common
fault5:
  SAY16 " #BR\n"
  jmp fault_common
fault6:
  SAY16 " #UD\n"
  jmp fault_common
fault12:
  SAY16 " #SS\n"
  jmp fault_common
fault13:
  SAY16 " #GP\n"
fault_common:
  # No error code in real mode: exactly IP, CS, FLAGS to drop.
  addw $6, %sp
  jmp *%cs:(resume - _start)

RESET_VECTOR
