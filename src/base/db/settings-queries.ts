import type { Database } from 'bun:sqlite';
import { watchChanges } from './watch-changes.ts';

type Memory = { look: () => number; age: number; values: Map<string, string | null> };

const memories = new WeakMap<Database, Memory>();

/**
 * The stored text of a setting, or null. Every request asks for some: what was read is remembered
 * until anything at all is written.
 */
export function findSetting(db: Database, key: string): string | null {
  // What is read inside a transaction may never come true.
  if (db.inTransaction) return readSetting(db, key);
  const { values } = freshMemory(db);
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = readSetting(db, key);
  values.set(key, value);
  return value;
}

/** Several at once, for the price of one. */
export function findSettings(db: Database, keys: readonly string[]): (string | null)[] {
  if (db.inTransaction) return keys.map((key) => readSetting(db, key));
  const { values } = freshMemory(db);
  return keys.map((key) => {
    const known = values.get(key);
    const value = known === undefined ? readSetting(db, key) : known;
    values.set(key, value);
    return value;
  });
}

function freshMemory(db: Database): Memory {
  const memory = memories.get(db) ?? { look: watchChanges(db), age: -1, values: new Map() };
  memories.set(db, memory);
  const age = memory.look();
  if (age !== memory.age) memory.values.clear();
  memory.age = age;
  return memory;
}

function readSetting(db: Database, key: string): string | null {
  const row = db
    .query<{ value: string }, { key: string }>('SELECT value FROM settings WHERE key = $key')
    .get({ key });
  return row?.value ?? null;
}

/** Stores the text of a setting. */
export function saveSetting(db: Database, key: string, value: string, now: number): void {
  db.query(
    `INSERT INTO settings (key, value, updated_at) VALUES ($key, $value, $now)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
  ).run({ key, value, now });
}

/** Forgets a setting: its default holds again. */
export function deleteSetting(db: Database, key: string): void {
  db.query('DELETE FROM settings WHERE key = $key').run({ key });
}
