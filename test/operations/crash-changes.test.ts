import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweepMedia } from '#domain/media/sweep.ts';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { program } from '#test/harness/program.ts';
import { photo, tempFiles } from '#test/media/world.ts';
import { post } from '#test/posts/world.ts';

const ROUNDS = 6;
const data = mkdtempSync(join(tmpdir(), 'tintype-changes-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

type Send = (
  path: string,
  how?: { method?: string; json?: unknown; body?: FormData; key?: string },
) => Promise<Response>;
/** Keys of posts that were sent, and what the server said to them before it died. */
type Sent = { answered: Map<string, string>; open: Set<string>; deleted: Set<string> };

test('T122: SIGKILL at random points of edits, crops, deletes and purges leaves nothing half done', async () => {
  const people = await makePeople();
  const sent: Sent = { answered: new Map(), open: new Set(), deleted: new Set() };
  const bytes = new Uint8Array(await photo(120, 90));
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startServer();
    const working = people
      .slice(0, 2)
      .map((person) => workUntilDead(sender(server.url, person), bytes, sent));
    await Bun.sleep(600 + Math.random() * 900);
    server.process.kill('SIGKILL');
    await server.process.exited;
    await Promise.all(working);
    const doomed = people[2 + round];
    await checkAfterCrash(sent, doomed);
  }
  expect(sent.answered.size).toBeGreaterThan(ROUNDS);
  expect(sent.deleted.size).toBeGreaterThan(0);
  await retryOpen(sent, people[0]);
}, 180_000);

/** Two who work, and one for each round whose account is being removed when the power goes. */
async function makePeople(): Promise<Person[]> {
  const app = await createTestApp({ data });
  const people = [await app.person('ann', 'owner'), await app.person('ben')];
  for (let n = 0; n < ROUNDS; n += 1) people.push(await app.person(`leaver${n}`));
  await app.close();
  return people;
}

async function startServer() {
  const child = Bun.spawn(
    [...program, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--rates', 'off'],
    { stdout: 'pipe', stderr: 'ignore', env: {} },
  );
  let said = '';
  const decoder = new TextDecoder();
  for await (const piece of child.stdout) {
    said += decoder.decode(piece, { stream: true });
    const url = /is ready: (http:\/\/\S+)/.exec(said)?.[1];
    if (url !== undefined) return { process: child, url: url.replace('localhost', '127.0.0.1') };
  }
  throw new Error(`The server ended: ${said}`);
}

function sender(url: string, person: Person): Send {
  return async (path, how = {}) => {
    const headers: Record<string, string> = { authorization: `Bearer ${person.token}` };
    if (how.json !== undefined) headers['content-type'] = 'application/json';
    if (how.key !== undefined) headers['idempotency-key'] = how.key;
    const body = how.body ?? (how.json === undefined ? null : JSON.stringify(how.json));
    const method = how.method ?? (body === null ? 'GET' : 'POST');
    const answer = await fetch(url + path, { method, headers, body });
    if (!answer.ok) throw new Refused(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
}

class Refused extends Error {}

/** Publishes, edits, crops, archives and deletes, again and again; ends when the server does. */
async function workUntilDead(
  send: Send,
  bytes: Uint8Array<ArrayBuffer>,
  sent: Sent,
): Promise<void> {
  const idOf = async (answer: Promise<Response>) =>
    ((await (await answer).json()) as { id: string }).id;
  for (let n = 0; ; n += 1) {
    const key = crypto.randomUUID();
    try {
      const form = () => {
        const body = new FormData();
        body.append('file', new Blob([bytes]), 'a.jpg');
        return body;
      };
      const media = [
        await idOf(send('/api/v2/media', { body: form() })),
        await idOf(send('/api/v2/media', { body: form() })),
      ];
      sent.open.add(key);
      const id = await idOf(
        send('/api/v1/statuses', { json: { status: key, media_ids: media }, key }),
      );
      sent.open.delete(key);
      sent.answered.set(key, id);
      const path = `/api/v1/statuses/${id}`;
      await send(path, {
        method: 'PUT',
        json: { status: `${key} edited`, media_ids: [...media].reverse() },
      });
      await send(`/api/v1/media/${media[0]}`, { method: 'PUT', json: { tintype_rotate: 90 } });
      await send(path, { method: 'PUT', json: { media_ids: [media[1]] } });
      await send(path, {
        method: 'PUT',
        json: { tintype_visibility: n % 2 === 0 ? 'self' : 'unlisted' },
      });
      if (n % 2 === 0) {
        sent.deleted.add(id);
        await send(path, { method: 'DELETE' });
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      return;
    }
  }
}

async function checkAfterCrash(sent: Sent, leaver: Person | undefined): Promise<void> {
  const app = await createTestApp({ data });
  try {
    expect(all(app, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(all(app, 'PRAGMA foreign_key_check')).toEqual([]);
    expect(all(app, 'SELECT * FROM reservations')).toEqual([]);
    const found = await verifyStorage(app.ctx, { deep: true });
    expect([found.missing, found.changed]).toEqual([[], []]);
    expect(all(app, HALVES)).toEqual([]);
    for (const id of sent.answered.values()) {
      const there = app.ctx.db.query('SELECT id FROM posts WHERE id = ?').get(Number(id)) !== null;
      // What was answered is there, unless its deletion was on its way.
      if (!sent.deleted.has(id)) expect([id, there]).toEqual([id, true]);
    }
    await app.settle();
    await sweepMedia(app.ctx, { orphanAge: -60_000, tempAge: -60_000 });
    expect(tempFiles(app)).toEqual([]);
    expect(await verifyStorage(app.ctx)).toEqual({ missing: [], changed: [], orphans: [] });
    expect(await reconcileUsage(app.ctx)).toEqual([]);
    // The next server starts with an account to remove, and is killed at it.
    if (leaver) {
      for (let n = 0; n < 400; n += 1) {
        post(app.ctx, leaver.viewer, { caption: `${leaver.viewer.username} ${n}`, mediaIds: [] });
      }
      deleteAccount(app.ctx, 'console', leaver.viewer.id);
    }
  } finally {
    await app.close();
  }
}
/** Posts whose numbers do not fit their rows, photos without their files, versions of nothing. */
const HALVES = `
  SELECT p.id FROM posts p
    WHERE p.media_count <> (SELECT count(*) FROM media m WHERE m.post_id = p.id)
      OR p.edits_count <> (SELECT count(*) FROM post_versions v WHERE v.post_id = p.id)
  UNION SELECT m.id FROM media m
    WHERE (SELECT count(*) FROM renditions r WHERE r.media_id = m.id) <> 3
  UNION SELECT a.id FROM accounts a
    WHERE a.posts_count <> (SELECT count(*) FROM posts p WHERE p.account_id = a.id
      AND p.archived_at IS NULL AND p.visibility IN ('public', 'unlisted'))`;

/** A client that got no answer asks again with the same key: there is one post then, whatever happened. */
async function retryOpen(sent: Sent, person: Person | undefined): Promise<void> {
  const server = await startServer();
  try {
    if (!person) return;
    const send = sender(server.url, person);
    for (const key of [...sent.open, crypto.randomUUID()]) {
      for (let n = 0; n < 2; n += 1) await send('/api/v1/statuses', { json: { status: key }, key });
    }
  } finally {
    server.process.kill('SIGTERM');
    await server.process.exited;
  }
  const app = await createTestApp({ data });
  const twice = all(
    app,
    `SELECT caption FROM posts GROUP BY account_id, caption HAVING count(*) > 1`,
  );
  await app.close();
  expect(twice).toEqual([]);
}

function all<Row>(app: TestApp, sql: string): Row[] {
  return app.ctx.db.query<Row, []>(sql).all();
}
