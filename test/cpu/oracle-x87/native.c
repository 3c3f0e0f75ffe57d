// Runs x87 instructions on the host's own processor. Reads records from standard input, executes each, writes them back.
// Record (288 bytes): 0 instruction length u8, 1 instruction bytes (memory operand at [rsi]); 16 FNSAVE image (108 bytes);
// 128 memory operand (128 bytes); 256 EFLAGS u64; 264 RAX u64; 272 u64 out: 1 if the instruction trapped.
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct record {
  uint8_t length, code[15];
  uint8_t image[112];
  uint8_t operand[128];
  uint64_t flags, rax, trapped, spare;
};

static sigjmp_buf escape;
static struct record now;
static uint8_t *stub;

static void on_trap(int signal) {
  (void)signal;
  siglongjmp(escape, 1);
}

static void execute(void) {
  __asm__ volatile(
      "sub $256, %%rsp\n"
      "push %%rbx\n"
      "mov %0, %%rbx\n"
      "fninit\n"
      "frstor 16(%%rbx)\n"
      "lea 128(%%rbx), %%rsi\n"
      "mov 264(%%rbx), %%rax\n"
      "push 256(%%rbx)\n"
      "popfq\n"
      "call *%1\n"
      "pushfq\n"
      "pop 256(%%rbx)\n"
      "cld\n"
      "mov %%rax, 264(%%rbx)\n"
      "fnsave 16(%%rbx)\n"
      "fninit\n"
      "pop %%rbx\n"
      "add $256, %%rsp\n"
      :
      : "r"(&now), "r"(stub)
      : "rax", "rsi", "memory", "cc");
}

static int transfer_in(void *to, size_t size) {
  size_t done = 0;
  while (done < size) {
    ssize_t got = read(0, (char *)to + done, size - done);
    if (got <= 0) return 0;
    done += (size_t)got;
  }
  return 1;
}

int main(void) {
  static struct record batch[256];
  static volatile size_t count, index;
  stub = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stub == MAP_FAILED) return 1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_trap;
  action.sa_flags = SA_NODEFER;
  sigaction(SIGFPE, &action, 0);
  sigaction(SIGILL, &action, 0);
  for (;;) {
    count = 0;
    while (count < 256 && transfer_in(&batch[count], sizeof batch[0])) count++;
    if (!count) return 0;
    for (index = 0; index < count; index++) {
      now = batch[index];
      memcpy(stub, now.code, now.length);
      stub[now.length] = 0xc3;
      __builtin___clear_cache((char *)stub, (char *)stub + 32);
      if (sigsetjmp(escape, 1) == 0) {
        execute();
        now.trapped = 0;
      } else {
        __asm__ volatile("fninit");
        now.trapped = 1;
      }
      batch[index] = now;
    }
    size_t done = 0;
    while (done < count * sizeof batch[0]) {
      ssize_t put = write(1, (char *)batch + done, count * sizeof batch[0] - done);
      if (put <= 0) return 1;
      done += (size_t)put;
    }
  }
}
