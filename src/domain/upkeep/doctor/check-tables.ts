import { statSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { migrations } from '#base/db/migrations.ts';
import { readPragma } from '#base/db/open.ts';
import { countFreePages, findDamage } from '#domain/upkeep/queries.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import { countBrokenReferences, countPosts, hasStatistics } from './table-queries.ts';

/** "tint" in ASCII. */
const APPLICATION = 0x74696e74;
const LARGE_LOG = 256e6;

/** The database: whose it is, whether it is whole, and whether it is well kept. Reads all of it. */
export function checkTables(patient: Patient): Finding[] {
  try {
    return look(patient);
  } catch (error) {
    // SQLite itself gives up on the worst damage.
    const why = error instanceof Error ? error.message : String(error);
    return [fail('database.whole', `The database is damaged: ${why}`, RESTORE)];
  }
}

function look(patient: Patient): Finding[] {
  const { db, dbProblem } = patient;
  if (db === null) {
    const text = `The database cannot be opened: ${dbProblem ?? 'it is not there.'}`;
    return [fail('database.open', text, RESTORE)];
  }
  const known = migrations.length;
  const schema = readPragma(db, 'user_version');
  if (readPragma(db, 'application_id') !== APPLICATION) {
    return [fail('database.open', 'The database is one of another program.', RESTORE)];
  }
  if (schema > known) {
    const text = `The database was written by a newer version (schema ${schema}, this one knows ${known}).`;
    return [fail('database.schema', text, 'Start the newer executable again.')];
  }
  const found = checkWhole(db);
  if (schema < known) {
    const text = `The database has schema ${schema}; the next start brings it to ${known}.`;
    return [...found, fine('database.schema', text)];
  }
  return [...found, ...checkCare(patient, db)];
}

const RESTORE = 'Stop the server, then restore the newest backup: tintype restore PATH';

function checkWhole(db: NonNullable<Patient['db']>): Finding[] {
  const damage = findDamage(db);
  if (damage.length > 0) {
    return [fail('database.whole', `The database is damaged: ${damage[0]}`, RESTORE)];
  }
  const broken = countBrokenReferences(db);
  const [first] = broken;
  if (first !== undefined) {
    const text = `${first.count} rows of ${first.table} point to something that is gone.`;
    return [fail('database.whole', text, RESTORE)];
  }
  return [fine('database.whole', 'The database is whole, and all references lead somewhere.')];
}

function checkCare({ config }: Patient, db: NonNullable<Patient['db']>): Finding[] {
  const found: Finding[] = [];
  const log = statSync(join(config.data, 'tintype.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
  if (log > LARGE_LOG) {
    const advice =
      'Something reads for very long: a copy by another program, or a verb that hangs.';
    const text = `The write-ahead log has grown to ${formatBytes(log)}.`;
    found.push(warn('database.log', text, advice));
  }
  const pages = readPragma(db, 'page_count');
  const free = countFreePages(db);
  const bytes = free * readPragma(db, 'page_size');
  if (free > pages / 4 && bytes > 50e6) {
    const text = `${formatBytes(bytes)} of the database hold nothing.`;
    const advice = 'tintype jobs run database.tend gives them back, as the night does.';
    found.push(warn('database.space', text, advice));
  }
  if (countPosts(db) > 1000 && !hasStatistics(db)) {
    const text = 'SQLite has no statistics, so some pages are slower than they could be.';
    const advice = 'tintype doctor --fix makes them, as the night does.';
    found.push(warn('database.statistics', text, advice, 'statistics'));
  }
  return found.length > 0 ? found : [fine('database.care', 'The database is well kept.')];
}
