import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import { canSeePost, type Visibility, visibilities } from '#domain/posts/visibility.ts';
import { createTestApp, type Person, type TestApp } from '#test/harness/app.ts';
import { ask } from '#test/harness/full-world.ts';
import { addressesOf } from '#test/http/walk.ts';

setDefaultTimeout(180_000);

const NAMES = ['ann', 'ben', 'cleo', 'dan'] as const;
const person = fc.integer({ min: 0, max: NAMES.length - 1 });
const pair = fc.record({ from: person, to: person });
const acts = ['favourite', 'reblog', 'bookmark'] as const;
const world = fc.record({
  mode: fc.constantFrom('community', 'family'),
  follows: fc.array(pair, { minLength: 1, maxLength: 6 }),
  blocks: fc.array(pair, { maxLength: 2 }),
  posts: fc.array(
    fc.record({
      author: person,
      visibility: fc.constantFrom(...visibilities),
      mentions: fc.option(person, { freq: 2 }),
      answers: fc.option(fc.nat(6), { freq: 2 }),
    }),
    { minLength: 5, maxLength: 9 },
  ),
  acts: fc.array(fc.record({ who: person, post: fc.nat(8), act: fc.constantFrom(...acts) }), {
    maxLength: 8,
  }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

type Post = { id: string; author: number; word: string; visibility: Visibility };
type Built = { app: TestApp; people: Person[]; posts: Post[]; list: string[] };

/** Builds it through the API; what the server refuses is simply not there. */
async function build(plan: World): Promise<Built> {
  const app = await createTestApp({ config: { rates: false }, settings: { mode: plan.mode } });
  const people: Person[] = [];
  for (const name of NAMES) {
    people.push(await app.person(name, name === 'ann' ? 'owner' : 'member'));
  }
  const at = (index: number): Person => people[index] ?? (people[0] as Person);
  const tell = (as: Person, path: string, json?: unknown) =>
    app.request(path, { method: 'POST', token: as.token, ...(json ? { json } : {}) });
  for (const { from, to } of plan.follows) {
    await tell(at(from), `/api/v1/accounts/${at(to).viewer.id}/follow`);
  }
  const posts: Post[] = [];
  for (const [index, { author, visibility, mentions, answers }] of plan.posts.entries()) {
    const word = `word${index}x${crypto.randomUUID().slice(0, 8)}`;
    const named = mentions === null ? '' : ` @${NAMES[mentions]}`;
    const answer = await tell(at(author), '/api/v1/statuses', {
      status: `${word} #walk${named}`,
      tintype_visibility: visibility,
      in_reply_to_id: answers === null ? null : (posts[answers]?.id ?? null),
    });
    const made = (await answer.json()) as { id: string };
    if (answer.ok) posts.push({ id: made.id, author, word, visibility });
  }
  for (const { who, post, act } of plan.acts) {
    const id = posts[post]?.id;
    if (id !== undefined) await tell(at(who), `/api/v1/statuses/${id}/${act}`);
  }
  const list = await ask(app, at(0), 'POST', '/api/v1/lists', { title: 'All' });
  await tell(at(0), `/api/v1/lists/${list.id}/accounts`, {
    account_ids: people.map(({ viewer }) => String(viewer.id)),
  });
  for (const { from, to } of plan.blocks) {
    await tell(at(from), `/api/v1/accounts/${at(to).viewer.id}/block`);
  }
  await app.settle();
  return { app, people, posts, list: [String(list.id)] };
}

/** The oracle: the pure decision, over what the tables say. */
function isVisible({ app, people }: Built, post: Post, viewer: Person | null): boolean {
  const { db } = app.ctx;
  const row = db
    .query<
      {
        accountId: number;
        audienceId: number;
        visibility: Visibility;
        archivedAt: number | null;
        hiddenAt: number | null;
      },
      { id: number }
    >(
      `SELECT account_id AS accountId, audience_id AS audienceId, visibility,
         archived_at AS archivedAt, hidden_at AS hiddenAt FROM posts WHERE id = $id`,
    )
    .get({ id: Number(post.id) });
  if (!row) return false;
  const has = (sql: string, one: number, other: number): boolean =>
    db.query<{ n: number }, { one: number; other: number }>(sql).get({ one, other }) !== null;
  const id = viewer?.viewer.id ?? 0;
  const author = people[post.author]?.viewer.id ?? 0;
  const blocks = 'SELECT 1 AS n FROM blocks WHERE account_id = $one AND target_id = $other';
  return canSeePost(row, viewer?.viewer ?? null, {
    closed: app.ctx.config.pinned.mode === 'family',
    authorSuspended: false,
    authorLeaving: false,
    follows: has(
      `SELECT 1 AS n FROM follows WHERE follower_id = $one AND followee_id = $other
         AND state = 'accepted'`,
      id,
      row.audienceId,
    ),
    blocked: has(blocks, id, author) || has(blocks, author, id),
    mentioned: has(
      'SELECT 1 AS n FROM mentions WHERE account_id = $one AND post_id = $other',
      id,
      Number(post.id),
    ),
  });
}

/** What was shown to whom it is hidden from, and how often somebody was shown what is theirs to see. */
async function walk(built: Built): Promise<{ leaks: string[]; shown: number }> {
  const { app, people, posts, list } = built;
  const { routes } = await app.app.door();
  const ids = [...people.map(({ viewer }) => String(viewer.id)), ...posts.map(({ id }) => id)];
  const known = { name: ['walk', ...NAMES], tag: ['walk'], group_key: ['1'] };
  const leaks: string[] = [];
  let shown = 0;
  for (const viewer of [null, ...people]) {
    const hidden = posts.filter((post) => !isVisible(built, post, viewer));
    for (const { method, path: pattern } of routes) {
      if (method !== 'GET' || !pattern.startsWith('/api/')) continue;
      if (/streaming|openapi|docs/.test(pattern)) continue;
      for (const path of addressesOf(pattern, { ...known, id: [...ids, ...list] })) {
        const address = path.endsWith('/search') ? `${path}?q=walk` : path;
        const who = viewer === null ? {} : { token: viewer.token };
        const text = await (await app.request(address, who)).text();
        shown += posts.filter((post) => !hidden.includes(post) && text.includes(post.word)).length;
        for (const { word, visibility } of hidden) {
          if (!text.includes(word)) continue;
          leaks.push(`${address} shows ${viewer?.viewer.username ?? 'a stranger'} ${visibility}`);
        }
      }
    }
  }
  return { leaks, shown };
}

describe('T86: whoever asks whatever list of the client API', () => {
  test('never reads a post that the viewer may not see', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (plan) => {
        const built = await build(plan);
        try {
          const { leaks, shown } = await walk(built);
          expect(leaks).toEqual([]);
          // A walk that is refused everywhere would prove nothing.
          expect(shown).toBeGreaterThan(built.posts.length);
        } finally {
          await built.app.close();
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
