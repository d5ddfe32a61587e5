import { afterEach, beforeEach, expect, test } from 'bun:test';
import { readMedia } from '#domain/media/reading.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { type Front, openFront, publish, upload } from '#test/media/front.ts';
import { blobFiles, createMediaApp, photo } from '#test/media/world.ts';

let app: TestApp;
let front: Front;
let ann: Person;

beforeEach(async () => {
  app = await createMediaApp();
  front = openFront(app);
  ann = await app.person('ann', 'owner');
});
afterEach(() => app.close());

test('words, focus and cut are changed by form, JSON or query', async () => {
  const { id } = await upload(front, ann, await photo(400, 200));
  const put = async (how: object, query = '') => {
    const answer = await front.request(`/api/v1/media/${id}${query}`, {
      method: 'PUT',
      token: ann.token,
      ...how,
    });
    return (await answer.json()) as Awaited<ReturnType<typeof upload>> & { error?: string };
  };
  expect((await put({ json: { description: 'one' } })).description).toBe('one');
  expect((await put({ form: { focus: '0.1,0.2' } })).description).toBe('one');
  const inQuery = { headers: { 'content-type': 'application/json' } };
  expect((await put(inQuery, '?description=two%20words')).description).toBe('two words');
  const turned = await put({ json: { tintype_rotate: 90 } });
  expect(turned.meta?.original).toMatchObject({ width: 200, height: 400 });
  const cut = await put({ form: { tintype_crop: '0,0,1,0.5' } });
  expect(cut.tintype.edits).toEqual({ rotate: 90, crop: { x: 0, y: 0, width: 1, height: 0.5 } });
  expect(cut.meta?.original).toMatchObject({ width: 200, height: 200 });
  expect((await put({ form: { tintype_crop: '0.5,0,1,1' } })).error).toContain('inside');
  expect((await put({ form: { tintype_crop: 'x' } })).error).toContain('tintype_crop');
  expect((await put({ form: { tintype_rotate: '45' } })).error).toContain('tintype_rotate');
  const back = await put({ form: { tintype_rotate: '0' } });
  expect(back.tintype.edits).toEqual({ rotate: 0, crop: null });
});

test('a photo is deleted only by its owner, and only while no post has it', async () => {
  const ben = await app.person('ben');
  const { id } = await upload(front, ann, await photo(64, 64));
  const path = `/api/v1/media/${id}`;
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const other = await front.request(path, { method, token: ben.token });
    const missing = await front.request('/api/v1/media/123', { method, token: ben.token });
    expect(other.status).toBe(404);
    expect(await other.text()).toBe(await missing.text());
    expect((await front.request(path, { method })).status).toBe(401);
  }
  const post = publish(app, ann.viewer.id, [Number(id)]);
  const attached = await front.request(path, { method: 'DELETE', token: ann.token });
  expect(attached.status).toBe(422);
  app.ctx.db.run('UPDATE media SET post_id = NULL WHERE post_id = ?', [post]);
  const gone = await front.request(path, { method: 'DELETE', token: ann.token });
  expect(gone.status).toBe(200);
  expect(await gone.json()).toEqual({});
  expect(readMedia(app.ctx.db, [Number(id)])).toEqual([]);
  await app.settle();
  expect(await blobFiles(app)).toEqual([]);
});

test('a required description of a published photo can be written anew, not emptied', async () => {
  const { id } = await upload(front, ann, await photo(400, 200));
  const put = (description: string) =>
    front.request(`/api/v1/media/${id}`, {
      method: 'PUT',
      token: ann.token,
      json: { description },
    });
  expect((await put('')).status).toBe(200);
  expect((await put('A hill')).status).toBe(200);
  publish(app, ann.viewer.id, [Number(id)]);
  app.ctx.db.run('UPDATE preferences SET require_alt_text = 1 WHERE account_id = ?', [
    ann.viewer.id,
  ]);
  const refused = await put('  ');
  expect(refused.status).toBe(422);
  expect(((await refused.json()) as { error: string }).error).toContain('needs a description');
  expect((await put('A high hill')).status).toBe(200);
});
