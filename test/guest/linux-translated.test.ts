// The translator under real kernels: process switches, system calls, faults, code that is rewritten, floating point.
import { testLinuxBench } from '../harness/linux-bench.ts';

const only = [
  'int_crc32',
  'int_64bit',
  'br_fib',
  'br_qsort',
  'fp_sse2_mandel',
  'jit_smc',
  'sys_segv',
  'proc_fork',
  'bb_sha256',
];
for (const name of ['amd64', 'i386']) testLinuxBench(name, { accelerator: 'jit', only });
