import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { firstPage } from '#base/core/page.ts';
import { listMediaOfPosts, readMedia } from '#domain/media/reading.ts';
import { findPost } from '#domain/posts/queries.ts';
import { listProfileIds } from '#domain/posts/reading.ts';
import { readRelationships } from '#domain/relationships/reading.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createMediaApp, photo as jpeg, tempFiles } from '#test/media/world.ts';
import { photo, post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createMediaApp({
    settings: { mode: 'community', 'storage.min_free': '0' },
    config: { rates: false },
  });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
});
afterAll(() => app.close());

const choices = {
  caption: 'Hi #sea',
  visibility: 'public',
  licence: 'cc-by-4.0',
  place: 'Here',
  spoiler: '',
};

/** Sends the compose form as a browser without a script does. */
function send(person: Person, files: (Buffer | string)[], fields: Record<string, string> = {}) {
  const body = new FormData();
  body.set('csrf', person.csrf);
  for (const [name, value] of Object.entries({ ...choices, ...fields })) body.set(name, value);
  for (const [at, file] of files.entries())
    body.append('photos', new Blob([file as BlobPart]), `photo ${at}.jpg`);
  const headers = { cookie: person.cookie, 'sec-fetch-site': 'same-origin' };
  return app.request('/compose', { body, headers });
}
const newest = (person: Person) =>
  listProfileIds(app.ctx, person.viewer, person.viewer.id, firstPage(1))[0] ?? 0;

describe('the compose form without a script', () => {
  test('publishes photos in their order with their descriptions', async () => {
    const response = await send(ann, [await jpeg(300, 200), await jpeg(200, 300)], {
      alt_1: 'wide',
      alt_2: 'high',
    });
    expect(response.status).toBe(303);
    const id = newest(ann);
    expect(response.headers.get('location')).toBe(`/@ann/${id}`);
    expect(findPost(app.ctx.db, id)).toMatchObject({
      caption: 'Hi #sea',
      licence: 'cc-by-4.0',
      place: 'Here',
    });
    const photos = listMediaOfPosts(app.ctx.db, [id]).get(id) ?? [];
    expect(photos.map((each) => [each.description, each.width])).toEqual([
      ['wide', 300],
      ['high', 200],
    ]);
    expect(tempFiles(app)).toEqual([]);
  });

  test('keeps the words and the other photos when one file is no photo', async () => {
    const before = newest(ann);
    const response = await send(ann, [await jpeg(), 'not a photo', await jpeg()], {
      caption: 'Keep <me>',
      alt_1: 'first',
      alt_2: 'broken',
      alt_3: 'third',
    });
    expect(response.status).toBe(415);
    const html = await response.text();
    expect(html).toContain('Photo 2:');
    expect(html).toContain('Keep &lt;me');
    const kept = /name="media_ids" value="([0-9,]+)"/.exec(html)?.[1] ?? '';
    const ids = kept.split(',').map(Number);
    expect(readMedia(app.ctx.db, ids).map((each) => each.description)).toEqual(['first', 'third']);
    expect(newest(ann)).toBe(before);

    const again = await send(ann, [await jpeg()], {
      media_ids: kept,
      alt_1: 'first',
      alt_2: 'third, better',
      alt_3: 'second',
    });
    expect(again.status).toBe(303);
    const photos = listMediaOfPosts(app.ctx.db, [newest(ann)]).get(newest(ann)) ?? [];
    expect(photos.map((each) => each.description)).toEqual(['first', 'third, better', 'second']);
    expect(tempFiles(app)).toEqual([]);
  });

  test('keeps photos when the words are refused', async () => {
    const response = await send(ann, [await jpeg()], { place: 'x'.repeat(150) });
    expect(response.status).toBe(422);
    const html = await response.text();
    expect(html).toMatch(/name="media_ids" value="[0-9]+"/);
    expect(html).toContain('at most 100 characters');
  });

  test('asks for a photo, and takes nobody else’s', async () => {
    const foreign = String(photo(app.ctx, bob.viewer.id));
    const response = await send(ann, [], { media_ids: foreign });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('at least one photo');
  });

  test('T75: is refused without the token of the session', async () => {
    const before = newest(ann);
    const response = await send({ ...ann, csrf: 'guessed' }, [await jpeg()]);
    expect(response.status).toBe(403);
    expect(newest(ann)).toBe(before);
    expect(tempFiles(app)).toEqual([]);
  });
});

describe('the pages of a post', () => {
  test('change its words and who sees it', async () => {
    const mediaId = photo(app.ctx, ann.viewer.id, 'old');
    const made = post(app.ctx, ann.viewer, { mediaIds: [mediaId] });
    const path = `/@ann/${made.id}`;
    const form = await (await app.request(`${path}/edit`, { as: ann })).text();
    expect(form).toContain('value="old"');
    const words = { ...choices, caption: 'New words', visibility: 'followers', alt_1: 'new' };
    const saved = await app.request(`${path}/edit`, { as: ann, form: words });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, path]);
    expect(findPost(app.ctx.db, made.id)).toMatchObject({
      caption: 'New words',
      visibility: 'followers',
      editsCount: 1,
    });
    expect(readMedia(app.ctx.db, [mediaId])[0]?.description).toBe('new');
    const history = await (await app.request(`${path}/history`, { as: ann })).text();
    expect(history.indexOf('New words')).toBeLessThan(history.indexOf('Hello'));
    const refused = await app.request(`${path}/edit`, {
      as: ann,
      form: { ...words, place: 'x'.repeat(101) },
    });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('New words');
  });

  test('put it away, show it again and delete it, for its author alone', async () => {
    const made = post(app.ctx, ann.viewer);
    const path = `/@ann/${made.id}`;
    for (const act of ['edit', 'archive', 'restore', 'delete']) {
      const refused = await app.request(`${path}/${act}`, { as: bob, form: choices });
      expect([act, refused.status]).toEqual([act, 404]);
    }
    await app.request(`${path}/archive`, { as: ann, form: {} });
    expect((await app.request(path)).status).toBe(404);
    expect(await (await app.request(path, { as: ann })).text()).toContain(`${path}/restore`);
    await app.request(`${path}/restore`, { as: ann, form: {} });
    expect((await app.request(path)).status).toBe(200);
    const gone = await app.request(`${path}/delete`, { as: ann, form: {} });
    expect([gone.status, gone.headers.get('location')]).toEqual([303, '/@ann']);
    expect((await app.request(path, { as: ann })).status).toBe(404);
  });

  test('take a comment and let its author remove it', async () => {
    const made = post(app.ctx, ann.viewer);
    const path = `/@ann/${made.id}`;
    const said = await app.request(`${path}/comment`, { as: bob, form: { caption: 'Lovely' } });
    const id = /#comment-([0-9]+)$/.exec(said.headers.get('location') ?? '')?.[1] ?? '';
    expect(await (await app.request(path)).text()).toContain('Lovely');
    const gone = await app.request(`/@bob/${id}/delete`, { as: bob, form: {} });
    expect(gone.headers.get('location')).toBe(`${path}#comments`);
    expect(await (await app.request(path)).text()).not.toContain('Lovely');
    const stranger = await app.request(`${path}/comment`, { form: { caption: 'Spam' } });
    expect(stranger.headers.get('location')).toStartWith('/sign-in');
  });

  test('follow and unfollow without a script', async () => {
    const following = () =>
      readRelationships(app.ctx.db, bob.viewer.id, [ann.viewer.id])[0]?.following;
    await app.request('/@ann/follow', { as: bob, form: {} });
    expect(following()).toBe(true);
    expect(await (await app.request('/@ann', { as: bob })).text()).toContain('/@ann/unfollow');
    await app.request('/@ann/unfollow', { as: bob, form: {} });
    expect(following()).toBe(false);
  });
});
