import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { listFeaturedTags, listUsedTags } from '#domain/posts/featured-tag-queries.ts';
import { featureTag, unfeatureTag } from '#domain/posts/featured-tags.ts';
import { featuredTagsJson, tagsJson } from '#doors/entities/tag.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { parseInput } from '#doors/http/fields.ts';
import { accountById } from './accounts.ts';
import { tagNameSchema } from './relations-input.ts';

const writes = () => ({ signedIn: 'write:accounts', parse: 'none' }) as const;

/** The hashtags at the top of a profile. */
export const featuredTags = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.featured-tags' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/featured_tags',
      ({ viewer }) => Response.json(featuredTagsJson(ctx, listFeaturedTags(ctx.db, viewer.id))),
      { signedIn: 'read:accounts', parse: 'none' },
    )
    .post(
      '/api/v1/featured_tags',
      async ({ request, viewer }) => {
        const { name } = parseInput(tagNameSchema, await readBody(request));
        return Response.json(featuredTagsJson(ctx, [featureTag(ctx, viewer, name)])[0]);
      },
      writes(),
    )
    .delete(
      '/api/v1/featured_tags/:id',
      ({ request, params, viewer }) => {
        const id = parseId(params.id);
        if (id === null) throw notFound(request);
        unfeatureTag(ctx, viewer, id);
        return Response.json({});
      },
      writes(),
    )
    .get(
      '/api/v1/featured_tags/suggestions',
      ({ viewer }) => Response.json(tagsJson(ctx, viewer, listUsedTags(ctx.db, viewer.id))),
      { signedIn: 'read:accounts', parse: 'none' },
    )
    .get(
      '/api/v1/accounts/:id/featured_tags',
      ({ request, params, viewer }) => {
        const { id } = accountById(ctx, request, viewer, params.id);
        return Response.json(featuredTagsJson(ctx, listFeaturedTags(ctx.db, id)));
      },
      { caller: 'read:accounts', parse: 'none' },
    );
