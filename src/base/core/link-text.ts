import { escapeHtml } from './html.ts';

const REL = 'nofollow noopener noreferrer ugc';
/** Characters of an address that are shown before it is shortened, as on other servers. */
const SHOWN = 30;

/** The address of a link from outside as it may stand in a page: http or https, without a password; null for all else. */
export function readHref(href: string): URL | null {
  if (!/^https?:\/\//i.test(href) || href.length > 2000 || !URL.canParse(href)) return null;
  const url = new URL(href);
  url.username = '';
  url.password = '';
  return url.hostname === '' ? null : url;
}

/**
 * A link whose text does not lie (threat T73): an address as its text is the address that it leads
 * to, shortened like elsewhere (`invisible` and `ellipsis`); other words stay as they are.
 * `inner` is clean HTML, `text` what a reader reads of it, `classes` are known to be harmless.
 */
export function linkHtml(url: URL, classes: string, inner: string, text: string): string {
  const shown = textOfAddress(url, text.normalize('NFKC').replace(/\s|\p{Cf}|\u034f/gu, ''));
  const attribute = classes === '' ? '' : ` class="${classes}"`;
  return `<a href="${escapeHtml(url.href)}"${attribute} rel="${REL}">${shown ?? inner}</a>`;
}

/** The true address as HTML where the text claims to be one that it is not, or is exactly it; else null. */
function textOfAddress(url: URL, text: string): string | null {
  const claim = readClaim(text);
  if (claim === null) return null;
  const same = claim !== 'none' && bareHost(claim) === bareHost(url);
  return same && bare(claim) !== bare(url) ? null : shorten(url);
}

/** What address a text seems to be: none that can be read, or null if it does not look like one at all. */
function readClaim(text: string): URL | 'none' | null {
  const address =
    /^(?:https?:\/\/|\/\/)?([\p{L}\p{N}][^/?#]*\.(?:\p{L}{2,}|xn--[a-z0-9-]+)(?::\d+)?)(?:[/?#]|$)/iu;
  const named = address.test(text) && !text.includes('@');
  if (!named) return /(?:https?:|www\.)/i.test(text) ? 'none' : null;
  const full = /^https?:/i.test(text) ? text : `https://${text.replace(/^\/\//, '')}`;
  return URL.canParse(full) ? new URL(full) : 'none';
}

function bareHost(url: URL): string {
  return url.host.replace(/^www\./, '');
}

function bare(url: URL): string {
  return `${bareHost(url)}${url.pathname.replace(/\/$/, '')}${url.search}${url.hash}`;
}

function shorten(url: URL): string {
  const lead = /^https?:\/\/(?:www\.)?/i.exec(url.href)?.[0] ?? '';
  const rest = url.href.slice(lead.length).replace(/\/$/, '');
  const hidden = (text: string) => `<span class="invisible">${escapeHtml(text)}</span>`;
  if (rest.length <= SHOWN) return `${hidden(lead)}<span>${escapeHtml(rest)}</span>`;
  // The whole host is always shown: a long name in front must not hide whose it is.
  const end = Math.max(SHOWN, bareHost(url).length);
  const head = `<span class="ellipsis">${escapeHtml(rest.slice(0, end))}</span>`;
  return `${hidden(lead)}${head}${hidden(rest.slice(end))}`;
}
