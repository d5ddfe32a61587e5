import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { canSeeAccount } from '#domain/relationships/see-account.ts';
import { accountsJson } from '#doors/entities/account.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { idField, listField, parseInput } from '#doors/http/fields.ts';

const idsSchema = v.object({ id: v.optional(listField(idField(), 80), []) });

/** Several accounts at once; those that the viewer may not see are left out. */
export const accountsById = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.accounts-by-id' }).use(authPlugin(ctx)).get(
    '/api/v1/accounts',
    ({ request, viewer }) => {
      const { id: ids } = parseInput(idsSchema, readQuery(request));
      const rows = findAccounts(ctx.db, ids);
      const closed = isClosed(ctx);
      const seen = ids.flatMap((id) => rows.get(id) ?? []);
      return Response.json(
        accountsJson(
          ctx,
          seen.filter((row) => canSeeAccount(row, viewer, closed)),
        ),
      );
    },
    { caller: 'read:accounts', parse: 'none' },
  );
