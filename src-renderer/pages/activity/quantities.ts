// Measured values as people read them, with the decimal sign of the language.

const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Three digits at most: "5 B", "1.2 MiB", "340 GiB". */
export function formatSize(bytes: number, locale: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(value, locale, value < 10 && unit > 0 ? 1 : 0)} ${SIZE_UNITS[unit]}`;
}

export function formatRate(bytesPerSecond: number, locale: string): string {
  return `${formatSize(bytesPerSecond, locale)}/s`;
}

export function formatPercent(percent: number, locale: string): string {
  return `${formatNumber(percent, locale, percent > 0 && percent < 10 ? 1 : 0)} %`;
}

/** A count a second: "950", "12.4 k", "3.1 M". */
export function formatCount(count: number, locale: string): string {
  if (count >= 1e6) return `${formatNumber(count / 1e6, locale, 1)} M`;
  if (count >= 1e4) return `${formatNumber(count / 1e3, locale, 1)} k`;
  return formatNumber(count, locale, 0);
}

export function formatNumber(value: number, locale: string, digits: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
