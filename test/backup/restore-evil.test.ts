import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { openPlace } from '#domain/backup/place.ts';
import { makeBackup, NAME, type Tampering } from './make-backup.ts';
import { createRestoreWorld, filesOf, type RestoreWorld, rowsOf, treeOf } from './restore-world.ts';

let world: RestoreWorld;
let n = 0;
beforeAll(async () => {
  world = await createRestoreWorld();
}, 60_000);
afterAll(() => world.remove());

/** Makes a tampered backup, whose signature is right, and restores it to an empty place. */
async function attempt(tampering: Tampering, after: (place: string) => void = () => undefined) {
  n += 1;
  const target = world.freshTarget(`evil-${n}`);
  await makeBackup(world.data, target, undefined, tampering);
  after(target.path);
  const data = join(world.root, `data-${n}`);
  const beside = readdirSync(world.root);
  const place = await openPlace(target, { s3: null, passphrase: null });
  const error = await world.restore(data, { place }).then(
    () => null,
    (reason: unknown) => reason,
  );
  // Refused or not: nothing is left beside.
  expect(readdirSync(world.root).filter((name) => !beside.includes(name))).toEqual(
    error === null ? [`data-${n}`] : [],
  );
  return { message: error instanceof Error ? error.message : null, data };
}

const sql =
  (...statements: string[]) =>
  (path: string): void => {
    const db = new Database(path);
    for (const statement of statements) db.run(statement);
    db.close();
  };

/** Changes bytes of the file itself, as many as there were. */
const patch = (path: string, from: string, to: string): void => {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`There is no ${from}.`);
  bytes.write(to, at);
  writeFileSync(path, bytes);
};
const days = 'database INTEGER NOT NULL,\n  free INTEGER NOT NULL\n) STRICT';
const looseDays = days.replace('STRICT', '      ');

const foreign: Record<string, [Tampering['database'], RegExp]> = {
  'a trigger of its own': [
    sql(`CREATE TRIGGER evil AFTER INSERT ON posts BEGIN DELETE FROM accounts; END`),
    /The trigger "evil" is not ours/,
  ],
  'one of our triggers with other words': [
    sql(
      'DROP TRIGGER posts_rev',
      `CREATE TRIGGER posts_rev AFTER UPDATE ON posts BEGIN UPDATE accounts SET role = NULL; END`,
    ),
    /The trigger "posts_rev" is not as Tintype makes it/,
  ],
  'a view': [sql(`CREATE VIEW evil AS SELECT load_extension('x')`), /The view "evil" is not ours/],
  'our view over something else': [
    sql(
      'DROP VIEW post_texts',
      `CREATE VIEW post_texts AS SELECT id, private_pem AS words FROM signing_keys`,
    ),
    /"post_texts"|post_words_described/,
  ],
  'a table': [sql('CREATE TABLE evil (a)'), /The table "evil" is not ours/],
  'a virtual table': [
    sql(`CREATE VIRTUAL TABLE evil USING fts5 (a)`),
    /The table "evil" is not ours/,
  ],
  'an index that computes': [
    sql('CREATE INDEX evil ON posts (randomblob(10) IS NULL)'.replace('randomblob(10)', 'abs(id)')),
    /The index "evil" is not ours/,
  ],
  'a table in the place of one of ours': [
    sql(
      'DROP TABLE storage_days',
      'CREATE VIEW storage_days AS SELECT 1 AS day, 2 AS originals, 3 AS renditions, 4 AS cache, 5 AS database, 6 AS free',
    ),
    /"storage_days"/,
  ],
  'a generated column': [
    sql(`ALTER TABLE storage_days ADD COLUMN evil INTEGER AS (day * 2)`),
    /The table "storage_days" is not as Tintype makes it/,
  ],
  'a missing table': [sql('DROP TABLE storage_days'), /The table "storage_days" is missing/],
  'a schema that was written by hand': [
    (path) => patch(path, days, days.replace('free', 'evil')),
    /The table "storage_days" is not as Tintype makes it/,
  ],
  'the number of a newer schema': [sql('PRAGMA user_version = 9999'), /newer Tintype/],
  'the number of an older schema': [sql('PRAGMA user_version = 4'), /refused/],
  'no number at all': [sql('PRAGMA user_version = 0'), /no schema of ours/],
};

for (const [what, [database, refusal]] of Object.entries(foreign)) {
  test(`T118: a backup whose database has ${what} is refused before a row is read`, async () => {
    const { message, data } = await attempt({ ...(database ? { database } : {}) });
    expect(message).toMatch(refusal);
    expect(existsSync(data)).toBe(false);
  });
}

const unfit: Record<string, [Tampering['database'], RegExp]> = {
  'a value of the wrong type': [
    (path) => {
      // What STRICT refuses can be written while the schema says something else.
      patch(path, days, looseDays);
      sql(`INSERT INTO storage_days VALUES (1, 'words', 1, 1, 1, 1)`)(path);
      patch(path, looseDays, days);
    },
    /damaged|do not fit/,
  ],
  'a value that a check forbids': [
    sql('PRAGMA ignore_check_constraints = ON', `UPDATE posts SET visibility = 'everybody'`),
    /damaged|do not fit/,
  ],
  'a row that points to nothing': [
    sql('PRAGMA foreign_keys = OFF', "DELETE FROM accounts WHERE role IS NULL OR role = 'member'"),
    /points to nothing/,
  ],
};

for (const [what, [database, refusal]] of Object.entries(unfit)) {
  test(`T118: a backup with ${what} is refused`, async () => {
    const { message } = await attempt({ ...(database ? { database } : {}), counts: {} });
    expect(message).toMatch(refusal);
  });
}

test('T118: damage in the file is found, whatever the manifest says', async () => {
  const { message } = await attempt({
    database: (path) => {
      const file = openSync(path, 'r+');
      for (let page = 3; page < 40; page += 1) {
        writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 4096);
      }
      closeSync(file);
    },
  });
  expect(message).toMatch(/damaged|cannot be read/);
  const nothing = await attempt({ database: (path) => writeFileSync(path, 'not a database') });
  expect(nothing.message).toMatch(/cannot be read|cannot be opened/);
});

test('T118: a write-ahead log beside the database means nothing', async () => {
  const { message, data } = await attempt({}, (place) => {
    const at = join(place, 'snapshots', NAME);
    for (const end of ['-wal', '-shm', '-journal']) {
      writeFileSync(join(at, `tintype.db${end}`), Buffer.alloc(5_000_000, 7));
    }
  });
  expect(message).toBeNull();
  expect(rowsOf(data)).toEqual(rowsOf(world.data));
  expect(readdirSync(data).sort()).toEqual(['lock', 'media', 'tintype.db']);
});

test('T118: the words of the search are made anew, whatever their tables hold', async () => {
  const { message, data } = await attempt({
    database: sql(`INSERT INTO post_words (rowid, words) VALUES (4711, 'smuggled')`),
  });
  expect(message).toBeNull();
  const db = new Database(join(data, 'tintype.db'));
  const found = (word: string) =>
    db.query('SELECT rowid FROM post_words WHERE post_words MATCH ?').all(word).length;
  expect([found('smuggled'), found('light') > 0]).toEqual([0, true]);
  expect(db.query('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
});

test('T115: paths in a manifest that lead elsewhere are refused', async () => {
  for (const path of ['../../evil', '/etc/evil', 'keys/../../evil', 'keys/a/b', 'tintype.db-wal']) {
    const { message, data } = await attempt({
      manifest: (manifest) => {
        (manifest.entries as object[]).push({ path, bytes: 1, sha256: 'a'.repeat(64) });
      },
    });
    expect([path, message]).toEqual([path, expect.stringMatching(/no backup|cannot be read/)]);
    expect(existsSync(data)).toBe(false);
  }
});

test('T115: key files with other names are not taken along', async () => {
  n += 1;
  const target = world.freshTarget(`keys-${n}`);
  const secrets = { s3: null, passphrase: 'a passphrase of a test' };
  writeFileSync(join(world.data, 'tintype.toml'), 'log_level = "error"\n', { mode: 0o644 });
  await makeBackup(world.data, target, secrets, {
    manifest: (manifest) => {
      const entries = manifest.entries as { path: string }[];
      for (const entry of entries) {
        if (entry.path === 'keys/backup.key') entry.path = 'keys/authorized_keys';
      }
    },
  });
  rmSync(join(world.data, 'tintype.toml'));
  const place = await openPlace(target, secrets);
  const data = join(world.root, `data-${n}`);
  expect((await world.restore(data, { place })).keys).toEqual(['tintype.toml']);
  expect(treeOf(data)).not.toContain('authorized_keys');
  expect(statSync(join(data, 'tintype.toml')).mode & 0o777).toBe(0o600);
});

test('T115: names in the list of photos decide nothing', async () => {
  const evil = (name: string) =>
    JSON.stringify({ name, bytes: 4, sha256: 'b'.repeat(64), path: `media/bb/${'b'.repeat(64)}` });
  for (const name of ['../../../evil.jpg', '/tmp/evil.jpg', 'con.jpg', 'A'.repeat(26)]) {
    const { message } = await attempt({ lines: (lines) => [evil(name), ...lines] });
    expect([name, message]).toEqual([name, expect.stringContaining('not in order')]);
  }
  // A good name that no row has is passed over.
  const { message, data } = await attempt({
    lines: (lines) => [evil(`${'2'.repeat(26)}.jpg`), ...lines].sort(),
  });
  expect(message).toBeNull();
  expect(filesOf(data)).toEqual(filesOf(world.data));
});

test('T115: a list that is out of order, endless in a line, or contradicts the rows is refused', async () => {
  const turned = await attempt({ lines: (lines) => lines.reverse() });
  expect(turned.message).toContain('not in order');
  const twice = await attempt({ lines: (lines) => [...lines, ...lines] });
  expect(twice.message).toContain('not in order');
  const long = await attempt({ lines: (lines) => [`{"name":"${'a'.repeat(100_000)}`, ...lines] });
  expect(long.message).not.toBeNull();
  const other = await attempt({
    lines: (lines) => lines.map((line) => line.replace(/"bytes":\d+/, '"bytes":1')),
  });
  expect(other.message).toContain('contradicts');
});

test('T116: sizes that lie end the reading, and nothing is left', async () => {
  const bigger = await attempt({}, (place) => {
    truncateSync(join(place, 'snapshots', NAME, 'tintype.db'), 300_000_000);
  });
  expect(bigger.message).toMatch(/tintype\.db is missing or not as it was/);
  const smaller = await attempt({}, (place) => {
    truncateSync(join(place, 'snapshots', NAME, 'files.ndjson'), 10);
  });
  expect(smaller.message).toMatch(/files\.ndjson was changed/);
  const huge = await attempt({
    manifest: (manifest) => {
      for (const entry of manifest.entries as { path: string; bytes: number }[]) {
        if (entry.path === 'tintype.db') entry.bytes = 9e15;
      }
    },
  });
  expect(huge.message).toMatch(/too little room for its database/);
  const manifest = await attempt({}, (place) => {
    truncateSync(join(place, 'snapshots', NAME, 'manifest.json'), 50_000_000);
  });
  expect(manifest.message).toMatch(/no backup/);
});

test('T116: a manifest that counts other rows is refused', async () => {
  const { message } = await attempt({ counts: { posts: 1 } });
  expect(message).toMatch(/the table posts has another number of rows/);
  const made = await attempt({ counts: { nothing_of_ours: 0 } });
  expect(made.message).toMatch(/another number of rows/);
});

test('T115: links and folders in the place of files are no files', async () => {
  const secret = join(world.root, 'secret');
  writeFileSync(secret, 'a secret');
  const linked = await attempt({}, (place) => {
    const file = join(place, 'snapshots', NAME, 'tintype.db');
    renameSync(file, join(world.root, 'moved.db'));
    symlinkSync(join(world.root, 'moved.db'), file);
  });
  expect(linked.message).toMatch(/tintype\.db is missing/);
  rmSync(join(world.root, 'moved.db'));
  const folder = await attempt({}, (place) => {
    const file = join(place, 'snapshots', NAME, 'files.ndjson');
    rmSync(file);
    mkdirSync(file);
  });
  expect(folder.message).toMatch(/files\.ndjson is missing/);
});

test('a backup that was swapped for another one of the same server is refused by its name', async () => {
  const target = world.freshTarget('renamed');
  await makeBackup(world.data, target);
  const [from, to] = [NAME, '20270101T000000Z'].map((name) => join(target.path, 'snapshots', name));
  renameSync(from ?? '', to ?? '');
  copyFileSync(join(to ?? '', 'manifest.json'), join(to ?? '', 'copy'));
  const place = await openPlace(target, { s3: null, passphrase: null });
  await expect(world.restore(join(world.root, 'renamed-data'), { place })).rejects.toThrow(
    /does not belong where it lies/,
  );
});
