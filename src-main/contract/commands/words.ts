// Values of command line options, both ways: numbers, sizes, switches, files with flags; and quoting for a POSIX shell.
import { wrongUsage } from './fault.ts';

/** A whole, non-negative decimal number. */
export function parseInteger(option: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw wrongUsage(`--${option} needs a whole number, not "${value}"`);
  return Number(value);
}

export function parseSwitch(option: string, value: string): boolean {
  if (value !== 'on' && value !== 'off') throw wrongUsage(`--${option} is on or off, not "${value}"`);
  return value === 'on';
}

const units = ['', 'K', 'M', 'G', 'T'];

/** "20G", "512M", "1.5GiB", "1048576": bytes, with units of 1024. */
export function parseSize(option: string, value: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)(?:([KMGT])(?:i?B)?|B)?$/i.exec(value);
  const bytes = match ? Number(match[1]) * 1024 ** units.indexOf((match[2] ?? '').toUpperCase()) : Number.NaN;
  if (!Number.isInteger(bytes) || !Number.isSafeInteger(bytes))
    throw wrongUsage(`--${option} needs a size such as 20G or 512M, not "${value}"`);
  return bytes;
}

/** The shortest text that `parseSize` reads as these bytes. */
export function sizeWord(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  while (amount > 0 && amount % 1024 === 0 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount}${units[unit]}`;
}

/** Stands for a doubled comma; no file name can have it. */
const DOUBLED = '\0';

/**
 * FILE[,key[=value]]...: a comma of the file's name is doubled; it need not be when what follows is no known key.
 * @returns the file and the flags by key, "" for one without a value
 */
export function splitFile(
  option: string,
  value: string,
  keys: readonly string[],
): { file: string; flags: Map<string, string> } {
  const parts = value.replaceAll(',,', DOUBLED).split(',');
  const flags = new Map<string, string>();
  while (parts.length > 1) {
    const [key, setting = ''] = splitOnce(parts.at(-1)!.replaceAll(DOUBLED, ','), '=');
    if (!keys.includes(key)) break;
    flags.set(key, setting);
    parts.pop();
  }
  const file = parts.join(',').replaceAll(DOUBLED, ',');
  if (file === '') throw wrongUsage(`--${option} needs a file`);
  return { file, flags };
}

/** The reverse; flags without a value as `key`, with one as `key=value`. */
export function joinFile(file: string, flags: readonly string[]): string {
  return [file, ...flags].map((part) => part.replaceAll(',', ',,')).join(',');
}

export function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** `--name value`, in the form that a parser cannot take for another option. */
export function optionWords(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** A word as a POSIX shell has to read it. */
export function quoteWord(word: string): string {
  return /^[\w/.:@%+,-][\w/.:@%+,=-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
