import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { createTestApp } from '#test/harness/app.ts';

test('beside Litestream the nightly care waits for nobody and leaves the log to it', async () => {
  const world = await createTestApp();
  const path = world.ctx.files.database;
  expect(await world.app.cron.run('database.tend')).toContain('log emptied');
  const other = new Database(path);
  other.run('CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)');
  other.run('CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER)');
  // It holds a read transaction open, so that nobody starts the log anew.
  other.run('BEGIN');
  other.query('SELECT count(*) FROM _litestream_seq').get();
  await world.person('ann', 'owner');
  const log = statSync(`${path}-wal`).size;
  const begun = performance.now();
  expect(await world.app.cron.run('database.tend')).toContain('log left to Litestream');
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(statSync(`${path}-wal`).size).toBeGreaterThanOrEqual(log);
  other.run('COMMIT');
  other.close();
  await world.close();
});
