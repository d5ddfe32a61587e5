import { afterEach, expect, test } from 'bun:test';
import { listBanners } from '#domain/notify/banner-queries.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { watchDisk } from '#domain/upkeep/watch-disk.ts';
import { createTestApp, type TestApp } from '#test/harness/app.ts';
import { createSmtpServer, type SmtpServer } from '#test/harness/smtp.ts';

const news = { key: 'backup.failed', subject: 'The backup failed', text: 'The disk is full.' };
const HOUR = 3_600_000;
let server: SmtpServer | null = null;
let world: TestApp | null = null;

afterEach(async () => {
  await world?.close();
  await server?.close();
});

async function open(): Promise<{ app: TestApp; smtp: SmtpServer }> {
  const smtp = await createSmtpServer();
  server = smtp;
  const mail = { url: `smtp://127.0.0.1:${smtp.port}`, from: 'photos@example.org' };
  const app = await createTestApp({ config: { mail } });
  world = app;
  return { app, smtp };
}

test('every admin gets one letter a day of one matter, members none', async () => {
  const { app, smtp } = await open();
  for (const [name, role] of [
    ['ada', 'owner'],
    ['bob', 'admin'],
    ['cleo', 'member'],
  ] as const) {
    await app.person(name, role);
  }
  for (let hour = 0; hour < 23; hour += 1) {
    tellAdmins(app.ctx, news);
    clearBanner(app.ctx, news.key);
    await app.settle();
    app.clock.advance(HOUR);
  }
  const receivers = () => smtp.letters.flatMap((letter) => letter.to).sort();
  expect(receivers()).toEqual(['ada@example.org', 'bob@example.org']);
  app.clock.advance(2 * HOUR);
  tellAdmins(app.ctx, news);
  await app.settle();
  expect(receivers()).toHaveLength(4);
});

test('without a mail server there is the banner alone', async () => {
  world = await createTestApp();
  tellAdmins(world.ctx, news);
  expect(await world.settle()).toBe(0);
  expect(listBanners(world.ctx.db)).toMatchObject([{ key: 'backup.failed', mailedAt: null }]);
});

test('admins see a banner on every page until it is cleared, others never', async () => {
  world = await createTestApp();
  const ada = await world.person('ada', 'owner');
  const cleo = await world.person('cleo');
  tellAdmins(world.ctx, { ...news, subject: 'Backup <b>failed</b>' });
  const page = async (as: typeof ada) => (await world?.request('/explore', { as }))?.text();
  expect(await page(ada)).toContain('Backup &lt;b>failed&lt;/b>');
  expect(await page(cleo)).not.toContain('failed');
  clearBanner(world.ctx, news.key);
  expect(await page(ada)).not.toContain('failed');
});

test('a disk that fills up is told once, and taken back when there is room', async () => {
  let free = 10e9;
  world = await createTestApp({ settings: { 'storage.min_free': '1GB' } });
  const { app } = world;
  const files = { ...world.ctx.files, freeBytes: () => free };
  const ctx = { ...world.ctx, files };
  const subjects = () => listBanners(app.ctx.db).map((banner) => banner.subject);
  watchDisk(ctx);
  expect(subjects()).toEqual([]);
  for (free of [1.2e9, 1.1e9, 0.9e9]) watchDisk(ctx);
  expect(subjects()).toEqual(['The disk is nearly full']);
  free = 2e9;
  watchDisk(ctx);
  expect(subjects()).toEqual([]);
});
