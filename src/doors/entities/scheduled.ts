import type { Context } from '#base/context.ts';
import { readPreferences } from '#domain/accounts/preferences.ts';
import { readMedia } from '#domain/media/reading.ts';
import type { PostInput } from '#domain/posts/publish.ts';
import type { ScheduledRow } from '#domain/posts/scheduled-queries.ts';
import { dateTime } from './dates.ts';
import { mediaJson } from './media.ts';
import type { MediaAttachmentJson, StatusJson } from './types.ts';
import { apiVisibility } from './visibility.ts';

/** A post that waits for its time (Mastodon's ScheduledStatus). */
export type ScheduledJson = {
  id: string;
  scheduled_at: string;
  params: {
    text: string;
    media_ids: string[] | null;
    sensitive: boolean;
    spoiler_text: string;
    visibility: StatusJson['visibility'];
    in_reply_to_id: string | null;
    language: string | null;
    poll: null;
    application_id: string;
    scheduled_at: null;
    idempotency: string | null;
    with_rate_limit: false;
  };
  media_attachments: MediaAttachmentJson[];
  /** Ours: why it could not be published when its time came. */
  tintype: { problem: string | null };
};

/** The viewer's waiting posts as apps read them; two statements for any number. */
export function scheduledJson(
  ctx: Context,
  viewer: { id: number },
  rows: readonly ScheduledRow[],
): ScheduledJson[] {
  const preferences = readPreferences(ctx.db, viewer.id);
  const inputs = rows.map((row) => ({ row, input: JSON.parse(row.input) as PostInput }));
  const ids = inputs.flatMap(({ input }) => input.mediaIds);
  const views = ids.length === 0 ? [] : readMedia(ctx.db, ids);
  const photos = new Map(
    mediaJson(ctx, views, { preferences }).map((photo) => [Number(photo.id), photo]),
  );
  return inputs.map(({ row, input }) => ({
    id: String(row.id),
    scheduled_at: dateTime(row.scheduledAt),
    params: {
      text: input.caption,
      media_ids: input.mediaIds.length === 0 ? null : input.mediaIds.map(String),
      sensitive: input.sensitive === true,
      spoiler_text: input.spoiler ?? '',
      visibility: apiVisibility(input.visibility ?? preferences.defaultVisibility),
      in_reply_to_id: input.inReplyToId ? String(input.inReplyToId) : null,
      language: input.language ?? null,
      poll: null,
      application_id: '0',
      scheduled_at: null,
      idempotency: row.idempotencyKey,
      with_rate_limit: false,
    },
    media_attachments: input.mediaIds.flatMap((id) => photos.get(id) ?? []),
    tintype: { problem: row.problem },
  }));
}
