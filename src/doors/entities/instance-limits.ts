import type { Context } from '#base/context.ts';
import { profileLimits } from '#domain/accounts/profile.ts';
import { postLimits } from '#domain/posts/limits.ts';

/** What an upload may be; the image worker reads nothing else. */
const MIMES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/heic',
  'image/heif',
  'image/avif',
];

/** Mastodon counts every link as 23 characters; we count what is there, and apps that allow less lose nothing. */
const CHARACTERS_OF_A_LINK = 23;

/** The limits of the product in the words of an Instance (docs.joinmastodon.org/entities/Instance): bytes, pixels, characters. */
export function instanceLimits(ctx: Pick<Context, 'config'>) {
  const pixels = ctx.config.uploadMaxPixels;
  return {
    accounts: {
      max_featured_tags: 10,
      max_pinned_statuses: 5,
      max_display_name_length: profileLimits.displayName,
      max_note_length: profileLimits.bio,
      max_avatar_description_length: 0,
      max_header_description_length: 0,
      max_profile_fields: profileLimits.fields,
      profile_field_name_limit: profileLimits.fieldText,
      profile_field_value_limit: profileLimits.fieldText,
    },
    statuses: {
      max_characters: postLimits.caption,
      max_media_attachments: postLimits.photos,
      characters_reserved_per_url: CHARACTERS_OF_A_LINK,
    },
    media_attachments: {
      supported_mime_types: MIMES,
      description_limit: postLimits.altText,
      image_size_limit: ctx.config.uploadMaxSize,
      image_matrix_limit: pixels,
      // There are no videos here; zeros would mean "no limit" to some apps.
      video_size_limit: ctx.config.uploadMaxSize,
      video_frame_rate_limit: 60,
      video_matrix_limit: pixels,
    },
    // Zeros: apps hide their button.
    polls: {
      max_options: 0,
      max_characters_per_option: 0,
      min_expiration: 0,
      max_expiration: 0,
    },
  };
}
