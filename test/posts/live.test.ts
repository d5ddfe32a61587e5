import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { LiveEvent } from '#base/context.ts';
import { archivePost } from '#domain/posts/archive.ts';
import { deletePost } from '#domain/posts/delete.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from './world.ts';

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp();
  ann = await app.person('ann', 'owner');
});
afterAll(() => app.close());

test('whoever listens hears what happened, with ids and nothing else, when it can be read', () => {
  const heard: LiveEvent[] = [];
  const stop = app.app.live.on('*', (event) => {
    // A listener reads with its own eyes: the change is committed by then.
    expect(app.ctx.db.inTransaction).toBe(false);
    if (event.type.startsWith('post.')) heard.push(event);
  });
  const made = post(app.ctx, ann.viewer);
  archivePost(app.ctx, ann.viewer, made.id);
  deletePost(app.ctx, ann.viewer, made.id);
  stop();
  post(app.ctx, ann.viewer);
  const ids = { postId: made.id, accountId: ann.viewer.id };
  expect(heard).toEqual([
    { type: 'post.published', ...ids },
    { type: 'post.edited', ...ids },
    { type: 'post.deleted', ...ids, visibility: 'public' },
  ]);
});
