// Executes single instructions on the host's processor and reports the state after each. Reads a batch of cases from standard
// input and writes as many results to standard output; case-format.ts describes both records. Every case starts by returning
// from a signal handler whose saved context was replaced, and ends in the next signal: INT3 after the instruction, or a fault.
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define DATA_BASE 0x10000000ul
#define CODE_BASE 0x20000000ul
#define SLOT_SIZE 512
#define SLOT_ENTRY 256
#define WINDOW (DATA_BASE + 0xf00)
#define WINDOW_SIZE 512
#define TAIL (DATA_BASE + 0x2000 - 32)
#define TAIL_SIZE 32
// Base of GS in 64-bit mode, of FS in 32-bit mode.
#define SEGMENT_BASE (DATA_BASE + 0x800)

struct state {
  uint64_t gpr[16];
  uint8_t xmm[16][16];
  uint64_t mmx[8];
  uint8_t window[WINDOW_SIZE];
  uint8_t tail[TAIL_SIZE];
};

struct input {
  uint32_t code_length, eflags, mxcsr, reserved;
  uint8_t code[32];
  struct state state;
};

struct output {
  uint32_t vector, error, eflags, mxcsr;
  uint64_t rip, cr2;
  uint32_t fpu_status, fpu_tags, reserved[2];
  struct state state;
};

static struct input *cases;
static struct output *results;
static uint32_t count;
static int64_t current = -1;
static mcontext_t main_context;
static uint8_t main_fpu[512 + 112];

#ifdef __x86_64__
#define REGISTERS 16
#define FX_OFFSET 0
static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                              REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
#define IP REG_RIP
#else
#define REGISTERS 8
// The kernel's 32-bit frame: the FSAVE image and a status word, then the FXSAVE image.
#define FX_OFFSET 112
static const int order[8] = {REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI};
#define IP REG_EIP
#endif

#ifndef __x86_64__
static uint16_t based_selector;
#endif

static uint8_t *fxsave_of(ucontext_t *context) { return (uint8_t *)context->uc_mcontext.fpregs + FX_OFFSET; }

static void collect(ucontext_t *context, struct output *out) {
  greg_t *regs = context->uc_mcontext.gregs;
  uint8_t *fx = fxsave_of(context);
  memset(out, 0, sizeof *out);
  out->vector = (uint32_t)regs[REG_TRAPNO];
  out->error = (uint32_t)regs[REG_ERR];
  out->eflags = (uint32_t)regs[REG_EFL];
#ifdef __x86_64__
  out->rip = (uint64_t)regs[IP];
  out->cr2 = out->vector == 14 ? (uint64_t)regs[REG_CR2] : 0;
#else
  out->rip = (uint32_t)regs[IP];
  out->cr2 = out->vector == 14 ? (uint32_t)context->uc_mcontext.cr2 : 0;
#endif
  for (int i = 0; i < REGISTERS; i++) {
#ifdef __x86_64__
    out->state.gpr[i] = (uint64_t)regs[order[i]];
#else
    out->state.gpr[i] = (uint32_t)regs[order[i]];
#endif
  }
  memcpy(&out->mxcsr, fx + 24, 4);
  memcpy(out->state.xmm, fx + 160, REGISTERS * 16);
  for (int i = 0; i < 8; i++) memcpy(&out->state.mmx[i], fx + 32 + 16 * i, 8);
  out->fpu_status = fx[2] | fx[3] << 8;
  out->fpu_tags = fx[4];
  memcpy(out->state.window, (void *)WINDOW, WINDOW_SIZE);
  memcpy(out->state.tail, (void *)TAIL, TAIL_SIZE);
}

static void prepare(ucontext_t *context, const struct input *in, uint32_t slot) {
  greg_t *regs = context->uc_mcontext.gregs;
  uint8_t *fx = fxsave_of(context);
  for (int i = 0; i < REGISTERS; i++) regs[order[i]] = (greg_t)in->state.gpr[i];
  regs[REG_EFL] = (greg_t)((in->eflags & 0x40cd5) | 0x202);
  regs[IP] = (greg_t)(CODE_BASE + (uint64_t)slot * SLOT_SIZE + SLOT_ENTRY);
  uint16_t control = 0x37f, status = 0;
  memcpy(fx, &control, 2);
  memcpy(fx + 2, &status, 2);
  fx[4] = 0; // every register empty, with contents: MMX instructions must mark them in use
  memcpy(fx + 24, &in->mxcsr, 4);
  for (int i = 0; i < 8; i++) {
    memcpy(fx + 32 + 16 * i, &in->state.mmx[i], 8);
    memset(fx + 40 + 16 * i, 0xff, 2);
  }
  memcpy(fx + 160, in->state.xmm, REGISTERS * 16);
  // XSAVE header: x87 and SSE state are in the image, not in their initial configuration.
  uint32_t magic;
  memcpy(&magic, fx + 464, 4);
  if (magic == 0x46505853) fx[512] |= 3;
#ifndef __x86_64__
  regs[REG_DS] = regs[REG_ES] = 0x2b;
  regs[REG_FS] = based_selector;
  uint32_t *legacy = (uint32_t *)context->uc_mcontext.fpregs;
  legacy[0] = 0xffff037f;
  legacy[1] = 0xffff0000;
  legacy[2] = 0xffffffff;
  for (int i = 0; i < 8; i++) {
    memcpy((uint8_t *)(legacy + 7) + 10 * i, &in->state.mmx[i], 8);
    memset((uint8_t *)(legacy + 7) + 10 * i + 8, 0xff, 2);
  }
#endif
  memcpy((void *)WINDOW, in->state.window, WINDOW_SIZE);
  memcpy((void *)TAIL, in->state.tail, TAIL_SIZE);
}

static void on_signal(int signal, siginfo_t *info, void *raw) {
  // The kernel leaves AC as the case had it: this code's own accesses must not be checked.
#ifdef __x86_64__
  __asm__ volatile("pushfq; andl $~0x40000, (%%rsp); popfq" ::: "memory", "cc");
#else
  __asm__ volatile("pushfl; andl $~0x40000, (%%esp); popfl" ::: "memory", "cc");
#endif
  (void)signal;
  (void)info;
  ucontext_t *context = raw;
  if (current < 0) {
    memcpy(&main_context, &context->uc_mcontext, sizeof main_context);
    memcpy(main_fpu, context->uc_mcontext.fpregs, FX_OFFSET + 512);
  } else {
    collect(context, &results[current]);
  }
  current++;
  if (current < (int64_t)count) {
    prepare(context, &cases[current], (uint32_t)current);
  } else {
    void *fpregs = context->uc_mcontext.fpregs;
    memcpy(&context->uc_mcontext, &main_context, sizeof main_context);
    context->uc_mcontext.fpregs = fpregs;
    memcpy(fpregs, main_fpu, FX_OFFSET + 512);
  }
}

static void read_fully(void *target, size_t size) {
  if (fread(target, 1, size, stdin) != size) exit(3);
}

int main(void) {
  read_fully(&count, 4);
  if (count == 0 || count > 200000) return 4;
  cases = calloc(count, sizeof *cases);
  results = calloc(count, sizeof *results);
  if (!cases || !results) return 5;
  read_fully(cases, count * sizeof *cases);
  size_t code_size = ((size_t)count * SLOT_SIZE + 0xfff) & ~(size_t)0xfff;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  if (mmap((void *)DATA_BASE, 0x2000, PROT_READ | PROT_WRITE, flags, -1, 0) != (void *)DATA_BASE) return 6;
  if (mmap((void *)CODE_BASE, code_size, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) != (void *)CODE_BASE) return 7;
  memset((void *)CODE_BASE, 0xcc, code_size);
  for (uint32_t i = 0; i < count; i++) {
    memcpy((uint8_t *)CODE_BASE + (size_t)i * SLOT_SIZE + SLOT_ENTRY, cases[i].code, cases[i].code_length & 31);
  }
  mprotect((void *)CODE_BASE, code_size, PROT_READ | PROT_EXEC);
#ifdef __x86_64__
  if (syscall(SYS_arch_prctl, ARCH_SET_GS, SEGMENT_BASE)) return 8;
#else
  struct user_desc segment = {.entry_number = -1u, .base_addr = SEGMENT_BASE, .limit = 0xfffff, .seg_32bit = 1, .limit_in_pages = 1, .useable = 1};
  if (syscall(SYS_set_thread_area, &segment)) return 8;
  based_selector = (uint16_t)(segment.entry_number * 8 + 3);
#endif
  stack_t stack = {.ss_sp = malloc(1 << 18), .ss_size = 1 << 18, .ss_flags = 0};
  sigaltstack(&stack, 0);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigfillset(&action.sa_mask);
  sigdelset(&action.sa_mask, SIGALRM);
  int numbers[] = {SIGTRAP, SIGILL, SIGFPE, SIGSEGV, SIGBUS};
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, 0);
  alarm(120);
  __asm__ volatile("int3");
  fwrite(results, sizeof *results, count, stdout);
  fflush(stdout);
  _exit(0);
}
