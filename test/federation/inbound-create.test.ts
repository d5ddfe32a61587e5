import { afterAll, beforeAll, expect, test } from 'bun:test';
import { listMediaOfPosts } from '#domain/media/reading.ts';
import { readPostByUri } from '#domain/posts/find-by-uri.ts';
import type { Person } from '#test/harness/app.ts';
import { createFederatedApp, type FederatedApp, settleAll } from '#test/harness/federation.ts';
import { createPeer } from '#test/harness/peer.ts';
import { activityOf, letFollow, noteOf, photosOf, rowsIn } from './inbound-world.ts';

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

test('a signed post with two photos is promised, then stored with its photos as they lie', async () => {
  const bob = peer.actor('bob');
  await letFollow(app, ann, bob);
  const note = noteOf(bob, 1, { attachment: photosOf(peer, 2) });
  const answer = await peer.post(`${app.origin}/users/ann/inbox`, activityOf(bob, 'Create', note), {
    as: bob,
  });
  expect(answer.status).toBe(202);
  expect(rowsIn(app, 'inbox_items')).toBe(1);
  await settleAll(app);
  expect(rowsIn(app, 'inbox_items')).toBe(0);
  const post = readPostByUri(app.ctx, String(note.id));
  expect(post?.caption).toBe('Note 1');
  expect(post?.visibility).toBe('public');
  const photos = listMediaOfPosts(app.ctx.db, [post?.id ?? 0]).get(post?.id ?? 0) ?? [];
  expect(photos.map(({ description, width, focusX }) => [description, width, focusX])).toEqual([
    ['Photo 0', 1200, 0.5],
    ['Photo 1', 1200, 0.5],
  ]);
});

test('what its author lets nobody do is refused here with a sentence, and has no button', async () => {
  const eve = peer.actor('eve');
  await letFollow(app, ann, eve);
  const own = { automaticApproval: [eve.uri], manualApproval: [] };
  const note = noteOf(eve, 'quiet', { interactionPolicy: { canLike: own, canAnnounce: own } });
  await peer.post(`${app.origin}/users/ann/inbox`, activityOf(eve, 'Create', note), { as: eve });
  await settleAll(app);
  const { id = 0 } = readPostByUri(app.ctx, String(note.id)) ?? {};
  const act = async (what: string) => {
    const answer = await app.request(`/api/v1/statuses/${id}/${what}`, {
      token: ann.token,
      json: {},
    });
    return [answer.status, ((await answer.json()) as { error?: string }).error];
  };
  expect(await act('favourite')).toEqual([422, 'Likes are turned off for this post.']);
  expect(await act('reblog')).toEqual([422, 'Boosts are turned off for this post.']);
  expect((await act('bookmark'))[0]).toBe(200);
  const page = async () => (await app.request(`/@eve@${peer.host}/${id}`, { as: ann })).text();
  expect(await page()).not.toMatch(/data-act="(like|boost)"/);
  // Later they let others: the page follows.
  const opened = { ...note, interactionPolicy: {}, updated: new Date().toISOString() };
  await peer.post(`${app.origin}/users/ann/inbox`, activityOf(eve, 'Update', opened), { as: eve });
  await settleAll(app);
  expect(await page()).toMatch(/data-act="like"/);
  expect((await act('favourite'))[0]).toBe(200);
});
