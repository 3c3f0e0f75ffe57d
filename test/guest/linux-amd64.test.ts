import { testLinuxBench } from '../harness/linux-bench.ts';

testLinuxBench('amd64');
