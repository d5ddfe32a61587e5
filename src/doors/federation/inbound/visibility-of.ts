import type { Visibility } from '#domain/posts/visibility.ts';
import { PUBLIC } from '#doors/federation/documents/ids.ts';

/**
 * Who may see a post, by whom it is addressed to: everybody in `to` is public, in `cc` unlisted; the
 * author's followers; else the people it names. `followers` is their collection, if it is known.
 */
export function visibilityOf(
  note: { to: readonly string[]; cc: readonly string[] },
  followers: string | null,
): Exclude<Visibility, 'self'> {
  if (note.to.includes(PUBLIC)) return 'public';
  if (note.cc.includes(PUBLIC)) return 'unlisted';
  if (followers !== null && [...note.to, ...note.cc].includes(followers)) return 'followers';
  return 'direct';
}
