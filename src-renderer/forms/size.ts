// Sizes as people write them, in binary units: "20 GiB", "500 MB" (taken for MiB), "1.5 TiB".
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes, in whole sectors; NaN for anything that is no size. */
export function parseSize(text: string): number {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([kmgt])i?b?\s*$/i.exec(text);
  if (!match?.[1] || !match[2]) return Number.NaN;
  const power = ' kmgt'.indexOf(match[2].toLowerCase());
  return Math.round((Number(match[1].replace(',', '.')) * 1024 ** power) / 512) * 512;
}

/** With two decimals where they tell something: "20 GiB", "1.44 MiB". */
export function formatSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(2))} ${units[unit]}`;
}
