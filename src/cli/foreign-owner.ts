import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A user and group by their numbers. */
export type Owner = { uid: number; gid: number };

/**
 * Whose data root works on; null if it is root's own, or nobody is root here. The directory decides
 * before the database: what lies in it can be exchanged by its owner, who must not pass for root.
 */
export function foreignOwner(data: string): Owner | null {
  if (process.getuid?.() !== 0) return null;
  const found = [statSync(data), lstatSync(join(data, 'tintype.db'), { throwIfNoEntry: false })];
  const other = found.find((each) => each !== undefined && each.uid !== 0);
  return other === undefined ? null : { uid: other.uid, gid: other.gid };
}
