import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { BoostStamp } from '#domain/posts/share-queries.ts';
import { accountsJson } from './account.ts';
import { addresses } from './addresses.ts';
import { dateTime } from './dates.ts';
import type { AccountJson, StatusJson } from './types.ts';
import { apiVisibility } from './visibility.ts';

/** A boost without the post in it, which is another for every viewer. */
export type BoostJson = Omit<StatusJson, 'reblog'>;

/** A boost is nothing by itself: what is allowed is said of the post in it. */
const NOTHING = { like: false, share: false, comment: false };

const MAX_ENTRIES = 600;
const caches = new WeakMap<Context, Map<number, { rev: number; json: BoostJson }>>();

/** Boosts as apps read them (a status around a status), by id; two statements for those that are not remembered. */
export function boostsJson(ctx: Context, boosts: readonly BoostStamp[]): Map<number, BoostJson> {
  const cache = caches.get(ctx) ?? new Map<number, { rev: number; json: BoostJson }>();
  caches.set(ctx, cache);
  const missing = boosts.filter((boost) => cache.get(boost.id)?.rev !== boost.accountRev);
  if (missing.length > 0) {
    if (cache.size > MAX_ENTRIES) cache.clear();
    const rows = findAccounts(ctx.db, [...new Set(missing.map((boost) => boost.accountId))]);
    const people = accountsJson(ctx, [...rows.values()]);
    const byId = new Map(people.map((account) => [Number(account.id), account]));
    for (const boost of missing) {
      const account = byId.get(boost.accountId);
      if (account)
        cache.set(boost.id, { rev: boost.accountRev, json: boostJson(ctx, boost, account) });
    }
  }
  return new Map(
    boosts.flatMap(({ id }) => {
      const json = cache.get(id)?.json;
      return json ? [[id, json] as const] : [];
    }),
  );
}

function boostJson(ctx: Context, boost: BoostStamp, account: AccountJson): BoostJson {
  const uri = boost.uri ?? `${addresses(ctx.config).actor(account.username)}#shares/${boost.id}`;
  return {
    id: String(boost.id),
    uri,
    url: uri,
    created_at: dateTime(boost.createdAt),
    edited_at: null,
    account,
    content: '',
    visibility: apiVisibility(boost.visibility),
    sensitive: false,
    spoiler_text: '',
    language: null,
    in_reply_to_id: null,
    in_reply_to_account_id: null,
    media_attachments: [],
    mentions: [],
    tags: [],
    emojis: [],
    replies_count: 0,
    reblogs_count: 0,
    favourites_count: 0,
    quotes_count: 0,
    application: null,
    card: null,
    poll: null,
    quote: null,
    filtered: [],
    ...{ pf_type: 'text', content_text: null, reply_count: 0, shortcode: null, place: null },
    ...{ liked_by: null, taggedPeople: [], comments_disabled: false, local: boost.uri === null },
    ...{ thread: false, replies: [], parent: [], label: { covid: false }, liked_at: null, _v: 1 },
    tintype: {
      visibility: boost.visibility,
      archived: false,
      edits: 0,
      license: null,
      allows: NOTHING,
    },
    favourited: false,
    reblogged: false,
    muted: false,
    bookmarked: false,
  };
}
