import * as v from 'valibot';

/**
 * Format 1 of an archive of one person: a ZIP. Texts are UTF-8, times ISO 8601 in UTC, ids decimal
 * texts. `.ndjson` has one object a line. Whoever reads it believes nothing that is not checked.
 */
export const ARCHIVE_FORMAT = 1;

/** Names of the entries; photos are named by `photoEntry`. Every archive has all but the avatar. */
export const entries = {
  archive: 'tintype/archive.json',
  profile: 'tintype/profile.json',
  posts: 'tintype/posts.ndjson',
  comments: 'tintype/comments.ndjson',
  reactions: 'tintype/reactions.ndjson',
  messages: 'tintype/messages.ndjson',
  waiting: 'tintype/waiting.ndjson',
  bookmarks: 'tintype/bookmarks.ndjson',
  likes: 'tintype/likes.ndjson',
  boosts: 'tintype/boosts.ndjson',
  follows: 'tintype/follows.ndjson',
  blocks: 'tintype/blocks.ndjson',
  lists: 'tintype/lists.ndjson',
  filters: 'tintype/filters.ndjson',
  tags: 'tintype/tags.json',
  notes: 'tintype/notes.ndjson',
  actor: 'actor.json',
  outbox: 'outbox.json',
  likedUris: 'likes.json',
  bookmarkUris: 'bookmarks.json',
  followingCsv: 'following_accounts.csv',
  followersCsv: 'followers.csv',
  blockedCsv: 'blocked_accounts.csv',
  mutedCsv: 'muted_accounts.csv',
  blockedDomainsCsv: 'blocked_domains.csv',
  bookmarksCsv: 'bookmarks.csv',
  listsCsv: 'lists.csv',
  avatar: 'avatar.jpg',
  readme: 'README.txt',
  gallery: 'index.html',
  /** `<sha256>  <entry>`, one a line, for `sha256sum -c`; names every entry but itself. */
  sums: 'SHA256SUMS',
} as const;

/** The photo `number` (from 1) of a post, without folder and extension: `2024-05-06-115200000000-1`. */
export function photoName(publishedAt: number, postId: number, number: number): string {
  const day = new Date(publishedAt).toISOString().slice(0, 10);
  return `${day}-${postId}-${number}`;
}

/** Where an original lies; its sidecars are `<entry>.json` and `<entry>.xmp`. */
export function originalEntry(name: string, extension: string): string {
  return `media/originals/${name}.${extension}`;
}

/** Where a resized copy lies: `small` is always there, the others if they are wanted or needed. */
export function renditionEntry(name: string, rendition: string, extension: string): string {
  return `media/renditions/${name}-${rendition}.${extension}`;
}

const text = v.string();
const time = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const id = v.pipe(v.string(), v.regex(/^[0-9]{1,16}$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const visibility = v.picklist(['public', 'unlisted', 'followers', 'self', 'direct']);

/** Somebody else: `handle` is `name@domain` without a leading @, `uri` the actor's id. */
const person = v.object({ handle: text, uri: text, name: text });

/** A file of the archive; `file` is the name of its entry. */
const storedFile = v.object({ file: text, sha256, bytes: count, mime: text });

const rendition = v.object({
  ...storedFile.entries,
  name: v.picklist(['small', 'medium', 'large']),
  width: count,
  height: count,
});

/** A turn (clockwise, after EXIF orientation) and then a crop, in fractions of the turned picture. */
const edits = v.object({
  rotate: v.picklist([0, 90, 180, 270]),
  crop: v.nullable(
    v.object({ x: v.number(), y: v.number(), width: v.number(), height: v.number() }),
  ),
});

/** Numbers as the camera gave them: millimetres, f-number, seconds. */
const camera = v.partial(
  v.object({
    make: text,
    model: text,
    lens: text,
    focalLength: v.number(),
    focalLength35: v.number(),
    aperture: v.number(),
    exposure: v.number(),
    iso: v.number(),
    takenAt: text,
  }),
);

/** A photo: `original` is what was uploaded, byte for byte; null if its author did not keep it. */
export const photoSchema = v.object({
  id,
  original: v.nullable(storedFile),
  renditions: v.array(rendition),
  /** Pixels after orientation and edits. */
  width: count,
  height: count,
  alt: text,
  focus: v.object({ x: v.number(), y: v.number() }),
  /** As the camera wrote it: ISO 8601, mostly without a zone. */
  takenAt: v.nullable(text),
  camera,
  /** What the author turned and cropped; the original is as it was. */
  edits: v.nullable(edits),
  blurhash: text,
});

const versionSchema = v.object({
  createdAt: time,
  caption: text,
  contentWarning: text,
  sensitive: v.boolean(),
  place: text,
  licence: text,
  photos: v.array(v.object({ id: text, alt: text })),
});

/** A line of `tintype/posts.ndjson`: a post, comment or message by the person, oldest first. */
export const postSchema = v.object({
  id,
  uri: text,
  url: text,
  createdAt: time,
  editedAt: v.nullable(time),
  /** Put away: only its author sees it. */
  archivedAt: v.nullable(time),
  visibility,
  /** As it was typed. */
  caption: text,
  html: text,
  contentWarning: text,
  sensitive: v.boolean(),
  language: v.nullable(text),
  licence: text,
  place: text,
  tags: v.array(text),
  mentions: v.array(person),
  /** What it answers; `uri` is null if that is gone. Null: a post of its own. */
  inReplyTo: v.nullable(v.object({ uri: v.nullable(text), author: v.nullable(person) })),
  pinned: v.boolean(),
  switches: v.object({ comments: v.boolean(), likes: v.boolean(), boosts: v.boolean() }),
  counts: v.object({ comments: count, likes: count, boosts: count }),
  photos: v.array(photoSchema),
  /** As it was before each edit, oldest first. */
  versions: v.array(versionSchema),
});

/** A line of `tintype/comments.ndjson`: what somebody wrote below a post of the person. */
export const commentSchema = v.object({
  /** Of the person's post that it stands below. */
  post: id,
  uri: text,
  author: person,
  createdAt: time,
  visibility,
  text,
  html: text,
  contentWarning: text,
  inReplyTo: v.nullable(text),
});

/** A line of `tintype/reactions.ndjson`: a like or boost that a post of the person got. */
export const reactionSchema = v.object({
  post: id,
  kind: v.picklist(['like', 'boost']),
  author: person,
  at: time,
});

/** A line of `tintype/messages.ndjson`: a direct post that the person wrote or got, oldest first. */
export const messageSchema = v.object({
  uri: text,
  createdAt: time,
  author: person,
  /** True: it stands among the posts as well, with its photos. */
  own: v.boolean(),
  /** Everybody else in the conversation. */
  others: v.array(person),
  text,
  html: text,
  contentWarning: text,
  inReplyTo: v.nullable(text),
  /** Descriptions of photos of others, which stay with them. */
  photos: v.array(v.object({ alt: text })),
});

/** A line of `tintype/waiting.ndjson`: a post for later, a draft, or photos that no post has yet (`input` null). */
export const waitingSchema = v.object({
  /** Null: without a time. */
  at: v.nullable(time),
  input: v.nullable(v.record(text, v.unknown())),
  photos: v.array(photoSchema),
});

/** A line of `tintype/bookmarks.ndjson`, `likes.ndjson` or `boosts.ndjson`: something that somebody posted. */
export const keptSchema = v.object({ uri: text, author: person, at: time });

/** A line of `tintype/follows.ndjson`. */
export const followSchema = v.object({
  kind: v.picklist(['following', 'follower']),
  ...person.entries,
  state: v.picklist(['accepted', 'requested']),
  showBoosts: v.boolean(),
  notify: v.boolean(),
  since: time,
});

/** A line of `tintype/blocks.ndjson`: whom and what the person does not want to meet. */
export const blockSchema = v.variant('kind', [
  v.object({ kind: v.literal('block'), ...person.entries, since: time }),
  v.object({
    kind: v.literal('mute'),
    ...person.entries,
    since: time,
    notifications: v.boolean(),
    until: v.nullable(time),
  }),
  v.object({ kind: v.literal('domain'), domain: text, since: time }),
  v.object({ kind: v.literal('thread'), uri: text }),
]);

/** A line of `tintype/lists.ndjson`. */
export const listSchema = v.object({
  title: text,
  repliesPolicy: v.picklist(['followed', 'list', 'none']),
  exclusive: v.boolean(),
  members: v.array(person),
});

/** A line of `tintype/filters.ndjson`. */
export const filterSchema = v.object({
  title: text,
  contexts: v.array(v.picklist(['home', 'notifications', 'public', 'thread', 'account'])),
  action: v.picklist(['warn', 'hide', 'blur']),
  expiresAt: v.nullable(time),
  keywords: v.array(v.object({ keyword: text, wholeWord: v.boolean() })),
  posts: v.array(text),
});

/** `tintype/tags.json`. */
export const tagsSchema = v.object({ followed: v.array(text), featured: v.array(text) });

/** A line of `tintype/notes.ndjson`: what the person noted about somebody. */
export const noteSchema = v.object({ ...person.entries, text });

/** `tintype/profile.json`; `preferences` by their names in the settings. */
export const profileSchema = v.object({
  username: text,
  displayName: text,
  bio: text,
  website: text,
  location: text,
  pronouns: text,
  fields: v.array(v.object({ name: text, value: text })),
  avatar: v.nullable(storedFile),
  email: text,
  locked: v.boolean(),
  discoverable: v.boolean(),
  indexable: v.boolean(),
  noindex: v.boolean(),
  hideCollections: v.boolean(),
  alsoKnownAs: v.array(text),
  movedTo: v.nullable(text),
  createdAt: time,
  preferences: v.record(text, v.union([v.string(), v.boolean(), v.null()])),
});

/** `tintype/archive.json`: what this is; written last, so an archive without it is not whole. */
export const archiveSchema = v.object({
  format: v.literal(ARCHIVE_FORMAT),
  software: v.object({ name: v.literal('tintype'), version: text }),
  /** Address of the server, like `https://photos.example.org`. */
  instance: text,
  account: v.object({ id, username: text, handle: text, uri: text }),
  madeAt: time,
  renditions: v.boolean(),
  counts: v.object({
    posts: count,
    photos: count,
    originals: count,
    originalBytes: count,
    comments: count,
    messages: count,
    entries: count,
  }),
  /** What could not be put in, or is not as it was stored, in words. */
  problems: v.array(v.object({ file: text, problem: text })),
});

export type Archive = v.InferOutput<typeof archiveSchema>;
export type ArchivedPhoto = v.InferOutput<typeof photoSchema>;
export type ArchivedPost = v.InferOutput<typeof postSchema>;
export type ArchivedPerson = v.InferOutput<typeof person>;
