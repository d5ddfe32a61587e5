import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import { createInvite } from '#domain/accounts/invites.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { setQuota } from '#domain/storage/set-quota.ts';
import { verifyStorage } from '#domain/storage/verify.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { createMediaApp, photo, tempFiles } from '#test/media/world.ts';

// Other tests run beside these, on two cores.
setDefaultTimeout(120_000);

let app: TestApp;
let ann: Person;
let bytes: Uint8Array<ArrayBuffer>;
beforeEach(async () => {
  app = await createMediaApp({
    config: { rates: false },
    settings: { registration: 'invite', 'storage.min_free': '0' },
  });
  ann = await app.person('ann', 'owner');
  bytes = new Uint8Array(await photo(200, 150));
});
afterEach(() => app.close());

const say = (json: unknown, headers: Record<string, string> = {}) =>
  app.request('/api/v1/statuses', { token: ann.token, json, headers });
const put = (path: string, json: unknown) =>
  app.request(path, { method: 'PUT', token: ann.token, json });
const remove = (path: string) => app.request(path, { method: 'DELETE', token: ann.token });

async function upload(): Promise<Response> {
  const body = new FormData();
  body.append('file', new Blob([bytes]), 'a.jpg');
  return app.request('/api/v2/media', { token: ann.token, body });
}
const idOf = async (answer: Response | Promise<Response>): Promise<string> =>
  ((await (await answer).json()) as { id: string }).id;

function counted(): void {
  const wrong = app.ctx.db
    .query(
      `SELECT a.id FROM accounts a WHERE a.posts_count <> (SELECT count(*) FROM posts p
         WHERE p.account_id = a.id AND p.archived_at IS NULL AND p.in_reply_to_account_id IS NULL
           AND p.visibility IN ('public', 'unlisted'))
       UNION SELECT p.id FROM posts p
         WHERE p.media_count <> (SELECT count(*) FROM media m WHERE m.post_id = p.id)
           OR p.replies_count <> (SELECT count(*) FROM posts c WHERE c.in_reply_to_id = p.id
             AND c.archived_at IS NULL AND c.visibility IN ('public', 'unlisted', p.visibility))`,
    )
    .all();
  expect(wrong).toEqual([]);
}

async function consistent(): Promise<void> {
  counted();
  await app.settle();
  expect(await verifyStorage(app.ctx, { deep: true })).toEqual({
    missing: [],
    changed: [],
    orphans: [],
  });
  expect(await reconcileUsage(app.ctx)).toEqual([]);
  expect(tempFiles(app)).toEqual([]);
  expect(app.ctx.db.query('SELECT * FROM reservations').all()).toEqual([]);
  expect(app.ctx.db.query('PRAGMA foreign_key_check').all()).toEqual([]);
}

test('T66: a photo that two publishes want at once is in exactly one post', async () => {
  for (let round = 0; round < 5; round += 1) {
    const id = await idOf(upload());
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => say({ status: `${n}`, media_ids: [id] })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 422, 422, 422, 422, 422]);
  }
  await consistent();
});

test('an Idempotency-Key makes one post, also at once and with other words', async () => {
  for (const words of [() => 'same', (n: number) => `other ${n}`]) {
    const key = crypto.randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => say({ status: words(n) }, { 'idempotency-key': key })),
    );
    const ids = await Promise.all(answers.map(idOf));
    expect(new Set(ids).size).toBe(1);
  }
  expect((await say({ status: 'x' }, { 'idempotency-key': 'k'.repeat(256) })).status).toBe(422);
  // Somebody else's key is another key.
  const ben = await app.person('ben');
  const theirs = await app.request('/api/v1/statuses', {
    token: ben.token,
    json: { status: 'mine' },
    headers: { 'idempotency-key': 'k' },
  });
  expect(await idOf(theirs)).not.toBe(await idOf(say({ status: 'x' }, { 'idempotency-key': 'k' })));
  counted();
});

test('editing, archiving, commenting and deleting at once end in one of them', async () => {
  const ben = await app.person('ben');
  for (let round = 0; round < 8; round += 1) {
    const media = [await idOf(upload()), await idOf(upload())];
    const id = await idOf(say({ status: 'x', media_ids: media }));
    const path = `/api/v1/statuses/${id}`;
    const work = [
      () => put(path, { status: 'edited', media_ids: [media[1]] }),
      () => app.request(`/@ann/${id}/archive`, { as: ann, form: {} }),
      () => app.request(`/@ann/${id}/restore`, { as: ann, form: {} }),
      () =>
        app.request('/api/v1/statuses', {
          token: ben.token,
          json: { status: 'c', in_reply_to_id: id },
        }),
      () => put(path, { tintype_visibility: 'followers' }),
      () => put(`/api/v1/media/${media[0]}`, { tintype_rotate: 90 }),
      () => put(`/api/v1/media/${media[0]}`, { tintype_crop: '0,0,0.5,0.5' }),
      () => remove(`/api/v1/media/${media[0]}`),
      ...(round % 2 === 0 ? [() => remove(path), () => remove(path)] : []),
    ].sort(() => Math.random() - 0.5);
    for (const answer of await Promise.all(work.map((each) => each()))) {
      expect(answer.status).toBeLessThan(500);
    }
    counted();
  }
  await consistent();
});

test('T66: uploads, crops and deletes at the edge of the quota keep the count exact', async () => {
  const first = await idOf(upload());
  const used = app.ctx.db
    .query<{ n: number }, []>('SELECT original_bytes + rendition_bytes AS n FROM usage')
    .get();
  const one = used?.n ?? 0;
  setQuota(app.ctx, ann.viewer.id, one * 4 - 1);
  const answers = await Promise.all([
    ...Array.from({ length: 10 }, upload),
    put(`/api/v1/media/${first}`, { tintype_rotate: 90 }),
    put(`/api/v1/media/${first}`, { tintype_crop: '0,0,0.3,0.3' }),
    put(`/api/v1/media/${first}`, { tintype_rotate: 180 }),
  ]);
  for (const { status } of answers) expect([200, 409, 507]).toContain(status);
  const row = app.ctx.db
    .query<{ n: number; r: number }, []>(
      'SELECT original_bytes + rendition_bytes AS n, reserved_bytes AS r FROM usage',
    )
    .get();
  expect(row?.n).toBeLessThan(one * 4);
  expect(row?.r).toBe(0);
  await consistent();
  await remove(`/api/v1/media/${first}`);
  await consistent();
});

test('T66: a crop is counted, and refused where it would not fit', async () => {
  const id = await idOf(upload());
  const before = app.ctx.db
    .query<{ n: number }, []>('SELECT rendition_bytes AS n FROM usage')
    .get();
  expect((await put(`/api/v1/media/${id}`, { tintype_crop: '0,0,0.3,0.3' })).status).toBe(200);
  const small = app.ctx.db.query<{ n: number }, []>('SELECT rendition_bytes AS n FROM usage').get();
  expect(small?.n).toBeLessThan(before?.n ?? 0);
  setQuota(app.ctx, ann.viewer.id, 1000);
  expect((await put(`/api/v1/media/${id}`, { tintype_crop: '' })).status).toBe(507);
  await consistent();
});

test('T99: an invite for three lets three in, however many come at once', async () => {
  const { token } = createInvite(app.ctx, 'console', { uses: 3, expiresIn: null });
  const join = (name: string, n: number) =>
    app.request(`/join/${token}`, {
      form: { username: name, email: `${name}@example.org`, password: 'a long password for all' },
      address: `10.0.${n}.1`,
    });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => join(`guest${n}`, n)));
  expect(answers.filter(({ status }) => status === 303).length).toBe(3);
  const accounts = app.ctx.db.query(`SELECT id FROM accounts WHERE username LIKE 'guest%'`).all();
  expect(accounts.length).toBe(3);
});

test('T99: one name and one address are taken once, in any spelling, however many come at once', async () => {
  const { token } = createInvite(app.ctx, 'console', { uses: 100, expiresIn: null });
  const names = ['Twin', 'twin', 'TWIN', 'tWin', 'twiN', 'TWin'];
  const answers = await Promise.all(
    names.map((username, n) =>
      app.request(`/join/${token}`, {
        form: { username, email: `t${n}@example.org`, password: 'a long password for all' },
        address: `10.1.${n}.1`,
      }),
    ),
  );
  expect(answers.filter(({ status }) => status === 303).length).toBe(1);
  const odd = [
    'ad\u200bmin',
    'ann\u202e',
    'аnn',
    'a b',
    '../x',
    'ann.',
    '%61nn',
    'ＡＮＮ',
    'a\0',
    'ann@x',
  ];
  for (const [n, username] of odd.entries()) {
    const answer = await app.request(`/join/${token}`, {
      form: { username, email: `odd${n}@example.org`, password: 'a long password for all' },
      address: `10.2.${n}.1`,
    });
    expect([username, answer.status]).toEqual([username, 422]);
  }
});

test('T66: of one account two uploads are under way, forty wait, and all of them are stored', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, upload));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
  await consistent();
});

test('twenty photos go into a post, twenty-one and one twice do not', async () => {
  const ids = await Promise.all(Array.from({ length: 21 }, () => idOf(upload())));
  expect((await say({ media_ids: ids })).status).toBe(422);
  expect((await say({ media_ids: [ids[0], ids[0]] })).status).toBe(422);
  const id = await idOf(say({ media_ids: ids.slice(0, 20) }));
  expect((await put(`/api/v1/statuses/${id}`, { media_ids: ids })).status).toBe(422);
  for (const odd of [
    '-1',
    '0',
    '9007199254740993',
    '1e3',
    '0x1',
    '１',
    ' 1',
    'NaN',
    '',
    null,
    {},
    [[]],
  ]) {
    expect((await say({ status: 'x', media_ids: [odd] })).status).toBeLessThan(500);
    expect((await say({ status: 'x', in_reply_to_id: odd })).status).toBeLessThan(500);
  }
  await consistent();
});

test('an account that is deleted while its photos are on their way leaves none of them', async () => {
  const ben = await app.person('ben');
  const body = () => {
    const form = new FormData();
    form.append('file', new Blob([bytes]), 'a.jpg');
    return form;
  };
  const sending = Array.from({ length: 5 }, () =>
    app.request('/api/v2/media', { token: ben.token, body: body() }),
  );
  await Bun.sleep(30);
  await app.request(`/admin/accounts/${ben.viewer.id}/delete`, { as: ann, form: {} });
  while (app.ctx.db.query('SELECT 1 FROM accounts WHERE username = ?').get('ben') !== null) {
    app.clock.advance(60_000);
    await app.settle();
  }
  for (const { status } of await Promise.all(sending)) expect([200, 409, 410]).toContain(status);
  await consistent();
  expect(app.ctx.db.query('SELECT * FROM blobs').all()).toEqual([]);
});
