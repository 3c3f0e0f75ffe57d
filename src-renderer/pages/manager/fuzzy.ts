// How well a text fits what was typed into the command palette.
import { fold } from './search.ts';

/**
 * Higher is better; null is no match. Every word typed must be found: as a part that begins a word best, as any part next, and
 * as letters in this order at least.
 */
export function fuzzyScore(text: string, typed: string): number | null {
  const target = fold(text);
  let score = 0;
  for (const word of fold(typed).split(/\s+/).filter(Boolean)) {
    const found = wordScore(target, word);
    if (found === null) return null;
    score += found;
  }
  // Of two equal fits the shorter text is meant.
  return score - target.length / 1000;
}

function wordScore(target: string, word: string): number | null {
  const at = target.indexOf(word);
  if (at === 0) return 100;
  if (at > 0) return beginsWord(target, word, at) ? 80 : 50;
  let from = 0;
  let gaps = 0;
  for (const letter of word) {
    const next = target.indexOf(letter, from);
    if (next < 0) return null;
    gaps += next - from;
    from = next + 1;
  }
  return Math.max(1, 30 - gaps);
}

function beginsWord(target: string, word: string, first: number): boolean {
  for (let at = first; at >= 0; at = target.indexOf(word, at + 1))
    if (/[^\p{L}\p{N}]/u.test(target[at - 1] ?? ' ')) return true;
  return false;
}
