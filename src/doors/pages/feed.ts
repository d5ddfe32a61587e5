import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import { firstPage } from '#base/core/page.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { listProfileIds } from '#domain/posts/reading.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { AccountJson, MediaAttachmentJson, StatusJson } from '#doors/entities/types.ts';
import { notFound } from '#doors/http/errors.ts';
import { matchesEtag } from '#doors/http/etag.ts';
import { nameOf, postTitle } from './page-heads.ts';
import { feedOf } from './show-profile.ts';

const ENTRIES = 20;

/** The newest public photos of a person as Atom (RFC 4287), the same for everybody. */
export function answerFeed(ctx: Context, request: Request, row: AccountRow): Response {
  const url = feedOf(ctx, row);
  const [account] = accountsJson(ctx, [row]);
  if (url === null || !account) throw notFound(request);
  const filter = { onlyPublic: true, onlyMedia: true };
  const ids = listProfileIds(ctx, null, row.id, firstPage(ENTRIES), filter);
  const xml = writeFeed(account, url, statusesByIds(ctx, null, ids));
  const headers = {
    'content-type': 'application/atom+xml; charset=utf-8',
    'cache-control': 'public, no-cache',
    vary: 'Accept-Encoding',
    etag: `W/"${Bun.hash(xml).toString(36)}"`,
  };
  if (matchesEtag(request.headers.get('if-none-match'), headers.etag)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(xml, { headers });
}

function writeFeed(account: AccountJson, url: string, posts: StatusJson[]): string {
  const [newest] = posts
    .map((post) => post.edited_at ?? post.created_at)
    .sort()
    .reverse();
  const icon = account.avatar.endsWith('/missing.png') ? '' : tag('icon', account.avatar);
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
${tag('id', account.url)}${tag('title', nameOf(account))}${tag('updated', newest ?? account.created_at)}${icon}<link rel="self" type="application/atom+xml" href="${text(url)}"/>
<link rel="alternate" type="text/html" href="${text(account.url)}"/>
<author>${tag('name', nameOf(account))}${tag('uri', account.url)}</author>
${posts.map(writeEntry).join('')}</feed>
`;
}

function writeEntry(post: StatusJson): string {
  const warned = post.spoiler_text !== '' || post.sensitive;
  const licence = post.tintype.license;
  return `<entry>
${tag('id', post.uri)}${tag('title', postTitle(post))}${tag('published', post.created_at)}${tag('updated', post.edited_at ?? post.created_at)}<link rel="alternate" type="text/html" href="${text(post.url)}"/>
${licence?.url ? `<link rel="license" href="${text(licence.url)}"/>\n` : ''}${post.tags.map((each) => `<category term="${text(each.name)}"/>\n`).join('')}${warned ? '' : post.media_attachments.map(enclosure).join('')}<content type="html">${text(warned ? warning(post) : content(post))}</content>
</entry>
`;
}

function enclosure(photo: MediaAttachmentJson): string {
  if (photo.url === null) return '';
  const title = photo.description ? ` title="${text(photo.description)}"` : '';
  return `<link rel="enclosure" type="${text(photo.mime)}" href="${text(photo.url)}"${title}/>\n`;
}

/** Behind a content warning a feed shows the warning and the way to the page, nothing else. */
function warning(post: StatusJson): string {
  const words = post.spoiler_text === '' ? 'Sensitive content' : post.spoiler_text;
  return `<p>${escapeHtml(words)}</p><p><a href="${escapeHtml(post.url)}">Show the post</a></p>`;
}

function content(post: StatusJson): string {
  const photos = post.media_attachments.map((photo) => {
    const size = photo.meta
      ? ` width="${photo.meta.original.width}" height="${photo.meta.original.height}"`
      : '';
    const alt = escapeHtml(photo.description ?? '');
    return `<p><img src="${escapeHtml(photo.url ?? '')}" alt="${alt}"${size}></p>`;
  });
  return photos.join('') + post.content;
}

/** Text in XML: escaped, and without the characters that XML 1.0 does not know. */
function text(words: string): string {
  return escapeHtml(
    words
      .toWellFormed()
      .replace(/[\p{Cc}\ufffe\uffff]/gu, (character) =>
        '\n\t'.includes(character) ? character : '',
      ),
  );
}

function tag(name: string, words: string): string {
  return `<${name}>${text(words)}</${name}>\n`;
}
