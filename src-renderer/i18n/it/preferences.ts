import type { Catalogue } from '../catalogue.ts';
import type { preferences as original } from '../en/preferences.ts';

export const preferences = {} satisfies Catalogue<typeof original>;
