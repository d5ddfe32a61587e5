import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyStorage } from '#domain/storage/verify.ts';
import { filesOf, rowsOf, TOUCHED } from '#test/backup/restore-world.ts';
import { createTestApp, type Person } from '#test/harness/app.ts';
import { type ProgramServer, runProgramVerb, serveProgram } from '#test/harness/program.ts';
import { photo } from '#test/media/world.ts';
import { expectInStep, expectSound, storePosts } from './appliance-world.ts';

const root = mkdtempSync(join(tmpdir(), 'tintype-storm-'));
const [data, place, copy] = ['data', 'place', 'copy'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** What a restore itself begins anew or writes. */
const OWN = [...TOUCHED, 'backup_runs', 'jobs', 'cron_runs', 'admin_banners'];

test('T120: a backup that is made in a storm of uploads and deletes comes back to the last row and byte', async () => {
  const { ann, doomed } = await prepare();
  const env = { TINTYPE_BACKUP_TO: place };
  const server = await serveProgram(data, { env });
  const storm = { isOver: false, published: 0, deleted: 0 };
  const there = { rows: mediaOf(data), files: filesOf(data) };
  const backup = runProgramVerb(['backup', 'create', '--data', data], { env });
  const picture = new Uint8Array(await photo(80, 60));
  const work = [
    ...[0, 1].map(() => publish(server, ann, picture, storm)),
    remove(server, ann, doomed, storm),
  ];
  const made = await backup.finally(() => {
    storm.isOver = true;
  });
  await Promise.all(work);
  expect([made.code, made.stderr]).toEqual([0, '']);
  expect(made.stdout).toContain('every byte was checked');
  expect(storm.published).toBeGreaterThan(3);
  expect(storm.deleted).toBeGreaterThan(10);
  expect(await server.stop()).toBe(0);

  const fingerprint = /Signed with the key ([0-9a-f ]+)\./.exec(made.stdout)?.[1] ?? '';
  const args = ['restore', place, '--data', copy, '--fingerprint', fingerprint];
  const restored = await runProgramVerb(args);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  expectSameRows();
  expectSameFiles(there, doomed);
  expectSound(join(copy, 'tintype.db'));
  const app = await createTestApp({ data: copy });
  expect((await verifyStorage(app.ctx, { deep: true })).missing).toEqual([]);
  await expectInStep(app);
  await app.close();
  // What was deleted meanwhile is gone from the server, with its files.
  const after = await createTestApp({ data });
  await after.settle();
  await expectInStep(after);
  await after.close();
}, 120_000);

async function prepare(): Promise<{ ann: Person; doomed: string[] }> {
  const app = await createTestApp({ data });
  const ann = await app.person('ann', 'owner');
  const ids = await storePosts(app, ann, { count: 150, bytes: 60_000 });
  await app.close();
  return { ann, doomed: ids.slice(0, 75) };
}

type Storm = { isOver: boolean; published: number; deleted: number };

/** Uploads and publishes until it is over. */
async function publish(
  server: ProgramServer,
  { token }: Person,
  picture: Uint8Array<ArrayBuffer>,
  storm: Storm,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const send = async (path: string, body: BodyInit, type: Record<string, string> = {}) => {
    const how = { method: 'POST', headers: { ...headers, ...type }, body };
    const answer = await fetch(server.url + path, how);
    expect([path, answer.status]).toEqual([path, 200]);
    return ((await answer.json()) as { id: string }).id;
  };
  while (!storm.isOver) {
    const form = new FormData();
    form.append('file', new Blob([picture]), 'a.jpg');
    const id = await send('/api/v2/media', form);
    const post = JSON.stringify({ status: 'In the storm', media_ids: [id] });
    await send('/api/v1/statuses', post, { 'content-type': 'application/json' });
    storm.published += 1;
  }
}

/** Deletes posts that were there before, one after the other. */
async function remove(
  server: ProgramServer,
  { token }: Person,
  ids: readonly string[],
  storm: Storm,
): Promise<void> {
  for (const id of ids) {
    if (storm.isOver) return;
    const how = { method: 'DELETE', headers: { authorization: `Bearer ${token}` } };
    const answer = await fetch(`${server.url}/api/v1/statuses/${id}`, how);
    expect([id, answer.status]).toEqual([id, 200]);
    storm.deleted += 1;
    await Bun.sleep(5);
  }
}

/** Every row of every table is what the backup holds. */
function expectSameRows(): void {
  const [name = ''] = readdirSync(join(place, 'snapshots'));
  const snapshot = join(place, 'snapshots', name);
  expect(rowsOf(copy, OWN)).toEqual(rowsOf(snapshot, OWN));
  const lines = readFileSync(join(snapshot, 'files.ndjson'), 'utf8').trim().split('\n');
  const listed = lines.map((line) => (JSON.parse(line) as { sha256: string }).sha256);
  expect(Object.values(filesOf(copy)).sort()).toEqual(listed.sort());
}

/** A photo that was there when the backup began is whole in it, unless it was deleted; then wholly or not at all. */
function expectSameFiles(
  there: { rows: Map<string, string[]>; files: Record<string, string> },
  doomed: readonly string[],
): void {
  const [rows, files] = [mediaOf(copy), filesOf(copy)];
  for (const [post, names] of there.rows) {
    if (!rows.has(post) && doomed.includes(post)) continue;
    expect([post, rows.get(post)]).toEqual([post, names]);
    for (const path of names.map((each) => join(each.slice(0, 2), each))) {
      expect([path, files[path]]).toEqual([path, there.files[path]]);
    }
  }
}

/** The files of each post with a photo. */
function mediaOf(folder: string): Map<string, string[]> {
  const db = new Database(join(folder, 'tintype.db'), { readonly: true });
  const rows = db
    .query<{ post: string; names: string }, []>(
      `SELECT CAST(m.post_id AS TEXT) AS post, m.original_blob || ' ' ||
         group_concat(r.blob_name, ' ' ORDER BY r.blob_name) AS names
       FROM media m JOIN renditions r ON r.media_id = m.id
       WHERE m.post_id IS NOT NULL GROUP BY m.id`,
    )
    .all();
  db.close();
  return new Map(rows.map(({ post, names }) => [post, names.split(' ')]));
}
