import { listMediaOfPosts } from '#domain/media/reading.ts';
import { absoluteHtml } from '#doors/entities/addresses.ts';
import { contexts } from '#doors/federation/documents/context.ts';
import { csvLine } from './csv-out.ts';
import { entries } from './format.ts';
import { namePeople, timeText, uriOf } from './out-names.ts';
import type { Outbox } from './out-outbox.ts';
import { eachKept, eachMessage } from './out-queries.ts';
import { slices, wordsOf } from './out-received.ts';
import type { Out } from './out-types.ts';

const PARTS = [
  { table: 'bookmarks', lines: entries.bookmarks, list: entries.bookmarkUris },
  { table: 'likes', lines: entries.likes, list: entries.likedUris },
  { table: 'shares', lines: entries.boosts, list: null },
] as const;

/** Writes what the person bookmarked, liked and boosted: by line, as Mastodon's lists, and as its CSV. */
export function outKept(out: Out, outbox: Outbox): void {
  const csv = out.scratch.text(entries.bookmarksCsv);
  for (const { table, lines, list } of PARTS) {
    const file = out.scratch.text(lines);
    const uris = list === null ? null : openList(out, list);
    for (const rows of slices(eachKept(out.ctx.db, out.viewer, table))) {
      const people = namePeople(
        out,
        rows.map((row) => row.authorId),
      );
      for (const { id, postId, uri: known, authorId, at, visibility } of rows) {
        const author = people.get(authorId);
        if (author === undefined) continue;
        const name = author.handle.split('@')[0] ?? '';
        const uri = uriOf(out.ctx.config, { id: postId, uri: known }, name);
        file.write(`${JSON.stringify({ uri, author, at: timeText(at) })}\n`);
        uris?.add(uri);
        if (table === 'bookmarks') csv.write(csvLine([uri]));
        if (table === 'shares') outbox.addBoost({ id, uri, at, visibility });
      }
    }
    uris?.end();
  }
}

function openList(out: Out, entry: string) {
  const file = out.scratch.text(entry);
  const head = { '@context': contexts.plain, id: entry, type: 'OrderedCollection' };
  file.write(`${JSON.stringify(head).slice(0, -1)},"orderedItems":[`);
  let items = 0;
  return {
    add: (uri: string) => {
      file.write(`${items === 0 ? '' : ','}\n${JSON.stringify(uri)}`);
      items += 1;
    },
    end: () => file.write(`\n],"totalItems":${items}}\n`),
  };
}

/** Writes the direct posts that the person wrote or got; photos of others stay with them. */
export function outMessages(out: Out): void {
  const file = out.scratch.text(entries.messages);
  for (const rows of slices(eachMessage(out.ctx.db, out.viewer))) {
    const others = (row: { others: string }) => row.others.split(',').map(Number);
    const people = namePeople(
      out,
      rows.flatMap((row) => [row.accountId, ...others(row)]),
    );
    const photos = listMediaOfPosts(
      out.ctx.db,
      rows.map((row) => row.id),
    );
    for (const row of rows) {
      const author = people.get(row.accountId);
      if (author === undefined) continue;
      const line = {
        uri: uriOf(out.ctx.config, row, author.handle.split('@')[0] ?? ''),
        createdAt: timeText(row.publishedAt),
        author,
        own: row.accountId === out.account.id,
        others: others(row).flatMap((id) => people.get(id) ?? []),
        text: wordsOf(row),
        html: absoluteHtml(row.captionHtml, out.ctx.config.origin ?? ''),
        contentWarning: row.spoiler,
        inReplyTo: row.inReplyToUri,
        photos: (photos.get(row.id) ?? []).map((view) => ({ alt: view.description })),
      };
      file.write(`${JSON.stringify(line)}\n`);
      out.counts.messages += 1;
    }
  }
}
