import { afterEach, expect, setDefaultTimeout, test } from 'bun:test';
import { isClockRight } from '#base/core/clock.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createMediaApp } from '#test/media/world.ts';

setDefaultTimeout(60_000);

const DAY = 24 * 3_600_000;
let app: TestApp | null = null;

afterEach(async () => {
  await app?.close();
  app = null;
});

async function write(world: TestApp, as: Person, status: string): Promise<bigint> {
  const answer = await world.request('/api/v1/statuses', { token: as.token, json: { status } });
  expect(answer.status).toBe(200);
  return BigInt(((await answer.json()) as { id: string }).id);
}

test('T127: a server does not start by a clock from before it was built', async () => {
  app = await createMediaApp({ now: 0, still: true });
  await expect(app.app.start()).rejects.toThrow('The clock of this machine says 1970-01-01 00:00');
});

test('T127: a clock is right from the day before the build on, whoever built it', () => {
  const built = '2026-06-01T12:00:00Z';
  expect(isClockRight(Date.parse(built) - 2 * DAY, built)).toBe(false);
  expect(isClockRight(Date.parse(built) - DAY / 2, built)).toBe(true);
  expect(isClockRight(Date.parse(built) + 3650 * DAY, built)).toBe(true);
  expect(isClockRight(0, null)).toBe(false);
  expect(isClockRight(Date.now(), null)).toBe(true);
  expect(isClockRight(Date.now(), 'no date')).toBe(true);
});

test('T127: ids go on when the clock goes back, also after a restart', async () => {
  app = await createMediaApp();
  const ada = await app.person('ada', 'owner');
  const ids = [await write(app, ada, 'one')];
  app.clock.advance(-200 * DAY);
  ids.push(await write(app, ada, 'two'));
  app = await app.reopen();
  ids.push(await write(app, ada, 'three'));
  expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
  const home = await app.request('/api/v1/timelines/home', { token: ada.token });
  const texts = ((await home.json()) as { content: string }[]).map(({ content }) => content);
  expect(texts.map((text) => text.replace(/<[^>]+>/g, ''))).toEqual(['three', 'two', 'one']);
});

test('T127: sessions, recurring work and jobs live through jumps in both directions', async () => {
  app = await createMediaApp();
  const ada = await app.person('ada', 'owner');
  const status = async () => (await app?.request('/settings/profile', { as: ada }))?.status;
  app.clock.advance(-100 * DAY);
  expect(await status()).toBe(200);
  expect(await app.app.cron.run('accounts.sweep')).toBe('done');
  app.clock.advance(101 * DAY);
  expect(await status()).toBe(200);
  expect(await app.app.cron.run('accounts.sweep')).toBe('done');
  await write(app, ada, 'still here');
  await app.settle();
  // Years ahead everything is over, and nothing breaks.
  app.clock.advance(3650 * DAY);
  expect(await status()).not.toBe(200);
  for (const { name } of app.app.cron.list()) {
    if (/sweep|prune|tend$|record/.test(name)) await app.app.cron.run(name);
  }
  app.clock.advance(-3650 * DAY);
  const again = await app.request('/api/v1/timelines/public', {});
  expect(again.status).toBe(200);
});
