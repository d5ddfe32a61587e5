import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { sharePost } from '#domain/posts/share.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import type { FeaturedTagJson, TagJson } from '#doors/entities/tag.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { person, receive } from '#test/posts/elsewhere.ts';
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

const send = (path: string, as: Person | null, method = 'GET', json?: unknown) =>
  app.request(path, {
    method,
    ...(as ? { token: as.token } : {}),
    ...(json === undefined ? {} : { json }),
  });
const say = async <T>(path: string, as: Person | null, method = 'GET', json?: unknown) => {
  const answer = await send(path, as, method, json);
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};
const ids = async (path: string, as: Person = ann): Promise<string[]> =>
  (await say<{ id: string }[]>(path, as)).map((each) => each.id);
const home = () => ids('/api/v1/timelines/home?limit=40');

describe('a hashtag', () => {
  test('is told with the last seven days, also one that nobody used', async () => {
    post(app.ctx, bob.viewer, { caption: '#Dawn' });
    post(app.ctx, bob.viewer, { caption: '#dawn again' });
    post(app.ctx, cid.viewer, { caption: '#DAWN' });
    post(app.ctx, cid.viewer, { caption: '#dawn', visibility: 'followers' });
    const tag = await say<TagJson>('/api/v1/tags/dawn', null);
    expect(tag).toMatchObject({
      name: 'Dawn',
      url: 'https://here.example/tags/dawn',
      following: false,
      featuring: false,
    });
    expect(tag.history.length).toBe(7);
    expect(tag.history[0]).toMatchObject({ uses: '3', accounts: '2' });
    expect(tag.history[1]).toMatchObject({ uses: '0', accounts: '0' });
    expect(Number(tag.history[0]?.day) % 86_400).toBe(0);
    expect(await say<TagJson>('/api/v1/tags/never/', null)).toMatchObject({ name: 'never' });
    for (const name of ['123', 'a%20b', '%23%23', 'x'.repeat(101)]) {
      expect((await send(`/api/v1/tags/${name}`, null)).status).toBe(404);
    }
  });

  test('that is followed brings public posts into the home timeline, each once', async () => {
    followAccount(app.ctx, ann.viewer, bob.viewer.id);
    expect(await say<TagJson>('/api/v1/tags/Sea/follow', ann, 'POST')).toMatchObject({
      name: 'Sea',
      following: true,
    });
    await say('/api/v1/tags/ships/follow', ann, 'POST');
    const open = post(app.ctx, cid.viewer, { caption: '#sea and #ships' });
    const followed = post(app.ctx, bob.viewer, { caption: '#sea' });
    const quiet = post(app.ctx, cid.viewer, { caption: '#sea', visibility: 'unlisted' });
    const comment = post(app.ctx, cid.viewer, { caption: '#sea', inReplyToId: open.id });
    const far = person(app.ctx, 'sailor');
    const remote = receive(app.ctx, far, { tags: ['sea'], publishedAt: app.clock.now() });
    const limited = person(app.ctx, 'quiet', { domain: 'limited.example' });
    app.ctx.db.run(`UPDATE accounts SET limited = 1 WHERE id = ${limited.id}`);
    const kept = receive(app.ctx, limited, { tags: ['sea'], publishedAt: app.clock.now() });
    const boost = sharePost(app.ctx, bob.viewer.id, open.id)?.shareId;
    const found = await home();
    for (const id of [open.id, followed.id, remote]) {
      expect(found.filter((each) => each === String(id))).toHaveLength(1);
    }
    for (const id of [quiet.id, comment.id, kept, boost]) expect(found).not.toContain(String(id));
    await say(`/api/v1/accounts/${cid.viewer.id}/mute`, ann, 'POST', {});
    expect(await home()).not.toContain(String(open.id));
    await say(`/api/v1/accounts/${cid.viewer.id}/unmute`, ann, 'POST', {});
    const names = (await say<TagJson[]>('/api/v1/followed_tags', ann)).map((tag) => tag.name);
    expect(names.sort()).toEqual(['Sea', 'ships']);
    expect(await say<TagJson[]>('/api/v1/followed_tags', bob)).toEqual([]);
    for (const name of ['sea', 'SHIPS', 'never']) {
      expect(await say<TagJson>(`/api/v1/tags/${name}/unfollow`, ann, 'POST')).toMatchObject({
        following: false,
      });
    }
    // Now the boost brings it.
    const after = await home();
    expect(after).not.toContain(String(open.id));
    expect(after).toContain(String(boost));
  });

  test('may be joined with others in a timeline: any, all, none, local, only_media', async () => {
    const make = (caption: string, mediaIds?: number[]) =>
      String(post(app.ctx, cid.viewer, { caption, ...(mediaIds ? { mediaIds } : {}) }).id);
    const x = make('#tx');
    const y = make('#ty', []);
    const xy = make('#tx #ty');
    const xyz = make('#tx #ty #tz');
    const far = person(app.ctx, 'tagger');
    const there = String(receive(app.ctx, far, { tags: ['tx'], publishedAt: app.clock.now() }));
    const read = async (query: string) => (await ids(`/api/v1/timelines/tag/${query}`)).sort();
    expect(await read('tx')).toEqual([x, xy, xyz, there].sort());
    expect(await read('tx?any[]=TY')).toEqual([x, y, xy, xyz, there].sort());
    expect(await read('tx?all[]=ty')).toEqual([xy, xyz].sort());
    expect(await read('tx?all[]=ty&none[]=tz')).toEqual([xy]);
    expect(await read('tx?none[]=ty&local=true')).toEqual([x]);
    expect(await read('tx?remote=1')).toEqual([there]);
    expect(await read('ty?only_media=true')).toEqual([xy, xyz].sort());
    expect(await read('tx?all[]=nobody')).toEqual([]);
    expect((await ids('/api/v1/timelines/tag/tx?any[]=ty&limit=2')).length).toBe(2);
  });

  test('stands on a profile with what everybody may know', async () => {
    post(app.ctx, bob.viewer, { caption: '#bread' });
    post(app.ctx, bob.viewer, { caption: '#bread', visibility: 'followers' });
    const made = await say<FeaturedTagJson>('/api/v1/featured_tags', bob, 'POST', {
      name: '#bread',
    });
    expect(made).toMatchObject({ name: 'bread', statuses_count: '1' });
    expect(made.last_status_at).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(
      await say<FeaturedTagJson>('/api/v1/featured_tags', bob, 'POST', { name: 'Bread' }),
    ).toEqual(made);
    const shown = `/api/v1/accounts/${bob.viewer.id}/featured_tags`;
    expect(await say<FeaturedTagJson[]>(shown, null)).toEqual([made]);
    expect(await say<FeaturedTagJson[]>('/api/v1/featured_tags', ann)).toEqual([]);
    const suggested = await say<TagJson[]>('/api/v1/featured_tags/suggestions', bob);
    expect(suggested.map((tag) => tag.name)).not.toContain('bread');
    const stolen = await send(`/api/v1/featured_tags/${made.id}`, ann, 'DELETE');
    expect(stolen.status).toBe(404);
    await say(`/api/v1/featured_tags/${made.id}`, bob, 'DELETE');
    expect(await say<FeaturedTagJson[]>(shown, null)).toEqual([]);
    expect(await say<TagJson>('/api/v1/tags/bread/feature', bob, 'POST')).toMatchObject({
      featuring: true,
    });
    expect(await say<TagJson>('/api/v1/tags/bread/unfeature', bob, 'POST')).toMatchObject({
      featuring: false,
    });
    for (let i = 0; i < 10; i += 1) await say(`/api/v1/tags/t${i}/feature`, bob, 'POST');
    expect((await send('/api/v1/tags/more/feature', bob, 'POST')).status).toBe(422);
  });
});
