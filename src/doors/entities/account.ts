import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import { readFields } from '#domain/accounts/profile.ts';
import { type AccountRow, findAccounts } from '#domain/accounts/queries.ts';
import { remoteMediaPath } from '#domain/media/remote-address.ts';
import { parseCaption, renderCaption } from '#domain/posts/caption.ts';
import { absoluteHtml, addresses } from './addresses.ts';
import { dateTime, day, midnight } from './dates.ts';
import type { AccountJson } from './types.ts';

/** Accounts as outsiders see them, in the order given; one statement only if one of them has moved. */
export function accountsJson(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  rows: readonly AccountRow[],
): AccountJson[] {
  const targets = new Set(rows.flatMap((row) => row.movedToId ?? []));
  const moved = targets.size === 0 ? null : findAccounts(ctx.db, [...targets]);
  return rows.map((row) => {
    const target = row.movedToId === null ? undefined : moved?.get(row.movedToId);
    const json = accountJson(ctx, row);
    // One step alone: who moved on from there is found there.
    return target ? { ...json, moved: accountJson(ctx, target) } : json;
  });
}

function accountJson(ctx: Pick<Context, 'config' | 'db' | 'now'>, row: AccountRow): AccountJson {
  const to = addresses(ctx.config);
  const isLocal = row.uri === null;
  const avatar = pictureOf(ctx, row, 'avatar');
  const header = pictureOf(ctx, row, 'header');
  return {
    id: String(row.id),
    username: row.username,
    acct: row.domain === null ? row.username : `${row.username}@${row.domain}`,
    display_name: row.displayName,
    url: isLocal ? to.profile(row.username) : (row.url ?? row.uri ?? ''),
    uri: row.uri ?? to.actor(row.username),
    note: isLocal ? bioHtml(row.bio, to.origin) : row.bioHtml,
    avatar,
    avatar_static: avatar,
    avatar_description: '',
    header,
    header_static: header,
    header_description: '',
    locked: row.locked !== 0,
    bot: row.actorType === 'Service' || row.actorType === 'Application',
    group: row.actorType === 'Group',
    discoverable: row.discoverable !== 0,
    indexable: row.indexable !== 0,
    noindex: row.noindex !== 0,
    ...(row.suspendedAt === null ? {} : { suspended: true }),
    ...(row.limited === 0 || isLocal ? {} : { limited: true }),
    hide_collections: row.hideCollections !== 0,
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
    last_fetched_at: row.fetchedAt === null ? null : dateTime(row.fetchedAt),
    local: isLocal,
    is_admin: row.role === 'owner' || row.role === 'admin',
  };
}

/** An uploaded picture, our copy of one that lies elsewhere, or the one that says there is none. */
function pictureOf(
  ctx: Pick<Context, 'config' | 'db' | 'now'>,
  row: AccountRow,
  kind: 'avatar' | 'header',
): string {
  const to = addresses(ctx.config);
  if (row.uri === null) {
    return kind === 'header' || row.avatarBlob === null ? to.noPicture : to.media(row.avatarBlob);
  }
  const isThere = (kind === 'avatar' ? row.avatarUrl : row.headerUrl) !== null;
  return isThere ? `${to.origin}${remoteMediaPath(ctx, kind, row.id, 'large')}` : to.noPicture;
}

/** The lines that a person wrote about themselves, without the website; values are HTML, names plain text. */
export function ownFields(row: AccountRow, origin: string): AccountJson['fields'] {
  if (row.fields === '[]') return [];
  // Those of other servers are clean HTML since they came.
  if (row.uri !== null) return readFields(row).map((field) => ({ ...field, verified_at: null }));
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
