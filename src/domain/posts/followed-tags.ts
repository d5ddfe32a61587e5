import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import {
  countFollowedTags,
  deleteFollowedTag,
  findTags,
  insertFollowedTag,
  type TagRow,
} from './followed-tag-queries.ts';
import { needTag, readTagName } from './tag-name.ts';

const MOST_TAGS = 500;

type Owner = Pick<Viewer, 'id'>;

/** Brings public posts with a tag into the viewer's home timeline. Throws `not_found` for what is no tag. */
export function followTag(ctx: Context, viewer: Owner, text: string): TagRow {
  return transaction(ctx.db, () => {
    const tag = needTag(ctx, text);
    if (countFollowedTags(ctx.db, viewer.id) >= MOST_TAGS) {
      throw new AppError('invalid', `You can follow at most ${MOST_TAGS} hashtags.`);
    }
    insertFollowedTag(ctx.db, { accountId: viewer.id, tagId: tag.id, now: ctx.now() });
    return tag;
  });
}

/** Ends that; nothing happens if the tag was not followed. */
export function unfollowTag(ctx: Context, viewer: Owner, text: string): TagRow {
  const { name, display } = readTagName(text);
  const [tag] = findTags(ctx.db, [name]);
  if (!tag) return { id: 0, name, display };
  deleteFollowedTag(ctx.db, { accountId: viewer.id, tagId: tag.id });
  return tag;
}
