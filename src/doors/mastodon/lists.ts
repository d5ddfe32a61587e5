import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findLists, findListsWith, type ListRow } from '#domain/relationships/list-queries.ts';
import { changeList, makeList, readList, removeList } from '#domain/relationships/lists.ts';
import { listTimeline } from '#domain/timelines/list.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { parseInput } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { accountById } from './accounts.ts';
import { statusPage } from './answers.ts';
import { listChangeSchema, listSchema } from './relations-input.ts';

const reads = () => ({ signedIn: 'read:lists', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:lists', parse: 'none' }) as const;

type Asked = { request: Request; params: { id: string }; viewer: Viewer };

/** Lists of people that somebody follows, which only they see. */
export const lists = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.lists' })
    .use(authPlugin(ctx))
    .get(
      '/api/v1/lists',
      ({ viewer }) => Response.json(findLists(ctx.db, viewer.id).map(listJson)),
      reads(),
    )
    .post(
      '/api/v1/lists',
      async ({ request, viewer }) => {
        const said = parseInput(listSchema, await readBody(request));
        const { title, replies_policy: repliesPolicy } = said;
        const exclusive = Number(said.exclusive);
        return Response.json(listJson(makeList(ctx, viewer, { title, repliesPolicy, exclusive })));
      },
      writes(),
    )
    .get(
      '/api/v1/lists/:id',
      (asked) => Response.json(listJson(readList(ctx, asked.viewer, idOf(asked)))),
      reads(),
    )
    .put(
      '/api/v1/lists/:id',
      async (asked) => {
        const said = parseInput(listChangeSchema, await readBody(asked.request));
        const list = changeList(ctx, asked.viewer, idOf(asked), {
          ...(said.title === undefined ? {} : { title: said.title }),
          ...(said.replies_policy === undefined ? {} : { repliesPolicy: said.replies_policy }),
          ...(said.exclusive === undefined ? {} : { exclusive: Number(said.exclusive) }),
        });
        return Response.json(listJson(list));
      },
      writes(),
    )
    .delete(
      '/api/v1/lists/:id',
      (asked) => {
        removeList(ctx, asked.viewer, idOf(asked));
        return Response.json({});
      },
      writes(),
    )
    .get(
      '/api/v1/accounts/:id/lists',
      ({ request, params, viewer }) => {
        const { id } = accountById(ctx, request, viewer, params.id);
        return Response.json(findListsWith(ctx.db, viewer.id, id).map(listJson));
      },
      reads(),
    )
    .get(
      '/api/v1/timelines/list/:id',
      (asked) => {
        const { request, viewer } = asked;
        const page = readPage(readQuery(request));
        const ids = listTimeline(ctx, viewer, idOf(asked), page);
        return statusPage(ctx, request, viewer, page, ids, ids, 'home');
      },
      reads(),
    );

/** The id in the address, or `not_found`. */
export function idOf({ request, params }: Pick<Asked, 'request' | 'params'>): number {
  const id = parseId(params.id);
  if (id === null) throw notFound(request);
  return id;
}

function listJson({ id, title, repliesPolicy, exclusive }: ListRow) {
  return { id: String(id), title, replies_policy: repliesPolicy, exclusive: exclusive !== 0 };
}
