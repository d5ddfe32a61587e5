import type { JsonObject, JsonValue } from '#base/core/json.ts';
import { readHref } from '#base/core/link-text.ts';

type Value = JsonValue | undefined;

const AS = 'https://www.w3.org/ns/activitystreams#';
const PUBLIC = new Set([`${AS}Public`, 'as:Public', 'Public']);

/** Longest address that is taken from outside. */
const LONGEST = 2000;
/** Members of one list that are looked at. */
const MOST = 1000;

/** True for an object that is no list. */
export function isObject(value: Value): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A property as a list, whatever shape it came in (federation.md §2.4): absent or null is empty, a
 * single value is a list of one, `@list` and `@set` are what they hold, and an object with numeric
 * keys (Pixelfed's tags of answers) gives its members after what else it is.
 */
export function listOf(value: Value): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.slice(0, MOST).filter((each) => each !== null);
  if (!isObject(value)) return [value];
  const inner = value['@list'] ?? value['@set'];
  if (inner !== undefined) return isObject(inner) ? [inner] : listOf(inner);
  const numbered = Object.keys(value).filter((key) => /^[0-9]{1,4}$/.test(key));
  if (numbered.length === 0) return [value];
  const own = value.type === undefined && value['@type'] === undefined ? [] : [value];
  return [...own, ...numbered.slice(0, MOST).flatMap((key) => value[key] ?? [])];
}

/** The first object of a property, if any. */
export function objectOf(value: Value): JsonObject | null {
  return listOf(value).find(isObject) ?? null;
}

/** A text: plain, `@value`, or the first of several; null for everything else. */
export function textOf(value: Value): string | null {
  for (const each of listOf(value)) {
    if (typeof each === 'string') return each.toWellFormed();
    if (isObject(each) && typeof each['@value'] === 'string') return each['@value'].toWellFormed();
  }
  return null;
}

/** A text in one language: `content`, or of `contentMap` that language of which there is one. */
export function readText(
  object: JsonObject,
  name: string,
): { text: string | null; language: string | null } {
  const text = textOf(object[name]);
  const map = objectOf(object[`${name}Map`]);
  const entries = map === null ? [] : Object.entries(map);
  for (const [language, value] of entries) {
    if (typeof value === 'string' && (text === null || value === text)) {
      return { text: value.toWellFormed(), language: readLanguage(language) };
    }
  }
  return { text, language: null };
}

function readLanguage(text: string): string | null {
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text) && text !== 'und' ? text : null;
}

/** Types of an object without the prefix of ActivityStreams; none for what is no object. */
export function typesOf(object: JsonObject | null): string[] {
  if (object === null) return [];
  return listOf(object.type ?? object['@type'])
    .filter((type) => typeof type === 'string')
    .map((type) => type.replace(AS, '').replace(/^as:/, '').slice(0, 100));
}

/**
 * What a value names: its own text, or the `id` or `@id` of an object; http(s) only (T54). Never the
 * `href` of a Link: that says where something is, not what it is.
 */
export function idOf(value: Value): string | null {
  if (typeof value === 'string') return webAddress(value);
  if (Array.isArray(value)) return value.length === 1 ? idOf(value[0]) : null;
  if (!isObject(value)) return null;
  const id = value.id ?? value['@id'];
  return typeof id === 'string' ? webAddress(id) : null;
}

/** What each value of a list names; what names nothing is left out. */
export function idsIn(value: Value): string[] {
  return listOf(value).flatMap((each) => idOf(each) ?? []);
}

/** Whom a property addresses: ids, everybody in one spelling. */
export function addressesIn(value: Value): string[] {
  const ids = listOf(value).flatMap((each) => {
    const plain = isObject(each) ? (each.id ?? each['@id']) : each;
    if (typeof plain === 'string' && PUBLIC.has(plain)) return `${AS}Public`;
    return idOf(each) ?? [];
  });
  return [...new Set(ids)];
}

/** An http(s) address exactly as it was written, if it is one without credentials; null for all else (T54). */
export function webAddress(text: string): string | null {
  if (text.length > LONGEST || !/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) {
    return null;
  }
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.hostname !== '' ? text : null;
}

/** A link to show or follow: of several the first whose media type `fits`, else the first of all. */
export function linkOf(value: Value, fits?: (mediaType: string) => boolean): string | null {
  const all = listOf(value);
  const typed = fits ? all.find((each) => isObject(each) && fits(mediaTypeOf(each))) : undefined;
  for (const each of typed === undefined ? all : [typed, ...all]) {
    const address = isObject(each) ? textOf(each.href ?? each.url) : each;
    const link = typeof address === 'string' ? readHref(address) : null;
    if (link !== null) return link.href;
  }
  return null;
}

/** The media type that a document or link gives, lower case, without parameters; '' if none. */
export function mediaTypeOf(object: JsonObject): string {
  const text = textOf(object.mediaType) ?? '';
  return text.split(';', 1)[0]?.trim().toLowerCase().slice(0, 100) ?? '';
}

/** A time as milliseconds since 1970, never before; null for what is none. */
export function timeOf(value: Value): number | null {
  const text = textOf(value);
  if (text === null || text.length > 40 || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) || time < 0 ? null : time;
}

/** The host of an address with its port, lower case; '' for what is none. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}

/** True if both live on the same origin, which is what vouches for them. */
export function sameOrigin(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false;
  return new URL(one).origin === new URL(other).origin;
}

/** True if one host is the other or stands below it: pages of Threads are on `www.` */
export function sameSite(one: string, other: string): boolean {
  const [a, b] = [hostOf(one), hostOf(other)];
  return a !== '' && (a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`));
}
