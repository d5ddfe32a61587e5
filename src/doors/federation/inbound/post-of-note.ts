import type { Context } from '#base/context.ts';
import { readAccountByUri } from '#domain/accounts/find-by-uri.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { RemotePost } from '#domain/posts/remote-types.ts';
import type { RemoteNote } from './read-note.ts';
import { visibilityOf } from './visibility-of.ts';

/**
 * A note as a post of `author`: its visibility, and the accounts it mentions as far as they are known
 * here (nobody is fetched because a stranger names them, T50). Who is named but not addressed is not
 * mentioned (T49); of a direct one all addressed people are, so that they see it.
 */
export function postOfNote(ctx: Context, note: RemoteNote, author: AccountRow): RemotePost {
  const { author: _, authors: __, to, cc, audience, mentions, publishedAt, ...rest } = note;
  const visibility = visibilityOf({ to, cc }, author.followersUrl);
  const addressed = new Set(audience);
  const named = mentions.filter((uri) => addressed.has(uri));
  const meant = visibility === 'direct' ? [...named, ...audience] : named;
  const mentionedIds = [...new Set(meant)]
    .slice(0, 40)
    .flatMap((uri) => readAccountByUri(ctx, uri)?.id ?? [])
    .slice(0, 20);
  return {
    ...rest,
    accountId: author.id,
    visibility,
    mentionedIds,
    publishedAt: publishedAt ?? ctx.now(),
  };
}
