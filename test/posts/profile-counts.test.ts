import { expect, test } from 'bun:test';
import { archivePost } from '#domain/posts/archive.ts';
import { countClosedPosts } from '#domain/posts/reading.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { createTestApp } from '#test/harness/app.ts';
import { post } from './world.ts';

test('a profile counts, beside the open posts, what its reader may see of the others', async () => {
  const app = await createTestApp({ settings: { mode: 'community' } });
  const ann = await app.person('ann', 'owner');
  const [bob, eve] = [await app.person('bob'), await app.person('eve')];
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
  for (const visibility of ['public', 'unlisted', 'followers', 'followers', 'self'] as const) {
    post(app.ctx, ann.viewer, { visibility });
  }
  const open = post(app.ctx, ann.viewer);
  post(app.ctx, ann.viewer, { visibility: 'followers', inReplyToId: open.id });
  archivePost(app.ctx, ann.viewer, post(app.ctx, ann.viewer, { visibility: 'followers' }).id);
  const count = (who: { viewer: { id: number } } | null) =>
    countClosedPosts(app.ctx, who?.viewer ?? null, ann.viewer.id);
  expect([count(ann), count(bob), count(eve), count(null)]).toEqual([3, 2, 0, 0]);
  const page = await (await app.request('/@ann', { as: bob })).text();
  expect(page).toContain('>5 posts<');
  await app.close();
});
