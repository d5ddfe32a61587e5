import type { JsonObject } from '#base/core/json.ts';
import {
  addressesIn,
  hostOf,
  idOf,
  isObject,
  listOf,
  sameOrigin,
  textOf,
  timeOf,
  typesOf,
} from './values.ts';

/** Something that an activity is about: its id, and what came along of it. */
export type Reference = {
  id: string | null;
  /** Of the embedded document; '' if it came as an id alone. */
  type: string;
  document: JsonObject | null;
};

/** An activity in the one shape that the handlers know. */
export type Activity = {
  /** Some Pixelfeds send a Follow without one. */
  id: string | null;
  type: string;
  actor: string;
  /** What it is about; a Flag names many. */
  objects: Reference[];
  /** The first of them. */
  object: Reference;
  target: Reference;
  /** Everybody it is sent to (to, cc, audience). */
  audience: string[];
  content: string;
  publishedAt: number | null;
  document: JsonObject;
};

const MOST_OBJECTS = 100;

/**
 * Takes an activity of any shape (federation.md §2.4) apart; answers in a sentence what is wrong
 * with one that is none. What it checks needs no network: one actor, and an id of the actor's own
 * server (T4, T5).
 */
export function normaliseActivity(document: JsonObject): Activity | { problem: string } {
  const [type] = typesOf(document);
  if (type === undefined) return { problem: 'The activity has no type.' };
  const actor = readActorId(document);
  if (actor === null) return { problem: 'The activity must have exactly one actor.' };
  const named = document.id ?? document['@id'];
  const id = idOf(document);
  if (named !== undefined && named !== null && id === null) {
    return { problem: 'The id of the activity is no address.' };
  }
  if (id === null && type !== 'Follow') return { problem: 'The activity has no id.' };
  if (id !== null && !sameOrigin(id, actor)) {
    return { problem: 'The activity does not come from the server of its actor.' };
  }
  const objects = listOf(document.object).slice(0, MOST_OBJECTS).map(readReference);
  return {
    id,
    type,
    actor,
    objects,
    object: objects[0] ?? { id: null, type: '', document: null },
    target: readReference(listOf(document.target)[0]),
    audience: audienceOf(document),
    content: (textOf(document.content) ?? '').slice(0, 5000),
    publishedAt: timeOf(document.published),
    document,
  };
}

/** Everybody that an activity or a post is addressed to. */
export function audienceOf(document: JsonObject): string[] {
  const { to, cc, audience } = document;
  return [...new Set([to, cc, audience].flatMap((value) => addressesIn(value)))];
}

function readActorId(document: JsonObject): string | null {
  const actors = listOf(document.actor);
  const [only] = actors;
  if (actors.length !== 1 || only === undefined) return null;
  if (isObject(only)) {
    const [id, other] = [only.id, only['@id']];
    if (id !== undefined && other !== undefined && id !== other) return null;
  }
  const id = idOf(only);
  return id === null || hostOf(id) === '' ? null : id;
}

/** What a property refers to, as an id or embedded. */
export function readReference(value: JsonObject[string] | undefined): Reference {
  if (!isObject(value)) return { id: idOf(value), type: '', document: null };
  return { id: idOf(value), type: typesOf(value)[0] ?? '', document: value };
}
