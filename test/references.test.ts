// Every document that a comment cites is listed once in docs/references.md, and nothing is listed that nobody cites.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folders = ['src-main', 'src-renderer', 'test'];
const keys = [...readFileSync('docs/references.md', 'utf8').matchAll(/^\| (?!key |---)(\S.*?) \|/gm)].map(
  (match) => match[1]!,
);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

/** Documents cited in the comments of a source: in brackets that are no link, beginning with a key or as keys begin. */
function citations(source: string): string[] {
  // A citation may go on in the next line of a comment.
  const joined = source.replace(/(?<=\/\/[^\n]*)\n[ \t]*\/\/ /g, ' ');
  const comments = [...joined.matchAll(/(?:^|\s)\/\/ ?(.*)$|^\s*\/?\*{1,2} (.*)$/gm)].map(
    (match) => match[1] ?? match[2],
  );
  return comments
    .flatMap((comment) => [...comment!.matchAll(/(?<![\w`'"\]])\[([A-Z0-9][^\]]*)\](?!\()/g)])
    .flatMap((match) => match[1]!.split(/[,;] /))
    .filter((part) => keys.includes(keyOf(part)) || /^[A-Z]{2,}[A-Z0-9]*(-| [A-Z0-9"])|^[A-Z][\w./-]* §/.test(part));
}

/** The key that a citation begins with, or the citation itself. */
function keyOf(citation: string): string {
  return keys.find((key) => citation === key || citation.startsWith(`${key} `)) ?? citation;
}

const cited = folders.flatMap(sources).flatMap((path) => {
  const found = citations(readFileSync(path, 'utf8'));
  return found.map((citation) => ({ path, key: keyOf(citation) }));
});

it('lists every document once', () => {
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

it('finds citations in all kinds of comments', () => {
  const source = `// [SDM-2 §1, NEW-1 §2]\n/** [RFC 1951] */\n  * [ACPI-6.5]\nx[KEY]; // like [MMC-5; §3]\n// a [note], \`[XY-1]\`, [ESI + 4]\n// [PIIX3,\n// 8254]`;
  expect(citations(source)).toEqual(['SDM-2 §1', 'NEW-1 §2', 'RFC 1951', 'ACPI-6.5', 'MMC-5', 'PIIX3', '8254']);
});

it('knows every document that a comment cites', () => {
  expect(cited.filter(({ key }) => !keys.includes(key))).toEqual([]);
});

it('lists no document that no comment cites', () => {
  const used = new Set(cited.map(({ key }) => key));
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});
