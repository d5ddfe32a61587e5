import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { deletePost } from '#domain/posts/delete.ts';
import { publishPost } from '#domain/posts/publish.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';
import { shapedPhoto } from './documents-world.ts';
import { follow, receiveActor } from './world.ts';

// Keys and many requests: a busy machine takes its time.
setDefaultTimeout(30_000);

const ACTIVITY = 'application/activity+json';
const LINKED = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';
const VISIBILITIES = ['public', 'unlisted', 'followers', 'direct', 'self'] as const;
type Visibility = (typeof VISIBILITIES)[number];

type World = {
  app: FederatedApp;
  anna: Person;
  peer: Peer;
  /** Who signs: bob follows, carol does not, dave is mentioned, eve followed once, frank is blocked, gina waits. */
  signers: Record<'bob' | 'carol' | 'dave' | 'eve' | 'frank' | 'gina' | 'instance', PeerActor>;
  posts: Record<Visibility, PostRow>;
};

async function createWorld(settings: Record<string, string> = {}): Promise<World> {
  const app = await createFederatedApp({
    address: '127.0.0.1',
    settings,
    config: { rates: false },
  });
  const peer = createPeer({ address: '127.0.0.4' });
  const anna = await app.person('anna', 'owner');
  const signers = {
    bob: peer.actor('bob'),
    carol: peer.actor('carol'),
    dave: peer.actor('dave'),
    eve: peer.actor('eve'),
    frank: peer.actor('frank'),
    gina: peer.actor('gina'),
    instance: peer.actor('instance', { type: 'Application' }),
  };
  const { ctx } = app;
  const id = Object.fromEntries(
    Object.entries(signers).map(([name, actor]) => [name, receiveActor(ctx, actor)]),
  );
  follow(ctx, Number(id.bob), anna.viewer.id);
  follow(ctx, Number(id.frank), anna.viewer.id);
  ctx.db
    .query('INSERT INTO blocks (account_id, target_id, created_at) VALUES (?, ?, 1)')
    .run(anna.viewer.id, Number(id.frank));
  ctx.db
    .query(
      `INSERT INTO follows (follower_id, followee_id, state, created_at) VALUES (?, ?, 'requested', 1)`,
    )
    .run(Number(id.gina), anna.viewer.id);
  const posts = {} as Record<Visibility, PostRow>;
  for (const visibility of VISIBILITIES) {
    const mediaIds = [shapedPhoto(ctx, anna.viewer.id)];
    const post = publishPost(ctx, anna.viewer, { caption: `Secret of ${visibility}`, mediaIds });
    ctx.db.query('UPDATE posts SET visibility = ? WHERE id = ?').run(visibility, post.id);
    if (visibility === 'followers' || visibility === 'direct') {
      ctx.db
        .query('INSERT INTO mentions (post_id, account_id) VALUES (?, ?)')
        .run(post.id, Number(id.dave));
    }
    posts[visibility] = post;
  }
  return { app, anna, peer, signers, posts };
}

async function closeWorld({ app, peer }: World): Promise<void> {
  await app.close();
  await peer.close();
}

/** All that an answer tells, without what differs by itself. */
async function shape(answer: Response): Promise<string> {
  const text = await answer.text();
  const own = new Set(['x-request-id', 'date']);
  const headers = [...answer.headers].filter(([name]) => !own.has(name)).sort();
  return JSON.stringify([answer.status, headers, text]);
}

describe('T105: a post is read by id', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => closeWorld(world));

  const readers: Record<Visibility, string[]> = {
    public: ['nobody', 'bob', 'carol', 'dave', 'eve', 'frank', 'gina', 'instance'],
    unlisted: ['nobody', 'bob', 'carol', 'dave', 'eve', 'frank', 'gina', 'instance'],
    followers: ['bob', 'dave'],
    direct: ['dave'],
    self: [],
  };
  for (const visibility of VISIBILITIES) {
    test(`${visibility}: by ${readers[visibility].join(', ') || 'nobody at all'}, a 404 like any for others`, async () => {
      const { app, peer, signers, posts } = world;
      const paths = (id: number) =>
        [`/users/anna/posts/${id}`, `/users/anna/posts/${id}/activity`, `/@anna/${id}`].map(
          (path) => app.origin + path,
        );
      const missing = paths(posts[visibility].id + 1);
      for (const [index, url] of paths(posts[visibility].id).entries()) {
        for (const name of ['nobody', ...Object.keys(signers)]) {
          const signer = signers[name as keyof typeof signers];
          const get = (address: string) =>
            signer
              ? peer.get(address, { as: signer })
              : fetch(address, { headers: { accept: ACTIVITY } });
          const answer = await get(url);
          if (readers[visibility].includes(name)) {
            expect(`${name} ${url} ${answer.status}`).toBe(`${name} ${url} 200`);
            const json = (await answer.json()) as { id: string };
            expect(json.id).toStartWith(`${app.origin}/users/anna/posts/`);
          } else {
            expect(await shape(answer)).toBe(await shape(await get(missing[index] ?? '')));
          }
        }
      }
    });
  }

  test('a follower who left, one who was removed and one whose signature is bad are nobody', async () => {
    const { app, anna, peer, signers, posts } = world;
    const url = `${app.origin}/users/anna/posts/${posts.followers.id}`;
    const eve = receiveActor(app.ctx, signers.eve);
    follow(app.ctx, eve, anna.viewer.id);
    expect((await peer.get(url, { as: signers.eve })).status).toBe(200);
    app.ctx.db.query('DELETE FROM follows WHERE follower_id = ?').run(eve);
    expect((await peer.get(url, { as: signers.eve })).status).toBe(404);
    const forged = { ...signers.carol, keyId: signers.bob.keyId };
    expect((await peer.get(url, { as: forged })).status).toBe(404);
  });

  test('T79: what a session may see, no document tells: cookies and tokens are not looked at', async () => {
    const { app, anna, posts } = world;
    for (const accept of [ACTIVITY, LINKED]) {
      for (const how of [{ as: anna }, { token: anna.token }]) {
        const path = `/@anna/${posts.self.id}`;
        const answer = await app.request(path, { ...how, headers: { accept } });
        expect(answer.status).toBe(404);
        expect(answer.headers.get('cache-control')).toBe('private, no-store');
        expect(await answer.text()).not.toContain('Secret');
      }
    }
  });

  test('T79: neither form of an address is given for the other, however they come first', async () => {
    const { app, posts } = world;
    const path = `${app.origin}/@anna/${posts.public.id}`;
    const types = async (accept: string) => {
      const answer = await fetch(path, { headers: { accept } });
      expect(answer.headers.get('vary')).toContain('Accept');
      return `${answer.status} ${answer.headers.get('content-type')}`;
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await types('text/html')).toBe('200 text/html; charset=utf-8');
      expect(await types(ACTIVITY)).toBe(`200 ${ACTIVITY}`);
      expect(await types(LINKED)).toBe(`200 ${ACTIVITY}`);
      expect(await types(`${ACTIVITY}, ${LINKED}, text/html;q=0.1`)).toBe(`200 ${ACTIVITY}`);
      expect(
        await types(LINKED.replace('activitystreams', 'activitystreams https://a.example')),
      ).toBe(`200 ${ACTIVITY}`);
      expect(await types(LINKED.replace('activitystreams', 'activitystreamsx'))).toStartWith(
        '200 text/html',
      );
      expect(await types(`text/html, ${ACTIVITY};q=0.9`)).toBe('200 text/html; charset=utf-8');
      expect(await types('*/*')).toBe('200 text/html; charset=utf-8');
      expect(await types('application/ld+json')).toBe('200 text/html; charset=utf-8');
    }
  });

  test('T79: only what is for everybody may be kept, and is asked for again by its ETag', async () => {
    const { app, peer, signers, posts } = world;
    const url = (each: Visibility) => `${app.origin}/users/anna/posts/${posts[each].id}`;
    const open = await fetch(url('public'), { headers: { accept: ACTIVITY } });
    const etag = open.headers.get('etag') ?? '';
    expect(open.headers.get('cache-control')).toBe('public, no-cache');
    for (const each of ['Accept', 'Cookie', 'Authorization', 'Signature']) {
      expect(open.headers.get('vary')?.split(', ')).toContain(each);
    }
    const again = await fetch(url('public'), {
      headers: { accept: ACTIVITY, 'if-none-match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const own = await peer.get(url('followers'), { as: signers.bob });
    expect(own.headers.get('cache-control')).toBe('private, no-store');
    expect(own.headers.get('etag')).toBeNull();
  });

  test('T113: a signed reader costs the same look at a key whether or not there is something to hide', async () => {
    const { app, peer, posts } = world;
    const asked: number[] = [];
    for (const [index, id] of [posts.followers.id, posts.followers.id + 1].entries()) {
      const mallory = peer.actor(`mallory${index}`);
      const before = peer.requests.length;
      await peer.get(`${app.origin}/users/anna/posts/${id}`, { as: mallory });
      asked.push(peer.requests.length - before);
    }
    expect(asked[0]).toBe(asked[1] ?? -1);
  });

  test('T32: a photo is never read as a document, whatever is asked for', async () => {
    const { app, posts } = world;
    const note = (await (
      await fetch(`${app.origin}/users/anna/posts/${posts.public.id}`, {
        headers: { accept: ACTIVITY },
      })
    ).json()) as { attachment: { url: string }[] };
    const [photo] = note.attachment;
    const answer = await fetch(photo?.url ?? '', { headers: { accept: ACTIVITY } });
    expect(answer.headers.get('content-type') ?? '').not.toContain('activity');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('T81: names and numbers that are none are a 404 or 400, and nothing of them is in a header', async () => {
    const { app } = world;
    const bad = [
      '/users/anna%0d%0aset-cookie:%20a=b',
      '/@anna%0d%0aset-cookie:%20a=b/1',
      '/users/anna/posts/1%0d%0ax:%20y',
      '/users/anna/outbox/1%0d%0ax:%20y',
      '/users/anna/posts/99999999999999999999',
      '/users/anna/followers/-1',
      `/users/${'a'.repeat(3000)}`,
      '/users/anna/posts/1e3/replies',
    ];
    for (const path of bad) {
      const answer = await fetch(app.origin + path, {
        headers: { accept: ACTIVITY },
        redirect: 'manual',
      });
      expect(`${path} ${[400, 404].includes(answer.status)}`).toBe(`${path} true`);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('x')).toBeNull();
    }
  });

  test('T110: what everybody saw is gone with a Tombstone, everything else was never there', async () => {
    const { app, anna } = world;
    const made = (visibility: Visibility) => {
      const post = publishPost(app.ctx, anna.viewer, {
        caption: 'Going',
        mediaIds: [],
        visibility,
      });
      return post.id;
    };
    const ids = { public: made('public'), followers: made('followers') };
    for (const id of Object.values(ids)) deletePost(app.ctx, anna.viewer, id);
    const ask = (id: number) =>
      fetch(`${app.origin}/users/anna/posts/${id}`, { headers: { accept: ACTIVITY } });
    const gone = await ask(ids.public);
    expect(gone.status).toBe(410);
    expect(gone.headers.get('content-type')).toBe(ACTIVITY);
    expect(await gone.json()).toEqual({
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: `${app.origin}/users/anna/posts/${ids.public}`,
      type: 'Tombstone',
    });
    expect(await shape(await ask(ids.followers))).toBe(await shape(await ask(7)));
  });
});

describe('with signed reading', () => {
  test('every document needs a good signature, the instance actor none', async () => {
    const world = await createWorld({ 'federation.authorized_fetch': 'true' });
    const { app, peer, signers, posts } = world;
    const open = [`/users/anna`, `/users/anna/posts/${posts.public.id}`, '/users/anna/outbox'];
    for (const path of [...open, '/users/nobody', '/users/anna/posts/1']) {
      const answer = await fetch(app.origin + path, { headers: { accept: ACTIVITY } });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error: 'This request has to be signed.' });
    }
    for (const path of open) {
      const answer = await peer.get(app.origin + path, { as: signers.carol });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([
        200,
        'private, no-store',
      ]);
    }
    expect((await fetch(`${app.origin}/actor`)).status).toBe(200);
    await closeWorld(world);
  });
});

describe('T79: a family that speaks with others', () => {
  test('tells nobody anything unsigned, knows its people by signature, and shows posts to followers', async () => {
    const world = await createWorld({ mode: 'family', 'federation.with': 'open' });
    const { app, peer, signers, posts } = world;
    const paths = [
      '/users/anna',
      '/users/nobody',
      ...VISIBILITIES.map((each) => `/users/anna/posts/${posts[each].id}`),
      '/users/anna/outbox',
      '/users/anna/followers',
      '/users/anna/featured',
    ];
    for (const path of paths) {
      const answer = await fetch(app.origin + path, { headers: { accept: ACTIVITY } });
      expect(`${path} ${answer.status}`).toBe(`${path} 401`);
      expect(await answer.text()).not.toContain('anna');
    }
    const status = async (path: string, as: PeerActor) =>
      (await peer.get(app.origin + path, { as })).status;
    expect(await status('/users/anna', signers.carol)).toBe(200);
    for (const visibility of VISIBILITIES) {
      const path = `/users/anna/posts/${posts[visibility].id}`;
      const follows = visibility !== 'direct' && visibility !== 'self';
      expect(await status(path, signers.bob)).toBe(follows ? 200 : 404);
      for (const each of [signers.carol, signers.frank, signers.gina, signers.instance]) {
        expect(await status(path, each)).toBe(404);
      }
    }
    for (const list of ['outbox', 'featured', 'followers', 'following']) {
      const answer = await peer.get(`${app.origin}/users/anna/${list}`, { as: signers.bob });
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(text).not.toContain('Secret');
      expect(text).not.toContain(peer.origin);
    }
    // Pages stay shut, also at the addresses that the gate lets servers come to.
    for (const path of paths) {
      const page = await fetch(app.origin + path, {
        headers: { accept: 'text/html' },
        redirect: 'manual',
      });
      expect(await page.text()).not.toContain('Secret');
      expect([401, 404, 303]).toContain(page.status);
    }
    await closeWorld(world);
  });

  test('that speaks with nobody has no address of federation: a stranger meets the gate everywhere', async () => {
    const world = await createWorld({ mode: 'family' });
    const { app, peer, signers, posts } = world;
    for (const path of ['/actor', '/users/anna', `/users/anna/posts/${posts.public.id}`]) {
      const answer = await peer.get(app.origin + path, { as: signers.bob });
      const nothing = await peer.get(`${app.origin}/nothing-here`, { as: signers.bob });
      expect(await shape(answer)).toBe(await shape(nothing));
    }
    await closeWorld(world);
  });
});

test('T111: nobody reads who of a server follows whom: there is no such address', async () => {
  const world = await createWorld();
  const { app, peer, signers } = world;
  for (const path of ['/users/anna/followers_synchronization', '/users/anna/followers/peer']) {
    const answer = await peer.get(app.origin + path, { as: signers.bob });
    expect([answer.status, (await answer.text()).includes('bob')]).toEqual([404, false]);
  }
  await closeWorld(world);
});

test('T113: a server that speaks with nobody answers at every address of federation as at none', async () => {
  const world = await createWorld({ 'federation.with': 'off' });
  const { app, posts } = world;
  const ask = async (path: string) =>
    shape(await fetch(app.origin + path, { headers: { accept: ACTIVITY } }));
  const missing = await ask('/nothing-here');
  const id = posts.public.id;
  for (const path of [
    '/actor',
    '/actor/outbox',
    '/users/anna',
    '/@anna',
    `/@anna/${id}`,
    `/users/anna/posts/${id}`,
    `/users/anna/posts/${id}/activity`,
    `/users/anna/posts/${id}/replies`,
    '/users/anna/outbox',
    '/users/anna/outbox/0',
    '/users/anna/followers',
    '/users/anna/following',
    '/users/anna/featured',
    '/users/anna/collections/featured',
    `/media/shared/${'a'.repeat(26)}.jpg`,
  ]) {
    const got = await ask(path);
    if (path.startsWith('/media/')) expect(got).toStartWith('[404');
    else expect(got).toBe(missing);
  }
  await closeWorld(world);
});
