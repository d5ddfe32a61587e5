import { afterAll, beforeAll, expect, test } from 'bun:test';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { readPostsByIds } from '#domain/posts/reading.ts';
import { statusesJson } from '#doors/entities/status.ts';
import { statusListText } from '#doors/entities/status-cache.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { countStatements, photo, post } from './world.ts';

let app: TestApp;
let people: Person[];
beforeAll(async () => {
  app = await createTestApp();
  people = await Promise.all(
    ['ann', 'bob', 'cleo', 'dora'].map((name, at) => app.person(name, at ? 'member' : 'owner')),
  );
});
afterAll(() => app.close());

test('one post and twenty take the same number of statements', () => {
  const ids = Array.from({ length: 20 }, (_, n) => {
    const viewer = people[n % 4]?.viewer;
    if (!viewer) throw new Error('nobody');
    const mediaIds = Array.from({ length: 1 + (n % 3) }, () => photo(app.ctx, viewer.id));
    return post(app.ctx, viewer, { caption: `#one #t${n} @ann @bob`, mediaIds }).id;
  });
  const cost = (some: number[]) =>
    countStatements(app.ctx, () => statusesJson(app.ctx, readPostsByIds(app.ctx, null, some)));
  // The settings are read once and then remembered.
  cost(ids);
  expect(cost(ids)).toBe(cost(ids.slice(0, 1)));
  expect(cost(ids)).toBeLessThanOrEqual(10);
  const cached = () => countStatements(app.ctx, () => statusListText(app.ctx, null, ids));
  cached();
  expect(cached()).toBeLessThanOrEqual(2);
  expect(JSON.parse(statusListText(app.ctx, null, ids))).toHaveLength(20);
});

test('every id is text, every list a list, and nothing private is in it', () => {
  const viewer = people[0]?.viewer;
  if (!viewer) throw new Error('nobody');
  const made = post(app.ctx, viewer, { caption: 'x', visibility: 'unlisted', place: 'Harbour' });
  const [status] = statusesJson(app.ctx, [made]);
  expect(status).toMatchObject({
    id: String(made.id),
    visibility: 'unlisted',
    in_reply_to_id: null,
    mentions: [],
    tags: [],
    emojis: [],
    pf_type: 'photo',
    place: { name: 'Harbour' },
    account: { acct: 'ann', website: '', fields: [], emojis: [], roles: [{ name: 'Owner' }] },
  });
  expect(status?.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const [attachment] = status?.media_attachments ?? [];
  expect(attachment).toMatchObject({
    type: 'image',
    description: null,
    license: null,
    meta: { original: { width: 2048, height: 1536, size: '2048x1536' }, focus: { x: 0, y: 0 } },
    tintype: { camera: [], download_url: null },
  });
  expect(attachment?.tintype.renditions.map((rendition) => rendition.width)).toEqual([
    480, 1080, 2048,
  ]);
  expect(JSON.stringify(status)).not.toContain('example.org');
});

test('a post that is remembered names nobody who is gone', async () => {
  const eve = await app.person('eve');
  const [ann] = people;
  if (!ann) throw new Error('nobody');
  const { id } = post(app.ctx, ann.viewer, { caption: 'with @eve', mediaIds: [] });
  const mentions = () => JSON.parse(statusListText(app.ctx, null, [id]))[0].mentions;
  expect(mentions()).toHaveLength(1);
  deleteAccount(app.ctx, 'console', eve.viewer.id);
  await app.settle();
  expect(mentions()).toEqual([]);
});
