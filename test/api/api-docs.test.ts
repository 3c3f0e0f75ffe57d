// docs/api.md says what the contract says.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiDocument } from '../../scripts/api-docs.ts';
import { errorTable } from '../../src-main/contract/errors.ts';
import { eventNames } from '../../src-main/contract/events.ts';
import { methods } from '../../src-main/contract/methods.ts';

it('is as "node scripts/generate-api-docs.mjs" writes it', () => {
  const kept = readFileSync('docs/api.md', 'utf8').replaceAll('\r\n', '\n');
  expect(kept === apiDocument(), 'docs/api.md is stale; run node scripts/generate-api-docs.mjs').toBe(true);
});

it('has every method, event and error code, and links that lead somewhere', () => {
  const text = apiDocument();
  for (const name of [...Object.keys(methods), ...eventNames]) expect(text).toContain(`\n#### ${name}\n`);
  for (const code of Object.keys(errorTable)) expect(text).toContain(`\n| \`${code}\` |`);
  const titles = [...text.matchAll(/^#### (\w+)$/gm)].map(([, title]) => title!.toLowerCase());
  const links = [...text.matchAll(/\]\(#(\w+)\)/g)].map(([, link]) => link!);
  expect(links.filter((link) => !titles.includes(link))).toEqual([]);
});
