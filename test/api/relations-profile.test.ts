import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { pinPost } from '#domain/posts/pin.ts';
import { sharePost } from '#domain/posts/share.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';
import { openCommunity } from './community.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
let cid: Person;
beforeAll(async () => {
  ({ app, ann, bob, cid } = await openCommunity(['ann', 'bob', 'cid'], 'https://here.example'));
});
afterAll(() => app.close());

const send = (path: string, as: Person | null, json?: unknown, method = json ? 'POST' : 'GET') =>
  app.request(path, {
    method,
    ...(as ? { token: as.token } : {}),
    ...(json === undefined ? {} : { json }),
  });

describe('the posts of an account', () => {
  test('are filtered by every parameter that apps send', async () => {
    const mine = (caption: string, more = {}) => post(app.ctx, bob.viewer, { caption, ...more }).id;
    const far = post(app.ctx, cid.viewer);
    const photo = mine('#one');
    const words = mine('#one #two', { mediaIds: [] });
    const comment = mine('so nice', { inReplyToId: far.id });
    const closed = mine('for friends', { visibility: 'followers' });
    const boost = sharePost(app.ctx, bob.viewer.id, far.id)?.shareId ?? 0;
    pinPost(app.ctx, bob.viewer.id, photo);
    const names = { photo, words, comment, closed, boost };
    const read = async (query: string, as: Person | null = ann) => {
      const answer = await send(`/api/v1/accounts/${bob.viewer.id}/statuses?${query}`, as);
      expect(answer.status).toBe(200);
      const found = ((await answer.json()) as { id: string }[]).map((each) => each.id);
      return Object.entries(names)
        .filter(([, id]) => found.includes(String(id)))
        .map(([name]) => name);
    };
    expect(await read('')).toEqual(['photo', 'words', 'comment', 'boost']);
    expect(await read('', bob)).toEqual(['photo', 'words', 'comment', 'closed', 'boost']);
    expect(await read('', null)).toEqual(['photo', 'words', 'comment', 'boost']);
    expect(await read('exclude_replies=true')).toEqual(['photo', 'words', 'boost']);
    expect(await read('exclude_reblogs=1')).toEqual(['photo', 'words', 'comment']);
    expect(await read('only_media=true')).toEqual(['photo']);
    expect(await read('media_type=photo')).toEqual(['photo']);
    expect(await read('media_type=video')).toEqual([]);
    expect(await read('tagged=TWO')).toEqual(['words']);
    expect(await read('tagged=%23one')).toEqual(['photo', 'words']);
    expect(await read('pinned=true')).toEqual(['photo']);
    expect(await read(`max_id=${words}`)).toEqual(['photo']);
    expect(await read(`since_id=${comment}`)).toEqual(['boost']);
    expect(await read('max_id=0&limit=40&_pe=1')).toEqual(['photo', 'words', 'comment', 'boost']);
  });

  test('that are pinned come without a next page, so no app asks for ever', async () => {
    const path = `/api/v1/accounts/${bob.viewer.id}/statuses?pinned=true&limit=1`;
    expect((await send(path, ann)).headers.get('link')).toBeNull();
  });
});

describe('T97: what is somebody’s own', () => {
  test('never shows in the answers for somebody else, and swapped ids are not found', async () => {
    followAccount(app.ctx, ann.viewer, bob.viewer.id);
    await send(`/api/v1/accounts/${bob.viewer.id}/mute`, ann, {});
    await send(`/api/v1/accounts/${cid.viewer.id}/block`, ann, {});
    await send(`/api/v1/accounts/${bob.viewer.id}/note`, ann, { comment: 'secret words' });
    await send('/api/v1/domain_blocks', ann, { domain: 'secret.example' });
    await send('/api/v1/tags/secret/follow', ann, {});
    for (const path of [
      '/api/v1/mutes',
      '/api/v1/blocks',
      '/api/v1/domain_blocks',
      '/api/v1/followed_tags',
      '/api/v1/follow_requests',
      '/api/v1/lists',
      '/api/v1/featured_tags',
    ]) {
      const answer = await send(path, bob);
      expect([path, answer.status, await answer.json()]).toEqual([path, 200, []]);
      expect((await send(path, null)).status).toBe(401);
    }
    const relation = `/api/v1/accounts/relationships?id[]=${ann.viewer.id}&id[]=${cid.viewer.id}`;
    const text = await (await send(relation, bob)).text();
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject([
      { muting: false, note: '', followed_by: true },
      { blocking: false, note: '' },
    ]);
    for (const what of ['mute', 'unmute', 'note', 'follow', 'block', 'remove_from_followers']) {
      for (const id of ['0', '99', 'x', '9'.repeat(20)]) {
        const answer = await send(`/api/v1/accounts/${id}/${what}`, bob, {});
        expect([what, id, answer.status]).toEqual([what, id, 404]);
        expect(await answer.json()).toMatchObject({ error: expect.any(String) });
      }
    }
    for (const path of ['follow_requests/9/authorize', 'follow_requests/9/reject']) {
      expect((await send(`/api/v1/${path}`, bob, {})).status).toBe(404);
    }
  });
});

test('no list asks more often the longer it is', async () => {
  const crowd = await Promise.all(['p1', 'p2', 'p3', 'p4', 'p5', 'p6'].map((n) => app.person(n)));
  for (const each of crowd) {
    followAccount(app.ctx, cid.viewer, each.viewer.id);
    followAccount(app.ctx, each.viewer, cid.viewer.id);
    post(app.ctx, each.viewer, { caption: '#count #tags' });
    await send(`/api/v1/accounts/${each.viewer.id}/mute`, bob, {});
    await send(`/api/v1/tags/n${each.viewer.id}/follow`, cid, {});
  }
  followAccount(app.ctx, bob.viewer, cid.viewer.id);
  const { db } = app.ctx;
  const count = async (path: string, as: Person) => {
    await send(path, as);
    const original = db.query;
    let statements = 0;
    Object.assign(db, {
      query: (sql: string) => {
        // A look at whether anything was written reads nothing.
        if (!/^PRAGMA|total_changes/.test(sql)) statements += 1;
        return original.call(db, sql);
      },
    });
    const found = (await (await send(path, as)).json()) as unknown[];
    Object.assign(db, { query: original });
    return { statements, length: found.length };
  };
  for (const [as, path] of [
    [cid, `/api/v1/accounts/${cid.viewer.id}/followers`],
    [bob, '/api/v1/mutes'],
    [cid, '/api/v1/followed_tags'],
    [ann, '/api/v2/suggestions'],
    [ann, '/api/v1/directory'],
    [ann, '/api/v1/timelines/public'],
    [ann, '/api/v1/timelines/tag/count'],
  ] as const) {
    const [one, many] = [await count(`${path}?limit=1`, as), await count(`${path}?limit=5`, as)];
    expect([path, one.length, many.length]).toEqual([path, 1, 5]);
    expect([path, many.statements]).toEqual([path, one.statements]);
  }
});
