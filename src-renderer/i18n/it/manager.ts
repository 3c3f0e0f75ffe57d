import type { Catalogue } from '../catalogue.ts';
import type { manager as original } from '../en/manager.ts';

export const manager = {} satisfies Catalogue<typeof original>;
