import type { Catalogue } from '../catalogue.ts';
import type { settings as original } from '../en/settings.ts';

export const settings = {} satisfies Catalogue<typeof original>;
