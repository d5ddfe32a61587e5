import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { listHiddenDomains } from '#domain/relationships/hidden-domain-queries.ts';
import { hideDomain, showDomain } from '#domain/relationships/hide-domain.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { listPage } from './answers.ts';
import { domainSchema } from './relations-input.ts';

/** Whole servers of which somebody wants to see nothing. */
export const domainBlocks = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.domain-blocks' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/domain_blocks',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request), { default: 100, max: 200 });
        const rows = listHiddenDomains(ctx.db, viewer.id, page);
        const ids = rows.map((row) => row.id);
        return listPage(
          ctx,
          request,
          page,
          ids,
          rows.map((row) => row.domain),
        );
      },
      { signedIn: 'read:blocks', parse: 'none' },
    )
    .post(
      '/api/v1/domain_blocks',
      async ({ request, viewer }) => {
        hideDomain(ctx, viewer, parseInput(domainSchema, await readBody(request)).domain);
        return Response.json({});
      },
      { signedIn: 'write:blocks', parse: 'none' },
    )
    .delete(
      '/api/v1/domain_blocks',
      async ({ request, viewer }) => {
        showDomain(ctx, viewer, parseInput(domainSchema, await readBody(request)).domain);
        return Response.json({});
      },
      { signedIn: 'write:blocks', parse: 'none' },
    );
