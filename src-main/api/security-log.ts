// What was refused at the web door, one line each, for whoever looks after the host. Lines hold nothing secret, are bounded in
// length and number, and go to a file that is kept small.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type SecurityLog = (line: string) => void;

const LINES_PER_MINUTE = 120;
const LINE_CHARACTERS = 300;
const FILE_BYTES = 1_048_576;

/** Passes lines on, stamped, cleaned and at most so many a minute; what was left out is counted. */
export function limitLog(write: SecurityLog, nowMs: () => number = Date.now): SecurityLog {
  let minute = 0;
  let count = 0;
  let left = 0;
  return (line) => {
    const now = nowMs();
    if (now - minute >= 60_000) {
      if (left > 0) write(`${new Date(now).toISOString()} ${left} more were refused`);
      minute = now;
      count = 0;
      left = 0;
    }
    if (++count > LINES_PER_MINUTE) left++;
    else write(`${new Date(now).toISOString()} ${clean(line)}`);
  };
}

/** Keeps `security.log` in the folder, and the one before it. A disk that is full loses lines, not requests. */
export function fileLog(folder: string): SecurityLog {
  const path = join(folder, 'security.log');
  return limitLog((line) => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > FILE_BYTES) renameSync(path, `${path}.1`);
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch (error) {
      console.error(`The security log cannot be written: ${(error as Error).message}`);
    }
  });
}

/** Nobody outside can forge a line or colour a terminal. */
function clean(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').slice(0, LINE_CHARACTERS);
}
