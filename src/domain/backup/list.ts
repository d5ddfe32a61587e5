import { BACKUP_NAME } from './manifest.ts';
import type { BackupPlace } from './place.ts';

/** What lies under a name in a place; only what is `finished` (signed) is a backup. */
export type Snapshot = { name: string; finished: boolean; paths: readonly string[] };

/** Everything below `snapshots/`, oldest first; names that are none of ours are passed over. */
export async function listSnapshots(place: BackupPlace): Promise<Snapshot[]> {
  const found = new Map<string, string[]>();
  for await (const { path } of place.list('snapshots/')) {
    const name = path.split('/')[1] ?? '';
    if (!BACKUP_NAME.test(name)) continue;
    found.set(name, [...(found.get(name) ?? []), path]);
  }
  return [...found]
    .map(([name, paths]) => ({
      name,
      finished:
        paths.includes(`snapshots/${name}/manifest.sig`) &&
        paths.includes(`snapshots/${name}/manifest.json`),
      paths,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
