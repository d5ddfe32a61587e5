import type { Context } from '#base/context.ts';
import { readFields } from '#domain/accounts/profile.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { accountsJson } from './account.ts';

/** The own profile as it is edited: plain text, pictures only where there are any (docs.joinmastodon.org/entities/Profile). */
export function profileJson(ctx: Context, row: AccountRow): Record<string, unknown> | null {
  const [account] = accountsJson(ctx, [row]);
  if (!account) return null;
  const avatar = row.avatarBlob === null ? null : account.avatar;
  return {
    id: account.id,
    display_name: row.displayName,
    note: row.bio,
    fields: readFields(row).map((field) => ({ ...field, verified_at: null })),
    avatar,
    avatar_static: avatar,
    avatar_description: '',
    header: null,
    header_static: null,
    header_description: '',
    locked: account.locked,
    bot: account.bot,
    hide_collections: account.hide_collections,
    discoverable: account.discoverable,
    indexable: account.indexable,
    show_media: true,
    show_media_replies: true,
    show_featured: false,
    attribution_domains: [],
    featured_tags: [],
  };
}
