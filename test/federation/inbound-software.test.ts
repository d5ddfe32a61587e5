import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';
import { accountOf, letFollow, rowsIn } from './inbound-world.ts';

type Json = Record<string, unknown>;
type Act = 'create' | 'update' | 'delete' | 'follow' | 'like' | 'announce';
type Fixture = { actor: Json; activities: Record<Act, Json> };

/** What each server means by what it sends. */
type Meaning = {
  caption: string;
  /** Alt text, width and type of each photo. */
  photos: [string, number, string][];
  tags?: string[];
  spoiler?: string;
  language?: string | null;
  place?: string;
  /** True: the post mentions ann. */
  mentions?: boolean;
};

const software: Record<string, Meaning> = {
  mastodon: {
    caption: '@ann The harbour #harbour',
    photos: [['Boats at low tide', 1600, 'image/jpeg']],
    tags: ['harbour'],
    language: 'en',
    mentions: true,
  },
  pixelfed: {
    caption: 'Lunch #soup',
    photos: [
      ['A bowl', 1440, 'image/jpeg'],
      ['', 0, 'image/png'],
    ],
    tags: ['soup'],
    spoiler: 'food',
    place: 'Lisbon, Portugal',
    mentions: true,
  },
  gotosocial: {
    caption: '@ann goat',
    photos: [['A goat', 1000, 'image/jpeg']],
    language: 'de',
    mentions: true,
  },
  misskey: {
    caption: '@ann@here.example Evening #sky',
    photos: [['Sky', 0, 'image/webp']],
    tags: ['sky'],
    spoiler: 'cw',
    mentions: true,
  },
  pleroma: { caption: 'Chart @ann', photos: [['A chart', 0, 'image/png']], mentions: true },
  lemmy: {
    caption: 'Fog this morning\n\nSeen from the bridge',
    photos: [['A bridge in fog', 0, 'image/jpeg']],
    tags: ['photos'],
    language: 'en',
  },
  peertube: {
    caption: 'A walk\n\nAlong the river',
    photos: [['', 850, 'image/jpeg']],
    tags: ['walk'],
    language: 'fr',
  },
  wordpress: {
    caption: 'Doors\n\nDoors of Porto.',
    photos: [['A door', 1024, 'image/jpeg']],
    tags: ['doors'],
    language: 'pt',
  },
  threads: { caption: 'Beach day', photos: [['Waves', 1080, 'image/jpeg']], language: 'en' },
  vernissage: {
    caption: 'Market hall',
    photos: [['Stalls under a roof', 4000, 'image/jpeg']],
    tags: ['street'],
    place: 'Wrocław',
  },
  friendica: {
    caption: 'First crocus',
    photos: [['A crocus', 900, 'image/jpeg']],
    tags: ['garden'],
    language: 'en',
  },
};

const peer = createPeer({ address: '127.0.0.3' });
let app: FederatedApp;
let ann: Person;

beforeAll(async () => {
  app = await createFederatedApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
});
afterAll(async () => {
  await app.close();
  await peer.close();
});

/** A fixture with the addresses of this run in it, and its actor with a key of this run. */
function openFixture(name: string, postId: number): { actor: PeerActor; fixture: Fixture } {
  const keys = peer.actor(`keys-of-${name}`);
  const path = join(import.meta.dir, `../fixtures/federation/${name}.json`);
  const text = readFileSync(path, 'utf8')
    .replaceAll('https://peer.example', peer.origin)
    .replaceAll('https://here.example', app.origin)
    .replaceAll('posts/POST', `posts/${postId}`)
    .replace('"PEM"', JSON.stringify(keys.publicPem));
  const fixture = JSON.parse(text) as Fixture;
  const { id, preferredUsername, inbox, publicKey } = fixture.actor as {
    id: string;
    preferredUsername: string;
    inbox: string;
    publicKey: { id: string };
  };
  const handle = `${preferredUsername}@${peer.host}`;
  const jrd = () =>
    Response.json(
      {
        subject: `acct:${handle}`,
        aliases: [id],
        links: [{ rel: 'self', type: 'application/activity+json', href: id }],
      },
      { headers: { 'content-type': 'application/jrd+json' } },
    );
  for (const resource of [`acct:${handle}`, encodeURIComponent(`acct:${handle}`)]) {
    peer.serve(`/.well-known/webfinger?resource=${resource}`, jrd);
  }
  peer.serve(new URL(id).pathname, fixture.actor);
  // GoToSocial answers at the address of its key with a stub of the actor.
  if (publicKey.id === `${id}/main-key`) {
    const { publicKey: key, type, preferredUsername: username } = fixture.actor;
    peer.serve(new URL(publicKey.id).pathname, {
      id,
      type,
      preferredUsername: username,
      publicKey: key,
    });
  }
  const { privateKey, publicPem } = keys;
  const actor = { name, uri: id, keyId: publicKey.id, inbox, handle, privateKey, publicPem };
  return { actor: { ...actor, document: fixture.actor }, fixture };
}

describe.each(Object.entries(software))('%s', (name, meaning) => {
  let actor: PeerActor;
  let fixture: Fixture;
  let own: number;

  beforeAll(async () => {
    own = publishPost(app.ctx, ann.viewer, { caption: 'From here', mediaIds: [] }).id;
    ({ actor, fixture } = openFixture(name, own));
    await letFollow(app, ann, actor);
  });

  const send = async (act: Act): Promise<void> => {
    const answer = await peer.post(`${app.origin}/inbox`, fixture.activities[act], { as: actor });
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    await settleAll(app);
  };
  const noteId = () => {
    const { object } = fixture.activities.create as { object: { id: string } };
    return object.id;
  };
  const readIt = () => readPostByUri(app.ctx, noteId());

  test('its actor is read', () => {
    const { name: displayName, preferredUsername } = fixture.actor;
    const account = accountOf(app, actor);
    expect([account?.displayName, account?.username]).toEqual([
      String(displayName),
      String(preferredUsername),
    ]);
    expect(account?.avatarUrl).toStartWith(peer.origin);
  });

  test('its Create with a photo is stored as it is meant', async () => {
    await send('create');
    const post = readIt();
    expect(post?.caption).toStartWith(meaning.caption);
    expect(post?.visibility).toBe('public');
    const seconds = Math.floor((post?.publishedAt ?? 0) / 1000);
    expect(seconds).toBe(Date.parse('2026-01-02T03:04:05Z') / 1000);
    expect([post?.spoiler, post?.place, post?.language]).toEqual([
      meaning.spoiler ?? '',
      meaning.place ?? '',
      meaning.language ?? null,
    ]);
    const id = post?.id ?? 0;
    const photos = listMediaOfPosts(app.ctx.db, [id]).get(id) ?? [];
    expect(
      photos.map(({ description, width, sourceMime }) => [description, width, sourceMime]),
    ).toEqual(meaning.photos);
    const tags = app.ctx.db
      .query<{ name: string }, [number]>(
        'SELECT t.name FROM post_tags p JOIN tags t ON t.id = p.tag_id WHERE p.post_id = ?',
      )
      .all(id);
    expect(tags.map((tag) => tag.name)).toEqual(meaning.tags ?? []);
    expect(rowsIn(app, 'mentions', `post_id = ${id}`)).toBe(meaning.mentions ? 1 : 0);
  });

  test('its Update changes the words', async () => {
    await send('update');
    expect(readIt()?.caption).toContain('Edited');
  });

  test('its Delete takes the post away', async () => {
    await send('delete');
    expect(readIt()).toBeNull();
  });

  test('its Follow, Like and Announce count', async () => {
    for (const act of ['follow', 'like', 'announce'] as const) await send(act);
    const account = accountOf(app, actor);
    expect(findFollow(app.ctx.db, account?.id ?? 0, ann.viewer.id)?.state).toBe('accepted');
    expect([
      rowsIn(app, 'likes', `post_id = ${own}`),
      rowsIn(app, 'shares', `post_id = ${own}`),
    ]).toEqual([1, 1]);
  });
});
