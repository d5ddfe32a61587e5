import type { Answer } from './api.ts';
import type { Box } from './composer-box.ts';
import { saveAlt } from './composer-upload.ts';

const apiVisibility: Record<string, string> = {
  public: 'public',
  unlisted: 'unlisted',
  followers: 'private',
  self: 'direct',
};

/**
 * Publishes under the key of the draft, so that a second try after a lost answer posts nothing twice.
 * What waits for its time has no address yet.
 */
export async function publishDraft(box: Box): Promise<Answer<{ url?: string }>> {
  const { world, draft } = box;
  const saved = await Promise.all(draft.photos.map((photo) => saveAlt(box, photo.key)));
  if (saved.includes(false)) return { ok: false, status: 0, sentence: world.lost, again: true };
  const { words } = draft;
  const body = {
    status: words.caption,
    media_ids: draft.photos.map((photo) => photo.mediaId),
    spoiler_text: words.spoiler,
    sensitive: words.spoiler !== '',
    visibility: apiVisibility[words.visibility] ?? words.visibility,
    tintype_visibility: words.visibility,
    license: words.licence,
    place: words.place,
    likes_disabled: words.noLikes === true,
    shares_disabled: words.noBoosts === true,
    comments_disabled: words.noComments === true,
    ...(words.later ? { scheduled_at: new Date(words.later).toISOString() } : {}),
  };
  const answer = await world.api<{ url?: string }>('POST', '/api/v1/statuses', body, {
    'Idempotency-Key': draft.key,
  });
  if (answer.ok) await world.store.clear();
  return answer;
}
