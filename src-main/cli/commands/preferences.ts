// `ospite preferences get` and `set`.
import { wrongUsage } from '../../contract/commands/fault.ts';
import { splitOnce } from '../../contract/commands/words.ts';
import type { MethodInput } from '../../contract/methods.ts';
import { type Preferences, preferences } from '../../contract/preferences.ts';
import type { Handler } from '../surroundings.ts';
import { definitions, printable } from '../text-layout.ts';

const { version: _, ...fields } = preferences.shape;
const keys = Object.keys(fields) as (keyof typeof fields)[];

export const preferencesGet: Handler<'preferences get'> = async ({ words: { KEY }, json }, around) => {
  const key = KEY === undefined ? null : known(KEY);
  const all = await (await around.host()).call('preferences.get', {});
  if (json) around.print(JSON.stringify(key === null ? all : all[key]));
  else around.print(key === null ? allText(all) : word(all[key]));
  return 0;
};

function allText(all: Preferences): string {
  return definitions(
    keys.map((key) => [`${key}=${word(all[key])}`, fields[key].description ?? '']),
    42,
    100,
  );
}

export const preferencesSet: Handler<'preferences set'> = async ({ words, json }, around) => {
  const change = Object.fromEntries(
    words['KEY=VALUE'].map((pair) => {
      const [key, value] = splitOnce(pair, '=');
      if (value === undefined) throw wrongUsage(`"${pair}" is no KEY=VALUE, such as theme=dark`);
      return [known(key), parseValue(known(key), value)];
    }),
  ) as MethodInput<'preferences.set'>['change'];
  const all = await (await around.host()).call('preferences.set', { change });
  around.print(
    json
      ? JSON.stringify(all)
      : Object.keys(change)
          .map((key) => `${key}=${word(all[known(key)])}`)
          .join('\n'),
  );
  return 0;
};

/** JSON where the preference takes that, else the word itself. */
function parseValue(key: keyof typeof fields, value: string): unknown {
  try {
    const parsed = fields[key].safeParse(JSON.parse(value));
    if (parsed.success) return parsed.data;
  } catch {} // A plain word.
  const parsed = fields[key].safeParse(value);
  if (!parsed.success) throw wrongUsage(`${key}: ${parsed.error.issues[0]?.message}, not "${value}"`);
  return parsed.data;
}

function known(key: string): keyof typeof fields {
  if (Object.hasOwn(fields, key)) return key as keyof typeof fields;
  throw wrongUsage(`There is no preference "${key}"; "ospite preferences get" lists them`);
}

function word(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
