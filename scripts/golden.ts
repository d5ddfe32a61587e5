import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { askGolden, countTables, hashMedia } from './golden/expect.ts';
import { fillInstance } from './golden/fill.ts';
import { type Instance, startInstance } from './golden/instance.ts';
import { capture, root, run } from './process.ts';

/**
 * `bun scripts/golden.ts EXECUTABLE` lets a released executable fill a small data directory and keeps
 * it in `test/fixtures/releases/VERSION.tar.gz`, with what must still be true of it after every later
 * update in `VERSION.json`. Done once for each release, with the very file that was released.
 */
async function makeGolden(executable: string): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'tintype-golden-'));
  const started: Instance[] = [];
  try {
    const open = async (name: string, address: string) => {
      const instance = await startInstance(executable, join(place, name), address);
      started.push(instance);
      return instance;
    };
    const [here, there] = [await open('data', '127.0.0.1'), await open('there', '127.0.0.2')];
    await fillInstance(here, there);
    const told = await capture([executable, 'version', '--json']);
    const { version } = JSON.parse(told.output) as { version: string };
    const api = await askGolden(here.origin, here.tokens);
    for (const instance of started.splice(0)) await instance.stop();
    const expected = { origin: here.origin, tokens: here.tokens, ...describe(here.data), api };
    const out = join(root, 'test/fixtures/releases', version);
    await pack(place, `${out}.tar.gz`);
    writeFileSync(`${out}.json`, `${JSON.stringify({ version, ...expected }, null, 2)}\n`);
    console.log(`${out}.tar.gz holds ${expected.media.length} files of photos.`);
  } finally {
    for (const instance of started) await instance.stop();
    rmSync(place, { recursive: true, force: true });
  }
}

function describe(data: string) {
  const db = new Database(join(data, 'tintype.db'));
  try {
    // What waits for a day is not to find that it has come, whenever the tests run.
    const at = Date.UTC(2099, 0);
    db.run('UPDATE scheduled_posts SET scheduled_at = ?', [at]);
    db.run("UPDATE jobs SET run_at = ? WHERE kind = 'posts.publish_scheduled'", [at]);
    db.run('VACUUM');
    db.run('PRAGMA wal_checkpoint(TRUNCATE)');
    const row = db.query<{ user_version: number }, []>('PRAGMA user_version').get();
    return {
      schema: row?.user_version ?? 0,
      tables: countTables(db),
      media: hashMedia(join(data, 'media/local')),
    };
  } finally {
    db.close();
  }
}

async function pack(place: string, archive: string): Promise<void> {
  for (const name of ['native', 'media/cache', 'tmp', 'lock', 'tintype.db-wal', 'tintype.db-shm']) {
    rmSync(join(place, 'data', name), { recursive: true, force: true });
  }
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name'];
  await run(['tar', '-czf', archive, '-C', place, ...owner, 'data']);
}

const [executable] = process.argv.slice(2);
if (executable === undefined) {
  console.error('Name the executable of the release: bun scripts/golden.ts dist/tintype');
  process.exit(2);
}
await makeGolden(resolve(executable));
