// Definitions of older versions, brought to the newest one step by step. Only in memory: the file is written when the machine
// is next changed, and then its previous copy stays beside it.
import { addUserInterface } from './001-user-interface.ts';

type Migration = (old: Record<string, unknown>) => Record<string, unknown>;

/** From version 1 to 2, from 2 to 3, and so on. */
const migrations: readonly Migration[] = [addUserInterface];

/** The version that the last migration leads to. */
export const MIGRATED_VERSION: number = migrations.length + 1;

/** The same definition in the newest version; what has no older version is returned as it is. */
export function migrate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, 'version'))
    return value;
  let current = value as Record<string, unknown>;
  const { version } = current as { version?: unknown };
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return value;
  for (const migration of migrations.slice(version - 1)) current = migration(current);
  return current;
}
