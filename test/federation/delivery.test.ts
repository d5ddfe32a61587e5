import { afterEach, describe, expect, test } from 'bun:test';
import { removeAvatar } from '#domain/accounts/avatar.ts';
import { changeProfile } from '#domain/accounts/profile.ts';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { archivePost, restorePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { findPost } from '#domain/posts/queries.ts';
import { blockAccount } from '#domain/relationships/block.ts';
import { deleteFollow } from '#domain/relationships/queries.ts';
import { readDeliveries } from '#doors/federation/outbound/deliveries-of-post.ts';
import { distribute } from '#doors/federation/outbound/distribute.ts';
import { pruneDeliveries } from '#doors/federation/outbound/prune-deliveries.ts';
import type { Person, TestAppOptions } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer } from '#test/harness/peer.ts';
import { photo } from '#test/posts/world.ts';
import { deliveries } from './delivery-rows.ts';
import { follow, receiveActor } from './world.ts';

const DAY = 24 * 3_600_000;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type World = { app: FederatedApp; ada: Person; one: Peer; two: Peer; bob: number; cleo: number };

/** Ada, with a follower `bob` on the first server; `cleo` on the second is known and follows nobody. */
async function world(options: TestAppOptions = {}): Promise<World> {
  const app = await createFederatedApp(options);
  const one = createPeer({ address: '127.0.0.3' });
  const two = createPeer({ address: '127.0.0.4' });
  open.push(app, one, two);
  const ada = await app.person('ada', 'owner');
  const bob = receiveActor(app.ctx, one.actor('bob'));
  const cleo = receiveActor(app.ctx, two.actor('cleo'));
  follow(app.ctx, bob, ada.viewer.id);
  return { app, ada, one, two, bob, cleo };
}

const paths = (peer: Peer) =>
  peer.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
const types = (peer: Peer) => peer.posted().map(({ type }) => type);

describe('a post', () => {
  test('reaches a server once however many follow there, then its edit and its end', async () => {
    const { app, ada, one } = await world();
    follow(app.ctx, receiveActor(app.ctx, one.actor('dora')), ada.viewer.id);
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Hello #sea', mediaIds: [] });
    await app.settle();
    editPost(app.ctx, ada.viewer, post.id, { caption: 'Hello #lake' });
    await app.settle();
    deletePost(app.ctx, ada.viewer, post.id);
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Update', 'Delete']);
    expect(paths(one)).toEqual(['/inbox', '/inbox', '/inbox']);
    const uri = `${app.origin}/users/ada/posts/${post.id}`;
    expect(one.posted().at(-1)).toMatchObject({ object: { id: uri, type: 'Tombstone' } });
    const gone = await fetch(uri, { headers: { accept: 'application/activity+json' } });
    expect(gone.status).toBe(410);
  });
  test('goes out with a photo whose address everybody can read', async () => {
    const { app, ada, one } = await world();
    const mediaIds = [photo(app.ctx, ada.viewer.id, 'A boat')];
    publishPost(app.ctx, ada.viewer, { caption: '', mediaIds });
    await app.settle();
    const [create] = one.posted() as { object: { attachment: { name: string; url: string }[] } }[];
    expect(create?.object.attachment).toHaveLength(1);
    expect(create?.object.attachment[0]).toMatchObject({ name: 'A boat', mediaType: 'image/jpeg' });
  });
  test('that is put away is taken back, and comes again when it is shown again', async () => {
    const { app, ada, one } = await world();
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Here', mediaIds: [] });
    await app.settle();
    archivePost(app.ctx, ada.viewer, post.id);
    await app.settle();
    restorePost(app.ctx, ada.viewer, post.id);
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Delete', 'Create']);
    expect(new Set(one.posted().map(({ id }) => id)).size).toBe(3);
  });
  test('of which nothing was sent yet is not brought after its end', async () => {
    const { app, ada, one } = await world();
    one.onPost(() => new Response(null, { status: 503 }));
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Oops', mediaIds: [] });
    await app.settle();
    deletePost(app.ctx, ada.viewer, post.id);
    await app.settle();
    one.onPost(() => new Response(null, { status: 202 }));
    const before = one.requests.length;
    app.clock.advance(3_600_000);
    await app.settle();
    expect(types(one).slice(before)).toEqual(['Delete']);
  });
  test('that waits while it is edited arrives with the new words alone', async () => {
    const { app, ada, one } = await world();
    one.onPost(() => new Response(null, { status: 503 }));
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Old words', mediaIds: [] });
    await app.settle();
    editPost(app.ctx, ada.viewer, post.id, { caption: 'New words' });
    await app.settle();
    one.onPost(() => new Response(null, { status: 202 }));
    const before = one.requests.length;
    app.clock.advance(3_600_000);
    await app.settle();
    const late = one.requests.slice(before).map(({ body }) => body);
    expect(late).toHaveLength(2);
    expect(late.every((body) => body.includes('New words') && !body.includes('Old'))).toBe(true);
  });
  test('is written once when its job runs twice', async () => {
    const { app, ada } = await world();
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Once', mediaIds: [] });
    const news = { what: 'post', postId: post.id, change: 'create', seq: 77 } as const;
    await distribute(app.ctx, news);
    await distribute(app.ctx, news);
    expect(deliveries(app.ctx)).toHaveLength(1);
  });
  test('shows its author where it arrived and where it waits', async () => {
    const { app, ada, one, two, cleo } = await world();
    follow(app.ctx, cleo, ada.viewer.id);
    two.onPost(() => new Response('Too busy', { status: 503 }));
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Where', mediaIds: [] });
    await app.settle();
    const rows = readDeliveries(app.ctx, post.id);
    expect(rows.map(({ host, state }) => [host, state])).toEqual([
      [one.host, 'delivered'],
      [two.host, 'waiting'],
    ]);
    expect(rows[1]).toMatchObject({ attempts: 1, lastStatus: 503 });
    expect(rows[1]?.nextAt).toBeGreaterThan(app.ctx.now());
  });
});

describe('who gets what', () => {
  test('T109: a message to single people goes to their own inboxes alone', async () => {
    const { app, ada, one, two } = await world();
    const caption = `Hello @bob@${one.host} and @cleo@${two.host}`;
    publishPost(app.ctx, ada.viewer, { caption, mediaIds: [], visibility: 'direct' });
    await app.settle();
    expect(paths(one)).toEqual(['/users/bob/inbox']);
    expect(paths(two)).toEqual(['/users/cleo/inbox']);
    const [message] = one.posted() as { to: string[]; cc: string[] }[];
    expect(message?.to.toSorted()).toEqual([`${one.origin}/users/bob`, `${two.origin}/users/cleo`]);
    expect(message?.cc).toEqual([]);
  });
  test('T109: a message that names nobody, or an unknown person where nobody is spoken with, is refused', async () => {
    const { app, ada } = await world();
    const send = (caption: string) =>
      publishPost(app.ctx, ada.viewer, { caption, mediaIds: [], visibility: 'direct' });
    expect(() => send('Hello')).toThrow('names at least one');
    expect(findPost(app.ctx.db, send('@nobody@127.0.0.9:9 hello').id)?.visibility).toBe('direct');
  });
  test('T109: an edit of a post for followers reaches no follower who came later', async () => {
    const { app, ada, one, two, cleo } = await world();
    const input = { caption: 'For some', mediaIds: [], visibility: 'followers' as const };
    const post = publishPost(app.ctx, ada.viewer, input);
    await app.settle();
    follow(app.ctx, cleo, ada.viewer.id);
    editPost(app.ctx, ada.viewer, post.id, { caption: 'For the same' });
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Update']);
    expect(types(two)).toEqual([]);
  });
  test('T109: an edit of a post for followers does not reach one who left, its end does', async () => {
    const { app, ada, one, bob } = await world();
    const input = { caption: 'For some', mediaIds: [], visibility: 'followers' as const };
    const post = publishPost(app.ctx, ada.viewer, input);
    await app.settle();
    deleteFollow(app.ctx.db, bob, ada.viewer.id);
    editPost(app.ctx, ada.viewer, post.id, { caption: 'More for some' });
    await app.settle();
    deletePost(app.ctx, ada.viewer, post.id);
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Delete']);
  });
  test('T109: whom an edit newly mentions gets the post as a new one', async () => {
    const { app, ada, one, two } = await world();
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Hello', mediaIds: [] });
    await app.settle();
    editPost(app.ctx, ada.viewer, post.id, { caption: `Hello @cleo@${two.host}` });
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Update']);
    expect(types(two)).toEqual(['Create']);
  });
  test('T64 T109: each server gets secret addresses of its own for photos that not everybody may see', async () => {
    const { app, ada, one, two, cleo } = await world();
    follow(app.ctx, cleo, ada.viewer.id);
    const mediaIds = [photo(app.ctx, ada.viewer.id)];
    publishPost(app.ctx, ada.viewer, { caption: '', mediaIds, visibility: 'followers' });
    await app.settle();
    const urls = [one, two].map((peer) => {
      const [create] = peer.posted() as { object: { attachment: { url: string }[] } }[];
      return create?.object.attachment[0]?.url ?? '';
    });
    expect(urls.every((url) => url.startsWith(`${app.origin}/media/shared/`))).toBe(true);
    expect(new Set(urls).size).toBe(2);
  });
  test('who may not see a post any more loses it, who may from now on gets it', async () => {
    const { app, ada, one, two } = await world();
    const caption = `Hello @cleo@${two.host}`;
    const post = publishPost(app.ctx, ada.viewer, { caption, mediaIds: [] });
    await app.settle();
    editPost(app.ctx, ada.viewer, post.id, { visibility: 'direct' });
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Delete']);
    expect(types(two)).toEqual(['Create', 'Update']);
    editPost(app.ctx, ada.viewer, post.id, { visibility: 'public' });
    await app.settle();
    expect(types(one).slice(0, 3)).toEqual(['Create', 'Delete', 'Create']);
  });
  test('what is for oneself alone goes nowhere', async () => {
    const { app, ada, one } = await world();
    publishPost(app.ctx, ada.viewer, { caption: 'Mine', mediaIds: [], visibility: 'self' });
    await app.settle();
    expect(one.requests).toEqual([]);
  });
  test('a family that speaks with few addresses nobody else, whatever a member chose', async () => {
    const { app, ada, one } = await world({
      settings: { mode: 'family', 'federation.with': 'open' },
    });
    publishPost(app.ctx, ada.viewer, { caption: 'Among us', mediaIds: [] });
    changeProfile(app.ctx, ada.viewer, { bio: 'Hello' });
    await app.settle();
    expect(types(one).toSorted()).toEqual(['Create', 'Update']);
    expect(one.requests.map(({ body }) => body).join()).not.toContain('#Public');
  });
  test('a family speaks with nobody unless its owner says so', async () => {
    const { app, ada, one } = await world({ settings: { mode: 'family' } });
    publishPost(app.ctx, ada.viewer, { caption: 'Among us', mediaIds: [] });
    await app.settle();
    expect(one.requests).toEqual([]);
    expect(deliveries(app.ctx)).toEqual([]);
  });
  test('T112: a block is not told unless the owner wants that', async () => {
    for (const told of ['false', 'true']) {
      const { app, ada, one, bob } = await world({ settings: { 'federation.send_blocks': told } });
      blockAccount(app.ctx, ada.viewer.id, bob);
      await app.settle();
      expect(types(one).includes('Block')).toBe(told === 'true');
    }
  });
});

describe('people whom a caption mentions', () => {
  test('are looked for, linked and told, and nobody else waits for who is not found', async () => {
    const { app, ada, one, two } = await world();
    two.actor('zoe');
    const caption = `With @zoe@${two.host} and @ghost@127.0.0.9:9`;
    const post = publishPost(app.ctx, ada.viewer, { caption, mediaIds: [] });
    expect(post.captionHtml).not.toContain('<a');
    await app.settle();
    expect(types(one)).toEqual(['Create']);
    expect(types(two)).toEqual(['Create']);
    const html = findPost(app.ctx.db, post.id)?.captionHtml ?? '';
    expect(html).toContain(
      `<a href="${two.origin}/@zoe" class="u-url mention">@zoe@${two.host}</a>`,
    );
    expect(html).toContain('@ghost@127.0.0.9:9');
    expect(findPost(app.ctx.db, post.id)?.caption).toBe(caption);
    const [create] = two.posted() as { object: { tag: { href: string }[] } }[];
    expect(create?.object.tag.map(({ href }) => href)).toEqual([`${two.origin}/users/zoe`]);
  });
  test('who could not be found is found later and gets the post alone', async () => {
    const { app, ada, one } = await world();
    const late = createPeer({ address: '127.0.0.5' });
    open.push(late);
    const caption = `With @yan@${late.host}`;
    publishPost(app.ctx, ada.viewer, { caption, mediaIds: [] });
    await app.settle();
    expect(types(late)).toEqual([]);
    late.actor('yan');
    app.clock.advance(2 * 3_600_000);
    await app.settle();
    app.clock.advance(2 * 3_600_000);
    await app.settle();
    expect(types(late)).toEqual(['Create']);
    expect(types(one)).toEqual(['Create']);
  });
});

describe('an account', () => {
  test('that changes tells its followers, whole', async () => {
    const { app, ada, one } = await world();
    changeProfile(app.ctx, ada.viewer, { displayName: 'Ada L.' });
    await app.settle();
    removeAvatar(app.ctx, ada.viewer.id);
    await app.settle();
    expect(types(one)).toEqual(['Update', 'Update']);
    const [update] = one.posted() as { object: Record<string, unknown> }[];
    expect(update?.object).toMatchObject({
      type: 'Person',
      name: 'Ada L.',
      id: `${app.origin}/users/ada`,
      publicKey: { owner: `${app.origin}/users/ada` },
    });
  });
  test('that is deleted says farewell to every server, signed with its key, and its name is nobody else’s', async () => {
    const { app, ada, one, two } = await world();
    const max = await app.person('max');
    publishPost(app.ctx, max.viewer, { caption: 'One', mediaIds: [] });
    await app.settle();
    deleteAccount(app.ctx, ada.viewer, max.viewer.id);
    await app.settle();
    const uri = `${app.origin}/users/max`;
    for (const peer of [one, two]) {
      expect(types(peer)).toEqual(['Delete']);
      expect(peer.posted()[0]).toMatchObject({ actor: uri, object: { id: uri } });
      expect(peer.requests[0]?.headers.get('signature')).toContain(`keyId="${uri}#main-key"`);
    }
    const gone = await fetch(uri, { headers: { accept: 'application/activity+json' } });
    expect(gone.status).toBe(410);
    await expect(app.person('Max')).rejects.toThrow('taken');
  });
});

describe('what is kept', () => {
  test('deliveries are forgotten after a month, where a post went is not', async () => {
    const { app, ada, one, bob } = await world();
    const post = publishPost(app.ctx, ada.viewer, { caption: 'Old', mediaIds: [] });
    await app.settle();
    app.clock.advance(31 * DAY);
    expect(await pruneDeliveries(app.ctx)).toBe(1);
    deleteFollow(app.ctx.db, bob, ada.viewer.id);
    editPost(app.ctx, ada.viewer, post.id, { caption: 'New' });
    await app.settle();
    deletePost(app.ctx, ada.viewer, post.id);
    await app.settle();
    expect(types(one)).toEqual(['Create', 'Update', 'Delete']);
  });
  test('after the first word to others the origin stays as it is', async () => {
    const { app, ada } = await world();
    publishPost(app.ctx, ada.viewer, { caption: 'Hello', mediaIds: [] });
    await app.settle();
    const data = app.ctx.config.data;
    await app.app.stop();
    const moved = await createFederatedApp({ data, config: { origin: 'http://127.0.0.8:1' } });
    open.push(moved);
    await expect(moved.app.start()).rejects.toThrow(`start it with --origin ${app.origin}`);
  });
});
