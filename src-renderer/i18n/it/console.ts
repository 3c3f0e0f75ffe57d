import type { Catalogue } from '../catalogue.ts';
import type { console as original } from '../en/console.ts';

export const console = {} satisfies Catalogue<typeof original>;
