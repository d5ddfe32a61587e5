import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { findLicence, type LicenceKey } from '#domain/posts/licences.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { formSwitch, formText } from './form-fields.ts';

/** What the form of a post says, new or edited. */
export type PostForm = {
  caption: string;
  spoiler: string;
  place: string;
  visibility: 'public' | 'unlisted' | 'followers' | 'self';
  licence: LicenceKey;
  likesDisabled: boolean;
  sharesDisabled: boolean;
  commentsDisabled: boolean;
};

const schema = v.object({
  caption: formText(),
  spoiler: formText(),
  place: formText(),
  visibility: v.fallback(v.nullable(v.picklist(['public', 'unlisted', 'followers', 'self'])), null),
  licence: formText(),
  likes_disabled: formSwitch(),
  shares_disabled: formSwitch(),
  comments_disabled: formSwitch(),
});

/** Reads the form; throws `invalid` for a choice that is none. */
export function readPostForm(fields: Readonly<Record<string, unknown>>): PostForm {
  const said = v.parse(schema, { ...fields });
  const { visibility, licence, caption, spoiler, place } = said;
  const chosen = findLicence(licence);
  if (visibility === null) {
    const sentence = 'Choose who sees the post.';
    throw new AppError('invalid', sentence, { fields: { visibility: sentence } });
  }
  if (chosen === null) {
    const sentence = 'Choose a licence of the list.';
    throw new AppError('invalid', sentence, { fields: { licence: sentence } });
  }
  return {
    ...{ caption, spoiler, place, visibility, licence: chosen.key },
    likesDisabled: said.likes_disabled,
    sharesDisabled: said.shares_disabled,
    commentsDisabled: said.comments_disabled,
  };
}

/** The text typed for the photo at a place (1 is the first), or undefined. */
export function altOf(
  fields: Readonly<Record<string, unknown>>,
  place: number,
): string | undefined {
  const value = fields[`alt_${place}`];
  return typeof value === 'string' ? value : undefined;
}

/** What the form of an existing post begins with. */
export function formValuesOf(
  post: StatusJson,
  row: Pick<PostRow, 'likesDisabled' | 'sharesDisabled' | 'commentsDisabled'>,
): Record<string, string> {
  const licence = findLicence(String(post.tintype.license?.id ?? 1));
  const values: Record<string, string> = {
    caption: post.content_text ?? '',
    spoiler: post.spoiler_text,
    place: post.place?.name ?? '',
    visibility: post.tintype.visibility,
    licence: licence?.key ?? 'all-rights-reserved',
    likes_disabled: row.likesDisabled === 0 ? '' : '1',
    shares_disabled: row.sharesDisabled === 0 ? '' : '1',
    comments_disabled: row.commentsDisabled === 0 ? '' : '1',
  };
  for (const [at, photo] of post.media_attachments.entries()) {
    values[`alt_${at + 1}`] = photo.description ?? '';
  }
  return values;
}
