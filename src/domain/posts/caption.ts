import { LinkifyIt } from 'linkify-it';
import { escapeHtml } from '#base/core/html.ts';

/** A caption taken apart; `text` is always what was typed. */
export type CaptionPart =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; url: string }
  /** `name` is folded for comparison. */
  | { kind: 'tag'; text: string; name: string }
  | { kind: 'mention'; text: string; username: string; domain: string | null };

const linkify = new LinkifyIt({ fuzzyEmail: false, fuzzyLink: false, maxLength: 2000 })
  .add('ftp:', null)
  .add('mailto:', null)
  .add('//', null);

const TAG =
  '(?<![\\p{L}\\p{M}\\p{N}_&/#])#(?<tag>[\\p{L}\\p{M}\\p{N}_]{1,100})(?![\\p{L}\\p{M}\\p{N}_])';
// Names elsewhere may have dots and dashes inside.
const MENTION =
  '(?<![\\p{L}\\p{M}\\p{N}_@/.])@(?:(?<far>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)@(?<host>[A-Za-z0-9.-]*[A-Za-z0-9](?::[0-9]{1,5})?)|(?<near>[A-Za-z0-9_]{1,64}))(?![\\p{L}\\p{N}_@])';

/** Text as it is stored: one kind of line end, no control characters, no broken surrogates, no empty edges. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u2028\u2029]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '',
    )
    .trim();
}

/** One line of text as it is stored; what turns the direction of text would draw over its neighbours. */
export function cleanLine(text: string): string {
  return cleanText(text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')).replace(/\s+/g, ' ');
}

/** The name under which spellings of a tag meet: `#Straße` and `#straße` are one. */
export function foldTag(tag: string): string {
  return tag.normalize('NFKC').toLowerCase();
}

/** Finds links, #hashtags (at least one letter) and @mentions in a cleaned caption. */
export function parseCaption(caption: string): CaptionPart[] {
  const parts: CaptionPart[] = [];
  let end = 0;
  for (const match of linkify.match(caption) ?? []) {
    if (!/^https?:\/\//i.test(match.url) || !URL.canParse(match.url)) continue;
    parts.push(...parseWords(caption.slice(end, match.index), caption.slice(0, end)));
    parts.push({ kind: 'link', text: match.raw, url: new URL(match.url).href });
    end = match.lastIndex;
  }
  parts.push(...parseWords(caption.slice(end), caption.slice(0, end)));
  return parts;
}

/** `before` is only looked at: a tag does not begin in the middle of a word or an address. */
function parseWords(text: string, before: string): CaptionPart[] {
  const parts: CaptionPart[] = [];
  const lead = before.slice(-1);
  const whole = lead + text;
  let end = lead.length;
  for (const match of whole.matchAll(new RegExp(`${TAG}|${MENTION}`, 'gu'))) {
    const { tag, near, far, host } = match.groups ?? {};
    const user = far ?? near;
    if (match.index < end || (tag !== undefined && !/\p{L}/u.test(tag))) continue;
    if (match.index > end) parts.push({ kind: 'text', text: whole.slice(end, match.index) });
    const found = match[0];
    if (tag !== undefined) parts.push({ kind: 'tag', text: found, name: foldTag(tag) });
    else if (user !== undefined) {
      parts.push({ kind: 'mention', text: found, username: user, domain: host ?? null });
    }
    end = match.index + found.length;
  }
  if (end < whole.length) parts.push({ kind: 'text', text: whole.slice(end) });
  return parts;
}

/**
 * The HTML of a parsed caption. Everything typed is escaped; the only elements are `p`, `br`, `a`
 * and `span` that stand here. Addresses of this instance stay relative (`/tags/…`, `/@name`), so
 * the stored text outlives a change of the origin. `addressOf` gives the page of the account that a
 * mention means, or null: then it stays text.
 */
export function renderCaption(
  parts: CaptionPart[],
  addressOf: (mention: { username: string; domain: string | null }) => string | null,
): string {
  const html = parts
    .map((part) => {
      if (part.kind === 'link') {
        const rel = 'rel="nofollow noopener noreferrer ugc"';
        return `<a href="${escapeHtml(part.url)}" ${rel}>${escapeHtml(part.text)}</a>`;
      }
      if (part.kind === 'tag') {
        const href = `/tags/${encodeURIComponent(part.name)}`;
        return `<a href="${escapeHtml(href)}" class="mention hashtag" rel="tag">${escapeHtml(part.text)}</a>`;
      }
      if (part.kind === 'text') return escapeHtml(part.text);
      const address = addressOf(part);
      if (address === null) return escapeHtml(part.text);
      return `<a href="${escapeHtml(address)}" class="u-url mention">${escapeHtml(part.text)}</a>`;
    })
    .join('');
  if (html === '') return '';
  return html
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
    .join('');
}
