import type { Context } from '#base/context.ts';
import { originOf } from '#domain/origin.ts';
import { type CaptionPart, parseCaption, renderCaption } from './caption.ts';
import { findMentioned, replaceMentions, replaceTags } from './queries.ts';

type Indexed = {
  html: string;
  tags: { name: string; display: string }[];
  /** Local accounts, each once. */
  mentioned: { id: number; username: string }[];
};

/** Host (with port) under which this instance's handles are written. */
function localHost(ctx: Pick<Context, 'config'>): string {
  return new URL(originOf(ctx.config)).host;
}

/** Reads a cleaned caption: its HTML, its tags and the local people it mentions. */
export function readCaption(ctx: Pick<Context, 'config' | 'db'>, caption: string): Indexed {
  const host = localHost(ctx);
  const parts = parseCaption(caption);
  const isLocal = (domain: string | null) => domain === null || domain.toLowerCase() === host;
  const wanted = new Set<string>();
  const tags = new Map<string, string>();
  for (const part of parts) {
    if (part.kind === 'mention' && isLocal(part.domain)) wanted.add(part.username.toLowerCase());
    if (part.kind === 'tag' && !tags.has(part.name)) tags.set(part.name, tagText(part));
  }
  const mentioned = wanted.size > 0 ? findMentioned(ctx.db, [...wanted]) : [];
  const names = new Map(mentioned.map(({ username }) => [username.toLowerCase(), username]));
  const html = renderCaption(parts, ({ username, domain }) =>
    isLocal(domain) ? (names.get(username.toLowerCase()) ?? null) : null,
  );
  return { html, tags: [...tags].map(([name, display]) => ({ name, display })), mentioned };
}

function tagText(part: CaptionPart): string {
  return part.text.slice(1);
}

/** Writes the tags and mentions of a post; only inside the caller's transaction. */
export function indexWords(
  ctx: Context,
  postId: number,
  words: { tags: Indexed['tags']; mentionedIds: number[] },
): void {
  replaceTags(ctx.db, postId, words.tags, () => ctx.newId(), ctx.now());
  replaceMentions(ctx.db, postId, words.mentionedIds);
}
