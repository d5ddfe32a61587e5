import type { ImportItem } from './import-item.ts';
import type { OpenArchive } from './read-archive.ts';
import { readElements } from './read-elements.ts';
import { ArchiveRefused } from './read-limits.ts';
import { type NoteContext, planActivity } from './read-note.ts';

/**
 * Plans a Mastodon archive (also of what makes the same): `outbox.json`, and files that its attachments
 * name by the end of their path. Nothing is fetched that is not in it (T117).
 */
export async function* planMastodon(archive: OpenArchive, now: number): AsyncGenerator<ImportItem> {
  const outbox = archive.find('outbox.json');
  if (outbox === null) throw new ArchiveRefused('There is no outbox.json in this archive.');
  const known = new Set<string>();
  const context: NoteContext = { now, known, photo: photoFinder(archive) };
  for await (const { key, value } of readElements(archive.text(outbox))) {
    if (key !== 'orderedItems') continue;
    const item = planActivity(value, context);
    if (item.skip === null) known.add(item.source);
    yield item;
  }
}

/** Finds the file of an address: servers write the path with more or less in front of it. */
function photoFinder(archive: OpenArchive): NoteContext['photo'] {
  const byEnd = new Map<string, string>();
  for (const name of archive.names) {
    const end = endOf(name);
    if (end !== null) byEnd.set(end, name);
  }
  return (url) => {
    const path = pathOf(url);
    const end = endOf(path);
    const name = archive.find(path) ? path : end === null ? undefined : byEnd.get(end);
    const entry = name === undefined ? null : archive.find(name);
    return { place: entry?.place ?? null, url: null, bytes: entry?.place.bytes ?? 0 };
  };
}

function pathOf(url: string): string {
  const isWeb = /^https?:\/\//i.test(url) && URL.canParse(url);
  const path = isWeb ? new URL(url).pathname : url;
  try {
    return decodeURIComponent(path).replace(/^\/+/, '');
  } catch {
    return path.replace(/^\/+/, '');
  }
}

function endOf(path: string): string | null {
  return /media_attachments\/.+$/.exec(path)?.[0] ?? null;
}
