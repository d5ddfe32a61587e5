import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { savePreferences } from '#domain/accounts/preferences.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { editPost } from '#domain/posts/edit.ts';
import { likePost, unlikePost } from '#domain/posts/like.ts';
import { findPost } from '#domain/posts/queries.ts';
import { receivePost } from '#domain/posts/receive-post.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { sharePost } from '#domain/posts/share.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { changeSetting } from '#domain/settings.ts';
import { homeTimeline } from '#domain/timelines/home.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { noteDocument } from '#doors/federation/documents/note.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { person, receive, remotePost } from './elsewhere.ts';
import { post } from './world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
let far: AccountRow;
beforeAll(async () => {
  app = await createTestApp({ config: { origin: 'https://here.example' } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
  far = person(app.ctx, 'far');
});
afterAll(() => app.close());

const everything = {
  ...{ seeLikes: true, seeBoosts: true, seeComments: true, seeCounts: true },
  ...{ allowLikes: true, allowBoosts: true, allowComments: true },
};
beforeEach(() => {
  for (const name of ['likes', 'boosts', 'comments', 'counts'] as const) {
    changeSetting(app.ctx, `features.${name}`, null);
  }
  for (const each of [ann, bob]) savePreferences(app.ctx.db, each.viewer.id, everything);
});

const acts = [
  { what: 'like', feature: 'likes', allow: 'allowLikes', off: 'likesDisabled' },
  { what: 'share', feature: 'boosts', allow: 'allowBoosts', off: 'sharesDisabled' },
  { what: 'comment', feature: 'comments', allow: 'allowComments', off: 'commentsDisabled' },
] as const;
type What = (typeof acts)[number]['what'];

let round = 0;

/** What an account of this or of another server gets when it tries. */
function attempt(
  what: What,
  actor: Person | AccountRow,
  made: PostRow,
): 'done' | 'refused' | 'ignored' {
  const { ctx } = app;
  try {
    if (!('viewer' in actor)) {
      round += 1;
      const uri = `https://far.example/${round}`;
      if (what === 'like') return likePost(ctx, actor.id, made.id, uri) ? 'done' : 'ignored';
      if (what === 'share') return sharePost(ctx, actor.id, made.id, { uri }) ? 'done' : 'ignored';
      const inReplyToUri = `https://here.example/users/ann/posts/${made.id}`;
      const answer = remotePost(ctx, actor, { inReplyToUri });
      return transaction(ctx.db, () => receivePost(ctx, answer)) ? 'done' : 'ignored';
    }
    const { viewer } = actor;
    if (what === 'like') likePost(ctx, viewer.id, made.id);
    else if (what === 'share') sharePost(ctx, viewer.id, made.id);
    else post(ctx, viewer, { caption: 'Nice', mediaIds: [], inReplyToId: made.id });
    return 'done';
  } catch (error) {
    expect((error as AppError).kind).toBe('invalid');
    expect((error as AppError).message).toContain('turned off for this post');
    return 'refused';
  }
}

describe('what may be done with a post', () => {
  for (const { what, feature, allow, off } of acts) {
    for (const instance of [true, false]) {
      for (const author of [true, false]) {
        for (const single of [true, false]) {
          const say = (on: boolean) => (on ? 'on' : 'off');
          const title = `server ${say(instance)}, author ${say(author)}, post ${say(single)}`;
          test(`${what}: ${title}`, () => {
            changeSetting(app.ctx, `features.${feature}`, String(instance));
            savePreferences(app.ctx.db, ann.viewer.id, { [allow]: author });
            const made = post(app.ctx, ann.viewer, { [off]: !single });
            const allowed = instance && author && single;
            expect(attempt(what, bob, made)).toBe(allowed ? 'done' : 'refused');
            expect(attempt(what, far, made)).toBe(allowed ? 'done' : 'ignored');
            const own = what === 'comment' ? instance : allowed;
            expect(attempt(what, ann, made)).toBe(own ? 'done' : 'refused');
            const n = Number(allowed);
            const row = findPost(app.ctx.db, made.id);
            const counts = { like: row?.likesCount, share: row?.sharesCount };
            if (what !== 'comment') expect(counts[what]).toBe(3 * n);
            else expect(row?.repliesCount).toBe(2 * n + Number(own));
          });
        }
      }
    }
  }

  test('a like that is there can be taken back when likes are turned off', () => {
    const made = post(app.ctx, ann.viewer);
    likePost(app.ctx, bob.viewer.id, made.id);
    editPost(app.ctx, ann.viewer, made.id, { likesDisabled: true });
    expect(findPost(app.ctx.db, made.id)).toMatchObject({ likesDisabled: 1, editsCount: 0 });
    expect(unlikePost(app.ctx, bob.viewer.id, made.id)).toBe(true);
  });

  test('posts of other servers are liked and answered unless this server has none of it', () => {
    const { ctx } = app;
    const row = findPost(ctx.db, receive(ctx, far));
    if (!row) throw new Error('not received');
    expect(attempt('like', bob, row)).toBe('done');
    expect(attempt('comment', bob, row)).toBe('done');
    changeSetting(ctx, 'features.likes', 'false');
    changeSetting(ctx, 'features.comments', 'false');
    expect(attempt('like', ann, row)).toBe('refused');
    expect(attempt('comment', ann, row)).toBe('refused');
  });
});

test('other servers read who may do what', () => {
  const ann_ = 'https://here.example/users/ann';
  const everybody = 'https://www.w3.org/ns/activitystreams#Public';
  const policy = (made: PostRow) => noteDocument(app.ctx, made) as Record<string, never>;
  const open = policy(post(app.ctx, ann.viewer));
  expect(open.interactionPolicy).toMatchObject({
    canLike: { automaticApproval: [everybody] },
    canReply: { automaticApproval: [everybody] },
    canAnnounce: { automaticApproval: [everybody] },
  });
  const off = { likesDisabled: true, sharesDisabled: true, commentsDisabled: true };
  const closed = policy(post(app.ctx, ann.viewer, off));
  expect(closed.interactionPolicy).toMatchObject({
    canLike: { automaticApproval: [ann_] },
    canReply: { automaticApproval: [ann_] },
    canAnnounce: { automaticApproval: [ann_] },
  });
  expect(closed.capabilities).toEqual({} as never);
  expect(closed.commentsEnabled).toBe(false as never);
});

describe('what is shown', () => {
  const read = async (id: number, as: Person): Promise<StatusJson> =>
    (await (await app.request(`/api/v1/statuses/${id}`, { token: as.token })).json()) as StatusJson;
  const list = async (path: string, as: Person): Promise<unknown[]> => {
    const response = await app.request(`/api/v1/statuses/${path}`, { token: as.token });
    const answer = (await response.json()) as unknown[] | { descendants: unknown[] };
    return Array.isArray(answer) ? answer : answer.descendants;
  };
  const reacted = (): PostRow => {
    const made = post(app.ctx, ann.viewer);
    for (const { what } of acts) attempt(what, bob, made);
    return made;
  };

  test('everything, to everybody, as long as nobody says otherwise', async () => {
    const made = reacted();
    const status = await read(made.id, ann);
    expect(status).toMatchObject({ favourites_count: 1, reblogs_count: 1, replies_count: 1 });
    expect(status.tintype.allows).toEqual({ like: true, share: true, comment: true });
    expect(status.tintype.hides).toBeUndefined();
  });

  test('a person who wants to see no likes, boosts, comments or numbers sees none', async () => {
    const made = reacted();
    const { id } = ann.viewer;
    savePreferences(app.ctx.db, id, { seeLikes: false });
    expect(await read(made.id, ann)).toMatchObject({ favourites_count: 0, reblogs_count: 1 });
    expect(await list(`${made.id}/favourited_by`, ann)).toEqual([]);
    expect(await list(`${made.id}/reblogged_by`, ann)).toHaveLength(1);
    savePreferences(app.ctx.db, id, { seeBoosts: false, seeComments: false });
    expect(await read(made.id, ann)).toMatchObject({ reblogs_count: 0, replies_count: 0 });
    expect(await list(`${made.id}/reblogged_by`, ann)).toEqual([]);
    expect(await list(`${made.id}/context`, ann)).toEqual([]);
    savePreferences(app.ctx.db, id, { ...everything, seeCounts: false });
    expect(await read(made.id, ann)).toMatchObject({ favourites_count: 0, replies_count: 0 });
    expect(await list(`${made.id}/context`, ann)).toHaveLength(1);
    // Only for that person.
    expect(await read(made.id, bob)).toMatchObject({ favourites_count: 1, replies_count: 1 });
  });

  test('what the server has not is shown to nobody, and told to no other server', async () => {
    const made = reacted();
    const before = await app.request(`/users/ann/posts/${made.id}/likes`, {
      headers: { accept: 'application/activity+json' },
    });
    expect(await before.json()).toMatchObject({ totalItems: 1 });
    changeSetting(app.ctx, 'features.likes', 'false');
    changeSetting(app.ctx, 'features.comments', 'false');
    const status = await read(made.id, bob);
    expect(status).toMatchObject({ favourites_count: 0, replies_count: 0, reblogs_count: 1 });
    expect(status.comments_disabled).toBe(true);
    expect(status.tintype.allows).toEqual({ like: false, share: true, comment: false });
    expect(await list(`${made.id}/favourited_by`, bob)).toEqual([]);
    expect(await list(`${made.id}/context`, bob)).toEqual([]);
    const after = await app.request(`/users/ann/posts/${made.id}/likes`, {
      headers: { accept: 'application/activity+json' },
    });
    expect(await after.json()).toMatchObject({ totalItems: 0 });
    const response = await app.request(`/api/v1/statuses/${made.id}/favourite`, {
      method: 'POST',
      token: ann.token,
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: 'Likes are turned off for this post.' });
  });

  test('boosts are in the home timeline only of who sees boosts', () => {
    const { ctx } = app;
    const made = post(ctx, ann.viewer);
    followAccount(ctx, ann.viewer, bob.viewer.id);
    const shareId = sharePost(ctx, bob.viewer.id, made.id)?.shareId ?? 0;
    const carol = { id: bob.viewer.id };
    const page = { limit: 20, maxId: null, minId: null, sinceId: null };
    expect(homeTimeline(ctx, carol, page)).toContain(shareId);
    savePreferences(ctx.db, carol.id, { seeBoosts: false });
    expect(homeTimeline(ctx, carol, page)).not.toContain(shareId);
  });

  test('an app says at publishing and at editing what is turned off', async () => {
    const json = { status: 'Quiet', likes_disabled: true, comments_disabled: '1' };
    const made = await app.request('/api/v1/statuses', { token: ann.token, json });
    const status = (await made.json()) as StatusJson;
    expect(status.tintype.allows).toEqual({ like: false, share: true, comment: false });
    const edited = await app.request(`/api/v1/statuses/${status.id}`, {
      method: 'PUT',
      token: ann.token,
      json: { likes_disabled: false, shares_disabled: true },
    });
    const { tintype } = (await edited.json()) as StatusJson;
    expect(tintype.allows).toEqual({ like: true, share: false, comment: false });
  });
});
