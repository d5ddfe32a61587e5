import type { Context } from '#base/context.ts';
import { ownHost } from '#domain/own-address.ts';
import { type CaptionPart, parseCaption, renderCaption } from './caption.ts';
import { findMentioned, replaceMentions, replaceTags } from './queries.ts';

type Indexed = {
  html: string;
  tags: { name: string; display: string }[];
  /** Accounts that are known here, each once. */
  mentioned: { id: number; username: string }[];
  /** Handles (`name@domain`) of other servers that nobody here knows yet, in lower case, each once. */
  unknown: string[];
};

/**
 * Reads a cleaned caption: its HTML, its tags and the people it mentions. People of other servers
 * are linked if they are known here; the others stay text until `linkMentions`.
 */
export function readCaption(ctx: Pick<Context, 'config' | 'db'>, caption: string): Indexed {
  const host = ownHost(ctx.config);
  const parts = parseCaption(caption);
  const handleOf = ({ username, domain }: { username: string; domain: string | null }) => {
    const place = domain === null || domain.toLowerCase() === host ? '' : `@${domain}`;
    return `${username}${place}`.toLowerCase();
  };
  const wanted = new Set<string>();
  const tags = new Map<string, string>();
  for (const part of parts) {
    if (part.kind === 'mention') wanted.add(handleOf(part));
    if (part.kind === 'tag' && !tags.has(part.name)) tags.set(part.name, tagText(part));
  }
  const mentioned = wanted.size > 0 ? findMentioned(ctx.db, [...wanted]) : [];
  const people = new Map(mentioned.map((account) => [handleOf(account), account]));
  const html = renderCaption(parts, (mention) => {
    const account = people.get(handleOf(mention));
    return account === undefined ? null : (account.url ?? account.uri ?? `/@${account.username}`);
  });
  return {
    html,
    tags: [...tags].map(([name, display]) => ({ name, display })),
    mentioned,
    unknown: [...wanted].filter((handle) => handle.includes('@') && !people.has(handle)),
  };
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
