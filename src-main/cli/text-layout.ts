// Text for terminals: wrapped paragraphs, aligned tables.

/** Lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((word) => word !== '')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Paragraphs apart from each other; lines that begin with two spaces stay as they are. */
export function paragraphs(text: string, width: number): string {
  return text
    .split('\n\n')
    .map((paragraph) => {
      const lines: string[] = [];
      let prose = '';
      for (const line of paragraph.split('\n')) {
        if (!line.startsWith('  ')) {
          prose += ` ${line}`;
          continue;
        }
        lines.push(...wrap(prose, width), line);
        prose = '';
      }
      return [...lines, ...wrap(prose, width)].join('\n');
    })
    .join('\n\n');
}

/** Terms with explanations in a column at `column`; a long term has a line of its own. */
export function definitions(entries: readonly (readonly [string, string])[], column: number, width: number): string {
  return entries
    .map(([term, text]) => {
      const lines = wrap(text, width - column);
      const head = `  ${term}`;
      const first = head.length + 2 <= column ? `${head.padEnd(column)}${lines.shift() ?? ''}` : head;
      return [first, ...lines.map((line) => ' '.repeat(column) + line)].join('\n').trimEnd();
    })
    .join('\n');
}

export interface Column {
  title: string;
  /** Numbers stand at the right. */
  isRight?: boolean;
}

/** Aligned rows under their titles; the last column is not padded. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => displayWidth(row[index] ?? ''))));
  return all
    .map((row) =>
      columns
        .map(({ isRight }, index) => {
          const cell = row[index] ?? '';
          const padding = ' '.repeat(widths[index]! - displayWidth(cell));
          return isRight ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Columns a text takes: combining marks none, East Asian wide characters and emoji two. [UAX11] */
function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text))
    width +=
      /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        segment,
      )
        ? 2
        : 1;
  return width;
}

/** Nothing that a machine's name or a guest's output could do to a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** "1.4 MiB": three digits that matter. */
export function sizeText(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const amount = bytes / 1024 ** unit;
  return `${Number.isInteger(amount) || amount >= 100 ? Math.round(amount) : amount.toFixed(amount < 10 ? 2 : 1)} ${units[unit]}`;
}
