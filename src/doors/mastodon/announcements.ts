import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { escapeHtml } from '#base/core/html.ts';
import { type Closing, readClosing } from '#domain/closing.ts';
import { readSetting } from '#domain/settings.ts';
import { authPlugin } from '#doors/http/auth.ts';

/**
 * `GET /api/v1/announcements`: the one thing that everybody must hear, that this place ends; empty
 * otherwise. It cannot be put away. See https://docs.joinmastodon.org/methods/announcements/
 */
export const announcements = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.announcements' }).use(authPlugin(ctx)).get(
    '/api/v1/announcements',
    () => {
      const closing = readClosing(ctx);
      return Response.json(closing === null ? [] : [announcementJson(ctx, closing)]);
    },
    { signedIn: true, parse: 'none' },
  );

function announcementJson(ctx: Context, { announcedAt, closesAt, message }: Closing) {
  const published = new Date(announcedAt).toISOString();
  const day = new Date(closesAt).toISOString().slice(0, 10);
  const name = readSetting(ctx, 'instance.name');
  const text = [`${name} closes on ${day}.`, message].filter((part) => part !== '');
  return {
    id: String(announcedAt),
    content: text.map((part) => `<p>${escapeHtml(part)}</p>`).join(''),
    starts_at: null,
    ends_at: new Date(closesAt).toISOString(),
    all_day: true,
    published: true,
    published_at: published,
    updated_at: published,
    read: false,
    mentions: [],
    statuses: [],
    tags: [],
    emojis: [],
    reactions: [],
  };
}
