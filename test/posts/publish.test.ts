import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { AppError } from '#base/core/errors.ts';
import { firstPage } from '#base/core/page.ts';
import { readMedia } from '#domain/media/reading.ts';
import { archivePost, restorePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { editPost } from '#domain/posts/edit.ts';
import { erasePostsOf } from '#domain/posts/erase-account.ts';
import { publishPost } from '#domain/posts/publish.ts';
import { findPost, listMediaIds, listVersions } from '#domain/posts/queries.ts';
import { listDescendantIds, listProfileIds, readPost } from '#domain/posts/reading.ts';
import { canSeeMedia } from '#domain/posts/see-media.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { blobsOf, counters, photo, post } from './world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp();
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

function refusal(work: () => unknown): { kind: string; message: string } {
  try {
    work();
  } catch (error) {
    const { kind, message } = error as AppError;
    return { kind, message };
  }
  throw new Error('nothing was refused');
}
const exact = (person: Person) => {
  const found = counters(app.ctx, person.viewer.id);
  expect(found?.posts).toBe(found?.realPosts ?? -1);
};

describe('publishing', () => {
  test('keeps the photos in the order given, with tags and local mentions', () => {
    const ids = [1, 2, 3].map(() => photo(app.ctx, ann.viewer.id)).reverse();
    const made = post(app.ctx, ann.viewer, { caption: 'Hi @bob #Sea #sea #Sun', mediaIds: ids });
    expect(listMediaIds(app.ctx.db, made.id)).toEqual(ids);
    expect(made.mediaCount).toBe(3);
    const names = app.ctx.db
      .query<{ name: string }, [number]>(
        'SELECT name FROM tags JOIN post_tags ON tag_id = id WHERE post_id = ? ORDER BY name',
      )
      .all(made.id);
    expect(names.map((row) => row.name)).toEqual(['sea', 'sun']);
    const mentioned = app.ctx.db
      .query<{ id: number }, [number]>('SELECT account_id AS id FROM mentions WHERE post_id = ?')
      .all(made.id);
    expect(mentioned.map((row) => row.id)).toEqual([bob.viewer.id]);
    exact(ann);
  });

  test('refuses with one sentence what cannot be a post, and leaves nothing', () => {
    const used = listMediaIds(app.ctx.db, post(app.ctx, ann.viewer).id);
    const foreign = [photo(app.ctx, bob.viewer.id)];
    const twice = photo(app.ctx, ann.viewer.id);
    const many = Array.from({ length: 21 }, () => photo(app.ctx, ann.viewer.id));
    const before = counters(app.ctx, ann.viewer.id);
    const attempts = [
      { mediaIds: used },
      { mediaIds: foreign },
      { mediaIds: [twice, twice] },
      { mediaIds: many },
      { mediaIds: [123] },
      { mediaIds: [], caption: ' \n ' },
      { mediaIds: [], caption: 'x'.repeat(5001) },
      { mediaIds: [], caption: 'x', place: 'x'.repeat(101) },
      { mediaIds: [], caption: 'x', language: 'not a language' },
      { mediaIds: [], caption: 'to nobody', visibility: 'direct' as const },
      { mediaIds: [], caption: '@bob@example.org', visibility: 'direct' as const },
    ];
    for (const attempt of attempts) {
      const found = refusal(() => post(app.ctx, ann.viewer, attempt));
      expect(found.kind).toBe('invalid');
      expect(found.message).toMatch(/^[A-Z].*\.$/);
    }
    expect(counters(app.ctx, ann.viewer.id)).toEqual(before);
    expect(
      post(app.ctx, ann.viewer, { mediaIds: [], caption: '🎉'.repeat(5000) }).caption.length,
    ).toBe(10_000);
  });

  test('a key makes one post, however often it comes', () => {
    const before = counters(app.ctx, ann.viewer.id)?.posts ?? 0;
    const mediaIds = [photo(app.ctx, ann.viewer.id)];
    const made = [1, 2, 3].map(() =>
      publishPost(app.ctx, ann.viewer, { caption: 'once', mediaIds }, 'key-1'),
    );
    expect(new Set(made.map((each) => each.id)).size).toBe(1);
    expect(counters(app.ctx, ann.viewer.id)?.posts).toBe(before + 1);
    const other = publishPost(app.ctx, bob.viewer, { caption: 'mine', mediaIds: [] }, 'key-1');
    expect(other.id).not.toBe(made[0]?.id ?? 0);
    deletePost(app.ctx, bob.viewer, other.id);
    expect(
      refusal(() => publishPost(app.ctx, bob.viewer, { caption: 'mine', mediaIds: [] }, 'key-1'))
        .kind,
    ).toBe('gone');
  });

  test('a refused attempt does not use up its key', () => {
    const input = { caption: '', mediaIds: [] };
    expect(refusal(() => publishPost(app.ctx, ann.viewer, input, 'k2')).kind).toBe('invalid');
    expect(publishPost(app.ctx, ann.viewer, { ...input, caption: 'now' }, 'k2').caption).toBe(
      'now',
    );
  });

  test('descriptions can be required', async () => {
    const strict = await createTestApp({ settings: { 'posts.require_alt_text': 'true' } });
    const eve = await strict.person('eve', 'owner');
    const mediaIds = [photo(strict.ctx, eve.viewer.id, 'A boat'), photo(strict.ctx, eve.viewer.id)];
    expect(refusal(() => post(strict.ctx, eve.viewer, { mediaIds })).message).toContain('Describe');
    expect(post(strict.ctx, eve.viewer, { mediaIds: mediaIds.slice(0, 1) }).mediaCount).toBe(1);
    await strict.close();
  });
});

describe('comments', () => {
  test('are counted, stay within the audience of the post, and survive it', () => {
    const open = post(app.ctx, ann.viewer);
    const mine = post(app.ctx, bob.viewer, { inReplyToId: open.id, caption: 'Nice' });
    post(app.ctx, ann.viewer, { inReplyToId: mine.id, caption: 'Thanks' });
    expect(readPost(app.ctx, null, open.id).repliesCount).toBe(1);
    expect(listDescendantIds(app.ctx, null, open.id)).toHaveLength(2);
    deletePost(app.ctx, ann.viewer, open.id);
    const left = findPost(app.ctx.db, mine.id);
    expect(left?.inReplyToId).toBeNull();
    expect(left?.inReplyToAccountId).toBe(ann.viewer.id);
    expect(listProfileIds(app.ctx, null, bob.viewer.id, firstPage())).not.toContain(mine.id);
    exact(bob);
  });

  test('on a post for followers are seen by its followers, not by the commenter’s', async () => {
    const cleo = await app.person('cleo');
    const dora = await app.person('dora');
    followAccount(app.ctx, bob.viewer, ann.viewer.id);
    followAccount(app.ctx, cleo.viewer, ann.viewer.id);
    followAccount(app.ctx, dora.viewer, bob.viewer.id);
    const closed = post(app.ctx, ann.viewer, { visibility: 'followers' });
    const said = post(app.ctx, bob.viewer, { inReplyToId: closed.id, visibility: 'public' });
    expect(said.visibility).toBe('followers');
    expect(readPost(app.ctx, cleo.viewer, said.id).id).toBe(said.id);
    expect(refusal(() => readPost(app.ctx, dora.viewer, said.id)).kind).toBe('not_found');
    expect(readPost(app.ctx, cleo.viewer, closed.id).repliesCount).toBe(1);
    expect(refusal(() => post(app.ctx, dora.viewer, { inReplyToId: closed.id })).kind).toBe(
      'not_found',
    );
  });

  test('can be turned off', () => {
    const quiet = post(app.ctx, ann.viewer, { commentsDisabled: true });
    expect(refusal(() => post(app.ctx, bob.viewer, { inReplyToId: quiet.id })).kind).toBe(
      'invalid',
    );
    expect(post(app.ctx, ann.viewer, { inReplyToId: quiet.id }).inReplyToId).toBe(quiet.id);
  });
});

describe('editing', () => {
  test('keeps what was said before, photos and descriptions too', () => {
    const ids = [1, 2, 3].map((n) => photo(app.ctx, ann.viewer.id, `old ${n}`));
    const made = post(app.ctx, ann.viewer, { caption: 'first #one', mediaIds: ids, place: 'Here' });
    const [a = 0, b = 0, c = 0] = ids;
    const edited = editPost(app.ctx, ann.viewer, made.id, {
      caption: 'second #two',
      mediaIds: [c, a],
      photos: [{ id: a, description: 'new 1' }],
      licence: 'cc-by-4.0',
    });
    expect(edited).toMatchObject({
      caption: 'second #two',
      editsCount: 1,
      mediaCount: 2,
      place: 'Here',
    });
    expect(listMediaIds(app.ctx.db, made.id)).toEqual([c, a]);
    expect(readMedia(app.ctx.db, [a])[0]?.description).toBe('new 1');
    const [version] = listVersions(app.ctx.db, made.id);
    expect(version).toMatchObject({
      caption: 'first #one',
      place: 'Here',
      createdAt: made.publishedAt,
    });
    expect(JSON.parse(version?.media ?? '')).toEqual(
      [a, b, c].map((id, at) => ({ id: String(id), description: `old ${at + 1}` })),
    );
    for (const blob of blobsOf(app.ctx, b)) expect(canSeeMedia(app.ctx, null, blob)).toBeNull();
  });

  test('that changes nothing leaves no version', () => {
    const made = post(app.ctx, ann.viewer, { caption: 'same' });
    expect(editPost(app.ctx, ann.viewer, made.id, { caption: ' same ' }).editsCount).toBe(0);
    const closed = editPost(app.ctx, ann.viewer, made.id, { commentsDisabled: true });
    expect(closed).toMatchObject({ editsCount: 0, commentsDisabled: 1, editedAt: null });
  });

  test('is for the author alone and cannot empty a post', () => {
    const made = post(app.ctx, ann.viewer);
    expect(refusal(() => editPost(app.ctx, bob.viewer, made.id, { caption: 'x' })).kind).toBe(
      'not_found',
    );
    expect(refusal(() => editPost(app.ctx, ann.viewer, made.id, { mediaIds: [] })).kind).toBe(
      'invalid',
    );
    const foreign = photo(app.ctx, bob.viewer.id);
    expect(
      refusal(() => editPost(app.ctx, ann.viewer, made.id, { mediaIds: [foreign] })).kind,
    ).toBe('invalid');
    expect(findPost(app.ctx.db, made.id)?.mediaCount).toBe(1);
  });

  test('can show a post to others, with every number right', () => {
    const made = post(app.ctx, ann.viewer);
    post(app.ctx, bob.viewer, { inReplyToId: made.id });
    editPost(app.ctx, ann.viewer, made.id, { visibility: 'self' });
    exact(ann);
    expect(refusal(() => readPost(app.ctx, bob.viewer, made.id)).kind).toBe('not_found');
    const again = editPost(app.ctx, ann.viewer, made.id, { visibility: 'public' });
    expect(again).toMatchObject({ repliesCount: 1, editsCount: 0 });
    exact(ann);
  });
});

describe('archive and delete', () => {
  test('an archived post is there for its author alone, and comes back', () => {
    const made = post(app.ctx, ann.viewer);
    const [blob = ''] = blobsOf(app.ctx, listMediaIds(app.ctx.db, made.id)[0] ?? 0);
    archivePost(app.ctx, ann.viewer, made.id);
    archivePost(app.ctx, ann.viewer, made.id);
    exact(ann);
    expect(refusal(() => readPost(app.ctx, bob.viewer, made.id)).kind).toBe('not_found');
    expect(canSeeMedia(app.ctx, bob.viewer, blob)).toBeNull();
    expect(canSeeMedia(app.ctx, ann.viewer, blob)).toBe('private');
    expect(listProfileIds(app.ctx, ann.viewer, ann.viewer.id, firstPage())).not.toContain(made.id);
    restorePost(app.ctx, ann.viewer, made.id);
    exact(ann);
    expect(canSeeMedia(app.ctx, null, blob)).toBe('public');
  });

  test('a deleted post takes its photos, its files and its number along', () => {
    const made = post(app.ctx, ann.viewer);
    const ids = listMediaIds(app.ctx.db, made.id);
    const blobs = blobsOf(app.ctx, ids[0] ?? 0);
    expect(refusal(() => deletePost(app.ctx, bob.viewer, made.id)).kind).toBe('not_found');
    deletePost(app.ctx, ann.viewer, made.id);
    expect(readMedia(app.ctx.db, ids)).toEqual([]);
    for (const blob of blobs) expect(canSeeMedia(app.ctx, ann.viewer, blob)).toBeNull();
    expect(refusal(() => readPost(app.ctx, ann.viewer, made.id)).kind).toBe('not_found');
    exact(ann);
  });

  test('everything of an account goes piece by piece', async () => {
    const gone = await app.person('gone');
    const host = post(app.ctx, ann.viewer);
    for (let n = 0; n < 60; n += 1) post(app.ctx, gone.viewer, { inReplyToId: host.id });
    expect(readPost(app.ctx, null, host.id).repliesCount).toBe(60);
    expect(erasePostsOf(app.ctx, gone.viewer.id)).toBe(true);
    expect(erasePostsOf(app.ctx, gone.viewer.id)).toBe(false);
    expect(readPost(app.ctx, null, host.id).repliesCount).toBe(0);
  });
});
