import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import type { Preferences } from '#domain/accounts/preferences.ts';
import { cleanText, parseCaption } from '#domain/posts/caption.ts';
import type { PostEdit } from '#domain/posts/edit.ts';
import { findLicence, type LicenceKey } from '#domain/posts/licences.ts';
import { postLimits } from '#domain/posts/limits.ts';
import type { PostInput } from '#domain/posts/publish.ts';
import { type Visibility, visibilities } from '#domain/posts/visibility.ts';
import { flagField, idField, listField, parseInput, textField } from '#doors/http/fields.ts';

/** Longer than anything that is taken: the domain's own sentence about length is the better one. */
const LONG = 100_000;

/** A time as apps write it (ISO 8601), in milliseconds. */
const timeField = () =>
  v.pipe(
    v.string('must be a time'),
    v.maxLength(60, 'must be a time'),
    v.transform((text) => Date.parse(text)),
    v.check((time) => Number.isFinite(time), 'must be a time like 2030-01-31T12:00:00Z'),
  );
/** What a change of a waiting post says: its new time. */
export const scheduleSchema = v.object({ scheduled_at: timeField() });

const photoSchema = v.object({
  id: idField(),
  description: v.nullish(textField(LONG)),
  focus: v.nullish(v.pipe(v.string(), v.regex(/^-?[0-9.]+,\s*-?[0-9.]+$/, 'must be like 0.0,0.0'))),
});

const fields = {
  status: v.nullish(textField(LONG)),
  spoiler_text: v.nullish(textField(LONG)),
  sensitive: v.nullish(flagField()),
  language: v.nullish(textField(40)),
  license: v.nullish(textField(40)),
  place: v.nullish(textField(LONG)),
  comments_disabled: v.nullish(flagField()),
  likes_disabled: v.nullish(flagField()),
  shares_disabled: v.nullish(flagField()),
  media_ids: v.nullish(listField(idField(), 100)),
  media_attributes: v.nullish(listField(photoSchema, 100)),
  poll: v.nullish(v.unknown()),
  quoted_status_id: v.nullish(v.unknown()),
  quote_id: v.nullish(v.unknown()),
  scheduled_at: v.nullish(v.union([v.literal(''), timeField()])),
};
export const newSchema = v.object({
  ...fields,
  visibility: v.nullish(textField(20)),
  tintype_visibility: v.nullish(textField(20)),
  in_reply_to_id: v.nullish(v.union([v.literal(''), idField()])),
});
export const editSchema = v.object({ ...fields, tintype_visibility: v.nullish(textField(20)) });
type Fields = v.InferOutput<typeof editSchema>;

/**
 * Reads what POST /api/v1/statuses says; what it leaves out follows the person's `defaults`. Throws
 * `invalid` for what is no status or not possible here.
 */
export function readNewStatus(
  input: unknown,
  defaults: Pick<Preferences, 'defaultSensitive' | 'defaultLanguage'>,
): PostInput {
  const said = parseInput(newSchema, input);
  refuseUnknown(said);
  const caption = said.status ?? '';
  return {
    caption,
    mediaIds: said.media_ids ?? [],
    spoiler: said.spoiler_text ?? '',
    // Of photos alone: words have their warning.
    sensitive: said.sensitive ?? (defaults.defaultSensitive && (said.media_ids ?? []).length > 0),
    visibility: readVisibility(said, caption),
    licence: readLicence(said.license) ?? null,
    place: said.place ?? '',
    language: said.language || defaults.defaultLanguage,
    commentsDisabled: said.comments_disabled ?? false,
    likesDisabled: said.likes_disabled ?? false,
    sharesDisabled: said.shares_disabled ?? false,
    inReplyToId: said.in_reply_to_id || null,
  };
}

/** The time for which a new post is meant (milliseconds); null: now. */
export function readScheduleTime(input: unknown): number | null {
  return parseInput(newSchema, input).scheduled_at || null;
}

/** Reads what PUT /api/v1/statuses/:id says; what is not said stays. */
export function readStatusEdit(input: unknown): PostEdit {
  const said = parseInput(editSchema, input);
  refuseUnknown(said);
  const licence = readLicence(said.license);
  // Apps cannot change the visibility of a post and send the old one along; only ours means it.
  const visibility = readVisibility({ tintype_visibility: said.tintype_visibility }, '');
  return {
    ...(visibility ? { visibility } : {}),
    ...(typeof said.status === 'string' ? { caption: said.status } : {}),
    ...(typeof said.spoiler_text === 'string' ? { spoiler: said.spoiler_text } : {}),
    ...(typeof said.sensitive === 'boolean' ? { sensitive: said.sensitive } : {}),
    ...(typeof said.language === 'string' ? { language: said.language } : {}),
    ...(typeof said.place === 'string' ? { place: said.place } : {}),
    ...(typeof said.comments_disabled === 'boolean'
      ? { commentsDisabled: said.comments_disabled }
      : {}),
    ...(typeof said.likes_disabled === 'boolean' ? { likesDisabled: said.likes_disabled } : {}),
    ...(typeof said.shares_disabled === 'boolean' ? { sharesDisabled: said.shares_disabled } : {}),
    ...(licence ? { licence } : {}),
    ...(said.media_ids ? { mediaIds: said.media_ids } : {}),
    ...(said.media_attributes ? { photos: said.media_attributes.map(readPhoto) } : {}),
  };
}

function readPhoto(photo: v.InferOutput<typeof photoSchema>) {
  const [x, y] = photo.focus?.split(',').map(Number) ?? [];
  return {
    id: photo.id,
    ...(typeof photo.description === 'string' ? { description: photo.description } : {}),
    ...(x === undefined || y === undefined ? {} : { focusX: x, focusY: y }),
  };
}

function refuseUnknown(said: Fields): void {
  if (said.poll !== undefined && said.poll !== null) {
    throw new AppError('invalid', 'Validation failed: polls are not possible here');
  }
  // A quote without what it quotes would say something else.
  if (said.quoted_status_id || said.quote_id) {
    throw new AppError(
      'invalid',
      'Validation failed: quotes are not possible here; link to the post',
    );
  }
}

function readLicence(text: string | null | undefined): LicenceKey | undefined {
  if (!text) return undefined;
  const licence = findLicence(text);
  if (!licence) throw new AppError('invalid', 'Validation failed: license: is not known here');
  return licence.key;
}

/** Apps say `private` and `direct`; a direct post that names nobody is for its author alone. */
function readVisibility(said: v.InferOutput<typeof newSchema>, caption: string): Visibility | null {
  const word = said.tintype_visibility || said.visibility;
  if (!word) return null;
  if (word === 'private') return 'followers';
  if (word === 'direct') {
    // A longer one is refused anyway; it need not be taken apart first.
    const start = cleanText(caption.slice(0, 2 * postLimits.caption));
    const named = parseCaption(start).some((part) => part.kind === 'mention');
    return named ? 'direct' : 'self';
  }
  const visibility = visibilities.find((each) => each === word);
  if (!visibility) throw new AppError('invalid', 'Validation failed: visibility: is not known');
  return visibility;
}
