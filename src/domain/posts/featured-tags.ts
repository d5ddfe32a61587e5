import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  deleteFeaturedTag,
  type FeaturedTagRow,
  findFeaturedId,
  insertFeaturedTag,
  listFeaturedTags,
} from './featured-tag-queries.ts';
import { findTags, type TagRow } from './followed-tag-queries.ts';
import { needTag, readTagName } from './tag-name.ts';

/** As apps are told in the instance's `max_featured_tags`. */
const MOST_FEATURED = 10;

type Owner = Pick<Viewer, 'id'>;

/** Shows a tag on the viewer's profile; twice is once. Throws `invalid` when there are ten. */
export function featureTag(
  ctx: Context,
  viewer: Owner,
  text: string,
): FeaturedTagRow & { tag: TagRow } {
  return transaction(ctx.db, () => {
    const tag = needTag(ctx, text);
    const known = findFeaturedId(ctx.db, viewer.id, tag.id);
    if (known === null && listFeaturedTags(ctx.db, viewer.id).length >= MOST_FEATURED) {
      throw new AppError('invalid', `You can feature at most ${MOST_FEATURED} hashtags.`);
    }
    const id = known ?? ctx.newId();
    if (known === null) {
      insertFeaturedTag(ctx.db, { id, accountId: viewer.id, tagId: tag.id, now: ctx.now() });
    }
    const [row] = listFeaturedTags(ctx.db, viewer.id, id);
    if (!row) throw new Error('The tag was not stored.');
    return { ...row, tag };
  });
}

/** Takes a tag off the profile, by the id it stands under. Throws `not_found` for those of others (T97). */
export function unfeatureTag(ctx: Pick<Context, 'db'>, viewer: Owner, id: number): void {
  if (deleteFeaturedTag(ctx.db, viewer.id, id)) return;
  throw new AppError('not_found', 'Record not found');
}

/** The same by the tag itself; nothing happens if it is not there. */
export function unfeatureTagNamed(ctx: Pick<Context, 'db'>, viewer: Owner, text: string): TagRow {
  const { name, display } = readTagName(text);
  const [tag] = findTags(ctx.db, [name]);
  const id = tag ? findFeaturedId(ctx.db, viewer.id, tag.id) : null;
  if (id !== null) deleteFeaturedTag(ctx.db, viewer.id, id);
  return tag ?? { id: 0, name, display };
}
