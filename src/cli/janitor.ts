import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Litter, lookAround } from '#app/janitor/look-around.ts';
import type { Config } from '#base/config/config.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { AppError } from '#base/core/errors.ts';
import { openForReading } from '#base/db/open-for-reading.ts';
import { createFiles } from '#base/platform/files.ts';
import { createAdmin } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { table } from './table.ts';

/** What one piece of recurring work said. */
type Done = { work: string; detail: string };

/**
 * `tintype janitor [--dry-run] [--json]`: what may go, class by class, and then the nightly work that
 * takes it away, now. What a person must decide is told and left alone.
 */
export async function run(argv: string[]): Promise<number> {
  const { flags, values } = readArguments(argv, {
    options: { json: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  });
  const config = readConfig(flags);
  const found = await look(config);
  const dry = values['dry-run'] === true;
  const done = dry ? [] : await clear(config, found);
  const left = dry ? found : await look(config);
  if (values.json === true) {
    console.log(JSON.stringify({ format: 1, dryRun: dry, found, done, left }, null, 2));
    return 0;
  }
  console.log(describe(found));
  if (dry) console.log('\nNothing was removed: this was a dry run.');
  for (const { work, detail } of done) console.log(`${work}: ${detail}`);
  if (!dry) console.log(`\n${formatBytes(sum(found) - sum(left))} were given back.`);
  return 0;
}

async function look(config: Config): Promise<Litter[]> {
  const path = join(config.data, 'tintype.db');
  if (!existsSync(path)) {
    throw new AppError('not_found', `There is no Tintype in ${config.data}; name it with --data.`);
  }
  const db = openForReading(path);
  try {
    return await lookAround({ config, db, files: createFiles(config.data), now: Date.now() });
  } finally {
    db.close();
  }
}

async function clear(config: Config, found: readonly Litter[]): Promise<Done[]> {
  const admin = createAdmin(config);
  const works = new Set(found.flatMap(({ by, items }) => (by === null || items === 0 ? [] : [by])));
  const done: Done[] = [];
  for (const work of works) {
    done.push({ work, detail: (await admin('jobs.run', { name: work })).detail });
  }
  return done;
}

function describe(found: readonly Litter[]): string {
  const rows = found.map(({ text, items, bytes, by }) => [
    text,
    items,
    bytes === null ? '' : formatBytes(bytes),
    by ?? 'left alone',
  ]);
  return table(['what may go', 'how many', 'space', 'who takes it'], rows);
}

function sum(found: readonly Litter[]): number {
  return found.reduce((total, { bytes, by }) => total + (by === null ? 0 : (bytes ?? 0)), 0);
}
