import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepMedia } from '#domain/media/sweep.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { startImport } from '#doors/archive/import-change.ts';
import { findImport } from '#doors/archive/import-queries.ts';
import { adoptFile } from '#doors/archive/import-upload.ts';
import { archiveFolder, all as everything, photo } from '#test/archive-in/world.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { makeTarGz } from '#test/harness/archives.ts';
import { killFamily, program } from '#test/harness/program.ts';

const ROUNDS = 10;
const POSTS = 60;
const ME = 'https://old.example/users/ada';
const data = mkdtempSync(join(tmpdir(), 'tintype-crash-'));
const folder = archiveFolder();
afterAll(() => {
  rmSync(data, { recursive: true, force: true });
  folder.remove();
});

test('T122: SIGKILL at random points of an import loses nothing and brings nothing twice', async () => {
  const path = folder.write('archive.tar.gz', await makeArchive());
  const first = await createTestApp({ data });
  const { viewer } = await first.person('ada', 'owner');
  const input = { fileName: 'archive.tar.gz', ours: false, queue: true };
  const { id } = await adoptFile(first.ctx, viewer, path, input);
  await first.close();
  let killed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = startServer();
    await Bun.sleep(500 + Math.random() * 900);
    await killFamily(server.pid);
    await server.exited;
    killed += 1;
    const app = await createTestApp({ data });
    try {
      const now = findImport(app.ctx.db, id);
      check(app, viewer.id);
      // The first rounds end while it is read.
      if (round >= 1 && now?.state !== 'importing' && now?.state !== 'done') {
        await app.settle();
        startImport(app.ctx, viewer, id, everything);
      }
      if (now?.state === 'done') break;
    } finally {
      await app.close();
    }
  }
  expect(killed).toBeGreaterThan(2);
  await finish(id, viewer.id);
}, 240_000);

/** After the last crash: everything is there, once, and nothing else is. */
async function finish(importId: number, accountId: number): Promise<void> {
  const app = await createTestApp({ data });
  try {
    for (let n = 0; n < 50 && findImport(app.ctx.db, importId)?.state !== 'done'; n += 1) {
      await app.settle();
    }
    expect(findImport(app.ctx.db, importId)?.state).toBe('done');
    check(app, accountId);
    expect(rows(app, 'SELECT count(*) AS n FROM posts')).toEqual([{ n: POSTS }]);
    expect(rows(app, 'SELECT count(*) AS n FROM imported_posts')).toEqual([{ n: POSTS }]);
    await sweepMedia(app.ctx, { orphanAge: -60_000, tempAge: -60_000 });
    app.clock.advance(3 * 24 * 3_600_000);
    await sweepMedia(app.ctx, { orphanAge: -60_000, tempAge: -60_000 });
    await app.settle();
    expect(rows(app, 'SELECT count(*) AS n FROM media')).toEqual([{ n: POSTS * 2 }]);
    expect(await verifyStorage(app.ctx, { deep: true })).toEqual({
      ...{ missing: [], changed: [], orphans: [] },
    });
    expect(await reconcileUsage(app.ctx)).toEqual([]);
    expect(readdirSync(app.ctx.files.imports)).toEqual([]);
    expect(readdirSync(app.ctx.files.tmp)).toEqual([]);
  } finally {
    await app.close();
  }
}

/** Whatever is there is whole: no post without its photos, none twice. */
function check(app: TestApp, accountId: number): void {
  expect(rows(app, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(rows(app, 'PRAGMA foreign_key_check')).toEqual([]);
  const odd = `SELECT p.caption FROM posts p WHERE p.account_id = ${accountId} AND
    (SELECT count(*) FROM media m WHERE m.post_id = p.id) <> 2`;
  expect(rows(app, odd)).toEqual([]);
  expect(rows(app, 'SELECT caption FROM posts GROUP BY caption HAVING count(*) > 1')).toEqual([]);
  const unsaid = `SELECT i.position FROM import_items i WHERE i.outcome = 'done'
    AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = i.post_id)`;
  expect(rows(app, unsaid)).toEqual([]);
}

function rows(app: TestApp, sql: string): unknown[] {
  return app.ctx.db.query(sql).all();
}

function startServer() {
  return Bun.spawn([...program, 'serve', '--data', data, '--listen', '127.0.0.1:0'], {
    ...{ env: {}, stdout: 'ignore', stderr: 'ignore' },
  });
}

async function makeArchive(): Promise<Buffer> {
  const pictures = await Promise.all([1, 2, 3].map(photo));
  const name = (n: number, k: number) => `media_attachments/files/${n}/original/${k}.jpg`;
  const orderedItems = Array.from({ length: POSTS }, (_, n) => ({
    type: 'Create',
    object: {
      id: `${ME}/statuses/${n}`,
      type: 'Note',
      published: new Date(Date.UTC(2020, 0, 1, n)).toISOString(),
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      content: `<p>Number ${n}</p>`,
      attachment: [0, 1].map((k) => ({ mediaType: 'image/jpeg', url: `/${name(n, k)}` })),
    },
  }));
  const files = orderedItems.flatMap((_, n) =>
    [0, 1].map((k) => ({ name: name(n, k), data: pictures[(n + k) % 3] ?? '' })),
  );
  return makeTarGz([{ name: 'outbox.json', data: JSON.stringify({ orderedItems }) }, ...files]);
}
