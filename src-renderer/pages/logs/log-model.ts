// What the Logs pane shows of a log: lines taken apart, filtered and searched. No React here.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** Place in the file as it was read, from 1; it stays the same while lines are dropped at the top. */
  number: number;
  text: string;
  /** Null where the line is not one of ours, such as the second line of a message. */
  level: LogLevel | null;
  /** Length of the time at the line's start. */
  timeLength: number;
}

const SHAPE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z )(?:(debug|info|warn|error):)?/;

export function parseLine(text: string, number: number): LogLine {
  const match = SHAPE.exec(text);
  return {
    number,
    text,
    level: (match?.[2] as LogLevel | undefined) ?? null,
    timeLength: match?.[1]?.length ?? 0,
  };
}

export interface LogFilter {
  /** A line is shown when it contains one of the terms, or all of them. */
  terms: string[];
  needsAll: boolean;
  /** Only lines of these levels; null is every line. */
  levels: readonly LogLevel[] | null;
}
export const EVERYTHING: LogFilter = { terms: [], needsAll: false, levels: null };

export function filterLines(lines: LogLine[], { terms, needsAll, levels }: LogFilter): LogLine[] {
  if (terms.length === 0 && !levels) return lines;
  const wanted = terms.map((term) => term.toLowerCase());
  return lines.filter((line) => {
    if (levels && !(line.level && levels.includes(line.level))) return false;
    if (wanted.length === 0) return true;
    const text = line.text.toLowerCase();
    const has = (term: string): boolean => text.includes(term);
    return needsAll ? wanted.every(has) : wanted.some(has);
  });
}

export interface Search {
  text: string;
  isCaseSensitive: boolean;
}

export interface Match {
  /** Place among the shown lines. */
  row: number;
  start: number;
}

/** Where the text starts in the line, each time without overlap. */
export function matchStarts(line: string, { text, isCaseSensitive }: Search): number[] {
  if (text === '') return [];
  const where = isCaseSensitive ? line : line.toLowerCase();
  const what = isCaseSensitive ? text : text.toLowerCase();
  const starts: number[] = [];
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) starts.push(at);
  return starts;
}

export function findMatches(lines: LogLine[], search: Search): Match[] {
  return lines.flatMap((line, row) => matchStarts(line.text, search).map((start) => ({ row, start })));
}

/** The lines in pieces that are drawn, or left alone, as one. */
export function blocksOf(lines: LogLine[], size: number): LogLine[][] {
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, block) =>
    lines.slice(block * size, (block + 1) * size),
  );
}
