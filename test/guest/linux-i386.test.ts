import { testLinuxBench } from '../harness/linux-bench.ts';

testLinuxBench('i386');
