import { existsSync } from 'node:fs';
import type { Manifest } from './manifest.ts';
import type { Problems } from './problems.ts';
import { findDatabaseProblems, listCopiedBlobs, openCopy, readFacts } from './snapshot-queries.ts';
import { countFiles, takeFile, type Working } from './working-queries.ts';

type DatabaseCheck = { copy: string; manifest: Manifest; working: Working };

/**
 * Looks for damage in the copy of a database, compares its rows with the manifest and its photos with
 * the working table of `files.ndjson`, which is empty afterwards.
 */
export function checkCopy({ copy, manifest, working }: DatabaseCheck, problems: Problems): void {
  if (!existsSync(copy)) return;
  try {
    const db = openCopy(copy);
    try {
      for (const text of findDatabaseProblems(db))
        problems.add(`The database is damaged: ${text}.`);
      const facts = readFacts(db);
      if (facts.schema !== manifest.schema) problems.add('The database has another schema.');
      compareCounts(facts.counts, manifest.counts, problems);
      let missing = 0;
      for (const blob of listCopiedBlobs(db)) {
        const file = takeFile(working, blob.name);
        if (file === null) missing += 1;
        else if (file.sha256 !== blob.sha256 || file.bytes !== blob.bytes) {
          problems.add(`The photo ${blob.name} is another one in the database.`);
        }
      }
      const unknown = countFiles(working).files;
      if (unknown > 0) problems.add(`${unknown} photos of the list are not in the database.`);
      if (missing !== manifest.media.missing) {
        problems.add(`${missing} photos of the database are not in the list of photos.`);
      }
    } finally {
      db.close();
    }
  } catch (error) {
    problems.add(`The database cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}

function compareCounts(
  found: Readonly<Record<string, number>>,
  said: Readonly<Record<string, number>>,
  problems: Problems,
): void {
  for (const table of new Set([...Object.keys(found), ...Object.keys(said)])) {
    if (found[table] === said[table]) continue;
    problems.add(
      `The table ${table} has ${found[table] ?? 'no'} rows, the manifest says ${said[table] ?? 'none'}.`,
    );
  }
}
