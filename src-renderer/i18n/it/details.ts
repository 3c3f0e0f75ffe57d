import type { Catalogue } from '../catalogue.ts';
import type { details as original } from '../en/details.ts';

export const details = {} satisfies Catalogue<typeof original>;
