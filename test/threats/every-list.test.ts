import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { transaction } from '#base/db/transaction.ts';
import { fileDirect } from '#domain/posts/file-direct.ts';
import { replaceMentions, replaceTags } from '#domain/posts/queries.ts';
import { readStamps } from '#domain/posts/reading.ts';
import { saveWords } from '#domain/posts/search-words-queries.ts';
import { visibilities } from '#domain/posts/visibility.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { addressesOf, type Known } from '#test/http/walk.ts';
import { photo } from '#test/posts/world.ts';

const NAMES = ['ann', 'bob', 'cem', 'dan'] as const;
const person = fc.nat(NAMES.length - 1);
const pair = fc.record({ from: person, to: person });
const world = fc.record({
  follows: fc.array(fc.record({ from: person, to: person, accepted: fc.boolean() }), {
    maxLength: 8,
  }),
  blocks: fc.array(pair, { maxLength: 2 }),
  mutes: fc.array(pair, { maxLength: 2 }),
  boosts: fc.array(fc.record({ by: person, post: fc.nat(7) }), { maxLength: 4 }),
  posts: fc.array(
    fc.record({
      author: person,
      visibility: fc.constantFrom(...visibilities),
      archived: fc.constantFrom(true, false, false, false),
      hidden: fc.constantFrom(true, false, false, false),
      answers: fc.option(fc.nat(7), { freq: 2 }),
      mentions: fc.array(person, { maxLength: 2 }),
    }),
    { minLength: 5, maxLength: 8 },
  ),
  /** Who looks, beside a stranger. */
  viewers: fc.uniqueArray(person, { minLength: 2, maxLength: 2 }),
  /** Which of the ids a route's parameter stands for this time. */
  pick: fc.nat(1000),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

let app: TestApp;
let people: Person[];
beforeAll(async () => {
  const config = { rates: false };
  app = await createTestApp({ settings: { mode: 'community', 'federation.with': 'off' }, config });
  people = [];
  for (const [at, name] of NAMES.entries()) {
    people.push(await app.person(name, at === 0 ? 'owner' : 'member'));
  }
});
afterAll(() => app.close());

const idOf = (at: number) => people[at]?.viewer.id ?? 0;
/** A word that only this post says. */
const wordOf = (id: number) => `word${id}x`;

function run(sql: string, row: Record<string, number | string | null>): void {
  app.ctx.db.query(sql).run(row);
}

/** Writes a world that no verb would make: everybody has been told of everything and keeps everything. */
function build(drawn: World): number[] {
  const { ctx } = app;
  for (const table of ['posts', 'media', 'follows', 'blocks', 'mutes', 'notifications', 'lists']) {
    ctx.db.run(`DELETE FROM ${table}`);
  }
  ctx.db.run('DELETE FROM conversations');
  ctx.db.run('UPDATE accounts SET discoverable = 1, indexable = 1');
  for (const { from, to, accepted } of drawn.follows) {
    if (from === to) continue;
    run(
      `INSERT OR IGNORE INTO follows (follower_id, followee_id, state, created_at)
       VALUES ($from, $to, $state, 1)`,
      { from: idOf(from), to: idOf(to), state: accepted ? 'accepted' : 'requested' },
    );
  }
  for (const [table, pairs] of [
    ['blocks', drawn.blocks],
    ['mutes', drawn.mutes],
  ] as const) {
    for (const { from, to } of pairs) {
      if (from === to) continue;
      run(
        `INSERT OR IGNORE INTO ${table} (account_id, target_id, created_at) VALUES ($from, $to, 1)`,
        { from: idOf(from), to: idOf(to) },
      );
    }
  }
  const ids: number[] = [];
  for (const each of drawn.posts) ids.push(writePost(each, ids));
  for (const { by, post } of drawn.boosts) share(idOf(by), ids[post]);
  for (let at = 0; at < NAMES.length; at += 1) keepAll(idOf(at), ids);
  return ids;
}

function writePost(drawn: World['posts'][number], before: number[]): number {
  const { ctx } = app;
  const id = ctx.newId();
  const accountId = idOf(drawn.author);
  const parent = drawn.answers === null ? undefined : before[drawn.answers];
  const parentAuthor = parent && authorOf(parent);
  const caption = `walk ${wordOf(id)} #walk`;
  run(
    `INSERT INTO posts (id, account_id, audience_id, visibility, caption, caption_html, media_count,
       published_at, archived_at, hidden_at, in_reply_to_id, in_reply_to_account_id, likes_count)
     VALUES ($id, $accountId, $accountId, $visibility, $caption, $html, 1, $now, $archived, $hidden,
       $parent, $parentAuthor, 3)`,
    {
      ...{ id, accountId, caption, visibility: drawn.visibility, now: ctx.now() },
      html: `<p>${caption}</p>`,
      archived: drawn.archived ? 1 : null,
      hidden: drawn.hidden ? 1 : null,
      parent: parent ?? null,
      parentAuthor: parentAuthor ?? null,
    },
  );
  const mediaId = photo(ctx, accountId, `alt ${wordOf(id)}`);
  run('UPDATE media SET post_id = $id WHERE id = $mediaId', { id, mediaId });
  replaceTags(ctx.db, id, [{ name: 'walk', display: 'walk' }], ctx.newId, ctx.now());
  replaceMentions(ctx.db, id, [...new Set(drawn.mentions.map(idOf))]);
  saveWords(ctx.db, id);
  fileDirect(ctx, id);
  return id;
}

function authorOf(postId: number): number {
  const row = app.ctx.db
    .query<{ id: number }, { postId: number }>(
      'SELECT account_id AS id FROM posts WHERE id = $postId',
    )
    .get({ postId });
  return row?.id ?? 0;
}

function share(accountId: number, postId: number | undefined): void {
  if (postId === undefined) return;
  run(
    `INSERT OR IGNORE INTO shares (id, account_id, post_id, visibility, created_at)
     VALUES ($id, $accountId, $postId, 'public', 1)`,
    { id: app.ctx.newId(), accountId, postId },
  );
}

function keepAll(accountId: number, ids: readonly number[]): void {
  const { ctx } = app;
  const now = ctx.now();
  const listId = ctx.newId();
  run(
    `INSERT INTO lists (id, account_id, title, created_at) VALUES ($listId, $accountId, 'all', 1)`,
    { listId, accountId },
  );
  for (let at = 0; at < NAMES.length; at += 1) {
    run('INSERT INTO list_accounts (list_id, account_id) VALUES ($listId, $at)', {
      listId,
      at: idOf(at),
    });
  }
  const conversationId = ctx.newId();
  run(
    `INSERT INTO conversations (id, account_id, others) VALUES ($conversationId, $accountId, '1')`,
    { conversationId, accountId },
  );
  for (const postId of ids) {
    run('INSERT INTO conversation_posts VALUES ($conversationId, $postId)', {
      conversationId,
      postId,
    });
    for (const table of ['likes', 'bookmarks']) {
      run(
        `INSERT INTO ${table} (account_id, post_id, created_at) VALUES ($accountId, $postId, $now)`,
        { accountId, postId, now },
      );
    }
    for (const type of ['mention', 'favourite', 'reblog', 'update', 'status']) {
      run(
        `INSERT INTO notifications (id, account_id, type, from_id, post_id, created_at)
         VALUES ($id, $accountId, $type, $fromId, $postId, $now)`,
        { id: ctx.newId(), accountId, type, fromId: authorOf(postId), postId, now },
      );
    }
  }
}

/** The words of the posts that somebody may not see. */
function secretsOf(who: { id: number } | null, ids: number[]): string[] {
  const seen = new Set(readStamps(app.ctx, who, ids).map(({ id }) => id));
  return ids.filter((id) => !seen.has(id)).map(wordOf);
}

/** Rows that routes name by their id, whosever they are. */
function rowIds(table: string): string[] {
  return app.ctx.db
    .query<{ id: number }, []>(`SELECT id FROM ${table} ORDER BY id`)
    .all()
    .map(({ id }) => String(id));
}

/** A few of the addresses that a route stands for: over many worlds all of them have their turn. */
function some(addresses: readonly string[], pick: number): string[] {
  if (addresses.length <= 3) return [...addresses];
  return [0, 1, 2].flatMap((at) => addresses[(pick + at * 7) % addresses.length] ?? []);
}

const queryOf = (path: string, pick: number) => {
  const params = new URLSearchParams({ limit: '40', q: 'walk', range: 'daily', pid: String(pick) });
  params.append('id[]', String(pick));
  if (path.includes('oembed')) params.set('url', `http://127.0.0.1/@ann/${pick}`);
  return `${path}?${params}`;
};

test('T86: no GET route of the table tells anybody of a post that they may not see', async () => {
  const { routes } = await app.app.door();
  const patterns = routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
  expect(patterns.length).toBeGreaterThan(100);
  let told = 0;
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const ids = transaction(app.ctx.db, () => build(drawn));
      const known: Known = {
        id: [
          ...ids.map(String),
          ...people.map((each) => String(each.viewer.id)),
          ...rowIds('shares'),
          ...rowIds('lists'),
          ...rowIds('conversations'),
          ...rowIds('notifications').slice(0, 8),
        ],
        name: ['walk', ...NAMES, 'ann.atom'],
        username: NAMES,
        tag: ['walk'],
        group_key: rowIds('notifications')
          .slice(0, 3)
          .map((id) => `ungrouped-${id}`),
      };
      const strange = secretsOf(null, ids);
      for (const viewer of [null, ...drawn.viewers.map((at) => people[at])]) {
        const who = viewer?.viewer ?? null;
        const own = secretsOf(who, ids);
        for (const pattern of patterns) {
          for (const path of some(addressesOf(pattern, known), drawn.pick)) {
            if (/stream|assets/.test(path)) continue;
            const about = ids[drawn.pick % ids.length] ?? 0;
            const api = path.startsWith('/api/');
            const how = !viewer ? {} : api ? { token: viewer.token } : { as: viewer };
            const response = await app.request(queryOf(path, about), how);
            const text = await response.text();
            // Feeds and embeddings are the same for everybody.
            const secret = /\.atom|oembed/.test(path) ? strange : own;
            const leak = secret.find((word) => text.includes(word));
            expect([path, who?.username, response.status < 500, leak]).toEqual([
              path,
              who?.username,
              true,
              undefined,
            ]);
            if (text.includes('word')) told += 1;
          }
        }
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
  // The walk reads lists that show something.
  expect(told).toBeGreaterThan(20);
}, 120_000);
