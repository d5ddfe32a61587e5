import { afterEach, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { transaction } from '#base/db/transaction.ts';
import { updateSuspension } from '#domain/accounts/queries.ts';
import { isResting, noteHost } from '#domain/media/copy-turns.ts';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { remoteMediaPath } from '#domain/media/remote-address.ts';
import { sweepCache } from '#domain/media/sweep-cache.ts';
import { removeRule } from '#domain/policy/remove-rule.ts';
import { setRule } from '#domain/policy/set-rule.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import type { Person } from '#test/harness/app.ts';
import { pngBomb } from '#test/harness/bombs.ts';
import { dirtyJpeg, secrets } from '#test/harness/dirty-pictures.ts';
import { createFederatedApp, type FederatedApp, openCanary } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';
import { noise, sharp } from '#test/harness/pictures.ts';
import { imagesHere } from '#test/media/images-here.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const open: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

type World = { app: FederatedApp; peer: Peer; bob: PeerActor; ada: Person };

async function world(settings: Record<string, string> = {}): Promise<World> {
  // Nothing else on loopback may be reached.
  const config = { allowAddresses: ['127.0.0.1', '127.0.0.3'] };
  const app = await createFederatedApp({ config, settings, images: imagesHere() });
  const peer = createPeer({ address: '127.0.0.3' });
  open.push(app, peer);
  return { app, peer, bob: peer.actor('bob'), ada: await app.person('ada', 'owner') };
}

function picture(bytes: Uint8Array<ArrayBuffer> | Buffer, type = 'image/jpeg'): Response {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type } });
}

const jpeg = (width = 900, height = 600) => noise(width, height).jpeg().toBuffer();

/** A public post of bob with one photo, stored here; the answer is the path of our copy. */
async function post(
  { app, peer, bob }: World,
  url: string,
  more: Record<string, unknown> = {},
): Promise<{ path: string; mediaId: number; postId: number }> {
  const id = `${peer.origin}/posts/${crypto.randomUUID()}`;
  peer.serve(new URL(id).pathname, {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id,
    type: 'Note',
    attributedTo: bob.uri,
    to: [PUBLIC],
    content: 'A photo',
    published: '2026-11-01T10:00:00Z',
    attachment: [{ type: 'Document', mediaType: 'image/jpeg', url, name: 'a photo' }],
    ...more,
  });
  const stored = await resolvePost(app.ctx, id);
  const media = listMediaOfPosts(app.ctx.db, [stored?.id ?? 0]).get(stored?.id ?? 0)?.[0];
  if (!stored || !media) throw new Error('The post was not stored.');
  const path = remoteMediaPath(app.ctx, 'photo', media.id, 'large');
  return { path, mediaId: media.id, postId: stored.id };
}

function files(app: FederatedApp): string[] {
  const cache = join(app.ctx.files.root, 'media/cache');
  return readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function hits(peer: Peer, path: string): number {
  return peer.requests.filter((request) => request.path === path).length;
}

test('a photo of another server is copied when a member looks, once, without what follows its author', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  peer.serve('/photo.jpg', picture(await dirtyJpeg(noise(900, 600))));
  const { path, mediaId } = await post(here, `${peer.origin}/photo.jpg`);
  expect(hits(peer, '/photo.jpg')).toBe(0);
  const [first, second] = await Promise.all([
    app.request(path, { as: ada }),
    app.request(path, { as: ada }),
  ]);
  expect([first?.status, second?.status]).toEqual([200, 200]);
  expect(first?.headers.get('content-type')).toBe('image/webp');
  const bytes = Buffer.from((await first?.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 900, height: 600 });
  for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
  const small = remoteMediaPath(app.ctx, 'photo', mediaId, 'small');
  const thumb = await app.request(small, { as: ada });
  expect(await sharp(await thumb.arrayBuffer()).metadata()).toMatchObject({ width: 480 });
  expect(hits(peer, '/photo.jpg')).toBe(1);
  expect(files(app).length).toBe(2);
  // The photo knows its size from now on, and nobody's quota knows of it.
  expect(listMediaOfPosts(app.ctx.db, [0]).size).toBe(0);
  const row = app.ctx.db
    .query<{ width: number; blurhash: string }, { mediaId: number }>(
      'SELECT width, blurhash FROM media WHERE id = $mediaId',
    )
    .get({ mediaId });
  expect(row).toMatchObject({ width: 900 });
  expect(row?.blurhash).not.toBe('');
  expect(app.ctx.db.query('SELECT * FROM usage').all()).toEqual([]);
  const again = await app.request(path, {
    as: ada,
    headers: { 'if-none-match': first?.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});

test('strangers see remote photos below posts of this server alone', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  peer.serve('/photo.jpg', picture(await jpeg()));
  const lonely = await post(here, `${peer.origin}/photo.jpg`);
  expect((await app.request(lonely.path)).status).toBe(404);
  expect(hits(peer, '/photo.jpg')).toBe(0);
  const { id } = ada.viewer;
  app.ctx.db
    .query(
      `INSERT INTO posts (id, account_id, audience_id, visibility, published_at)
       VALUES (77, $id, $id, 'public', 1)`,
    )
    .run({ id });
  const comment = await post(here, `${peer.origin}/photo.jpg`, {
    inReplyTo: `${app.origin}/users/ada/posts/77`,
  });
  const seen = await app.request(comment.path);
  expect(seen.status).toBe(200);
  expect(seen.headers.get('cache-control')).toContain('public');
});

test('T63: only addresses that this server signed are fetched, and nothing of the caller goes along', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  peer.serve('/photo.jpg', picture(await jpeg()));
  const { path, mediaId } = await post(here, `${peer.origin}/photo.jpg`);
  const other = remoteMediaPath(app.ctx, 'avatar', mediaId, 'large');
  const tampered = [
    path.replace('large', 'small'),
    path.replace('/photo/', '/avatar/'),
    path.replace(String(mediaId), String(mediaId + 1)),
    path.replace(/.{4}\.webp$/, 'AAAA.webp'),
    path.replace('.webp', '.jpg'),
    path.replace('/remote/', '/remote//'),
    `/media/remote/photo/${mediaId}/large.webp`,
    `/media/remote/${encodeURIComponent(`${peer.origin}/photo.jpg`)}`,
    `/media/remote/photo/0${mediaId}/${path.split('/').at(-1)}`,
    other.replace('avatar', 'photo'),
  ];
  for (const address of tampered) {
    expect((await app.request(address, { as: ada })).status).toBe(404);
  }
  expect(hits(peer, '/photo.jpg')).toBe(0);
  const canary = openCanary();
  open.push(canary);
  const proxied = `${path}?proxy=${encodeURIComponent(canary.origin)}&url=${canary.origin}`;
  expect((await app.request(proxied, { as: ada })).status).toBe(200);
  expect(canary.connections()).toBe(0);
  const [request] = peer.requests.filter((each) => each.path.startsWith('/photo.jpg'));
  expect(request?.path).toBe('/photo.jpg');
  for (const name of ['cookie', 'authorization', 'referer', 'x-csrf-token', 'x-forwarded-for']) {
    expect(request?.headers.get(name)).toBeNull();
  }
});

test('T62: what is no picture is not kept, whatever its type says, and not asked for again at once', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  const bodies: [string, string][] = [
    ['/page.jpg', '<!doctype html><script>alert(1)</script>'],
    ['/vector.jpg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['/actor.jpg', '{"@context":"https://www.w3.org/ns/activitystreams","type":"Person"}'],
    ['/empty.jpg', ''],
    ['/cut.jpg', String.fromCharCode(255, 216, 255, 224)],
  ];
  for (const [name, body] of bodies) {
    peer.serve(name, picture(Buffer.from(body, 'latin1')));
    const { path } = await post(here, `${peer.origin}${name}`);
    expect((await app.request(path, { as: ada })).status).toBe(404);
    expect((await app.request(path, { as: ada })).status).toBe(404);
    expect(hits(peer, name)).toBe(1);
  }
  expect(files(app)).toEqual([]);
  expect(readdirSync(app.ctx.files.tmp)).toEqual([]);
  // A real picture under a wrong type is one.
  peer.serve('/photo', picture(await jpeg(), 'text/html'));
  const { path } = await post(here, `${peer.origin}/photo`);
  const answer = await app.request(path, { as: ada });
  expect(answer.headers.get('content-type')).toBe('image/webp');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

test('T55: a remote picture of more than 25 megapixels is refused before it is decoded', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  peer.serve('/bomb.png', picture(pngBomb(65_535, 65_535), 'image/png'));
  peer.serve('/large.png', picture(pngBomb(5001, 5001), 'image/png'));
  for (const name of ['/bomb.png', '/large.png']) {
    const { path } = await post(here, `${peer.origin}${name}`);
    const before = performance.now();
    expect((await app.request(path, { as: ada })).status).toBe(404);
    expect(performance.now() - before).toBeLessThan(2000);
  }
  expect(files(app)).toEqual([]);
});

test('T41 T42: a picture is fetched neither from refused addresses nor from this server', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  const canary = openCanary();
  open.push(canary);
  const own = `${app.origin}/assets/missing.png`;
  peer.serve('/away.jpg', Response.redirect(`${canary.origin}/photo.jpg`, 302));
  peer.serve('/home.jpg', Response.redirect(own, 302));
  peer.serve('/round.jpg', Response.redirect(`${peer.origin}/round.jpg`, 302));
  for (const url of [
    `${peer.origin}/away.jpg`,
    `${peer.origin}/home.jpg`,
    `${peer.origin}/round.jpg`,
    own,
    `${canary.origin}/photo.jpg`,
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:10.0.0.1]/photo.jpg',
  ]) {
    const { path } = await post(here, url);
    expect((await app.request(path, { as: ada })).status).toBe(404);
  }
  expect(canary.connections()).toBe(0);
  expect(files(app)).toEqual([]);
});

test('with an allow list a picture comes from any host that no rule blocks, if its author is spoken with', async () => {
  const here = await world({ 'federation.with': 'allowlist' });
  const { app, peer, ada } = here;
  const cdn = createPeer({ address: '127.0.0.1' });
  open.push(cdn);
  const bytes = await jpeg();
  for (const name of ['/1.jpg', '/2.jpg', '/3.jpg']) cdn.serve(name, picture(bytes));
  setRule(app.ctx, null, { domain: peer.host, rule: 'allow' });
  const paths: string[] = [];
  for (const name of ['/1.jpg', '/2.jpg', '/3.jpg']) {
    paths.push((await post(here, `${cdn.origin}${name}`)).path);
  }
  const look = async (at: number) => (await app.request(paths[at] ?? '', { as: ada })).status;
  expect(await look(0)).toBe(200);
  setRule(app.ctx, null, { domain: cdn.host, rule: 'block' });
  expect(await look(1)).toBe(404);
  removeRule(app.ctx, cdn.host);
  removeRule(app.ctx, peer.host);
  expect(await look(2)).toBe(404);
  expect(cdn.requests.map(({ path }) => path)).toEqual(['/1.jpg']);
});

test('T43: a picture of more than 25 MB is broken off', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  let sent = 0;
  peer.serve('/endless.jpg', () => {
    const piece = new Uint8Array(1_000_000);
    const body = new ReadableStream({
      pull: (controller) => {
        sent += piece.length;
        if (sent > 200_000_000) controller.close();
        else controller.enqueue(piece);
      },
    });
    return new Response(body, { headers: { 'content-type': 'image/jpeg' } });
  });
  const { path } = await post(here, `${peer.origin}/endless.jpg`);
  expect((await app.request(path, { as: ada })).status).toBe(404);
  expect(sent).toBeLessThan(100_000_000);
});

test('T28: pictures of suspended people are not shown and not fetched', async () => {
  const here = await world();
  const { app, peer, bob, ada } = here;
  Object.assign(bob.document, { icon: { type: 'Image', url: `${peer.origin}/bob.jpg` } });
  peer.serve('/bob.jpg', picture(await jpeg(300, 300)));
  peer.serve('/photo.jpg', picture(await jpeg()));
  const { path } = await post(here, `${peer.origin}/photo.jpg`);
  const account = await resolveActor(app.ctx, bob.uri);
  const avatar = remoteMediaPath(app.ctx, 'avatar', account?.id ?? 0, 'small');
  expect((await app.request(avatar)).status).toBe(200);
  expect((await app.request(path, { as: ada })).status).toBe(200);
  transaction(app.ctx.db, () => updateSuspension(app.ctx.db, account?.id ?? 0, app.ctx.now()));
  expect((await app.request(avatar, { as: ada })).status).toBe(404);
  expect((await app.request(path, { as: ada })).status).toBe(404);
});

test('T54: a picture of an account that is no web address is none', async () => {
  const { app, peer } = await world();
  const bad = ['javascript:alert(1)', 'data:image/png;base64,AAAA', 'file:///etc/passwd', 'a.jpg'];
  for (const [index, url] of bad.entries()) {
    const actor = peer.actor(`eve${index}`, { icon: { type: 'Image', url }, image: { url } });
    const account = await resolveActor(app.ctx, actor.uri);
    expect(account).toMatchObject({ avatarUrl: null, headerUrl: null });
    const path = remoteMediaPath(app.ctx, 'avatar', account?.id ?? 0, 'small');
    expect((await app.request(path)).status).toBe(404);
  }
});

test('the cache stays below its limit: what nobody looked at the longest goes first', async () => {
  const here = await world({ 'media.cache_size': '1500000' });
  const { app, peer, ada } = here;
  const paths: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    peer.serve(`/${index}.jpg`, picture(await jpeg(1000, 700)));
    paths.push((await post(here, `${peer.origin}/${index}.jpg`)).path);
  }
  for (const path of paths) {
    expect((await app.request(path, { as: ada })).status).toBe(200);
    app.clock.advance(1000);
  }
  const sum = files(app).reduce((bytes, file) => bytes + Bun.file(file).size, 0);
  expect(sum).toBeLessThanOrEqual(1_500_000);
  expect(sum).toBeGreaterThan(0);
  expect((await app.request(paths[4] ?? '', { as: ada })).status).toBe(200);
  expect(hits(peer, '/4.jpg')).toBe(1);
  expect((await app.request(paths[0] ?? '', { as: ada })).status).toBe(200);
  expect(hits(peer, '/0.jpg')).toBe(2);
});

test('files without rows and rows without files are swept, and a missing file is fetched again', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  peer.serve('/photo.jpg', picture(await jpeg()));
  const { path } = await post(here, `${peer.origin}/photo.jpg`);
  await app.request(path, { as: ada });
  for (const file of files(app)) rmSync(file);
  expect((await app.request(path, { as: ada })).status).toBe(200);
  expect(hits(peer, '/photo.jpg')).toBe(2);
  app.ctx.db.query('DELETE FROM cached_media').run();
  app.clock.advance(2 * 3_600_000);
  expect(await sweepCache(app.ctx)).toMatchObject({ stray: 2, missing: 0 });
  expect(files(app)).toEqual([]);
  await app.request(path, { as: ada });
  for (const file of files(app)) rmSync(file);
  expect(await sweepCache(app.ctx)).toMatchObject({ stray: 0, missing: 2 });
  await app.request(path, { as: ada });
  app.ctx.db.query('DELETE FROM posts WHERE uri IS NOT NULL').run();
  expect(await sweepCache(app.ctx)).toMatchObject({ gone: 2 });
  expect(files(app)).toEqual([]);
});

test('T44: a host that hangs holds up nobody else, and is left alone after three times', async () => {
  const here = await world();
  const { app, peer, ada } = here;
  const { host } = peer;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = createPeer({ address: '127.0.0.3' });
  open.push(slow);
  const waiting: Promise<Response>[] = [];
  for (let index = 0; index < 6; index += 1) {
    slow.serve(`/${index}.jpg`, async () => {
      await held;
      return new Response('no picture');
    });
    const { path } = await post(here, `${slow.origin}/${index}.jpg`);
    waiting.push(app.request(path, { as: ada }));
  }
  peer.serve('/photo.jpg', picture(await jpeg()));
  const { path } = await post(here, `${peer.origin}/photo.jpg`);
  expect((await app.request(path, { as: ada })).status).toBe(200);
  expect(slow.requests.length).toBe(2);
  release();
  for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(404);
  for (let strike = 0; strike < 3; strike += 1) noteHost(app.ctx, host, true);
  expect(isResting(app.ctx, host)).toBe(true);
  peer.serve('/other.jpg', picture(await jpeg()));
  const other = await post(here, `${peer.origin}/other.jpg`);
  expect((await app.request(other.path, { as: ada })).status).toBe(503);
  expect(hits(peer, '/other.jpg')).toBe(0);
  app.clock.advance(6 * 60_000);
  expect((await app.request(other.path, { as: ada })).status).toBe(200);
});
