import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import { readFields } from '#domain/accounts/profile.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { parseCaption, renderCaption } from '#domain/posts/caption.ts';
import { absoluteHtml, addresses } from './addresses.ts';
import { day, midnight } from './dates.ts';
import type { AccountJson } from './types.ts';

/** Accounts as outsiders see them, in the order given; needs no statement of its own. */
export function accountsJson(
  ctx: Pick<Context, 'config'>,
  rows: readonly AccountRow[],
): AccountJson[] {
  const to = addresses(ctx.config);
  return rows.map((row) => {
    const avatar = row.avatarBlob === null ? to.noPicture : to.media(row.avatarBlob);
    return {
      id: String(row.id),
      username: row.username,
      acct: row.domain === null ? row.username : `${row.username}@${row.domain}`,
      display_name: row.displayName,
      url: to.profile(row.username),
      uri: to.actor(row.username),
      note: bioHtml(row.bio, to.origin),
      avatar,
      avatar_static: avatar,
      avatar_description: '',
      header: to.noPicture,
      header_static: to.noPicture,
      header_description: '',
      locked: row.locked !== 0,
      bot: false,
      group: false,
      discoverable: row.discoverable !== 0,
      indexable: row.indexable !== 0,
      noindex: row.noindex !== 0,
      ...(row.suspendedAt === null ? {} : { suspended: true }),
      hide_collections: false,
      created_at: midnight(row.createdAt),
      last_status_at: row.lastPostAt === null ? null : day(row.lastPostAt),
      statuses_count: row.postsCount,
      followers_count: row.followersCount,
      following_count: row.followingCount,
      emojis: [],
      fields: [...websiteField(row.website), ...ownFields(row, to.origin)],
      roles: roleBadges(row.role),
      note_text: row.bio,
      website: row.website,
      pronouns: row.pronouns === '' ? [] : [row.pronouns],
      location: row.location === '' ? null : row.location,
      header_bg: null,
      last_fetched_at: null,
      local: row.domain === null,
      is_admin: row.role === 'owner' || row.role === 'admin',
    };
  });
}

/** The lines that a person wrote about themselves, without the website; values are HTML, names plain text. */
export function ownFields(row: AccountRow, origin: string): AccountJson['fields'] {
  if (row.fields === '[]') return [];
  return readFields(row).map(({ name, value }) => ({
    name,
    // One line: the paragraph around it would only be in the way.
    value: bioHtml(value, origin).replace(/^<p>|<\/p>$/g, ''),
    verified_at: null,
  }));
}

/** The HTML of a biography: links and hashtags as in a caption, everything else escaped. */
function bioHtml(bio: string, origin: string): string {
  return absoluteHtml(
    renderCaption(parseCaption(bio), () => null),
    origin,
  );
}

function websiteField(website: string): AccountJson['fields'] {
  if (!/^https?:\/\//i.test(website) || !URL.canParse(website)) return [];
  const rel = 'rel="nofollow noopener noreferrer ugc me"';
  const value = `<a href="${escapeHtml(new URL(website).href)}" ${rel}>${escapeHtml(website)}</a>`;
  return [{ name: 'Website', value, verified_at: null }];
}

function roleBadges(role: AccountRow['role']): AccountJson['roles'] {
  if (role === 'owner') return [{ id: '3', name: 'Owner', color: '' }];
  if (role === 'admin') return [{ id: '2', name: 'Admin', color: '' }];
  return [];
}
