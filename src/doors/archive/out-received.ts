import { textOfHtml } from '#base/core/sanitise-html.ts';
import type { PostRow } from '#domain/posts/rows.ts';
import { absoluteHtml } from '#doors/entities/addresses.ts';
import { type ArchivedPerson, entries } from './format.ts';
import { namePeople, timeText, uriOf } from './out-names.ts';
import type { TakenPost } from './out-posts.ts';
import { eachComment, eachReaction } from './out-queries.ts';
import type { Out } from './out-types.ts';

/** What the gallery shows of a comment. */
export type ShortComment = { name: string; text: string; at: number };

const NOBODY: ArchivedPerson = { handle: '', uri: '', name: '' };
const NAMES_AT_ONCE = 200;
/** The gallery shows the first ones; all of them stand in their own file. */
const SHOWN = 50;

/** Writes what others wrote below posts and did with them; gives the first comments of each for the gallery. */
export function outReceived(out: Out, taken: readonly TakenPost[]): Map<number, ShortComment[]> {
  const shown = new Map<number, ShortComment[]>();
  const ids = (some: (row: PostRow) => boolean) =>
    taken.flatMap(({ row }) => (some(row) ? [row.id] : []));
  const file = out.scratch.text(entries.comments);
  const commented = ids(() => true);
  for (const rows of slices(eachComment(out.ctx.db, out.viewer, commented))) {
    const people = namePeople(
      out,
      rows.map((row) => row.accountId),
    );
    for (const row of rows) {
      const author = people.get(row.accountId) ?? NOBODY;
      const text = wordsOf(row);
      const line = {
        post: String(row.below),
        uri: uriOf(out.ctx.config, row, author.handle.split('@')[0] ?? ''),
        author,
        createdAt: timeText(row.publishedAt),
        visibility: row.visibility,
        text,
        html: absoluteHtml(row.captionHtml, out.ctx.config.origin ?? ''),
        contentWarning: row.spoiler,
        inReplyTo:
          row.inReplyToId === null
            ? null
            : uriOf(out.ctx.config, { id: row.inReplyToId, uri: row.parentUri }, row.parentName),
      };
      file.write(`${JSON.stringify(line)}\n`);
      out.counts.comments += 1;
      const list = shown.get(row.below) ?? [];
      if (list.length < SHOWN) {
        const name = author.name === '' ? author.handle : author.name;
        list.push({ name, text, at: row.publishedAt });
      }
      shown.set(row.below, list);
    }
  }
  outReactions(
    out,
    ids((row) => row.likesCount + row.sharesCount > 0),
  );
  return shown;
}

function outReactions(out: Out, ids: readonly number[]): void {
  const file = out.scratch.text(entries.reactions);
  for (const rows of slices(eachReaction(out.ctx.db, ids))) {
    const people = namePeople(
      out,
      rows.map((row) => row.accountId),
    );
    for (const { postId, kind, accountId, at } of rows) {
      const author = people.get(accountId) ?? NOBODY;
      const line = { post: String(postId), kind, author, at: timeText(at) };
      file.write(`${JSON.stringify(line)}\n`);
    }
  }
}

/** What somebody typed, or the words of what came from elsewhere. */
export function wordsOf(row: Pick<PostRow, 'caption' | 'captionHtml'>): string {
  return row.caption === '' ? textOfHtml(row.captionHtml).trim() : row.caption;
}

/** Rows in handfuls, so that names are looked up for many at once and nobody holds all. */
export function* slices<T>(rows: Iterable<T>): Generator<T[]> {
  let some: T[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < NAMES_AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
