// Regular expressions from clients. Some take exponential time on the right text; so each search gets a time limit, which
// V8 keeps even within an expression.
import { createContext, Script } from 'node:vm';
import { OspiteError } from '../core/errors.ts';

/** One search; the whole host waits meanwhile. */
const SEARCH_MS = 200;

const search = new Script('found = new RegExp(pattern, "m").exec(text); found === null ? null : found[0];');

/** Makes a search for the pattern: it gives the part that matched, or null. @throws {OspiteError} usage.invalid */
export function boundedFinder(pattern: string): (text: string) => string | null {
  try {
    new RegExp(pattern, 'm');
  } catch (error) {
    throw new OspiteError('usage.invalid', `"${pattern}" is no regular expression: ${(error as Error).message}`);
  }
  const context = createContext({ __proto__: null, pattern, text: '', found: null });
  return (text) => {
    context['text'] = text;
    try {
      return search.runInContext(context, { timeout: SEARCH_MS }) as string | null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new OspiteError('usage.invalid', `"${pattern}" takes too long to search for; make it simpler`);
    }
  };
}
