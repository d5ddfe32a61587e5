import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { findLicence, type LicenceKey } from '#domain/posts/licences.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { formText } from './form-fields.ts';

/** What the form of a post says, new or edited. */
export type PostForm = {
  caption: string;
  spoiler: string;
  place: string;
  visibility: 'public' | 'unlisted' | 'followers' | 'self';
  licence: LicenceKey;
};

const schema = v.object({
  caption: formText(),
  spoiler: formText(),
  place: formText(),
  visibility: v.fallback(v.nullable(v.picklist(['public', 'unlisted', 'followers', 'self'])), null),
  licence: formText(),
});

/** Reads the form; throws `invalid` for a choice that is none. */
export function readPostForm(fields: Readonly<Record<string, unknown>>): PostForm {
  const { visibility, licence, ...words } = v.parse(schema, { ...fields });
  const chosen = findLicence(licence);
  if (visibility === null) {
    const sentence = 'Choose who sees the post.';
    throw new AppError('invalid', sentence, { fields: { visibility: sentence } });
  }
  if (chosen === null) {
    const sentence = 'Choose a licence of the list.';
    throw new AppError('invalid', sentence, { fields: { licence: sentence } });
  }
  return { ...words, visibility, licence: chosen.key };
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
export function formValuesOf(post: StatusJson): Record<string, string> {
  const licence = findLicence(String(post.tintype.license?.id ?? 1));
  const values: Record<string, string> = {
    caption: post.content_text ?? '',
    spoiler: post.spoiler_text,
    place: post.place?.name ?? '',
    visibility: post.tintype.visibility,
    licence: licence?.key ?? 'all-rights-reserved',
  };
  for (const [at, photo] of post.media_attachments.entries()) {
    values[`alt_${at + 1}`] = photo.description ?? '';
  }
  return values;
}
