import type { Context } from '#base/context.ts';
import { listVersions } from '#domain/posts/queries.ts';
import { absoluteHtml, addresses } from './addresses.ts';
import { dateTime } from './dates.ts';
import type { AccountJson, MediaAttachmentJson, StatusJson } from './types.ts';

/** One state of a post (Mastodon's StatusEdit). */
export type StatusEditJson = {
  content: string;
  spoiler_text: string;
  sensitive: boolean;
  created_at: string;
  account: AccountJson;
  media_attachments: MediaAttachmentJson[];
  emojis: never[];
  /** Ours: alt texts of that time in the order of the photos, those of removed photos too. */
  tintype: { alt_texts: string[] };
};

type Described = { id: string; description: string };

/** Every state of a post that is visible, the first as it was published, the last as it is. */
export function statusEditsJson(ctx: Context, status: StatusJson): StatusEditJson[] {
  const { origin } = addresses(ctx.config);
  const photos = new Map(status.media_attachments.map((photo) => [photo.id, photo]));
  const former = listVersions(ctx.db, Number(status.id)).map((version): StatusEditJson => {
    const described = JSON.parse(version.media) as Described[];
    return {
      content: absoluteHtml(version.captionHtml, origin),
      spoiler_text: version.spoiler,
      sensitive: version.sensitive !== 0,
      created_at: dateTime(version.createdAt),
      account: status.account,
      media_attachments: described.flatMap(({ id, description }) => {
        const photo = photos.get(id);
        return photo ? [{ ...photo, description: description || null }] : [];
      }),
      emojis: [],
      tintype: { alt_texts: described.map(({ description }) => description) },
    };
  });
  return [...former, presentState(status)];
}

function presentState(status: StatusJson): StatusEditJson {
  return {
    content: status.content,
    spoiler_text: status.spoiler_text,
    sensitive: status.sensitive,
    created_at: status.edited_at ?? status.created_at,
    account: status.account,
    media_attachments: status.media_attachments,
    emojis: [],
    tintype: { alt_texts: status.media_attachments.map((photo) => photo.description ?? '') },
  };
}
