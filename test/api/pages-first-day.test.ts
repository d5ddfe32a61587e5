import { afterEach, expect, test } from 'bun:test';
import { followAccount } from '#domain/relationships/follow.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { post } from '#test/posts/world.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
afterEach(() => app.close());

async function start(): Promise<void> {
  app = await createTestApp({ settings: { mode: 'community' } });
  ann = await app.person('ann', 'owner');
  ben = await app.person('ben');
}
const home = async (as: Person) => (await app.request('/', { as })).text();

test('whoever follows nobody yet sees what everybody here shows, and how to follow', async () => {
  await start();
  post(app.ctx, ann.viewer, { caption: 'For everybody' });
  post(app.ctx, ann.viewer, { caption: 'For few', visibility: 'followers' });
  const page = await home(ben);
  expect(page).toContain('Add your first photo');
  expect(page).toContain('From everybody here');
  expect(page).toContain('For everybody');
  expect(page).not.toContain('For few');
});

test('a first day on an empty server says what to do, and promises nobody', async () => {
  await start();
  const page = await home(ben);
  expect(page).toContain('Add your first photo');
  expect(page).not.toContain('From everybody here');
});

test('with a timeline of one’s own, others stay out of it', async () => {
  await start();
  post(app.ctx, ann.viewer, { caption: 'From the owner' });
  post(app.ctx, ben.viewer, { caption: 'My own' });
  expect(await home(ben)).not.toContain('From the owner');
  followAccount(app.ctx, ben.viewer, ann.viewer.id);
  const page = await home(ben);
  expect(page).toContain('From the owner');
  expect(page).not.toContain('From everybody here');
});
