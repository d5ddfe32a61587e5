import * as v from 'valibot';

/** Formats that an import understands; `csv` is one list of people, servers or posts. */
export const importFormats = ['tintype', 'pixelfed', 'mastodon', 'instagram', 'csv'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What a list (CSV, or a JSON list of Pixelfed's) is of, where it does not say so itself. */
export const listKinds = ['follow', 'block', 'mute', 'domain', 'bookmark'] as const;
export type ListKind = (typeof listKinds)[number];

const text = v.string();
const number = v.number();

/** Where an entry's bytes lie in a file; `method` 8 is DEFLATE. */
const placeSchema = v.object({
  /** Behind a local header of the ZIP, as it is in the file that was brought, or in what a tar was unpacked into. */
  in: v.picklist(['zip', 'raw', 'store']),
  method: v.picklist([0, 8]),
  offset: number,
  compressed: number,
  bytes: number,
  crc: v.nullable(number),
});
/** Where the bytes of an entry lie. */
export type EntryPlace = v.InferOutput<typeof placeSchema>;

const photoSchema = v.object({
  /** How the archive calls it; for people, never a path. */
  name: text,
  place: v.nullable(placeSchema),
  /** Where it can be fetched, if it is not in the archive. */
  url: v.nullable(text),
  bytes: number,
  /** Its SHA-256, if the archive says so: what comes out must have it. */
  sha256: v.nullable(text),
  description: text,
  focus: v.object({ x: number, y: number }),
  edits: v.nullable(
    v.object({
      rotate: v.picklist([0, 90, 180, 270]),
      crop: v.nullable(v.object({ x: number, y: number, width: number, height: number })),
    }),
  ),
});
/** A photo of a planned post. */
export type PlannedPhoto = v.InferOutput<typeof photoSchema>;

const postSchema = v.object({
  /** Milliseconds since 1970. */
  publishedAt: number,
  editedAt: v.nullable(number),
  archived: v.boolean(),
  caption: text,
  /** The names in it are those of this server. */
  ours: v.boolean(),
  spoiler: text,
  sensitive: v.boolean(),
  visibility: v.picklist(['public', 'unlisted', 'followers', 'self']),
  language: v.nullable(text),
  licence: v.nullable(text),
  place: text,
  commentsDisabled: v.boolean(),
  likesDisabled: v.boolean(),
  sharesDisabled: v.boolean(),
  /** The `source` of the own post that it is a comment on. */
  replyTo: v.nullable(text),
  photos: v.array(photoSchema),
});
/** A post as an archive has it: words cleaned, nothing else believed. */
export type PlannedPost = v.InferOutput<typeof postSchema>;

const base = {
  /** Stable name of the item in its archive; the same in every archive that has it. */
  source: text,
  /** For people. */
  label: text,
  /** Why it will not be taken; null: it will. */
  skip: v.nullable(text),
  /** What will not be as it was. */
  notes: v.array(text),
};
const personal = { ...base, target: text };

/** A line of the plan of an import. */
export const itemSchema = v.variant('kind', [
  v.object({ kind: v.literal('post'), ...base, post: v.nullable(postSchema) }),
  v.object({ kind: v.literal('follow'), ...personal, boosts: v.boolean(), notify: v.boolean() }),
  v.object({ kind: v.literal('block'), ...personal }),
  v.object({ kind: v.literal('mute'), ...personal, notifications: v.boolean() }),
  v.object({ kind: v.literal('domain'), ...personal }),
  v.object({ kind: v.literal('bookmark'), ...personal }),
  v.object({
    kind: v.literal('profile'),
    ...base,
    profile: v.object({
      ...{ displayName: text, bio: text, website: text, location: text, pronouns: text },
      fields: v.array(v.object({ name: text, value: text })),
    }),
  }),
  v.object({
    kind: v.literal('list'),
    ...base,
    exclusive: v.boolean(),
    members: v.array(text),
  }),
  v.object({
    kind: v.literal('filter'),
    ...base,
    contexts: v.array(v.picklist(['home', 'notifications', 'public', 'thread', 'account'])),
    action: v.picklist(['warn', 'hide', 'blur']),
    keywords: v.array(v.object({ keyword: text, wholeWord: v.boolean() })),
  }),
  /** Things of which only the number is told: what others did, videos, messages. */
  v.object({ kind: v.literal('other'), ...base }),
]);

/** One thing of an archive: what it is, and whether and how it will be taken. */
export type ImportItem = v.InferOutput<typeof itemSchema>;
