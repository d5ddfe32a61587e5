import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { contexts, documentTime, withoutContext } from './context.ts';
import { idsOfPost, PUBLIC } from './ids.ts';

/** Who hears of an activity, as full ids. */
export type Audience = { to: string[]; cc: string[] };

/** A Follow as both sides know it; `id` may be unknown when a peer sent none. */
export type FollowParts = { id: string; actor: string; object: string };

function activity(type: string, parts: JsonObject): JsonObject {
  return { '@context': contexts.plain, type, ...parts };
}

function audienceOf(document: JsonObject): { to: JsonValue; cc: JsonValue } {
  return { to: document.to ?? [], cc: document.cc ?? [] };
}

/** Brings a new Note (ActivityPub §7.2), which is embedded whole. */
export function createActivity(note: JsonObject): JsonObject {
  return {
    '@context': note['@context'] ?? contexts.note,
    id: idsOfPost(String(note.id)).create,
    type: 'Create',
    actor: note.attributedTo ?? null,
    published: note.published ?? null,
    ...audienceOf(note),
    object: withoutContext(note),
  };
}

/**
 * Brings a Note as it is after an edit; `at` (milliseconds) tells one edit from the next. The Note says
 * when it was changed, though not its words but those of a photo were: Mastodon ignores it otherwise.
 */
export function updateActivity(note: JsonObject, at: number): JsonObject {
  const time = documentTime(at);
  const updated = typeof note.updated === 'string' && note.updated > time ? note.updated : time;
  return {
    '@context': note['@context'] ?? contexts.note,
    id: `${String(note.id)}#updates/${at}`,
    type: 'Update',
    actor: note.attributedTo ?? null,
    published: time,
    ...audienceOf(note),
    object: { ...withoutContext(note), updated },
  };
}

/** Takes a post back. Pixelfed wants the Tombstone, with its type. */
export function deleteActivity(post: { actor: string; uri: string } & Audience): JsonObject {
  return activity('Delete', {
    id: `${post.uri}#delete`,
    actor: post.actor,
    to: post.to,
    cc: post.cc,
    object: { id: post.uri, type: 'Tombstone' },
  });
}

/** Asks to follow. */
export function followActivity({ id, actor, object }: FollowParts): JsonObject {
  return activity('Follow', { id, actor, object, to: [object], cc: [] });
}

/** Lets somebody follow; `id` is the answer's own. The whole Follow stands inside: Pixelfed and Lemmy compare it. */
export function acceptActivity(id: string, follow: FollowParts): JsonObject {
  return answer('Accept', id, follow);
}

/** Turns a follower down, or away. */
export function rejectActivity(id: string, follow: FollowParts): JsonObject {
  return answer('Reject', id, follow);
}

function answer(type: 'Accept' | 'Reject', id: string, follow: FollowParts): JsonObject {
  return activity(type, {
    id,
    actor: follow.object,
    to: [follow.actor],
    cc: [],
    object: { id: follow.id, type: 'Follow', actor: follow.actor, object: follow.object },
  });
}

/** Takes back a Follow, Like, Announce or Block, which stands inside whole and goes to the same people. */
export function undoActivity(done: JsonObject): JsonObject {
  return {
    '@context': done['@context'] ?? contexts.plain,
    id: `${String(done.id)}/undo`,
    type: 'Undo',
    actor: done.actor ?? null,
    ...audienceOf(done),
    object: withoutContext(done),
  };
}

/** Likes a post; `author` is told. */
export function likeActivity(like: {
  id: string;
  actor: string;
  object: string;
  author: string;
}): JsonObject {
  const { id, actor, object, author } = like;
  return activity('Like', { id, actor, object, to: [author], cc: [] });
}

/** Boosts a post. `published` is in milliseconds. */
export function announceActivity(
  share: { id: string; actor: string; object: string; published: number } & Audience,
): JsonObject {
  const { id, actor, object, to, cc } = share;
  return activity('Announce', {
    id,
    actor,
    published: documentTime(share.published),
    to,
    cc,
    object,
  });
}

type Pin = { actor: string; object: string; target: string; followers: string; at: number };

/** Puts a post to the top of a profile: into the collection `target` (the actor's `featured`). */
export function addActivity(pin: Pin): JsonObject {
  return pinActivity('Add', pin);
}

/** Takes a post from the top of a profile. */
export function removeActivity(pin: Pin): JsonObject {
  return pinActivity('Remove', pin);
}

function pinActivity(type: 'Add' | 'Remove', { actor, object, target, followers, at }: Pin) {
  const id = `${target}#${type === 'Add' ? 'adds' : 'removes'}/${at}`;
  return activity(type, { id, actor, to: [PUBLIC], cc: [followers], object, target });
}

/** Tells a server that one of its people is blocked; off unless the owner wants it. */
export function blockActivity({ id, actor, object }: FollowParts): JsonObject {
  return activity('Block', { id, actor, object, to: [object], cc: [] });
}

/** Passes a report on, in the name of the instance, so that nobody learns who wrote it. `objects`: the account, then posts. */
export function flagActivity(flag: {
  id: string;
  actor: string;
  objects: string[];
  content: string;
}): JsonObject {
  const { id, actor, objects, content } = flag;
  return activity('Flag', { id, actor, to: objects.slice(0, 1), cc: [], object: objects, content });
}

/** Tells followers that an account lives elsewhere now. */
export function moveActivity(move: {
  id: string;
  actor: string;
  target: string;
  followers: string;
}): JsonObject {
  const { id, actor, target, followers } = move;
  return activity('Move', { id, actor, object: actor, target, to: [followers], cc: [] });
}

/** Says that an account is gone for good. */
export function deleteActorActivity(actor: string, type = 'Person'): JsonObject {
  return activity('Delete', {
    id: `${actor}#delete`,
    actor,
    to: [PUBLIC],
    cc: [],
    object: { id: actor, type },
  });
}

/** Brings a profile as it is now, whole: Pixelfed checks every field. */
export function updateActorActivity(actor: JsonObject, at: number): JsonObject {
  return {
    '@context': actor['@context'] ?? contexts.actor,
    id: `${String(actor.id)}#updates/${at}`,
    type: 'Update',
    actor: actor.id ?? null,
    published: documentTime(at),
    to: [PUBLIC],
    cc: [],
    object: withoutContext(actor),
  };
}
