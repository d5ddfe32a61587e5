import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { randomName } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { readMedia } from '#domain/media/reading.ts';
import { removeMedia } from '#domain/media/remove.ts';
import { setQuota } from '#domain/storage/set-quota.ts';
import { mediaJson } from '#doors/entities/media.ts';
import type { Person, TestApp, TestAppOptions } from '#test/harness/app.ts';
import { dirtyJpeg } from '#test/harness/dirty-pictures.ts';
import { sharp } from '#test/harness/pictures.ts';
import { type Front, offer, openFront, pathOf, publish, upload } from '#test/media/front.ts';
import { createMediaApp, photo } from '#test/media/world.ts';

let app: TestApp;
let front: Front;
let ann: Person;
let ben: Person;

async function start(options: TestAppOptions = {}): Promise<void> {
  app = await createMediaApp(options);
  front = openFront(app);
  ann = await app.person('ann', 'owner');
  ben = await app.person('ben');
}
async function end(): Promise<void> {
  await front.close();
  await app.close();
}
beforeEach(() => start());
afterEach(end);

async function post(visibility = 'public', bytes?: Uint8Array) {
  const json = await upload(front, ann, bytes ?? (await photo(300, 200)));
  const id = Number(json.id);
  const postId = publish(app, ann.viewer.id, [id], visibility);
  const original = `/media/${readMedia(app.ctx.db, [id])[0]?.originalBlob}`;
  return { id, postId, original, path: pathOf(json.url), download: `/media/${id}/download` };
}

/** What tells two answers apart: status, headers but the request's own id, and body. */
async function shape(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id');
  return JSON.stringify([answer.status, headers.sort(), await answer.text()]);
}

const status = async (path: string, how: Parameters<Front['request']>[1] = {}) =>
  (await front.request(path, how)).status;

test('a rendition of a public post is for everybody and for good', async () => {
  const { path } = await post();
  const answer = await front.request(path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    etag: `"${sha256}"`,
    'content-type': 'image/jpeg',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'accept-ranges': 'bytes',
  });
  expect(answer.headers.get('content-disposition')).toBeNull();
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('the same ETag is answered 304 without the bytes, and HEAD tells the length', async () => {
  const { path } = await post();
  const full = await front.request(path);
  const etag = full.headers.get('etag') ?? '';
  const length = (await full.arrayBuffer()).byteLength;
  for (const header of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const answer = await front.request(path, { headers: { 'if-none-match': header } });
    expect(answer.status).toBe(304);
    expect(answer.headers.get('etag')).toBe(etag);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toBe('');
  }
  expect(await status(path, { headers: { 'if-none-match': '"x"' } })).toBe(200);
  const head = await front.request(path, { method: 'HEAD', headers: { range: 'bytes=0-1' } });
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(String(length));
  expect(head.headers.get('etag')).toBe(etag);
  expect(await head.text()).toBe('');
});

test('T69: ranges over a real connection are what RFC 9110 says', async () => {
  const { path } = await post();
  const origin = `http://127.0.0.1:${front.listen()}`;
  const whole = await fetch(origin + path);
  const bytes = Buffer.from(await whole.arrayBuffer());
  const size = bytes.byteLength;
  const etag = whole.headers.get('etag') ?? '';
  const get = async (range: string, more: Record<string, string> = {}) => {
    const answer = await fetch(origin + path, { headers: { range, ...more } });
    const body = Buffer.from(await answer.arrayBuffer());
    const accepts = answer.headers.get('accept-ranges');
    expect([null, 'bytes']).toContain(accepts);
    return { status: answer.status, said: answer.headers.get('content-range'), body };
  };
  for (const [range, start, end] of [
    ['bytes=0-9', 0, 9],
    ['bytes=10-', 10, size - 1],
    ['bytes=-7', size - 7, size - 1],
    [`bytes=${size - 1}-${size + 5}`, size - 1, size - 1],
    [`bytes=-${size * 2}`, 0, size - 1],
  ] as const) {
    const answer = await get(range);
    expect(answer.status).toBe(206);
    expect(answer.said).toBe(`bytes ${start}-${end}/${size}`);
    expect(answer.body.equals(bytes.subarray(start, end + 1))).toBe(true);
  }
  for (const range of ['bytes=0-0,2-3', 'bytes=0-,0-,0-', 'bytes=5-2', 'lines=1-2', 'bytes=x']) {
    const answer = await get(range);
    expect(answer.status).toBe(200);
    expect(answer.said).toBeNull();
    expect(answer.body.equals(bytes)).toBe(true);
  }
  for (const range of [`bytes=${size}-`, 'bytes=-0']) {
    const answer = await get(range);
    expect(answer.status).toBe(416);
    expect(answer.said).toBe(`bytes */${size}`);
    expect(answer.body.byteLength).toBe(0);
  }
  expect((await get('bytes=0-9', { 'if-range': etag })).status).toBe(206);
  for (const other of ['"x"', `W/${etag}`, 'Sun, 22 Nov 2026 22:18:52 GMT']) {
    const answer = await get('bytes=0-9', { 'if-range': other });
    expect(answer.status).toBe(200);
    expect(answer.body.byteLength).toBe(size);
  }
});

test('T64: a photo of a followers-only post is for its followers, as long as they follow', async () => {
  const { path, postId } = await post('followers');
  expect(await status(path)).toBe(404);
  expect(await status(path, { as: ben })).toBe(404);
  app.ctx.db.run(
    `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES (?, ?, 'accepted', 0)`,
    [ben.viewer.id, ann.viewer.id],
  );
  const answer = await front.request(path, { as: ben });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  expect(answer.headers.get('vary')).toBe('Cookie, Authorization');
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(await status(path, { token: ben.token })).toBe(200);
  app.ctx.db.run('DELETE FROM follows');
  const etag = answer.headers.get('etag') ?? '';
  expect(await status(path, { as: ben, headers: { 'if-none-match': etag } })).toBe(404);
  expect(await status(path, { as: ann })).toBe(200);
  app.ctx.db.run(`UPDATE posts SET visibility = 'public' WHERE id = ?`, [postId]);
  expect(await status(path)).toBe(200);
});

test('T64: hiding, archiving or deleting a post hides its photos at once, also for those who had them', async () => {
  const { path, postId } = await post();
  const change = (sql: string) => app.ctx.db.run(sql, [postId]);
  const steps = [
    `UPDATE posts SET visibility = 'self' WHERE id = ?`,
    `UPDATE posts SET visibility = 'unlisted' WHERE id = ?`,
    'UPDATE posts SET archived_at = 1 WHERE id = ?',
    'UPDATE posts SET archived_at = NULL WHERE id = ?',
  ];
  const seen: number[] = [await status(path)];
  for (const sql of steps) {
    change(sql);
    seen.push(await status(path));
  }
  expect(seen).toEqual([200, 404, 200, 404, 200]);
  // The command line and other processes write through connections of their own.
  const other = new (await import('bun:sqlite')).Database(app.ctx.files.database);
  other.run(`UPDATE posts SET visibility = 'self' WHERE id = ?`, [postId]);
  other.close();
  await Bun.sleep(60);
  expect(await status(path)).toBe(404);
});

test('T64: missing and forbidden are answered with the same status, headers and body', async () => {
  const hidden = await post('self');
  const loose = await upload(front, ann, await photo(64, 64));
  const missing = [`/media/${randomName(16)}.jpg`, '/media/123/download'];
  for (const how of [{}, { as: ben }, { headers: { range: 'bytes=0-1' } }, { method: 'HEAD' }]) {
    const like = await shape(await front.request(missing[0] ?? '', how));
    expect(like).toContain('404');
    for (const path of [
      hidden.path,
      hidden.original,
      hidden.download,
      pathOf(loose.url),
      pathOf(loose.preview_url),
      missing[1] ?? '',
      '/media/nothing',
    ]) {
      expect(await shape(await front.request(path, how))).toBe(like);
    }
  }
});

test('the original goes byte for byte to its author, never to a cache, and to nobody else', async () => {
  const bytes = await photo(300, 200);
  const { original } = await post('public', bytes);
  for (const how of [{ as: ann }, { token: ann.token }]) {
    const answer = await front.request(original, how);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('content-disposition')).toStartWith('attachment; filename="');
  }
  expect(await status(original)).toBe(404);
  expect(await status(original, { as: ben })).toBe(404);
});

test('T60: an original with a page in it is sent to be kept, sandboxed, by its type', async () => {
  const bytes = Buffer.concat([
    await photo(64, 64),
    Buffer.from('<html><script>alert(1)</script></html>PK\x03\x04'),
  ]);
  const { original, path } = await post('public', bytes);
  const answer = await front.request(original, { as: ann });
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect(answer.headers.get('content-disposition')).toStartWith('attachment');
  expect(answer.headers.get('content-security-policy')).toStartWith('sandbox');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const rendition = await (await front.request(path)).text();
  expect(rendition).not.toContain('<script>');
  expect(rendition).not.toContain('PK\x03\x04');
});

test('T61: a download is offered by the author alone, cleaned, and ends with the offer', async () => {
  const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: '#678' } });
  const { download, postId, id } = await post('public', new Uint8Array(await dirtyJpeg(picture)));
  expect(await status(download)).toBe(404);
  offer(app, ann.viewer.id, true);
  const preferences = readPreferences(app.ctx.db, ann.viewer.id);
  const [json] = mediaJson(app.ctx, readMedia(app.ctx.db, [id]), { preferences });
  expect(pathOf(json?.tintype.download_url ?? '')).toBe(download);
  const answer = await front.request(download);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="photo-${id}.jpg"`);
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  expect(text).not.toContain('GPS');
  const media = readMedia(app.ctx.db, [id])[0];
  const offered = media?.renditions.find((rendition) => rendition.name === 'offered');
  expect(await status(`/media/${offered?.blobName}`)).toBe(200);
  offer(app, ann.viewer.id, false);
  expect(await status(download)).toBe(404);
  expect(await status(`/media/${offered?.blobName}`)).toBe(404);
  offer(app, ann.viewer.id, true);
  app.ctx.db.run(`UPDATE posts SET visibility = 'self' WHERE id = ?`, [postId]);
  expect(await status(download)).toBe(404);
});

test('a download that the author has no room for says nothing about the author', async () => {
  const { download } = await post();
  offer(app, ann.viewer.id, true);
  setQuota(app.ctx, ann.viewer.id, 10);
  const answer = await front.request(download);
  expect(answer.status).toBe(503);
  expect(await answer.text()).not.toContain('storage');
});

test('in family mode strangers get no file, members get what is public', async () => {
  const { path } = await post();
  const data = app.ctx.config.data;
  await front.close();
  await app.app.stop();
  app = await createMediaApp({ data, settings: { mode: 'family' } });
  front = openFront(app);
  expect(await status(path)).toBe(404);
  const answer = await front.request(path, { as: ben });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
});

test('T70: query and Host change nothing of a file', async () => {
  const { path } = await post();
  const plain = await front.request(path);
  const like = await shape(plain);
  for (const [target, headers] of [
    [`${path}?w=1&download=1`, {}],
    [`${path}?${path}`, {}],
    [path, { host: 'evil.example', 'x-forwarded-host': 'evil.example' }],
    [path, { accept: 'application/activity+json' }],
    [path, { 'accept-language': 'de' }],
  ] as [string, Record<string, string>][]) {
    expect(await shape(await front.request(target, { headers }))).toBe(like);
  }
  expect(plain.headers.get('vary')).not.toContain('Cookie');
});

test('T63, T84: no other address below /media leads to a file', async () => {
  const { path } = await post();
  const name = path.slice('/media/'.length);
  const port = front.listen();
  const raw = (target: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      });
      let text = '';
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.on('close', () => resolve(text));
      socket.on('error', () => resolve(text));
    });
  for (const target of [
    `/media/..%2f${name}`,
    '/media/../tintype.db',
    '/media/..%2f..%2ftintype.db',
    '/media/%2e%2e/%2e%2e/tintype.db',
    `/media/${name}%00.html`,
    `/media//etc/passwd`,
    `/media/local/${name.slice(0, 2)}/${name}`,
    `/media/${name.toUpperCase()}`,
    `/media/${name}/`,
    `/media/${name.slice(0, -4)}`,
    `/media/${name.slice(0, -4)}.html`,
    '/media/http://127.0.0.1/',
    '/media/?proxy=http://127.0.0.1/',
    `/media/${'9'.repeat(40)}/download`,
  ]) {
    const first = (await raw(target)).split('\r\n', 1)[0] ?? '';
    expect(first).toMatch(/ (400|404|405) /);
  }
  expect((await raw(path)).split('\r\n', 1)[0]).toContain(' 200 ');
});

test('a file that is gone from the disk or from the database is 404, not an error', async () => {
  const one = await post();
  const two = await post();
  rmSync(app.ctx.files.mediaPath(one.path.slice('/media/'.length)));
  expect(await status(one.path)).toBe(404);
  expect(await status(two.path)).toBe(200);
  transaction(app.ctx.db, () => removeMedia(app.ctx, [two.id]));
  expect(await status(two.path)).toBe(404);
});
