import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { findAccount } from '#domain/accounts/queries.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { findFollow } from '#domain/relationships/queries.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer, type PeerActor } from '#test/harness/peer.ts';
import { accountOf, activityOf, knowActor, letFollow, noteOf, rowsIn } from './inbound-world.ts';

const peer = createPeer({ address: '127.0.0.3' });
let app: FederatedApp;
let ann: Person;
let bob: PeerActor;
let next = 0;

beforeAll(async () => {
  app = await createFederatedApp({ config: { rates: false } });
  ann = await app.person('ann', 'owner');
});
beforeEach(() => {
  next += 1;
  bob = peer.actor(`bob${next}`);
});
afterAll(async () => {
  await app.close();
  await peer.close();
});

const annUri = () => `${app.origin}/users/ann`;

async function send(activity: unknown, as: PeerActor = bob): Promise<number> {
  const answer = await peer.post(`${app.origin}/inbox`, activity, { as });
  await settleAll(app);
  return answer.status;
}

function publish(caption = 'From here', visibility: 'public' | 'followers' = 'public') {
  const post = publishPost(app.ctx, ann.viewer, { caption, mediaIds: [], visibility });
  return { post, uri: `${annUri()}/posts/${post.id}` };
}

function told(type: string): number {
  const id = accountOf(app, bob)?.id ?? 0;
  return rowsIn(app, 'notifications', `type = '${type}' AND from_id = ${id}`);
}

describe('posts', () => {
  test('a comment is stored below the post of here, and its author is told', async () => {
    const { post, uri } = publish();
    const note = noteOf(bob, 1, { inReplyTo: uri, cc: [annUri()] });
    expect(await send(activityOf(bob, 'Create', note))).toBe(202);
    expect(readPostByUri(app.ctx, String(note.id))?.inReplyToId).toBe(post.id);
    expect(told('mention')).toBe(1);
  });

  test('a mention brings a post of somebody whom nobody follows; nothing else does', async () => {
    const tag = [{ type: 'Mention', href: annUri(), name: '@ann' }];
    const meant = noteOf(bob, 1, { tag, cc: [annUri()] });
    const other = noteOf(bob, 2);
    await send(activityOf(bob, 'Create', meant));
    await send(activityOf(bob, 'Create', other));
    expect(readPostByUri(app.ctx, String(meant.id))).not.toBeNull();
    expect(readPostByUri(app.ctx, String(other.id))).toBeNull();
    expect(told('mention')).toBe(1);
  });

  test('a message to one person is direct, and only for her', async () => {
    const note = noteOf(bob, 1, { to: [annUri()], cc: [] });
    await send(activityOf(bob, 'Create', note));
    const post = readPostByUri(app.ctx, String(note.id));
    expect(post?.visibility).toBe('direct');
    expect(rowsIn(app, 'mentions', `post_id = ${post?.id}`)).toBe(1);
  });

  test('what a comment answers is fetched from where it lives', async () => {
    await letFollow(app, ann, bob);
    const cleo = peer.actor(`cleo${next}`);
    const above = noteOf(cleo, 1);
    peer.serve(new URL(String(above.id)).pathname, above);
    const note = noteOf(bob, 1, { inReplyTo: above.id });
    await send(activityOf(bob, 'Create', note));
    const parent = readPostByUri(app.ctx, String(above.id));
    expect(parent).not.toBeNull();
    expect(readPostByUri(app.ctx, String(note.id))?.inReplyToId).toBe(parent?.id ?? -1);
  });

  test('an Update changes the words, a Delete takes the post away for good', async () => {
    await letFollow(app, ann, bob);
    const note = noteOf(bob, 1);
    await send(activityOf(bob, 'Create', note));
    const edited = { ...note, content: '<p>Edited</p>', updated: '2026-01-03T00:00:00Z' };
    await send(activityOf(bob, 'Update', edited));
    expect(readPostByUri(app.ctx, String(note.id))?.caption).toBe('Edited');
    await send(activityOf(bob, 'Delete', { id: note.id, type: 'Tombstone' }));
    expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
    await send(activityOf(bob, 'Create', note));
    expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
  });

  test('a Delete that names the post alone is enough', async () => {
    await letFollow(app, ann, bob);
    const note = noteOf(bob, 1);
    await send(activityOf(bob, 'Create', note));
    await send(activityOf(bob, 'Delete', note.id));
    expect(readPostByUri(app.ctx, String(note.id))).toBeNull();
  });

  test('activities of one account that come at once are done in their order', async () => {
    await letFollow(app, ann, bob);
    const note = noteOf(bob, 1);
    const own = noteOf(bob, 2, { inReplyTo: note.id });
    const inbox = `${app.origin}/inbox`;
    for (const activity of [
      activityOf(bob, 'Create', note),
      activityOf(bob, 'Create', own),
      activityOf(bob, 'Update', {
        ...own,
        content: '<p>Twice</p>',
        updated: '2026-01-04T00:00:00Z',
      }),
    ]) {
      expect((await peer.post(inbox, activity, { as: bob })).status).toBe(202);
    }
    const before = peer.requests.length;
    await settleAll(app);
    const parent = readPostByUri(app.ctx, String(note.id));
    const answer = readPostByUri(app.ctx, String(own.id));
    expect([answer?.inReplyToId, answer?.caption]).toEqual([parent?.id ?? -1, 'Twice']);
    expect(peer.requests.slice(before).map(({ path }) => path)).toEqual([]);
  });
});

describe('follows', () => {
  test('a Follow is accepted at once and its answer is on the way', async () => {
    const follow = activityOf(bob, 'Follow', annUri());
    await send(follow);
    const account = accountOf(app, bob);
    expect(findFollow(app.ctx.db, account?.id ?? 0, ann.viewer.id)?.state).toBe('accepted');
    const accepts = peer.posted().filter(({ type, object }) => {
      const inner = object as { id?: string } | null;
      return type === 'Accept' && inner?.id === follow.id;
    });
    expect(accepts.length).toBe(1);
    expect(told('follow')).toBe(1);
  });

  test('a Follow without an id is taken, as some Pixelfeds send it', async () => {
    const { id: _, ...follow } = activityOf(bob, 'Follow', annUri());
    expect(await send(follow)).toBe(202);
    const account = accountOf(app, bob);
    expect(findFollow(app.ctx.db, account?.id ?? 0, ann.viewer.id)?.state).toBe('accepted');
  });

  test('Follow, Undo and the same Follow again end in a follow, as Misskey numbers them', async () => {
    const follow = activityOf(bob, 'Follow', annUri(), { id: `${bob.uri}/follows/1` });
    const undo = activityOf(bob, 'Undo', follow, { id: `${bob.uri}/follows/1/undo` });
    const state = () =>
      findFollow(app.ctx.db, accountOf(app, bob)?.id ?? 0, ann.viewer.id)?.state ?? null;
    const dated = (seconds: number) => ({
      as: bob,
      tamper: { date: new Date(Date.now() - seconds * 1000).toUTCString() },
    });
    const inbox = `${app.origin}/inbox`;
    const states: (string | null)[] = [];
    for (const [activity, seconds] of [
      [follow, 30],
      [undo, 20],
      [follow, 10],
      [undo, 5],
    ] as const) {
      await peer.post(inbox, activity, dated(seconds));
      await settleAll(app);
      states.push(state());
    }
    expect(states).toEqual(['accepted', null, 'accepted', null]);
  });

  test('an Accept turns a request of here into a follow, a Reject ends it', async () => {
    const account = await knowActor(app, bob);
    followAccount(app.ctx, ann.viewer, account.id);
    const state = () => findFollow(app.ctx.db, ann.viewer.id, account.id)?.state ?? null;
    expect(state()).toBe('requested');
    const follow = {
      id: `${annUri()}#follows/${account.id}`,
      type: 'Follow',
      actor: annUri(),
      object: bob.uri,
    };
    await send(activityOf(bob, 'Accept', follow));
    expect(state()).toBe('accepted');
    await send(activityOf(bob, 'Reject', follow.id));
    expect(state()).toBeNull();
  });

  test('a Block ends follows in both directions, an Undo lets them begin again', async () => {
    const account = await letFollow(app, ann, bob);
    const block = activityOf(bob, 'Block', annUri());
    await send(block);
    expect(findFollow(app.ctx.db, ann.viewer.id, account.id)).toBeNull();
    expect(rowsIn(app, 'blocks', `account_id = ${account.id}`)).toBe(1);
    await send(activityOf(bob, 'Undo', block));
    expect(rowsIn(app, 'blocks', `account_id = ${account.id}`)).toBe(0);
  });
});

describe('likes and boosts', () => {
  test('a Like and an EmojiReact are one like; an Undo by id takes it back', async () => {
    const { post, uri } = publish();
    const like = activityOf(bob, 'Like', uri);
    await send(like);
    await send(activityOf(bob, 'EmojiReact', uri, { content: '🔥' }));
    expect(rowsIn(app, 'likes', `post_id = ${post.id}`)).toBe(1);
    expect(told('favourite')).toBe(1);
    await send(activityOf(bob, 'Undo', like.id));
    expect(rowsIn(app, 'likes', `post_id = ${post.id}`)).toBe(0);
  });

  test('a boost of a post of here is counted and told; an Undo takes it back', async () => {
    const { post, uri } = publish();
    const announce = activityOf(bob, 'Announce', uri);
    await send(announce);
    expect(rowsIn(app, 'shares', `post_id = ${post.id}`)).toBe(1);
    expect(told('reblog')).toBe(1);
    await send(activityOf(bob, 'Undo', announce));
    expect(rowsIn(app, 'shares', `post_id = ${post.id}`)).toBe(0);
  });

  test('a boost by somebody followed brings the post from where it lives', async () => {
    await letFollow(app, ann, bob);
    const cleo = peer.actor(`cleo${next}`);
    const note = noteOf(cleo, 1);
    peer.serve(new URL(String(note.id)).pathname, note);
    // What Lemmy sends: the embedded words count for nothing.
    const lie = { ...note, content: '<p>A lie</p>' };
    await send(activityOf(bob, 'Announce', activityOf(cleo, 'Create', lie)));
    const post = readPostByUri(app.ctx, String(note.id));
    expect(post?.caption).toBe('Note 1');
    expect(rowsIn(app, 'shares', `post_id = ${post?.id}`)).toBe(1);
  });

  test('a boost by somebody whom nobody follows brings nothing and asks nobody', async () => {
    await knowActor(app, bob);
    const cleo = peer.actor(`cleo${next}`);
    const note = noteOf(cleo, 1);
    const before = peer.requests.filter(({ method }) => method === 'GET').length;
    await send(activityOf(bob, 'Announce', note.id));
    expect(peer.requests.filter(({ method }) => method === 'GET').length).toBe(before);
  });
});

describe('accounts', () => {
  test('an Update of a profile is read again where it lives', async () => {
    await knowActor(app, bob);
    Object.assign(bob.document, { name: 'Robert' });
    await send(activityOf(bob, 'Update', { ...bob.document, name: 'A lie' }));
    expect(accountOf(app, bob)?.displayName).toBe('Robert');
  });

  test('Add and Remove change what is at the top of a profile', async () => {
    await letFollow(app, ann, bob);
    const note = noteOf(bob, 1);
    await send(activityOf(bob, 'Create', note));
    const target = { target: `${bob.uri}/featured` };
    await send(activityOf(bob, 'Add', note.id, target));
    expect(rowsIn(app, 'featured')).toBe(1);
    await send(activityOf(bob, 'Remove', note.id, target));
    expect(rowsIn(app, 'featured')).toBe(0);
  });

  test('a Move takes the followers of here along', async () => {
    const old = await letFollow(app, ann, bob);
    const target = peer.actor(`newbob${next}`, { alsoKnownAs: [bob.uri] });
    await send(activityOf(bob, 'Move', bob.uri, { target: target.uri }));
    const account = accountOf(app, target);
    expect(findFollow(app.ctx.db, ann.viewer.id, old.id)).toBeNull();
    expect(findFollow(app.ctx.db, ann.viewer.id, account?.id ?? 0)?.state).toBe('requested');
    expect(findAccount(app.ctx.db, old.id)?.movedToId).toBe(account?.id ?? 0);
  });

  test('a Move that the new account speaks, as Pixelfed does it, counts if the old one says so', async () => {
    const old = await letFollow(app, ann, bob);
    const target = peer.actor(`newbob${next}`, { alsoKnownAs: [bob.uri] });
    const move = activityOf(target, 'Move', target.uri, { target: bob.uri });
    await send(move, target);
    expect(findFollow(app.ctx.db, ann.viewer.id, old.id)).not.toBeNull();
    Object.assign(bob.document, { movedTo: target.uri });
    expect(await send({ ...move, id: `${target.uri}/moves/2` }, target)).toBe(202);
    expect(findFollow(app.ctx.db, ann.viewer.id, old.id)).toBeNull();
  });

  test('what belongs to stories is parked, and goes with its story', async () => {
    await knowActor(app, bob);
    const story = { id: `${bob.uri}/stories/1`, type: 'Story', object: 'bear:?t=x&u=y' };
    await send(activityOf(bob, 'Add', story));
    await send(activityOf(bob, 'View', { id: story.id, type: 'Story' }));
    expect(rowsIn(app, 'parked_activities')).toBe(2);
    await send(activityOf(bob, 'Delete', { id: story.id, type: 'Story' }));
    expect(rowsIn(app, 'parked_activities')).toBe(0);
  });

  test('an activity of a kind that nobody knows is dropped politely', async () => {
    expect(await send(activityOf(bob, 'QuoteRequest', publish().uri))).toBe(202);
    expect(rowsIn(app, 'inbox_items')).toBe(0);
  });
});
