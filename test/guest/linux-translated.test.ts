// The translator under real kernels: process switches, system calls, faults, code that is rewritten, floating point.
import { testLinuxBench } from '../harness/linux-bench.ts';

const only = ['int_64bit', 'br_fib', 'jit_smc', 'sys_segv', 'proc_fork', 'bb_gzip'];
for (const name of ['amd64', 'i386']) testLinuxBench(name, { accelerator: 'jit', only });
