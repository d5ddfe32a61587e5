import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { savePreferences } from '#domain/accounts/preferences.ts';
import { findPost } from '#domain/posts/queries.ts';
import { followAccount } from '#domain/relationships/follow.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let bob: Person;
beforeAll(async () => {
  app = await createTestApp({ settings: { mode: 'community' } });
  ann = await app.person('ann', 'owner');
  bob = await app.person('bob');
  followAccount(app.ctx, bob.viewer, ann.viewer.id);
});
afterAll(() => app.close());

const page = async (path: string, as?: Person): Promise<string> => {
  const response = await app.request(path, as ? { as } : {});
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
};
const send = async (path: string, as: Person, form: Record<string, string> = {}) => {
  const response = await app.request(path, { as, form });
  expect([path, response.status]).toEqual([path, 303]);
  return response.headers.get('location') ?? '';
};

describe('the signs under a post', () => {
  test('like, boost and keep it without a script, and take that back', async () => {
    const { id } = post(app.ctx, ann.viewer, { caption: 'To be liked' });
    expect(await send(`/@ann/${id}/like`, bob, { next: '/?max_id=9' })).toBe(
      `/?max_id=9#post-${id}`,
    );
    expect(await send(`/@ann/${id}/boost`, bob)).toBe(`/@ann/${id}#post-${id}`);
    await send(`/@ann/${id}/bookmark`, bob);
    expect(findPost(app.ctx.db, id)).toMatchObject({ likesCount: 1, sharesCount: 1 });
    const shown = await page(`/@ann/${id}`, bob);
    expect(shown).toContain(`/@ann/${id}/unlike`);
    expect(shown).toContain('aria-pressed="true"');
    expect(await page('/bookmarks', bob)).toContain('To be liked');
    expect(await page('/likes', bob)).toContain('To be liked');
    expect(await page(`/@ann/${id}/likes`, ann)).toContain('@bob');
    expect(await page(`/@ann/${id}/boosts`, ann)).toContain('@bob');
    for (const act of ['unlike', 'unboost', 'unbookmark']) await send(`/@ann/${id}/${act}`, bob);
    expect(findPost(app.ctx.db, id)).toMatchObject({ likesCount: 0, sharesCount: 0 });
    expect(await page('/bookmarks', bob)).not.toContain('To be liked');
  });

  test('T81: lead back to this site and nowhere else', async () => {
    const { id } = post(app.ctx, ann.viewer);
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
      expect(await send(`/@ann/${id}/like`, bob, { next })).toBe(`/#post-${id}`);
    }
  });

  test('are not there where their author or the person wants none', async () => {
    const { id } = post(app.ctx, ann.viewer, { likesDisabled: true, commentsDisabled: true });
    const shown = await page(`/@ann/${id}`, bob);
    expect(shown).not.toContain(`/@ann/${id}/like"`);
    expect(shown).not.toContain(`/@ann/${id}/comment"`);
    const refused = await app.request(`/@ann/${id}/like`, { as: bob, form: {} });
    expect(refused.status).toBe(422);
    const open = post(app.ctx, ann.viewer).id;
    savePreferences(app.ctx.db, bob.viewer.id, { seeLikes: false });
    expect(await page(`/@ann/${open}`, bob)).not.toContain(`/@ann/${open}/like"`);
    savePreferences(app.ctx.db, bob.viewer.id, { seeLikes: true });
  });

  test('T75: need the token of the page', async () => {
    const { id } = post(app.ctx, ann.viewer);
    const form = { csrf: 'wrong' };
    for (const path of [`/@ann/${id}/like`, '/@ann/mute', '/@ann/block', '/messages']) {
      expect((await app.request(path, { as: bob, form })).status).toBe(403);
    }
  });
});

test('comments are threads, and each can be answered', async () => {
  const { id } = post(app.ctx, ann.viewer, { caption: 'A thread' });
  const first = await send(`/@ann/${id}/comment`, bob, { caption: 'one' });
  const firstId = first.split('#comment-')[1];
  const root = `/@ann/${id}`;
  const second = await send(`/@bob/${firstId}/comment`, ann, { caption: 'two', next: root });
  expect(second).toStartWith(`${root}#comment-`);
  await send(`/@ann/${second.split('#comment-')[1]}/comment`, bob, {
    caption: 'three',
    next: root,
  });
  const shown = await page(root, ann);
  expect(shown.match(/<ol class="plain thread"/g)).toHaveLength(3);
  expect(shown.indexOf('>one<')).toBeLessThan(shown.indexOf('>three<'));
});

test('notifications show what happened, together, with a mark until they were seen', async () => {
  const { id } = post(app.ctx, ann.viewer);
  await send(`/@ann/${id}/like`, bob);
  await send(`/@ann/${id}/comment`, bob, { caption: 'Very nice' });
  const shown = await page('/notifications', ann);
  expect(shown).toContain('liked your post');
  expect(shown).toContain('Very nice');
  expect(shown).toContain('news-fresh');
  const last = /name="last" value="(\d+)"/.exec(shown)?.[1] ?? '';
  await send('/notifications/read', ann, { last });
  const after = await page('/notifications', ann);
  expect(after).not.toContain('news-fresh');
  expect(after).toContain('data-unread="0"');
});

test('mute, block and report ask once and are listed', async () => {
  const carl = await app.person('carl');
  post(app.ctx, carl.viewer, { caption: 'Loud' });
  expect(await page('/local', bob)).toContain('Loud');
  await send('/@carl/mute', bob);
  expect(await page('/local', bob)).not.toContain('Loud');
  expect(await page('/settings/muted', bob)).toContain('@carl');
  await send('/@carl/unmute', bob, { next: '/settings/muted' });
  await send('/@carl/block', bob);
  expect(await page('/settings/blocked', bob)).toContain('@carl');
  await send('/@carl/unblock', bob, { next: '/settings/blocked' });
  await send('/@carl/report', bob, { comment: 'Too loud' });
  expect(await page('/admin/reports', ann)).toContain('Too loud');
  await send('/settings/servers/hide', bob, { domain: 'loud.example' });
  expect(await page('/settings/interactions', bob)).toContain('loud.example');
  await send('/settings/servers/show', bob, { domain: 'loud.example' });
  expect(await page('/settings/interactions', bob)).not.toContain('loud.example');
});

test('a message is for whom it names, and is answered in its conversation', async () => {
  const place = await send('/messages', ann, { to: '@bob', text: 'Coffee on Sunday?' });
  expect(place).toMatch(/^\/messages\/\d+#end$/);
  const list = await page('/messages', bob);
  expect(list).toContain('Coffee on Sunday?');
  expect(list).toContain('talk-unread');
  expect(list).toContain('data-unread="1" data-of="messages">1</span>');
  const theirs = /href="(\/messages\/\d+)#end"/.exec(list)?.[1] ?? '';
  expect(await page(theirs, bob)).toContain('Coffee on Sunday?');
  const after = await page('/messages', bob);
  expect(after).not.toContain('talk-unread');
  expect(after).not.toContain('<span class="nav-count number">');
  await send(theirs, bob, { text: 'Gladly' });
  expect(await page(place.replace('#end', ''), ann)).toContain('Gladly');
  // Somebody else's conversation is like one that is not there.
  const carol = await app.person('carol');
  expect((await app.request(theirs, { as: carol })).status).toBe(404);
  expect((await app.request(theirs, { as: carol, form: { text: 'x' } })).status).toBe(404);
  expect(await send('/messages', ann, { to: '', text: 'x' })).toBe('/messages?to=');
});

test('explore, hashtags and search lead to photos, and only to those that one may see', async () => {
  post(app.ctx, ann.viewer, { caption: 'Lighthouse at noon #harbour' });
  post(app.ctx, ann.viewer, { caption: 'Lighthouse in secret', visibility: 'self' });
  await app.settle();
  expect(await page('/explore')).toContain('#harbour');
  expect(await page('/local')).toContain('Lighthouse at noon');
  expect((await app.request('/network')).status).toBe(303);
  expect(await page('/tags/harbour', bob)).toContain('/tags/harbour/follow');
  await send('/tags/harbour/follow', bob);
  expect(await page('/tags/harbour', bob)).toContain('/tags/harbour/unfollow');
  const found = await page('/search?q=lighthouse', bob);
  expect(found).toContain('Lighthouse at noon');
  expect(found).not.toContain('in secret');
});

test('settings say what one wants to see and to allow', async () => {
  const form = { see_likes: '1', see_boosts: '1', see_comments: '1', allow_likes: '1' };
  await send('/settings/interactions', ann, form);
  const shown = await page('/settings/interactions', ann);
  expect(shown).toMatch(/id="see_likes"[^>]* checked/);
  expect(shown).not.toMatch(/id="see_counts"[^>]* checked/);
  expect(shown).not.toMatch(/id="allow_comments"[^>]* checked/);
});
