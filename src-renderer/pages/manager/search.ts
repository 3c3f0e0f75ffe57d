// Which machines a search finds: every word must be in the name, the guest system, the group or the state.
import type { MachineSummary } from '../../../src-main/contract/methods.ts';

export function matchesSearch(machine: MachineSummary, search: string, stateWord: string): boolean {
  const haystack = fold(`${machine.name}\n${machine.os}\n${machine.group}\n${stateWord}`);
  return fold(search)
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
