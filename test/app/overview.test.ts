import { afterEach, expect, test } from 'bun:test';
import { tellAdmins } from '#domain/notify/tell-admins.ts';
import { recordStorage } from '#domain/upkeep/record-storage.ts';
import { listStorageDays } from '#domain/upkeep/storage-day-queries.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';

let app: TestApp | null = null;
const DAY = 24 * 3_600_000;

afterEach(async () => {
  await app?.close();
  app = null;
});

test('an admin sees at a glance how the place is, a member is refused', async () => {
  app = await createTestApp();
  const ada = await app.person('ada', 'owner');
  const bob = await app.person('bob');
  tellAdmins(app.ctx, { key: 'backup.failed', subject: 'No <i>backup</i>', text: 'Look at it.' });
  const page = await (await app.request('/admin', { as: ada })).text();
  expect(page).toContain('One thing needs you.');
  expect(page).toContain('id="backup.failed"');
  expect(page).toContain('No &lt;i>backup&lt;/i>');
  for (const label of ['Running for', 'Given up', 'Free on the disk', 'Last restore drill']) {
    expect(page).toContain(label);
  }
  expect((await app.request('/admin', { as: bob })).status).toBe(403);
});

test('growth is noted once a day and drawn with a table beside it', async () => {
  app = await createTestApp({ still: true });
  const ada = await app.person('ada', 'owner');
  const storage = async () => (await app?.request('/admin/storage', { as: ada }))?.text();
  expect(await storage()).toContain('begins with the second day');
  recordStorage(app.ctx);
  recordStorage(app.ctx);
  app.clock.advance(DAY);
  recordStorage(app.ctx);
  expect(listStorageDays(app.ctx.db, 10)).toHaveLength(2);
  const page = await storage();
  expect(page).toMatch(/<svg[^>]* role="img" aria-label="From [^"]+ to [^"]+\."/);
  expect(page?.match(/<polygon/g)).toHaveLength(4);
  expect(page).toContain('<th scope="row">');
  // Days of years ago go.
  app.clock.advance(900 * DAY);
  recordStorage(app.ctx);
  expect(listStorageDays(app.ctx.db, 10)).toHaveLength(1);
});
