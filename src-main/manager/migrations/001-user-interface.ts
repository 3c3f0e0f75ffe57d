// Version 1 knew nothing of windows, and took any text for a group. Version 2 adds `ui` and knows groups as names joined by
// "/"; settings that are new have defaults.

/** @param old a definition of version 1, of which nothing but its version has been checked */
export function addUserInterface(old: Record<string, unknown>): Record<string, unknown> {
  return { ...old, version: 2, group: namesOf(old['group']), ui: {} };
}

/** The names in an old group; what was no text is left for the schema to complain of. */
function namesOf(group: unknown): unknown {
  if (group === undefined) return '';
  if (typeof group !== 'string') return group;
  return group
    .split('/')
    .map((name) => name.replace(/\p{Cc}/gu, ''))
    .filter((name) => name !== '')
    .join('/');
}
