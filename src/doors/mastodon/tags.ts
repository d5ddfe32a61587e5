import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { featureTag, unfeatureTagNamed } from '#domain/posts/featured-tags.ts';
import { findTags, listFollowedTags, type TagRow } from '#domain/posts/followed-tag-queries.ts';
import { followTag, unfollowTag } from '#domain/posts/followed-tags.ts';
import { readTagName } from '#domain/posts/tag-name.ts';
import { tagsJson } from '#doors/entities/tag.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { readPage } from '#doors/http/links.ts';
import { listPage } from './answers.ts';

const follows = () => ({ signedIn: 'write:follows', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:accounts', parse: 'none' }) as const;

/** Hashtags: what is known of one, which the viewer follows, which people show on their profiles. */
export const tags = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.tags' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/tags/:name',
      ({ params, viewer }) => {
        const asked = readTagName(params.name);
        const row = findTags(ctx.db, [asked.name])[0] ?? { id: 0, ...asked };
        return Response.json(tagsJson(ctx, viewer, [row])[0]);
      },
      { caller: 'read:statuses', parse: 'none' },
    )
    .post('/api/v1/tags/:name/follow', change(ctx, followTag), follows())
    .post('/api/v1/tags/:name/unfollow', change(ctx, unfollowTag), follows())
    .post(
      '/api/v1/tags/:name/feature',
      change(ctx, (_, viewer, name) => featureTag(ctx, viewer, name).tag),
      writes(),
    )
    .post('/api/v1/tags/:name/unfeature', change(ctx, unfeatureTagNamed), writes())
    .get(
      '/api/v1/followed_tags',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request), { default: 100, max: 200 });
        const rows = listFollowedTags(ctx.db, viewer.id, page);
        const ids = rows.map((row) => row.id);
        return listPage(ctx, request, page, ids, tagsJson(ctx, viewer, rows));
      },
      { signedIn: 'read:follows', parse: 'none' },
    );

type ChangeRequest = { params: { name: string }; viewer: Viewer };

const change =
  (ctx: Context, act: (ctx: Context, viewer: Viewer, name: string) => TagRow) =>
  ({ params, viewer }: ChangeRequest) =>
    Response.json(tagsJson(ctx, viewer, [act(ctx, viewer, params.name)])[0]);
