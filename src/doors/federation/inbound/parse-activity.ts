import { AppError } from '#base/core/errors.ts';
import type { JsonObject, JsonValue } from '#base/core/json.ts';

/** Keys that would reach into the objects of the language (T78). */
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);
/** Keywords that turn a document inside out for whoever reads it as JSON-LD (T12). */
const RESTRUCTURING = new Set(['@graph', '@reverse', '@included', '@nest']);
/** Words whose meaning nobody may change (T12). */
const CORE = new Set(['actor', 'object', 'id', 'type', 'attributedTo', 'to', 'cc']);
const AS = 'https://www.w3.org/ns/activitystreams#';

/**
 * Reads the text of an activity into objects without prototypes. Throws `bad_request` for what is no
 * JSON object, and for JSON-LD that means something else than it says: no processor runs here, so
 * whatever would need one to be understood is refused.
 */
export function parseActivity(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('bad_request', 'The body is not valid JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('bad_request', 'The body must be one JSON object.');
  }
  return copyObject(value as JsonObject);
}

function copyObject(value: JsonObject): JsonObject {
  const made: Record<string, JsonValue> = Object.create(null);
  for (const key of Object.keys(value)) {
    if (UNSAFE.has(key)) continue;
    if (RESTRUCTURING.has(key)) throw twisted();
    const inner = value[key];
    if (inner === undefined) continue;
    if (key === '@context') refuseTwisted(inner);
    made[key] = copy(inner);
  }
  return made;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function copy(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  return isList(value) ? value.map(copy) : copyObject(value);
}

/** A context may add words, it may not give those of the protocol another meaning. */
function refuseTwisted(context: JsonValue): void {
  if (Array.isArray(context)) {
    for (const each of context) refuseTwisted(each);
    return;
  }
  if (typeof context !== 'object' || context === null) return;
  for (const [term, meaning] of Object.entries(context)) {
    const iri = meaningOf(meaning);
    if (iri !== null && RESTRUCTURING.has(iri)) throw twisted();
    if (CORE.has(term) && !isUsual(term, iri)) throw twisted();
  }
}

function meaningOf(meaning: JsonValue): string | null {
  if (typeof meaning === 'string') return meaning;
  if (typeof meaning !== 'object' || meaning === null || isList(meaning)) return null;
  const id = meaning['@id'];
  return typeof id === 'string' ? id : null;
}

function isUsual(term: string, iri: string | null): boolean {
  if (term === 'id' || term === 'type') return iri === `@${term}`;
  return iri === `as:${term}` || iri === `${AS}${term}`;
}

function twisted(): AppError {
  return new AppError('bad_request', 'This JSON-LD means something else than it says.');
}
