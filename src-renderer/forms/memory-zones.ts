// Where memory sizes stand on the slider, and how much of it a host can spare.
import { MEMORY_MAX_MIB } from '../../src-main/contract/machine.ts';

/** 4 MiB to the maximum, a step for each doubling and half doubling. */
export const memorySteps = [
  4,
  8,
  16,
  32,
  48,
  64,
  96,
  128,
  192,
  256,
  384,
  512,
  768,
  1024,
  1536,
  2048,
  2560,
  3072,
  MEMORY_MAX_MIB,
];

/** The slider's place for a size, between steps where it is between them. */
export function memoryPlace(mib: number): number {
  const next = memorySteps.findIndex((step) => step >= mib);
  if (next === -1) return memorySteps.length - 1;
  if (next === 0) return 0;
  const [below, above] = [memorySteps[next - 1]!, memorySteps[next]!];
  return next - 1 + (mib - below) / (above - below);
}

/** Shares of the slider's length where half of the host's memory is passed, and four fifths. */
export function zonesOf(hostMib: number): [tight: number, excessive: number] {
  const share = (mib: number): number => memoryPlace(mib) / (memorySteps.length - 1);
  return hostMib === 0 ? [1, 1] : [share(hostMib * 0.5), share(hostMib * 0.8)];
}
