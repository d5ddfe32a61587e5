import { sanitiseHtml, textOfHtml } from '#base/core/sanitise-html.ts';
import { maxAltText } from '#domain/media/words.ts';
import { cleanLine, cleanText } from '#domain/posts/caption.ts';
import { findLicence } from '#domain/posts/licences.ts';
import { postLimits } from '#domain/posts/limits.ts';
import type { ImportItem, PlannedPhoto, PlannedPost } from './import-item.ts';
import { importWords as words } from './import-words.ts';

/** What a reader knows of a post; everything else has its default. */
export type FoundPost = Partial<Omit<PlannedPost, 'photos' | 'publishedAt'>> & {
  source: string;
  publishedAt: number | null;
  photos?: readonly PlannedPhoto[];
  notes?: readonly string[];
};

const SOURCE = 500;
const EARLIEST = Date.UTC(1990, 0, 1);

type PostItem = Extract<ImportItem, { kind: 'post' }>;

/** A post as it goes into the plan: words cleaned and cut, dates possible, never more than a post can hold. */
export function planPost(found: FoundPost, now: number): PostItem {
  const notes = [...(found.notes ?? [])];
  const note = (text: string) => {
    if (!notes.includes(text)) notes.push(text);
  };
  const caption = cut(cleanText(found.caption ?? ''), postLimits.caption, () =>
    note(words.captionCut),
  );
  const photos = (found.photos ?? []).slice(0, postLimits.photos).map((photo) => ({
    ...photo,
    name: cut(cleanLine(photo.name), 200),
    description: cut(cleanText(photo.description), maxAltText, () => note(words.altCut)),
  }));
  if ((found.photos?.length ?? 0) > postLimits.photos) note(words.photosCut);
  const at = found.publishedAt;
  if (at !== null && at > now) note(words.future);
  const publishedAt = Math.min(Math.max(at ?? 0, EARLIEST), now);
  const item = { kind: 'post' as const, source: found.source.slice(0, SOURCE), notes };
  const label = labelOf(caption, publishedAt, at !== null);
  if (at === null) return { ...item, label, skip: words.noDate, post: null };
  if (photos.length === 0 && caption === '') {
    return { ...item, label, skip: notes[0] ?? words.nothing, post: null };
  }
  const post: PlannedPost = {
    ...{ publishedAt, caption, photos },
    editedAt: readEdited(found.editedAt ?? null, publishedAt, now),
    archived: found.archived ?? false,
    ours: found.ours ?? false,
    spoiler: cut(cleanLine(found.spoiler ?? ''), postLimits.spoiler),
    sensitive: found.sensitive ?? false,
    visibility: found.visibility ?? 'public',
    language: readLanguage(found.language ?? null),
    licence: found.licence == null ? null : (findLicence(found.licence)?.key ?? null),
    place: cut(cleanLine(found.place ?? ''), postLimits.place),
    commentsDisabled: found.commentsDisabled ?? false,
    likesDisabled: found.likesDisabled ?? false,
    sharesDisabled: found.sharesDisabled ?? false,
    replyTo: found.replyTo ?? null,
  };
  return { ...item, label, skip: null, post };
}

/** A thing that is not taken, with the reason. */
export function skipPost(source: string, text: string, reason: string): PostItem {
  const label = labelOf(cleanText(text), 0, false);
  return {
    kind: 'post',
    source: source.slice(0, SOURCE),
    label,
    skip: reason,
    notes: [],
    post: null,
  };
}

/** Words of a post in HTML as they can be typed here: no element, script or address of it is kept (T117). */
export function textFromHtml(html: string): string {
  return textOfHtml(sanitiseHtml(html.slice(0, 200_000)));
}

/** Milliseconds of an ISO date; null for anything else. */
export function readTime(value: unknown): number | null {
  if (typeof value !== 'string' || value.length > 40 || !/^\d{4}-\d\d-\d\d/.test(value))
    return null;
  const time = Date.parse(value);
  return Number.isFinite(time) ? time : null;
}

function cut(text: string, most: number, tell?: () => void): string {
  if (text.length <= most) return text;
  const letters = [...text];
  if (letters.length <= most) return text;
  tell?.();
  return letters.slice(0, most).join('');
}

function labelOf(caption: string, at: number, dated: boolean): string {
  const day = dated ? new Date(at).toISOString().slice(0, 10) : '';
  const line = cut(cleanLine(caption), 80);
  return [day, line].filter((part) => part !== '').join(' · ');
}

function readEdited(at: number | null, publishedAt: number, now: number): number | null {
  return at === null || at <= publishedAt ? null : Math.min(at, now);
}

function readLanguage(language: string | null): string | null {
  return language !== null && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(language)
    ? language
    : null;
}
