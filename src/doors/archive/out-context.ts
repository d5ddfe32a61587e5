import { Database } from 'bun:sqlite';
import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { createIds } from '#base/core/ids.ts';
import { steadyPlans } from '#base/db/steady-plans.ts';
import { createFiles } from '#base/platform/files.ts';
import { createLog } from '#base/platform/log.ts';
import { originOf } from '#domain/origin.ts';
import { readOnlyQueries } from './out-queries.ts';

/** The settings with the address that holds now, without what an archive never needs and a child should not know. */
export function configForChild(config: Config): Config {
  const backup = { to: [], passphrase: null };
  const origin = originOf(config);
  // It reads photos where they live.
  const s3 = config.mediaBucket === null ? null : config.s3;
  return { ...config, origin, owner: null, s3, backup, mail: null, update: null };
}

/**
 * A context that can only read: for the child that writes an archive beside a running server. The
 * ways out of it are closed.
 */
export function openReadOnly(config: Config): Context & { close(): void } {
  const files = createFiles(config.data);
  Database.MAX_QUERY_CACHE_SIZE = 1000;
  const db = new Database(files.database, { readonly: true, strict: true });
  readOnlyQueries(db);
  steadyPlans(db);
  const now = Date.now;
  const reading = {
    config,
    db,
    files,
    now,
    newId: createIds(now),
    log: createLog('error', () => undefined),
    live: { emit: () => undefined },
    fetch: closed,
    images: { run: closed },
    close: () => db.close(),
  };
  // What is missing is about a server that runs.
  return reading as typeof reading & Context;
}

function closed(): never {
  throw new TypeError('Whoever writes an archive reads, and does nothing else.');
}
