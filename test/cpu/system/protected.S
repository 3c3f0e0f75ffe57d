# Protected mode: segment loads, limits, gates, privilege changes, error codes, ports, debug exceptions.
.include "harness.inc"
.code16
test_main:
  movw %cs, %ax
  movw %ax, %ds
  jmp enter_protected
.include "protected.inc"
.code32

.macro LOAD reg, selector
  movl $(\selector), %ecx
  TRY32 "mov \reg,\selector", movw %cx, %\reg
.endm

test32:
  SAY32 "protected\n"
  LOAD ds, 0
  movw $G_DATA, %ax
  movw %ax, %ds
  LOAD fs, G_EXECONLY
  LOAD fs, G_READONLY
  LOAD fs, G_NPDATA
  LOAD fs, G_BAD
  LOAD fs, G_TSS
  LOAD fs, G_CONFORMING
  LOAD fs, 0x800
  LOAD fs, 0x0c
  LOAD fs, G_DATA+3
  LOAD fs, G_UDATA
  LOAD ss, 0
  LOAD ss, G_READONLY
  LOAD ss, G_NPDATA
  LOAD ss, G_DATA+3
  LOAD ss, G_UDATA
  LOAD ss, G_CODE
  SHOW32 "fresh ", gdt + G_FRESH + 4
  movl $G_FRESH, %ecx
  movw %cx, %fs
  SHOW32 " loaded ", gdt + G_FRESH + 4
  SAY32 "\n"
  # LDT
  TRY32 "lldt data", lldtw gdt_data_selector
  TRY32 "lldt beyond", lldtw beyond_selector
  TRY32 "lldt", lldtw ldt_selector
  LOAD fs, 0x0c
  LOAD fs, 0x1c
  TRY32 "ltr busy", ltrw tss_selector
  TRY32 "ltr np", ltrw tssnp_selector
  # Limits
  movl $G_SMALL, %ecx
  movw %cx, %fs
  TRY32 "small byte f", movb %fs:0xf, %al
  TRY32 "small byte 10", movb %fs:0x10, %al
  TRY32 "small word f", movw %fs:0xf, %ax
  TRY32 "small dword c", movl %fs:0xc, %eax
  movl $G_DOWN, %ecx
  movw %cx, %fs
  TRY32 "down fff", movb %fs:0xfff, %al
  TRY32 "down 1000", movb %fs:0x1000, %al
  movl $G_READONLY, %ecx
  movw %cx, %fs
  TRY32 "readonly read", movl %fs:0x10000, %eax
  TRY32 "readonly write", movl %eax, %fs:0x10000
  TRY32 "cs write", movl %eax, %cs:0x10000
  xorl %ecx, %ecx
  movw %cx, %fs
  TRY32 "null read", movl %fs:0x10000, %eax
  movl %esp, %ebp
  TRY32 "stack beyond limit", call small_stack
  # Transfers
  TRY32 "ljmp null", ljmp *far_null
  TRY32 "ljmp data", ljmp *far_data
  TRY32 "ljmp np", ljmp *far_np
  TRY32 "ljmp bad", ljmp *far_bad
  TRY32 "ljmp ucode", ljmp *far_ucode
  TRY32 "lcall beyond", lcall *far_beyond
  TRY32 "lcall limit", lcall *far_limit
  TRY32 "ljmp conforming", call jump_conforming
  TRY32 "callgate np", lcall $G_CALLNP, $0
  TRY32 "callgate data", lcall $G_CALLDATA, $0
  TRY32 "lret null", call far_return_null
  TRY32 "iret ucode bad ss", call iret_bad_ss
  # LAR LSL VERR VERW ARPL
  .irp s, G_CODE, G_DATA, G_NPDATA, G_TSS, G_CALL32, G_LDT, G_BAD, 0x800, 0
  SAY32 "lar \s "
  movl $\s, %ecx
  movl $0xaaaaaaaa, %eax
  larl %ecx, %eax
  pushfl
  # The limit bits among them differ between processors.
  andl $0xfff0ffff, %eax
  popfl
  call show_zf
  SAY32 " lsl "
  movl $0xaaaaaaaa, %eax
  lsll %ecx, %eax
  call show_zf
  verr %cx
  setz %al
  movb %al, %ah
  verw %cx
  setz %al
  SAY32 " verr,verw "
  call hex32w
  SAY32 "\n"
  .endr
  SAY32 "arpl "
  movl $0x50, %eax
  movl $3, %ecx
  arpl %cx, %ax
  call show_zf
  movl $0x53, %eax
  movl $1, %ecx
  arpl %cx, %ax
  call show_zf
  SAY32 "\n"
  # Exceptions and software interrupts
  xorl %ecx, %ecx
  TRY32 "div", divl %ecx
  TRY32 "int3", int3
  movl $0x7fffffff, %eax
  addl $1, %eax
  TRY32 "into", call do_into
  TRY32 "int1", .byte 0xf1
  TRY32 "ud2", ud2
  TRY32 "int beyond idt", int $0x90
  movl $0, IDT + 0x50 * 8 + 4
  TRY32 "int no gate", int $0x50
  SETGATE 0x50, stub3, 0x0e
  TRY32 "int np", int $0x50
  SETGATE 0x50, stub3, 0x8e, 0
  TRY32 "int null cs", int $0x50
  SETGATE 0x50, stub3, 0x8e, G_DATA
  TRY32 "int data cs", int $0x50
  SETGATE 0x50, stub3, 0x8e, G_NPCODE
  TRY32 "int np cs", int $0x50
  # Ring 3
  SETGATE 0x41, stub3
  SETGATE 0x42, show_eax, 0xee
  SETGATE 0x43, show_stack, 0xee
  SETGATE 0x44, show_fs_gs, 0xee
  TRYU "u nop", nop
  TRYU "u cli", cli
  TRYU "u hlt", hlt
  TRYU "u mov cr0", movl %cr0, %eax
  TRYU "u lgdt", lgdtl gdt_pointer
  TRYU "u int 41", int $0x41
  TRYU "u int 9", int $9
  TRYU "u int3", int3
  TRYU "u out 80", outb %al, $0x80
  TRYU "u out 81", outb %al, $0x81
  TRYU "u outw 80", outw %ax, $0x80
  TRYU "u mov ss,data", call user_load_ss
  TRYU "u mov ds,data", call user_load_ds
  TRYU "u mov ds,conforming", call user_load_conforming
  TRYU "u lcall priv gate", lcall $G_CALLPRIV, $0
  TRYU "u rdmsr", rdmsr
  TRYU "u iret to ring 0", call user_iret
  TRYU "u popf", call user_popf
  # Call gates from ring 3, with parameters
  TRYU "u call gate", call user_call_gate
  TRYU "u call gate 16", call user_call_gate16
  # Data segments of the inner ring are dropped on the way out
  SAY32 "drop:"
  movl $1f, resume_eip
  movl %esp, resume_esp
  movw $G_DATA, %ax
  movw %ax, %fs
  movw $(G_UDATA + 3), %ax
  movw %ax, %gs
  pushl $(G_UDATA + 3)
  pushl $USTACK
  pushl $(G_UCODE + 3)
  pushl $show_dropped
  lretl
1: SAY32 "\n"
  # Double fault: #NP while delivering #GP
  movb $0x0e, IDT + 13 * 8 + 5
  movl $0x800, %ecx
  TRY32 "double", movw %cx, %fs
  movb $0x8e, IDT + 13 * 8 + 5
  # Debug exceptions
  TRY32 "step", call step_once
  movl $breakpoint_here, %eax
  movl %eax, %dr0
  movl $0x401, %eax
  movl %eax, %dr7
  SAY32 "code breakpoint:"
  movl $breakpoint_here, expect_eip
  movl $1f, resume_eip
  movl %esp, resume_esp
breakpoint_here:
  nop
  SAY32 " ok"
1: SAY32 "\n"
  # With RF in the frame the instruction runs.
  SAY32 "resume flag:"
  movl $1f, resume_eip
  pushl $0x10002
  pushl $G_CODE
  pushl $breakpoint_two
  movl $breakpoint_two, %eax
  movl %eax, %dr0
  iretl
breakpoint_two:
  nop
  SAY32 " ok"
1: SAY32 "\n"
  movl $0x30100, %eax
  movl %eax, %dr1
  movl $0x00d00404, %eax
  movl %eax, %dr7
  movl %esp, resume_esp
  SAY32 "data breakpoint:"
  movl $watch_done, expect_eip
  movl $1f, resume_eip
  movl 0x30100, %eax
  movb %al, 0x300ff
  movb %al, 0x30102
watch_done:
  SAY32 " none"
1: SAY32 "\n"
  movl $0x2400, %eax
  movl %eax, %dr7
  TRY32 "general detect", movl %dr0, %eax
  movl %dr7, %eax
  andl $0x2000, %eax
  SAY32 "gd now "
  call hex32w
  SAY32 "\n"
  movl $0x400, %eax
  movl %eax, %dr7
  movl %cr4, %eax
  orl $8, %eax
  movl %eax, %cr4
  TRY32 "dr4 with de", movl %dr4, %eax
  movl $0x80, %eax
  movl %eax, %dr2
  movl $0x02000410, %eax
  movl %eax, %dr7
  SAY32 "port breakpoint:"
  movl $port_done, expect_eip
  movl $1f, resume_eip
  movl %esp, resume_esp
  outb %al, $0x81
  outb %al, $0x80
port_done:
  SAY32 " none"
1: SAY32 "\n"
  movl $0x400, %eax
  movl %eax, %dr7
  # 16-bit code segment: the default size changes, and comes back
  SAY32 "code16:"
  ljmp $G_CODE16, $(in_code16 - _start)
back_from16:
  SAY32 " back\n"
  SAY32 "end\n"
  EXIT32

.code16
in_code16:
  movl $0x12345678, %eax
  ljmpl $G_CODE, $back_from16
.code32

gdt_data_selector: .word G_DATA
beyond_selector: .word 0x808
ldt_selector: .word G_LDT
tss_selector: .word G_TSS
tssnp_selector: .word G_TSSNP
null_selector: .word 0
far_null: .long test32
  .word 0
far_data: .long test32
  .word G_DATA
far_np: .long test32
  .word G_NPCODE
far_bad: .long test32
  .word G_BAD
far_ucode: .long test32
  .word G_UCODE
far_beyond: .long test32
  .word 0x800
far_limit: .long 0x10000
  .word G_CODE16

show_zf:
  pushfl
  call hex32
  popfl
  setz %al
  SAY32 " zf="
  jmp hex8

small_stack:
  popl %edx
  movl $G_STACK4K, %ecx
  movw %cx, %ss
  movl $0x800, %esp
  movl $1f, expect_eip
1: movl %ss:0x1000, %eax
  # Only an emulator without limit checks comes here.
  movw $G_DATA, %cx
  movw %cx, %ss
  movl %ebp, %esp
  jmp *%edx

jump_conforming:
  ljmp $G_CONFORMING, $1f
1: movw %cs, %ax
  SAY32 " cs="
  call hex32w
  ljmp $G_CODE, $1f
1: ret

far_return_null:
  pushl $0
  pushl $test32
  movl $1f, expect_eip
1: lretl

iret_bad_ss:
  pushl $G_DATA
  pushl $USTACK
  pushl $2
  pushl $(G_UCODE + 3)
  pushl $test32
  movl $1f, expect_eip
1: iretl

do_into:
  movl $0x7fffffff, %eax
  addl $1, %eax
  movl $1f, expect_eip
  into
1: SAY32 " not taken"
  ret

user_load_ss:
  movl $G_DATA, %ecx
  movl $1f, expect_eip
1: movw %cx, %ss
  ret
user_load_ds:
  movl $G_DATA, %ecx
  movl $1f, expect_eip
1: movw %cx, %ds
  ret
user_load_conforming:
  movl $G_CONFORMING, %ecx
  movw %cx, %ds
  ret
user_iret:
  pushl $2
  pushl $G_CODE
  pushl $test32
  movl $1f, expect_eip
1: iretl
user_popf:
  pushl $0x3202
  popfl
  pushfl
  popl %eax
  int $0x42
user_call_gate:
  pushl $0x11112222
  pushl $0x33334444
  lcall $G_CALL32, $0
  # The gate's RET dropped the parameters on both stacks.
  movw %cs, %ax
  movl %esp, %ecx
  movw %ss, %dx
  int $0x43
user_call_gate16:
  pushw $0x5555
  lcall $G_CALL16, $0
  int $0x43

show_dropped:
  movw %fs, %ax
  movw %gs, %cx
  int $0x44

show_eax:
  movl %eax, %ecx
  movw $G_DATA, %ax
  movw %ax, %ds
  SAY32 " eax="
  movl %ecx, %eax
  call hex32
  movl resume_esp, %esp
  jmp *resume_eip
show_stack:
  movw $G_DATA, %bx
  movw %bx, %ds
  SAY32 " cs="
  call hex32w
  SAY32 " ss="
  movl %edx, %eax
  call hex32w
  SAY32 " esp="
  leal -USTACK(%ecx), %eax
  call hex32w
  movl resume_esp, %esp
  jmp *resume_eip
show_fs_gs:
  movw $G_DATA, %bx
  movw %bx, %ds
  SAY32 " fs="
  call hex32w
  SAY32 " gs="
  movl %ecx, %eax
  call hex32w
  movl resume_esp, %esp
  jmp *resume_eip
step_once:
  movl $1f, expect_eip
  pushfl
  orl $0x100, (%esp)
  popfl
  nop
1: SAY32 " not stepped"
  ret

call_gate_target:
  movw $G_DATA, %ax
  movw %ax, %ds
  SAY32 " in gate cs="
  movw %cs, %ax
  call hex32w
  SAY32 " esp="
  movl %esp, %eax
  subl $STACK0, %eax
  call hex32w
  SAY32 " ss="
  movw %ss, %ax
  call hex32w
  SAY32 " frame"
  movl 4(%esp), %eax
  call space_hex
  movl 8(%esp), %eax
  call space_hex
  movl 12(%esp), %eax
  call space_hex
  movl 16(%esp), %eax
  call space_hex
  movl 20(%esp), %eax
  call space_hex
  lretl $8
.code16
call_gate16_target:
  ljmpl $G_CODE, $1f
.code32
1: movw $G_DATA, %ax
  movw %ax, %ds
  SAY32 " in gate16 esp="
  movl %esp, %eax
  subl $STACK0, %eax
  call hex32w
  movzwl 4(%esp), %eax
  call space_hex
  SAY32 " cs="
  movzwl 2(%esp), %eax
  call hex32w
  # Its 16-bit frame has lost the upper half of the return address: leave through the recorder.
  movl resume_esp, %esp
  jmp *resume_eip

space_hex:
  pushl %eax
  movb $32, %al
  call putc32
  popl %eax
  jmp hex32
RESET_VECTOR
