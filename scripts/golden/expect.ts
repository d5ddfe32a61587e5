import type { Database } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What must be the same after an update, by question. */
export type GoldenAnswers = Record<string, unknown>;

/** Rows of every table but those of searches. */
export function countTables(db: Database): Record<string, number> {
  const names = db
    .query<{ name: string }, []>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'
       AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'post_words%' ORDER BY name`,
    )
    .all();
  return Object.fromEntries(
    names.map(({ name }) => {
      const row = db.query<{ count: number }, []>(`SELECT COUNT(*) AS count FROM "${name}"`).get();
      return [name, row?.count ?? 0];
    }),
  );
}

/** Name and SHA-256 of every file of a photo, by name. */
export function hashMedia(folder: string): { name: string; sha256: string }[] {
  const found: { name: string; sha256: string }[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    found.push({ name, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') });
  }
  return found;
}

type Post = {
  id: string;
  uri: string;
  content: string;
  visibility: string;
  spoiler_text: string;
  favourites_count: number;
  replies_count: number;
  reblogs_count: number;
  tags: { name: string }[];
  media_attachments: { id: string; description: string | null }[];
  account: { acct: string };
  reblog: Post | null;
};

const post = (one: Post): unknown => ({
  id: one.id,
  uri: one.uri,
  by: one.account.acct,
  content: one.content,
  visibility: one.visibility,
  covered: one.spoiler_text,
  counts: [one.favourites_count, one.replies_count, one.reblogs_count],
  tags: one.tags.map(({ name }) => name).sort(),
  photos: one.media_attachments.map(({ id, description }) => [id, description]),
  boosted: one.reblog === null ? null : post(one.reblog),
});

const posts = (answer: unknown) => (answer as Post[]).map(post);

type Named = { id: string; title?: string; name?: string; type?: string; acct?: string };

const names = (answer: unknown) =>
  (answer as Named[]).map(({ id, title, name, type, acct }) => [
    id,
    title ?? name ?? type ?? acct ?? '',
  ]);

/** Questions that every version answers alike, with the person who asks. */
const questions: Readonly<Record<string, [as: string, pick: (answer: unknown) => unknown]>> = {
  '/api/v1/timelines/home': ['ann', posts],
  '/api/v1/timelines/public?local=true': ['ben', posts],
  '/api/v1/bookmarks': ['ann', posts],
  '/api/v1/favourites': ['ann', posts],
  '/api/v1/notifications': ['ann', names],
  '/api/v1/lists': ['ann', names],
  '/api/v2/filters': ['ann', names],
  '/api/v1/scheduled_statuses': ['ann', (all) => (all as Named[]).map(({ id }) => id)],
  '/api/v1/conversations': ['ann', (all) => (all as Named[]).length],
  '/api/v1/followed_tags': ['ann', (all) => (all as Named[]).map(({ name }) => name)],
  '/api/v1/mutes': ['cid', names],
  '/api/v1/blocks': ['cid', names],
  '/api/v1/domain_blocks': ['ann', (all) => all],
  '/api/v1/accounts/verify_credentials': [
    'ann',
    (answer) => {
      const me = answer as Record<string, unknown>;
      const { id, acct, display_name, note, followers_count, following_count, statuses_count } = me;
      return { id, acct, display_name, note, followers_count, following_count, statuses_count };
    },
  ],
};

/** Asks a server everything. */
export async function askGolden(
  url: string,
  tokens: Record<string, string>,
): Promise<GoldenAnswers> {
  const answers: GoldenAnswers = {};
  for (const [path, [as, pick]] of Object.entries(questions)) {
    const headers = { authorization: `Bearer ${tokens[as]}` };
    const answer = await fetch(`${url}${path}`, { headers });
    if (!answer.ok) throw new Error(`${path} as ${as}: ${answer.status} ${await answer.text()}`);
    answers[path] = pick(await answer.json());
  }
  return answers;
}
