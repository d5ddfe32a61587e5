import { afterAll, beforeAll, expect, test } from 'bun:test';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';

let app: TestApp;
let ann: Person;
beforeAll(async () => {
  app = await createTestApp({
    settings: { mode: 'community', registration: 'open' },
    config: { rates: false },
  });
  ann = await app.person('ann', 'owner');
});
afterAll(() => app.close());

let tries = 0;
function join(username: string): Promise<Response> {
  tries += 1;
  return app.request('/join/open', {
    form: { username, email: `n${tries}@example.org`, password: 'a long password for all' },
    headers: { 'sec-fetch-site': 'same-origin' },
    address: `10.${tries >> 8}.${tries & 255}.1`,
  });
}

/** Names of the staff, of mailboxes that others trust (RFC 2142), and of what stands in addresses. */
const TRUSTED = `admin administrator root moderator mod owner staff support help security abuse
  postmaster webmaster hostmaster info contact system official tintype inbox outbox followers
  following well-known nodeinfo actor api oauth media users tags settings me null undefined`;

test('T99: nobody takes the name of the staff, of a mailbox that others trust, or of an address', async () => {
  const names = TRUSTED.split(/\s+/);
  for (const name of [...names, 'Admin', 'ROOT', 'PostMaster', '.well-known']) {
    expect([name, (await join(name)).status]).toEqual([name, 422]);
  }
});

test('T99: no first part of an address of ours is a name that somebody can take', async () => {
  const { routes } = await app.app.door();
  const firsts = new Set(
    routes.map(({ path }) => path.split('/')[1] ?? '').filter((part) => /^[a-z0-9_]+$/i.test(part)),
  );
  expect(firsts.size).toBeGreaterThan(20);
  const taken: string[] = [];
  for (const name of firsts) if ((await join(name)).status !== 422) taken.push(name);
  expect(taken).toEqual([]);
});

test('T99: a name of somebody who left is never given again, in any spelling', async () => {
  const gone = await app.person('gone');
  deleteAccount(app.ctx, ann.viewer, gone.viewer.id);
  await app.settle();
  for (const name of ['gone', 'GONE', 'Gone']) {
    expect([name, (await join(name)).status]).toEqual([name, 422]);
  }
});
