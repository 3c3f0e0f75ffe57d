import type { Catalogue } from '../catalogue.ts';
import type { panes as original } from '../en/panes.ts';

export const panes = {} satisfies Catalogue<typeof original>;
