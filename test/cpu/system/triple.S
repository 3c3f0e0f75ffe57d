# A fault that cannot be delivered, whose double fault cannot either: the processor shuts down.
.include "harness.inc"
.code16
empty_idt: .word 0
  .long 0
test_main:
  SAY16 "shutdown follows\n"
  lidtl %cs:(empty_idt - _start)
  ud2
  SAY16 "not reached\n"
  EXIT16
RESET_VECTOR
