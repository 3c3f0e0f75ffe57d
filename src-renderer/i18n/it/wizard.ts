import type { Catalogue } from '../catalogue.ts';
import type { wizard as original } from '../en/wizard.ts';

export const wizard = {} satisfies Catalogue<typeof original>;
