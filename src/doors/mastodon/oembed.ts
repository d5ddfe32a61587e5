import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import { parseId } from '#base/core/ids.ts';
import { statusesByIds } from '#doors/entities/status-cache.ts';
import type { StatusJson } from '#doors/entities/types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { parseInput, textField } from '#doors/http/fields.ts';
import { urls } from '#doors/http/links.ts';

/** What oEmbed is asked (oembed.com §2.2). */
export const oembedSchema = v.object({
  url: textField(2000),
  maxwidth: v.nullish(textField(10)),
  maxheight: v.nullish(textField(10)),
  format: v.nullish(textField(20)),
});

const DAY = 86_400;
const TITLE = 200;

/**
 * Posts of here for the pages of others (oembed.com): only what everybody sees, whoever asks, and never
 * the photo or the words behind a warning (T85).
 */
export const oembed = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.oembed' }).use(authPlugin(ctx)).get(
    '/api/oembed',
    ({ request }) => {
      const said = parseInput(oembedSchema, readQuery(request));
      // Only the stranger's view counts.
      const status = said.format && said.format !== 'json' ? null : findPublic(ctx, said.url);
      if (!status) throw notFound(request);
      return Response.json(embedOf(ctx, status, Number(said.maxwidth ?? 0)));
    },
    { caller: true, parse: 'none' },
  );

function findPublic(ctx: Context, address: string): StatusJson | null {
  const { origin } = urls(ctx);
  if (!URL.canParse(address) || new URL(address).origin !== new URL(origin).origin) return null;
  const { pathname } = new URL(address);
  const [, name, number = ''] =
    /^\/@([^/@]+)\/([0-9]{1,16})\/?$/.exec(pathname) ??
    /^\/users\/([^/]+)\/posts\/([0-9]{1,16})\/?$/.exec(pathname) ??
    [];
  const id = parseId(number);
  const [status] = id === null ? [] : statusesByIds(ctx, null, [id]);
  const open = status?.visibility === 'public' || status?.visibility === 'unlisted';
  if (!status || !open || !status.local) return null;
  return status.account.username.toLowerCase() === name?.toLowerCase() ? status : null;
}

function embedOf(ctx: Context, status: StatusJson, maxWidth: number) {
  const { origin, profileUrl } = urls(ctx);
  const { account } = status;
  const covered = status.sensitive || status.spoiler_text !== '';
  const [photo] = status.media_attachments;
  const author = account.display_name || account.username;
  const title = covered
    ? status.spoiler_text || 'Behind a warning'
    : (status.content_text ?? '').slice(0, TITLE);
  const width = Math.min(maxWidth > 0 ? maxWidth : 550, 550);
  const small = photo?.meta?.small;
  return {
    type: 'rich',
    version: '1.0',
    title: title || `A post by ${author}`,
    author_name: author,
    author_url: profileUrl(account.username),
    provider_name: new URL(origin).host,
    provider_url: origin,
    cache_age: DAY,
    html: htmlOf(status, title, author),
    width,
    height: null,
    ...(covered || !photo?.preview_url || !small
      ? {}
      : {
          thumbnail_url: photo.preview_url,
          thumbnail_width: small.width,
          thumbnail_height: small.height,
        }),
  };
}

/** A quotation with a link: no frame, no script. */
function htmlOf(status: StatusJson, title: string, author: string): string {
  const words = title === '' ? '' : `<p>${escapeHtml(title)}</p>`;
  const link = `<a href="${escapeHtml(status.url)}">${escapeHtml(author)}</a>`;
  return `<blockquote>${words}<footer>${link}</footer></blockquote>`;
}
