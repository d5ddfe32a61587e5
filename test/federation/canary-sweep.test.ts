import { afterAll, beforeAll, expect, test } from 'bun:test';
import { findAccountByUri } from '#domain/accounts/queries.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { remoteMediaPath } from '#domain/media/remote-address.ts';
import { confirmMove, isActorGone } from '#doors/federation/remote/actor-status.ts';
import { readProfile } from '#doors/federation/remote/fetch-profile.ts';
import { readThread } from '#doors/federation/remote/fetch-thread.ts';
import { readSoftware } from '#doors/federation/remote/learn-software.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { resolveHandle } from '#doors/federation/remote/resolve-handle.ts';
import { resolvePost } from '#doors/federation/remote/resolve-post.ts';
import { resolveText } from '#doors/federation/remote/resolve-text.ts';
import { findSubscribeAddress } from '#doors/pages/subscribe-address.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type Peer, type PeerActor } from '#test/harness/peer.ts';
import { imagesHere } from '#test/media/images-here.ts';
import { writeLetter } from './delivery-rows.ts';
import { activityOf, letFollow } from './inbound-world.ts';
import { finger, type Json, jrd, note, typed } from './remote-world.ts';

// A listener that nobody may reach: every client of this server is led there by a redirect and by a
// name that stands for its address. Only the peer and the server itself are allowed.
const REFUSED = '127.0.0.99';
const asked = new Set<string>();
const canaries: { stop(closeActive?: boolean): void; port: number }[] = [];
let connections = 0;
let app: FederatedApp;
let peer: Peer;
let ada: Person;

beforeAll(async () => {
  // The usual ports, too, where the system lets a test have them.
  for (const port of [0, 80, 443]) {
    try {
      const socket = {
        open: (socket: { end(): unknown }) => {
          socket.end();
          connections += 1;
        },
        data: () => {},
      };
      canaries.push(Bun.listen({ hostname: REFUSED, port, socket }));
    } catch {
      // It does not.
    }
  }
  peer = createPeer({ address: '127.0.0.3' });
  app = await createFederatedApp({
    config: { allowAddresses: ['127.0.0.1', '127.0.0.3'], rates: false },
    settings: { 'federation.authorized_fetch': 'true' },
    images: imagesHere(),
    resolve: async (host) => {
      asked.add(host);
      return [REFUSED];
    },
  });
  ada = await app.person('ada', 'owner');
});
afterAll(async () => {
  await app.close();
  await peer.close();
  for (const canary of canaries) canary.stop(true);
});

/** Somewhere that leads to the canary: an address, and the server that it is on. */
type Trap = { kind: 'redirect' | 'name'; label: string; at(path: string): string; host: string };

const away = () => {
  const location = `http://${REFUSED}:${canaries[0]?.port}/caught`;
  return new Response(null, { status: 302, headers: { location } });
};
const byName = (label: string, more = '') =>
  `http://${label}.trap.test:${canaries[0]?.port}${more}`;

function trapOf(kind: Trap['kind'], label: string): Trap {
  if (kind === 'name') {
    const url = new URL(byName(label));
    return { kind, label, host: url.host, at: (path) => `${url.origin}${path}` };
  }
  return { kind, label, host: peer.host, at: (path) => peer.serve(`/${label}${path}`, away) };
}

/** Somebody of the peer, with what leads away. */
async function person(label: string, more: Json = {}): Promise<PeerActor> {
  const actor = peer.actor(label, more);
  await resolveActor(app.ctx, actor.uri);
  return actor;
}

/** A post of the peer, stored here. */
async function stored(label: string, more: Json): Promise<number> {
  const bob = await person(`author-${label}`);
  const id = `${peer.origin}/posts/${label}`;
  peer.serve(`/posts/${label}`, note(id, bob.uri, more));
  const post = await resolvePost(app.ctx, id);
  if (post === null) throw new Error('The post was not stored.');
  return post.id;
}

const idOf = (actor: PeerActor) => findAccountByUri(app.ctx.db, actor.uri)?.id ?? 0;
const shown = (path: string) => app.request(path, { as: ada });

async function sendAs(as: PeerActor, activity: Json): Promise<void> {
  await letFollow(app, ada, as);
  await peer.post(`${app.origin}/inbox`, activity, { as });
  await settleAll(app);
}

/** Has an account whose pictures lie in the trap. */
function pictured(trap: Trap): number {
  const bob = peer.actor(`pictured-${trap.label}`);
  const nothing = { sharedInboxUrl: null, outboxUrl: null, followersUrl: null, followingUrl: null };
  return receiveAccount(app.ctx, {
    ...{ uri: bob.uri, username: bob.name, domain: peer.host, type: 'Person', displayName: '' },
    ...{ bioHtml: '', fields: [], url: null, inboxUrl: bob.inbox, ...nothing, featuredUrl: null },
    ...{ avatarUrl: trap.at('/avatar.png'), headerUrl: trap.at('/header.png'), locked: false },
    ...{ discoverable: true, indexable: true, hideCollections: false, alsoKnownAs: [] },
    ...{ movedToUri: null, key: null, createdAt: null },
  }).id;
}

const clients: Record<string, (trap: Trap) => Promise<unknown>> = {
  actor: (trap) => resolveActor(app.ctx, trap.at('/users/eve')),
  'actor read anew': async (trap) => resolveActor(app.ctx, trap.at('/users/eve'), { fresh: true }),
  post: (trap) => resolvePost(app.ctx, trap.at('/posts/1')),
  search: (trap) => resolveText(app.ctx, trap.at('/posts/1')),
  'search, by the other form of a page': (trap) => {
    const link = `<link rel="alternate" type="application/activity+json" href="${trap.at('/1')}">`;
    const page = () => new Response(link, { headers: { 'content-type': 'text/html' } });
    return resolveText(app.ctx, peer.serve(`/page-${trap.label}`, page));
  },
  'key of an activity': async (trap) => {
    const eve = { ...peer.actor(`eve-${trap.label}`), uri: trap.at('/users/eve') };
    const keyId = `${eve.uri}#main-key`;
    await peer.post(`${app.origin}/inbox`, activityOf(eve, 'Like', `${app.origin}/users/ada`), {
      as: eve,
      tamper: { keyId },
    });
  },
  'owner of a key': async (trap) => {
    const eve = peer.actor(`owned-${trap.label}`);
    const keyId = `${peer.origin}/keys/${trap.label}`;
    const key = { id: keyId, owner: trap.at('/users/owner'), publicKeyPem: eve.publicPem };
    peer.serve(`/keys/${trap.label}`, { ...key, type: 'Key' });
    const activity = activityOf({ ...eve, uri: key.owner }, 'Like', `${app.origin}/users/ada`);
    await peer.post(`${app.origin}/inbox`, activity, { as: eve, tamper: { keyId } });
  },
  'authorized fetch': async (trap) => {
    const keyId = trap.at('/users/reader#main-key');
    if (trap.kind === 'redirect') trap.at('/users/reader');
    const as = peer.actor(`reader-${trap.label}`);
    expect((await peer.get(`${app.origin}/users/ada`, { as, tamper: { keyId } })).status).toBe(401);
  },
  'WebFinger of a handle': (trap) => {
    const handle = `eve-${trap.label}@${trap.host}`;
    if (trap.kind === 'redirect') finger(peer, `acct:${handle}`, away);
    return resolveHandle(app.ctx, handle);
  },
  'WebFinger that names somebody elsewhere': (trap) => {
    const handle = `mia-${trap.label}@${peer.host}`;
    finger(peer, `acct:${handle}`, jrd(`acct:${handle}`, trap.at('/users/mia')));
    return resolveHandle(app.ctx, handle);
  },
  'WebFinger of another domain': (trap) => {
    const [here, there] = [`ned-${trap.label}@${peer.host}`, `ned2-${trap.label}@${trap.host}`];
    finger(peer, `acct:${here}`, jrd(`acct:${there}`, `${peer.origin}/users/ned`));
    if (trap.kind === 'redirect') finger(peer, `acct:${there}`, away);
    return resolveHandle(app.ctx, here);
  },
  'WebFinger of an actor': (trap) => {
    const pat = peer.actor(`pat-${trap.label}`);
    const subject = `acct:pat@${trap.host}`;
    finger(peer, `acct:${pat.handle}`, trap.kind === 'redirect' ? away : jrd(subject, pat.uri));
    return resolveActor(app.ctx, pat.uri);
  },
  NodeInfo: (trap) => {
    if (trap.kind === 'redirect') peer.serve('/.well-known/nodeinfo', away);
    return readSoftware(app.ctx, trap.host);
  },
  'NodeInfo document': (trap) => {
    const rel = 'http://nodeinfo.diaspora.software/ns/schema/2.0';
    const href = trap.kind === 'redirect' ? trap.at('/2.0') : byName(trap.label, '/2.0');
    peer.serve('/.well-known/nodeinfo', typed({ links: [{ rel, href }] }, 'application/json'));
    return readSoftware(app.ctx, peer.host);
  },
  thread: async (trap) => {
    const replies = `${peer.origin}/posts/${trap.label}/replies`;
    const items = [trap.at('/answers/1')];
    peer.serve(`/posts/${trap.label}/replies`, { id: replies, type: 'Collection', items });
    return await readThread(app.ctx, await stored(trap.label, { replies }));
  },
  'next page of a thread': async (trap) => {
    const replies = `${peer.origin}/posts/${trap.label}/replies`;
    const first = { type: 'CollectionPage', items: [], next: trap.at('/page/2') };
    peer.serve(`/posts/${trap.label}/replies`, { id: replies, type: 'Collection', first });
    return await readThread(app.ctx, await stored(trap.label, { replies }));
  },
  'what a comment answers': async (trap) => {
    const bob = await person(`reply-${trap.label}`);
    const more = { inReplyTo: trap.at('/posts/parent') };
    await sendAs(bob, activityOf(bob, 'Create', note(`${bob.uri}/1`, bob.uri, more)));
  },
  'what is boosted': async (trap) => {
    const bob = await person(`boost-${trap.label}`);
    await sendAs(bob, activityOf(bob, 'Announce', trap.at('/posts/boosted')));
  },
  'a Create that names its post': async (trap) => {
    const bob = await person(`named-${trap.label}`);
    await sendAs(bob, activityOf(bob, 'Create', trap.at('/posts/named')));
  },
  featured: async (trap) => {
    const bob = await person(`featured-${trap.label}`, { featured: trap.at('/featured') });
    return await readProfile(app.ctx, idOf(bob));
  },
  outbox: async (trap) => {
    const bob = await person(`outbox-${trap.label}`, { outbox: trap.at('/outbox') });
    return await readProfile(app.ctx, idOf(bob));
  },
  'a pinned post': async (trap) => {
    const featured = `${peer.origin}/featured-${trap.label}`;
    const items = [trap.at('/posts/pinned')];
    peer.serve(`/featured-${trap.label}`, { id: featured, type: 'OrderedCollection', items });
    return await readProfile(app.ctx, idOf(await person(`pins-${trap.label}`, { featured })));
  },
  photo: async (trap) => {
    const attachment = [{ type: 'Image', mediaType: 'image/png', url: trap.at('/photo.png') }];
    const postId = await stored(trap.label, { attachment });
    const id = listMediaOfPosts(app.ctx.db, [postId]).get(postId)?.[0]?.id ?? 0;
    const path = remoteMediaPath(app.ctx, 'photo', id, 'small');
    expect((await shown(path)).status).toBe(404);
  },
  avatar: async (trap) => {
    const path = remoteMediaPath(app.ctx, 'avatar', pictured(trap), 'small');
    expect((await shown(path)).status).toBe(404);
  },
  header: async (trap) => {
    const path = remoteMediaPath(app.ctx, 'header', pictured(trap), 'large');
    expect((await shown(path)).status).toBe(404);
  },
  delivery: async (trap) => {
    writeLetter(app.ctx, [trap.kind === 'name' ? trap.at('/inbox') : `${peer.origin}/lost`]);
    peer.onPost(() => {
      const location = `http://${REFUSED}:${canaries[0]?.port}/inbox`;
      return new Response(null, { status: 307, headers: { location } });
    });
    await settleAll(app);
    peer.onPost(() => new Response(null, { status: 202 }));
  },
  'remote follow': (trap) => {
    const handle = `you-${trap.label}@${trap.host}`;
    if (trap.kind === 'redirect') finger(peer, `acct:${handle}`, away);
    return findSubscribeAddress(app.ctx, handle, `${app.origin}/users/ada`);
  },
  'where an account moved to': async (trap) => {
    const bob = await person(`moved-${trap.label}`);
    return await confirmMove(app.ctx, { id: idOf(bob), uri: bob.uri }, trap.at('/users/new'));
  },
  Move: async (trap) => {
    const bob = await person(`moves-${trap.label}`);
    await sendAs(bob, activityOf(bob, 'Move', bob.uri, { target: trap.at('/users/new') }));
  },
  'whether an account is gone': (trap) => isActorGone(app.ctx, trap.at('/users/gone')),
};

/** The peer is asked by all of these, but not for what only leads elsewhere by its name. */
const SAME_SERVER_ONLY = new Set([
  'owner of a key',
  'NodeInfo document',
  'next page of a thread',
  'a pinned post',
  'featured',
  'outbox',
]);

const rows = Object.keys(clients).flatMap((name, index) =>
  (['redirect', 'name'] as const).map((kind) => [name, kind, `${kind[0]}${index}`] as const),
);

test.each(rows)(
  'T41 T39: %s, led away by a %s, connects to no refused address',
  async (name, kind, label) => {
    const before = peer.requests.length;
    await clients[name]?.(trapOf(kind, label)).then(
      () => {},
      () => {},
    );
    expect(connections).toBe(0);
    // The trap was really walked into.
    if (kind === 'redirect') expect(peer.requests.length).toBeGreaterThan(before);
    else if (!SAME_SERVER_ONLY.has(name)) expect([...asked]).toContain(`${label}.trap.test`);
  },
);

test('T41: the canary of these tests sings when somebody comes', async () => {
  await fetch(`http://${REFUSED}:${canaries[0]?.port}/`).catch(() => {});
  expect(connections).toBeGreaterThan(0);
});
