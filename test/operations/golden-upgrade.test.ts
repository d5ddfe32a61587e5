import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askGolden, countTables, hashMedia } from '#scripts/golden/expect.ts';
import { builtBinary, freePort } from '#test/harness/binary.ts';

type Expected = {
  version: string;
  origin: string;
  schema: number;
  tokens: Record<string, string>;
  tables: Record<string, number>;
  media: { name: string; sha256: string }[];
  api: Record<string, unknown>;
};

/** What a start itself adds to or works off. */
const MOVING = ['activities', 'cron_runs', 'deliveries', 'hosts', 'jobs', 'sessions', 'settings'];
const KILLS = 8;

const folder = join(import.meta.dir, '..', 'fixtures', 'releases');
const versions = readdirSync(folder).filter((name) => name.endsWith('.json'));
const place = mkdtempSync(join(tmpdir(), 'tintype-golden-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe.each(versions)('the data of %s', (file) => {
  const unpack = async (name: string) => {
    const expected: Expected = await Bun.file(join(folder, file)).json();
    const into = mkdtempSync(join(place, `${name}-`));
    const archive = join(folder, file.replace('.json', '.tar.gz'));
    const tar = Bun.spawnSync(['tar', '-xzf', archive, '-C', into, '--no-same-owner']);
    expect(tar.exitCode).toBe(0);
    return { expected, data: join(into, 'data') };
  };

  test('comes up whole with this version', async () => {
    const { expected, data } = await unpack('whole');
    const server = await start(data, expected.origin);
    expect(await askGolden(server.url, expected.tokens)).toEqual(expected.api);
    expect(await server.stop()).toBe(0);
    checkData(data, expected);
    expect(copiesOf(data, expected.schema).length).toBe(1);
  }, 60_000);

  test('survives SIGKILL at any moment of its migration', async () => {
    const { expected, data } = await unpack('killed');
    for (let round = 0; round < KILLS; round += 1) {
      const child = Bun.spawn(commandFor(data, expected.origin, await freePort()), {
        ...{ env: {}, stdout: 'ignore', stderr: 'ignore' },
      });
      await Bun.sleep(40 + round * 25 + Math.random() * 25);
      child.kill('SIGKILL');
      await child.exited;
      const schema = checkWhole(join(data, 'tintype.db'));
      if (schema > expected.schema) break;
    }
    const server = await start(data, expected.origin);
    expect(await askGolden(server.url, expected.tokens)).toEqual(expected.api);
    expect(await server.stop()).toBe(0);
    checkData(data, expected);
    const copies = copiesOf(data, expected.schema);
    expect(copies.length).toBeGreaterThan(0);
    for (const name of copies) {
      expect(checkWhole(join(data, 'backups', name))).toBe(expected.schema);
    }
  }, 60_000);
});

function commandFor(data: string, origin: string, port: number): string[] {
  const listen = ['--listen', `127.0.0.1:${port}`, '--origin', origin, '--mode', 'community'];
  return [builtBinary(), 'serve', '--data', data, ...listen, '--log-level', 'error'];
}

async function start(data: string, origin: string) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = Bun.spawn(commandFor(data, origin, port), {
    ...{ env: {}, stdout: 'ignore', stderr: 'inherit' },
  });
  const end = Date.now() + 20_000;
  while ((await fetch(`${url}/readyz`).catch(() => null))?.ok !== true) {
    if (child.exitCode !== null || Date.now() > end) throw new Error('The server did not come up.');
    await Bun.sleep(20);
  }
  const stop = () => {
    child.kill('SIGTERM');
    return child.exited;
  };
  return { url, stop };
}

function checkData(data: string, expected: Expected): void {
  expect(checkWhole(join(data, 'tintype.db'))).toBeGreaterThanOrEqual(expected.schema);
  const db = new Database(join(data, 'tintype.db'), { readonly: true });
  const tables = countTables(db);
  db.close();
  for (const [name, count] of Object.entries(expected.tables)) {
    if (!MOVING.includes(name)) expect([name, tables[name]]).toEqual([name, count]);
  }
  expect(hashMedia(join(data, 'media/local'))).toEqual(expected.media);
}

/** The schema of a database in which everything fits together. */
function checkWhole(path: string): number {
  const db = new Database(path);
  const all = (sql: string) => db.query(sql).all();
  try {
    expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(all('PRAGMA foreign_key_check')).toEqual([]);
    const row = db.query<{ user_version: number }, []>('PRAGMA user_version').get();
    return row?.user_version ?? 0;
  } finally {
    db.close();
  }
}

function copiesOf(data: string, schema: number): string[] {
  const begin = `before-schema-${schema + 1}-`;
  return readdirSync(join(data, 'backups'))
    .filter((name) => name.startsWith(begin))
    .sort();
}
