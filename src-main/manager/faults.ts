// What a schema finds wrong, in one sentence of bounded length.
import type { z } from 'zod';

/** Faults beyond these are counted only: a file or request of nothing else would make a message as long as itself. */
const FAULTS_TOLD = 20;

/** The faults with their field paths. */
export function describe(error: z.ZodError): string {
  const told = error.issues
    .slice(0, FAULTS_TOLD)
    .map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`));
  const more = error.issues.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
