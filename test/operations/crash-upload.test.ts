import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepMedia } from '#domain/media/sweep.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { program } from '#test/harness/program.ts';
import { photo, tempFiles } from '#test/media/world.ts';

const ROUNDS = 8;
const data = mkdtempSync(join(tmpdir(), 'tintype-crash-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** What the server said yes to: from then on it must never be lost. */
type Promised = { media: Set<string>; posts: Map<string, string[]> };

test('T122: SIGKILL at random points of upload and publish loses nothing that was answered', async () => {
  const promised: Promised = { media: new Set(), posts: new Map() };
  const token = await firstOwner();
  const bytes = [await photo(64, 48), await photo(500, 300)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startServer();
    const before = promised.posts.size;
    const working = [0, 1, 2].map((n) =>
      publishUntilDead(server.url, token, bytes[(n + round) % 2] ?? Buffer.alloc(0), promised),
    );
    // Even rounds end while the image worker starts, odd ones in full work.
    for (let n = 0; round % 2 === 1 && promised.posts.size === before && n < 1000; n += 1) {
      await Bun.sleep(10);
    }
    await Bun.sleep(Math.random() * 700);
    server.process.kill('SIGKILL');
    await server.process.exited;
    await Promise.all(working);
    await checkAfterCrash(promised);
  }
  expect(promised.posts.size).toBeGreaterThan(0);
}, 180_000);

async function firstOwner(): Promise<string> {
  const app = await createTestApp({ data });
  const ann = await app.person('ann', 'owner');
  await app.close();
  return ann.token;
}

async function startServer() {
  const process_ = Bun.spawn(
    [...program, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--rates', 'off'],
    { stdout: 'pipe', stderr: 'pipe', env: {} },
  );
  let said = '';
  const decoder = new TextDecoder();
  for await (const piece of process_.stdout) {
    said += decoder.decode(piece);
    const url = /is ready: (http:\/\/\S+)/.exec(said)?.[1];
    if (url !== undefined) return { process: process_, url: url.replace('localhost', '127.0.0.1') };
  }
  throw new Error(`The server ended: ${said}${await new Response(process_.stderr).text()}`);
}

/** Uploads two photos and publishes them, again and again, and notes every yes; ends when the server does. */
async function publishUntilDead(
  url: string,
  token: string,
  bytes: Buffer,
  promised: Promised,
): Promise<void> {
  const authorization = `Bearer ${token}`;
  const send = async (path: string, body: BodyInit, type: Record<string, string> = {}) => {
    const headers = { authorization, ...type };
    const answer = await fetch(`${url}${path}`, { method: 'POST', body, headers });
    const json = (await answer.json()) as { id: string; error?: string };
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${json.error}`);
    return json.id;
  };
  for (;;) {
    try {
      const ids: string[] = [];
      for (let n = 0; n < 2; n += 1) {
        const form = new FormData();
        form.append('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg');
        const id = await send('/api/v2/media', form);
        promised.media.add(id);
        ids.push(id);
      }
      const post = JSON.stringify({ status: 'Still here', media_ids: ids });
      const id = await send('/api/v1/statuses', post, { 'content-type': 'application/json' });
      promised.posts.set(id, ids);
    } catch (error) {
      // A refusal is a mistake of this test; anything else is the server's end.
      if (error instanceof Error && error.message.startsWith('/api')) throw error;
      return;
    }
  }
}

async function checkAfterCrash(promised: Promised): Promise<void> {
  const app = await createTestApp({ data });
  try {
    expect(all(app, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(all(app, 'PRAGMA foreign_key_check')).toEqual([]);
    const found = await verifyStorage(app.ctx, { deep: true });
    expect([found.missing, found.changed]).toEqual([[], []]);
    checkPromises(app, promised);
    // The restart released reservations; the sweep takes the rest, also what the image worker wrote
    // to the temp folder before it noticed that nobody is there any more.
    expect(all(app, 'SELECT * FROM reservations')).toEqual([]);
    await app.settle();
    await sweepMedia(app.ctx, { orphanAge: -60_000, tempAge: -60_000 });
    expect(tempFiles(app)).toEqual([]);
    expect(await verifyStorage(app.ctx)).toEqual({ missing: [], changed: [], orphans: [] });
    expect(await reconcileUsage(app.ctx)).toEqual([]);
    expect(
      all(app, 'SELECT sum(reserved_bytes) AS n FROM usage WHERE reserved_bytes <> 0'),
    ).toEqual([{ n: null }]);
  } finally {
    await app.close();
  }
}

function checkPromises(app: TestApp, promised: Promised): void {
  const media = new Map(
    all<{ id: number; postId: number | null; files: number }>(
      app,
      `SELECT m.id, m.post_id AS postId,
         (SELECT count(*) FROM renditions r WHERE r.media_id = m.id) AS files FROM media m`,
    ).map((row) => [String(row.id), row]),
  );
  for (const id of promised.media) expect(media.get(id)?.files).toBe(3);
  for (const [id, ids] of promised.posts) {
    for (const each of ids) expect(String(media.get(each)?.postId)).toBe(id);
  }
  // A post that nobody was told of may be there, but only whole.
  const halves = all(
    app,
    `SELECT p.id FROM posts p WHERE p.media_count <> 2
       OR (SELECT count(*) FROM media m WHERE m.post_id = p.id) <> 2`,
  );
  expect(halves).toEqual([]);
  const counted = all(
    app,
    `SELECT a.id FROM accounts a
     WHERE a.posts_count <> (SELECT count(*) FROM posts p WHERE p.account_id = a.id)`,
  );
  expect(counted).toEqual([]);
}

function all<Row>(app: TestApp, sql: string): Row[] {
  return app.ctx.db.query<Row, []>(sql).all();
}
