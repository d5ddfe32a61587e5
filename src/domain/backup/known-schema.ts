import { Database } from 'bun:sqlite';
import { migrations } from '#base/db/migrations.ts';
import { listSchema, type SchemaItem, statisticsTables } from './schema-queries.ts';

const known = new Map<number, SchemaItem[]>();

/** Everything that a database of this schema consists of, as our own migrations make it. */
export function knownSchema(version: number): readonly SchemaItem[] {
  const found = known.get(version) ?? makeSchema(version);
  known.set(version, found);
  return found;
}

/** The newest schema that this executable knows. */
export function newestSchema(): number {
  return migrations.length;
}

function makeSchema(version: number): SchemaItem[] {
  const db = new Database(':memory:', { strict: true });
  try {
    for (const step of migrations.slice(0, version)) db.run(step);
    return listSchema(db);
  } finally {
    db.close();
  }
}

/**
 * What a database holds that the schema of its version does not, or lacks, or has with another text:
 * one sentence each, none for a database of ours. Whoever made the file, a trigger, a view or an index
 * with a function in it is found here before any row is read (T118).
 */
export function findForeign(found: readonly SchemaItem[], version: number): string[] {
  const expected = new Map(knownSchema(version).map((item) => [keyOf(item), item]));
  const foreign: string[] = [];
  for (const item of found) {
    const ours = expected.get(keyOf(item));
    expected.delete(keyOf(item));
    if (item.sql !== null && statisticsTables[item.name] === item.sql) continue;
    if (ours === undefined) foreign.push(`The ${item.type} "${short(item.name)}" is not ours.`);
    else if (ours.sql !== item.sql || ours.table !== item.table) {
      foreign.push(`The ${item.type} "${short(item.name)}" is not as Tintype makes it.`);
    }
  }
  for (const item of expected.values()) foreign.push(`The ${item.type} "${item.name}" is missing.`);
  return foreign;
}

function keyOf({ type, name }: SchemaItem): string {
  return `${type} ${name}`;
}

function short(name: string): string {
  return name.replace(/[^\w.-]+/g, '?').slice(0, 60);
}
