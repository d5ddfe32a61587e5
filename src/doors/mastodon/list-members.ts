import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { listMemberIds } from '#domain/relationships/list-queries.ts';
import { enlist, readList, unlist } from '#domain/relationships/lists.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { accountPage } from './answers.ts';
import { idOf } from './lists.ts';
import { listAccountsSchema } from './relations-input.ts';

const writes = () => ({ signedIn: 'write:lists', parse: 'none' }) as const;

/** Who is on a list. */
export const listMembers = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.list-members' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/lists/:id/accounts',
      (asked) => {
        const { id } = readList(ctx, asked.viewer, idOf(asked));
        const page = readPage(readQuery(asked.request), { default: 40, max: 80 });
        return accountPage(ctx, asked.request, page, listMemberIds(ctx.db, id, page));
      },
      { signedIn: 'read:lists', parse: 'none' },
    )
    .post('/api/v1/lists/:id/accounts', changeMembers(ctx, enlist), writes())
    .delete('/api/v1/lists/:id/accounts', changeMembers(ctx, unlist), writes());

const changeMembers =
  (ctx: Context, act: (ctx: Context, viewer: Viewer, id: number, ids: number[]) => void) =>
  async (asked: { request: Request; params: { id: string }; viewer: Viewer }) => {
    const said = parseInput(listAccountsSchema, await readBody(asked.request));
    act(ctx, asked.viewer, idOf(asked), said.account_ids);
    return Response.json({});
  };
