import type { MediaAttachmentJson } from '#doors/entities/types.ts';
import { type Box, failPhoto, findPhoto, setPhoto } from './composer-box.ts';
import { cropText } from './crop.ts';
import type { DraftPhoto } from './draft.ts';
import { dropMedia } from './drop-media.ts';
import { nextUploads } from './queue.ts';
import { refreshStorage } from './refresh-storage.ts';

function mediaChange(media: MediaAttachmentJson): Partial<DraftPhoto> {
  return {
    mediaId: media.id,
    preview: media.preview_url ?? media.url,
    savedAlt: media.description ?? '',
    state: media.url === null ? 'preparing' : 'ready',
    sent: 1,
    problem: null,
  };
}

/** The server may answer before a photo is ready; asks again, slower each time. */
async function settleMedia(box: Box, key: string, media: MediaAttachmentJson): Promise<void> {
  const { api, wait } = box.world;
  setPhoto(box, key, mediaChange(media));
  for (let pause = 400; findPhoto(box, key)?.state === 'preparing'; ) {
    await wait(pause);
    pause = Math.min(5000, pause * 1.5);
    const answer = await api<MediaAttachmentJson>('GET', `/api/v1/media/${media.id}`);
    if (answer.ok) setPhoto(box, key, mediaChange(answer.data));
    else if (!answer.again) failPhoto(box, key, answer.sentence, false);
  }
}

/** Tells the server how a photo is turned and cut. */
export async function saveEdits(box: Box, key: string): Promise<void> {
  const photo = findPhoto(box, key);
  if (!photo?.mediaId) return;
  setPhoto(box, key, { state: 'preparing', problem: null });
  const answer = await box.world.api<MediaAttachmentJson>('PUT', `/api/v1/media/${photo.mediaId}`, {
    tintype_rotate: String(photo.turn),
    tintype_crop: cropText(photo.crop),
  });
  if (answer.ok) await settleMedia(box, key, answer.data);
  else setPhoto(box, key, { state: 'ready', problem: answer.sentence });
  void refreshStorage(box);
}

/** Sends a description that the server does not know yet; false if it did not get there. */
export async function saveAlt(box: Box, key: string): Promise<boolean> {
  const photo = findPhoto(box, key);
  if (!photo?.mediaId || photo.alt === photo.savedAlt) return true;
  const { alt, mediaId } = photo;
  const answer = await box.world.api<MediaAttachmentJson>('PUT', `/api/v1/media/${mediaId}`, {
    description: alt,
  });
  if (answer.ok) setPhoto(box, key, { savedAlt: alt });
  return answer.ok;
}

async function uploadOne(box: Box, photo: DraftPhoto): Promise<void> {
  const { key, name } = photo;
  const stop = new AbortController();
  box.running.set(key, stop);
  setPhoto(box, key, { state: 'sending', sent: 0, problem: null });
  const file = box.files.get(key) ?? (await box.world.store.getFile(key));
  if (!file) {
    box.running.delete(key);
    return failPhoto(box, key, box.world.lost, false);
  }
  box.files.set(key, file);
  const answer = await box.world.upload({
    file,
    name,
    description: photo.alt,
    signal: stop.signal,
    progress: (sent) => setPhoto(box, key, { sent }),
  });
  box.running.delete(key);
  if (!findPhoto(box, key)) return void dropMedia(box, [answer.ok ? answer.data.id : null]);
  if (!answer.ok) return failPhoto(box, key, answer.sentence, answer.again);
  void refreshStorage(box);
  // Turned or cut while it was on its way.
  const { turn, crop } = findPhoto(box, key) ?? photo;
  setPhoto(box, key, mediaChange(answer.data));
  if (turn !== 0 || crop !== null) await saveEdits(box, key);
  else await settleMedia(box, key, answer.data);
}

/** Starts as many uploads as there are free slots. */
export function pumpUploads(box: Box): void {
  for (const key of nextUploads(box.draft.photos)) {
    const photo = findPhoto(box, key);
    if (photo) void uploadOne(box, photo).finally(() => pumpUploads(box));
  }
}

async function resumePhoto(box: Box, photo: DraftPhoto): Promise<void> {
  const { key, mediaId, state } = photo;
  if (mediaId === null) {
    if (state !== 'failed') setPhoto(box, key, { state: 'waiting', sent: 0 });
    return;
  }
  const answer = await box.world.api<MediaAttachmentJson>('GET', `/api/v1/media/${mediaId}`);
  if (answer.ok) await settleMedia(box, key, answer.data);
  else if (answer.status === 404) setPhoto(box, key, { mediaId: null, state: 'waiting', sent: 0 });
}

/** After a reload: what the server has is read again, the rest goes on from the kept file. */
export async function resumeUploads(box: Box): Promise<void> {
  const { photos } = box.draft;
  const asked = photos.map((photo) => resumePhoto(box, photo));
  pumpUploads(box);
  await Promise.all(asked);
  pumpUploads(box);
}
