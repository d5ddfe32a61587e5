import * as v from 'valibot';
import {
  type ArchivedPhoto,
  type ArchivedPost,
  archiveSchema,
  blockSchema,
  entries,
  filterSchema,
  followSchema,
  keptSchema,
  listSchema,
  postSchema,
  profileSchema,
} from './format.ts';
import type { ImportItem, PlannedPhoto } from './import-item.ts';
import { importWords as words } from './import-words.ts';
import type { OpenArchive } from './read-archive.ts';
import { readJsonLines } from './read-elements.ts';
import { ArchiveRefused } from './read-limits.ts';
import { planPost, readTime, skipPost } from './read-post.ts';
import { asObject, asText } from './read-values.ts';

const MOST_DOCUMENT = 1_000_000;

/** Plans one of our own archives: posts and own comments, whom the person follows and avoids, the profile. */
export async function* planTintype(
  archive: OpenArchive,
  now: number,
  origin: string,
): AsyncGenerator<ImportItem> {
  const about = v.safeParse(archiveSchema, await readDocument(archive, entries.archive));
  if (!about.success) {
    throw new ArchiveRefused(
      'This archive was made by a version of Tintype that is newer than this one.',
    );
  }
  const ours = about.output.instance === origin;
  const known = new Set<string>();
  for await (const line of linesOf(archive, entries.posts)) {
    const post = v.safeParse(postSchema, line);
    const item = post.success
      ? planOne(archive, post.output, { now, ours, known })
      : skipPost(asText(asObject(line).uri), asText(asObject(line).caption), words.broken);
    if (item.skip === null) known.add(item.source);
    yield item;
  }
  yield* planOthers(archive);
  yield* planProfile(archive);
  yield* planPeople(archive);
  yield* planOwn(archive);
}

function planOne(
  archive: OpenArchive,
  post: ArchivedPost,
  { now, ours, known }: { now: number; ours: boolean; known: ReadonlySet<string> },
): ImportItem {
  const { visibility } = post;
  if (visibility === 'direct') return skipPost(post.uri, '', words.message);
  const replyTo = post.inReplyTo === null ? null : (post.inReplyTo.uri ?? '');
  if (replyTo !== null && !known.has(replyTo))
    return skipPost(post.uri, post.caption, words.answer);
  const notes: string[] = post.versions.length > 0 ? [words.versions] : [];
  if (post.photos.some((photo) => photo.original === null)) notes.push(words.rendition);
  return planPost(
    {
      ...{ source: post.uri, visibility, replyTo, ours, notes },
      publishedAt: readTime(post.createdAt),
      editedAt: readTime(post.editedAt),
      archived: post.archivedAt !== null,
      caption: post.caption,
      spoiler: post.contentWarning,
      sensitive: post.sensitive,
      language: post.language,
      licence: post.licence,
      place: post.place,
      commentsDisabled: !post.switches.comments,
      likesDisabled: !post.switches.likes,
      sharesDisabled: !post.switches.boosts,
      photos: post.photos.map((photo) => planPhoto(archive, photo)),
    },
    now,
  );
}

function planPhoto(archive: OpenArchive, photo: ArchivedPhoto): PlannedPhoto {
  const [widest] = [...photo.renditions].sort((one, other) => other.width - one.width);
  const file = photo.original ?? widest ?? null;
  const entry = file === null ? null : archive.find(file.file);
  return {
    name: (file?.file ?? '').split('/').pop() ?? '',
    place: entry?.place ?? null,
    url: null,
    bytes: entry?.place.bytes ?? 0,
    sha256: file?.sha256 ?? null,
    description: photo.alt,
    focus: photo.focus,
    // A copy for viewing has them already.
    edits: photo.original === null ? null : photo.edits,
  };
}

/** What others did is told in numbers; it is theirs, and nobody here could answer for it. */
async function* planOthers(archive: OpenArchive): AsyncGenerator<ImportItem> {
  const parts = [
    [entries.comments, 'comments by others'],
    [entries.reactions, 'likes and boosts by others'],
    [entries.messages, 'private messages'],
  ] as const;
  for (const [name, what] of parts) {
    let count = 0;
    for await (const _ of linesOf(archive, name)) count += 1;
    if (count === 0) continue;
    const label = words.others(what, count);
    yield { kind: 'other', source: `other:${name}`, label, skip: words.othersStay, notes: [] };
  }
}

async function* planProfile(archive: OpenArchive): AsyncGenerator<ImportItem> {
  const read = v.safeParse(profileSchema, await readDocument(archive, entries.profile));
  if (!read.success) return;
  const { displayName, bio, website, location, pronouns, fields } = read.output;
  const profile = { displayName, bio, website, location, pronouns, fields: fields.slice(0, 4) };
  const base = { source: 'profile', label: 'Your name and what you say of yourself', skip: null };
  yield { kind: 'profile', ...base, notes: [], profile };
}

async function* planPeople(archive: OpenArchive): AsyncGenerator<ImportItem> {
  for await (const line of linesOf(archive, entries.follows)) {
    const read = v.safeParse(followSchema, line);
    if (!read.success || read.output.kind !== 'following') continue;
    const { handle, showBoosts: boosts, notify } = read.output;
    yield { kind: 'follow', ...personal('follow', handle), boosts, notify };
  }
  for await (const line of linesOf(archive, entries.blocks)) {
    const read = v.safeParse(blockSchema, line);
    if (!read.success || read.output.kind === 'thread') continue;
    const block = read.output;
    if (block.kind === 'domain') yield { kind: 'domain', ...personal('domain', block.domain) };
    else if (block.kind === 'block') yield { kind: 'block', ...personal('block', block.handle) };
    else if (block.until === null) {
      const { notifications } = block;
      yield { kind: 'mute', ...personal('mute', block.handle), notifications };
    }
  }
  for await (const line of linesOf(archive, entries.bookmarks)) {
    const read = v.safeParse(keptSchema, line);
    if (read.success) yield { kind: 'bookmark', ...personal('bookmark', read.output.uri) };
  }
}

async function* planOwn(archive: OpenArchive): AsyncGenerator<ImportItem> {
  for await (const line of linesOf(archive, entries.lists)) {
    const read = v.safeParse(listSchema, line);
    if (!read.success) continue;
    const { title, exclusive, members } = read.output;
    const base = { source: `list:${title}`.slice(0, 500), label: title.slice(0, 200), skip: null };
    yield {
      kind: 'list',
      ...base,
      notes: [],
      exclusive,
      members: members.map(({ handle }) => handle),
    };
  }
  for await (const line of linesOf(archive, entries.filters)) {
    const read = v.safeParse(filterSchema, line);
    if (!read.success) continue;
    const { title, contexts, action, keywords } = read.output;
    const base = {
      source: `filter:${title}`.slice(0, 500),
      label: title.slice(0, 200),
      skip: null,
    };
    yield { kind: 'filter', ...base, notes: [], contexts, action, keywords };
  }
}

function personal(kind: string, target: string) {
  const clean = target.slice(0, 500);
  return { source: `${kind}:${clean}`, label: clean, target: clean, skip: null, notes: [] };
}

async function* linesOf(archive: OpenArchive, name: string): AsyncGenerator<unknown> {
  const entry = archive.find(name);
  if (entry !== null) yield* readJsonLines(archive.text(entry));
}

async function readDocument(archive: OpenArchive, name: string): Promise<unknown> {
  const entry = archive.find(name);
  if (entry === null) return null;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of archive.text(entry)) {
    bytes += piece.length;
    if (bytes > MOST_DOCUMENT) throw new ArchiveRefused(`${name} is too large.`);
    pieces.push(Buffer.from(piece));
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (cause) {
    throw new ArchiveRefused(`${name} is no JSON.`, { cause });
  }
}
