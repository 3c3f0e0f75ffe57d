// Every image format, by id. Adding one: its folder under formats/ and a line here.
import type { FormatModule } from './format-module.ts';
import { iso } from './formats/iso/index.ts';
import { raw } from './formats/raw/index.ts';

export const formatIds = ['iso', 'raw'] as const;
export type FormatId = (typeof formatIds)[number];

/** In probing order: formats with marks of their own before `raw`, which takes anything. */
export const formatModules = { iso, raw } satisfies { [Id in FormatId]: FormatModule<Id> };

export function formatModule(id: FormatId): FormatModule<FormatId> {
  return formatModules[id];
}
