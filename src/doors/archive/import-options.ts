import * as v from 'valibot';
import { listKinds } from './import-item.ts';
import { importWords as words } from './import-words.ts';

/** What a person chooses of an import. */
export const optionsSchema = v.object({
  /** Nothing is seen by more people than this lets, whatever it was. */
  visibility: v.optional(v.picklist(['public', 'unlisted', 'followers', 'self']), 'followers'),
  /** Posts without photos, too. */
  textPosts: v.optional(v.boolean(), false),
  /** Follows, blocks, mutes, servers and bookmarks. */
  people: v.optional(v.boolean(), false),
  /** Lists and filters. */
  lists: v.optional(v.boolean(), false),
  /** Name, text and links of the profile. */
  profile: v.optional(v.boolean(), false),
  /** The one server that missing photos are fetched from; null: none. */
  fetchFrom: v.optional(v.nullable(v.string()), null),
  /** What a list is of, if it does not say so itself. */
  list: v.optional(v.nullable(v.picklist(listKinds)), null),
});
export type ImportOptions = v.InferOutput<typeof optionsSchema>;

/** Kinds of items by the choice that takes them. */
export const kindsOf = {
  posts: ['post'],
  textPosts: ['text'],
  people: ['follow', 'block', 'mute', 'domain', 'bookmark'],
  lists: ['list', 'filter'],
  profile: ['profile'],
} as const;

/** Kinds that were not chosen, with what is said of them. */
export function unwanted(options: ImportOptions): { kinds: readonly string[]; reason: string }[] {
  const parts: { kinds: readonly string[]; reason: string }[] = [];
  if (!options.textPosts) parts.push({ kinds: kindsOf.textPosts, reason: words.textPost });
  for (const part of ['people', 'lists', 'profile'] as const) {
    if (!options[part]) parts.push({ kinds: kindsOf[part], reason: words.notWanted });
  }
  return parts;
}

/** Choices as they are stored; what is missing has its default. */
export function readOptions(text: string): ImportOptions {
  return v.parse(optionsSchema, JSON.parse(text));
}
