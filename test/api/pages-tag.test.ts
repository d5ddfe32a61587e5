import { expect, test } from 'bun:test';
import { createTestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

test('T86: the page of a hashtag shows public posts in any spelling, and nothing else', async () => {
  const app = await createTestApp({ settings: { mode: 'community' } });
  const ann = await app.person('ann', 'owner');
  const bob = await app.person('bob');
  const shown = post(app.ctx, ann.viewer, { caption: 'At the #Größe' });
  const hidden = (['unlisted', 'followers', 'self'] as const).map((visibility) =>
    post(app.ctx, ann.viewer, { caption: '#größe', visibility }),
  );
  hidden.push(post(app.ctx, bob.viewer, { caption: '#größe', inReplyToId: shown.id }));
  const tag = encodeURIComponent('GRÖSSE'.replace('SS', 'ß'));
  for (const options of [{}, { as: bob }]) {
    const html = await (await app.request(`/tags/${tag}`, options)).text();
    expect(html).toContain(`/@ann/${shown.id}`);
    for (const each of hidden) expect(html).not.toContain(String(each.id));
  }
  const list = await app.request(`/api/v1/timelines/tag/${tag}`);
  expect(((await list.json()) as { id: string }[]).map((each) => each.id)).toEqual([
    String(shown.id),
  ]);
  const nothing = await app.request('/tags/nothing');
  expect(nothing.status).toBe(200);
  const page = await nothing.text();
  expect(page).toContain('#nothing</h1>');
  expect(page).toContain('Nobody shows a photo with this hashtag here.');
  await app.close();
});
