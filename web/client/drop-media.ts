import type { Box } from './composer-box.ts';
import { refreshStorage } from './refresh-storage.ts';

/** Takes photos that will not be published off the server at once, so that they count no longer. */
export async function dropMedia(box: Box, ids: readonly (string | null)[]): Promise<void> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return;
  // One that is part of a post already is refused, and rightly stays.
  await Promise.all(known.map((id) => box.world.api('DELETE', `/api/v1/media/${id}`)));
  await refreshStorage(box);
}
