import { AppError } from '#base/core/errors.ts';
import { listSnapshots } from './list.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { BackupPlace } from './place.ts';

/** The backup to take, and the newer ones that cannot be, with the reason for each. */
export type Choice = { manifest: Manifest; passedOver: string[] };

/**
 * The backup of that name, or the newest one whose signature is right. Throws `not_found` when there is
 * none, `invalid` when the named one is damaged.
 */
export async function chooseSnapshot(place: BackupPlace, name: string | null): Promise<Choice> {
  if (name !== null) return { manifest: await readManifest(place, name), passedOver: [] };
  const passedOver: string[] = [];
  const finished = (await listSnapshots(place)).filter((each) => each.finished);
  for (const { name: newest } of finished.reverse()) {
    try {
      return { manifest: await readManifest(place, newest), passedOver };
    } catch (error) {
      const own = ['not_found', 'invalid', 'too_large'];
      if (!(error instanceof AppError) || !own.includes(error.kind)) throw error;
      passedOver.push(error.message);
    }
  }
  const why = passedOver.length === 0 ? '' : ` ${passedOver.join(' ')}`;
  throw new AppError('not_found', `There is no backup in ${place.label} that can be used.${why}`);
}
