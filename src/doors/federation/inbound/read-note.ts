import { escapeHtml } from '#base/core/html.ts';
import type { JsonObject } from '#base/core/json.ts';
import { sanitiseHtml, textOfHtml } from '#base/core/sanitise-html.ts';
import { cleanLine } from '#domain/posts/caption.ts';
import { postLimits } from '#domain/posts/limits.ts';
import type { RemotePost } from '#domain/posts/remote-types.ts';
import { audienceOf } from './normalise.ts';
import { readLicence } from './read-licence.ts';
import { readPermissions } from './read-permissions.ts';
import { readOtherMedia, readPhotos } from './read-photos.ts';
import {
  addressesIn,
  idOf,
  idsIn,
  isObject,
  linkOf,
  listOf,
  objectOf,
  readText,
  sameOrigin,
  sameSite,
  textOf,
  timeOf,
  typesOf,
} from './values.ts';

/** A post as its document tells it; who is meant by ids is for others to find out. */
export type RemoteNote = Omit<
  RemotePost,
  'accountId' | 'mentionedIds' | 'visibility' | 'publishedAt'
> & {
  /** Who wrote it: a person before a group. */
  author: string | null;
  /** Everybody it is attributed to. */
  authors: string[];
  to: string[];
  cc: string[];
  audience: string[];
  /** Actor ids of mentions. */
  mentions: string[];
  publishedAt: number | null;
};

const TYPES = ['Note', 'Article', 'Image', 'Page', 'Question', 'Video', 'Audio', 'Event'] as const;
type NoteType = (typeof TYPES)[number];
/** Types whose name is a title and whose summary is an abstract, not a warning. */
const TITLED: ReadonlySet<string> = new Set(['Article', 'Page', 'Video', 'Audio', 'Event']);
const MOST = { html: 60_000, mentions: 20, tags: 30, tag: 100, options: 20, option: 200 };

/** The type that something is shown as a post of; null: it is none that can be shown. */
export function noteTypeOf(document: JsonObject | null): NoteType | null {
  const types = typesOf(document);
  return TYPES.find((type) => types.includes(type)) ?? null;
}

/**
 * Reads a post of any kind and shape (federation.md §2.4) within limits (T49): photos stay photos, a
 * Question is text with its options, a Video a link with its poster. Answers in a sentence why it is
 * none. Whoever hands it in has made sure that it came from the origin of its id.
 */
export function readNote(document: JsonObject): RemoteNote | { problem: string } {
  const type = noteTypeOf(document);
  const uri = idOf(document);
  if (type === null) return { problem: 'It is no post.' };
  if (uri === null) return { problem: 'The post has no id.' };
  const authors = idsIn(document.attributedTo);
  const link = linkOf(document.url, (mediaType) => mediaType === 'text/html');
  const url = link !== null && sameSite(link, uri) && type !== 'Image' ? link : null;
  const { text, language } = readText(document, 'content');
  const captionHtml = sanitiseHtml(composeHtml(type, document, text ?? '', url ?? uri));
  const spoiler = readSpoiler(type, document);
  const replies = idOf(document.replies);
  const tagged = readTags(document);
  return {
    uri,
    url,
    author: readAuthor(document) ?? authors[0] ?? null,
    authors,
    to: addressesIn(document.to),
    cc: addressesIn(document.cc),
    audience: audienceOf(document),
    captionHtml,
    caption: textOfHtml(captionHtml),
    spoiler,
    sensitive: spoiler !== '' || isSensitive(document),
    language: language ?? languageOf(document),
    licence: readLicence(document),
    place: readPlace(document),
    publishedAt: timeOf(document.published),
    updatedAt: timeOf(document.updated),
    inReplyToUri: idsIn(document.inReplyTo)[0] ?? null,
    photos: readPhotos(document, type),
    ...tagged,
    ...readPermissions(document, authors, tagged.mentions.length > 0),
    repliesUrl: replies !== null && sameOrigin(replies, uri) ? replies : null,
  };
}

/** PeerTube names a person and a channel, embedded: the person speaks. */
function readAuthor(document: JsonObject): string | null {
  const people = listOf(document.attributedTo).filter(isObject);
  const person = people.find((each) => typesOf(each).some((type) => type !== 'Group'));
  return person === undefined ? null : idOf(person);
}

function composeHtml(type: NoteType, document: JsonObject, text: string, page: string): string {
  const parts: string[] = [];
  const name = cut(cleanLine(textOf(document.name) ?? ''), 300);
  if (TITLED.has(type) && name !== '') parts.push(`<p><strong>${escapeHtml(name)}</strong></p>`);
  if (type === 'Event') parts.push(...describeEvent(document));
  const body = text === '' && type === 'Image' ? escapeHtml(name) : text;
  parts.push(body.slice(0, MOST.html));
  if (type === 'Question') parts.push(listOptions(document));
  if (TITLED.has(type)) parts.push(paragraphLink(page, page));
  for (const { url, name: words } of readOtherMedia(document)) {
    parts.push(paragraphLink(url, words === '' ? url : words));
  }
  return parts.join('');
}

function paragraphLink(url: string, words: string): string {
  return `<p><a href="${escapeHtml(url)}">${escapeHtml(words)}</a></p>`;
}

function describeEvent(document: JsonObject): string[] {
  const start = timeOf(document.startTime);
  const place = readPlace(document);
  const when =
    start === null ? '' : `${new Date(start).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const line = [when, place].filter((part) => part !== '').join(', ');
  return line === '' ? [] : [`<p>${escapeHtml(line)}</p>`];
}

function listOptions(document: JsonObject): string {
  const options = [...listOf(document.oneOf), ...listOf(document.anyOf)]
    .filter(isObject)
    .slice(0, MOST.options)
    .map((option) => cut(cleanLine(textOf(option.name) ?? ''), MOST.option))
    .filter((name) => name !== '')
    .map((name) => `<li>${escapeHtml(name)}</li>`);
  return options.length === 0 ? '' : `<ul>${options.join('')}</ul>`;
}

function readSpoiler(type: NoteType, document: JsonObject): string {
  const { text } = readText(document, 'summary');
  if (text === null || (TITLED.has(type) && document.sensitive !== true) || type === 'Image') {
    return '';
  }
  const words = textOfHtml(sanitiseHtml(text.slice(0, 5000)));
  return cut(cleanLine(words), postLimits.spoiler);
}

function isSensitive(document: JsonObject): boolean {
  if (document.sensitive === true) return true;
  return listOf(document.attachment).some((each) => isObject(each) && each.sensitive === true);
}

/** Lemmy and PeerTube say it apart. */
function languageOf(document: JsonObject): string | null {
  const code = textOf(objectOf(document.language)?.identifier) ?? '';
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(code) && code !== 'und' ? code : null;
}

/** Pixelfed says where on the post, Vernissage on each photo. */
function readPlace(document: JsonObject): string {
  const places = [document, ...listOf(document.attachment).filter(isObject)];
  for (const each of places) {
    const location = objectOf(each.location);
    if (location === null) continue;
    const names = [textOf(location.name), textOf(location.country)];
    const text = names.filter((name) => name !== null && name !== '').join(', ');
    if (text !== '') return cut(cleanLine(text), postLimits.place);
  }
  return '';
}

function readTags(document: JsonObject): { tags: string[]; mentions: string[] } {
  const tags = new Set<string>();
  const mentions = new Set<string>();
  for (const tag of listOf(document.tag)) {
    if (!isObject(tag)) continue;
    const types = typesOf(tag);
    if (types.includes('Hashtag') && tags.size < MOST.tags) {
      const name = cleanLine(textOf(tag.name) ?? '').replace(/^#+/, '');
      if (/^[\p{L}\p{M}\p{N}_]+$/u.test(name) && name.length <= MOST.tag) tags.add(name);
    }
    if (types.includes('Mention') && mentions.size < MOST.mentions) {
      const id = idsIn(tag.href)[0];
      if (id !== undefined) mentions.add(id);
    }
  }
  return { tags: [...tags], mentions: [...mentions] };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}
