import type { StatusJson } from '#doors/entities/types.ts';
import type { Person, TestApp } from '#test/harness/app.ts';
import { photo } from '#test/media/world.ts';

/** A post with a photo, and the words that nobody may read who may not see it. */
export type WalkPost = { id: string; mediaId: string; words: string; mediaPaths: string[] };

/** Publishes a post with one photo through the API, as an app would. */
export async function publishPhoto(
  app: TestApp,
  author: Person,
  visibility: StatusJson['visibility'],
): Promise<WalkPost> {
  const words = `word-${visibility}-${crypto.randomUUID().slice(0, 8)}`;
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await photo(64, 48))]), 'a.jpg');
  form.append('description', `${words}-alt`);
  const media = await ask(app, author, '/api/v2/media', { body: form });
  const post = await ask(app, author, '/api/v1/statuses', {
    json: { status: words, spoiler_text: '', media_ids: [media.id], visibility },
  });
  // For an app they have a key in front, by which they work without its token; the files are the same.
  const mediaPaths = [
    ...JSON.stringify(post).matchAll(/\/media\/(?:as\/[^/"]+\/)?([a-z2-7]{26}\.[a-z0-9]+)/g),
  ].map(([, name]) => `/media/${name}`);
  return {
    id: String(post.id),
    mediaId: String(media.id),
    words,
    mediaPaths: [...new Set(mediaPaths), `/media/${media.id}/download`],
  };
}

async function ask(
  app: TestApp,
  as: Person,
  path: string,
  how: { json?: unknown; body?: BodyInit },
): Promise<Record<string, unknown>> {
  const answer = await app.request(path, { token: as.token, ...how });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

/** What a parameter of a route may stand for; every route is walked with each. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** The addresses that a route's pattern stands for in this world; unknown parameters become `1` and `x`. */
export function addressesOf(pattern: string, known: Known): string[] {
  const [, name] = /[:*]([A-Za-z_]*)\??/.exec(pattern) ?? [];
  if (name === undefined) return [pattern];
  const values = known[name] ?? ['1', 'x'];
  return values.flatMap((value) => addressesOf(pattern.replace(/[:*][A-Za-z_]*\??/, value), known));
}
