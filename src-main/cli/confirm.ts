// Questions on a terminal.
import { createInterface } from 'node:readline/promises';
import { wrongUsage } from '../contract/commands/fault.ts';
import type { Surroundings } from './surroundings.ts';

/** Asks; without a person there, nothing may be assumed. @throws {CommandFault} usage.invalid without a terminal */
export async function confirm({ isInteractive, warn }: Surroundings, question: string): Promise<boolean> {
  if (!isInteractive) throw wrongUsage(`${question.replace(/\?$/, '')} needs --yes where nobody can be asked`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return true;
    warn('ospite: Nothing was done');
    return false;
  } finally {
    lines.close();
  }
}

/** A line that is not shown while it is typed. */
export async function askSecret(question: string): Promise<string> {
  process.stdin.setRawMode(true); // Before the question: an answer typed ahead must not be shown, either.
  process.stderr.write(question);
  process.stdin.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let text = '';
      const onData = (bytes: Buffer): void => {
        for (const character of String(bytes)) {
          if (character === '\r' || character === '\n' || character === '\u0004') {
            process.stdin.off('data', onData);
            return resolve(text);
          }
          if (character === '\u0003') {
            process.stdin.off('data', onData);
            return reject(wrongUsage('No password was given'));
          }
          text = character === '\u007f' || character === '\b' ? text.slice(0, -1) : text + character;
        }
      };
      process.stdin.on('data', onData);
    });
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}
