import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { findLists, type ListRow, listMemberIds } from '#domain/relationships/list-queries.ts';
import {
  changeList,
  enlist,
  makeList,
  readList,
  removeList,
  unlist,
} from '#domain/relationships/lists.ts';
import { listTimeline } from '#domain/timelines/list.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { ListPage } from '#doors/entities/social-page-types.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage } from '#doors/http/links.ts';
import { findNamed } from './find-profile.ts';
import { formSwitch, formText } from './form-fields.ts';
import { readSlice } from './page-slices.ts';
import { readShown } from './shown-slice.ts';

const POSTS = 20;
const PEOPLE = 40;
const TITLE = 255;
const listSchema = v.object({ title: formText(), exclusive: formSwitch() });
const memberSchema = v.object({ who: formText(), account: formText() });

type Asked = {
  request: Request;
  params: { id: string };
  viewer: Viewer;
  caller: SignedInCaller;
};

/** `/lists`, `/lists/ID` (its timeline) and `/lists/ID/edit`: lists of people, seen by their owner alone. */
export const listPages = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.lists' })
    .use(authPlugin(ctx))
    .get('/lists', (asked) => showLists(ctx, asked), reads())
    .post(
      '/lists',
      async ({ request, viewer }) => {
        const said = v.parse(listSchema, await readBody(request));
        return answer(ctx, request, '/lists', null, () => {
          const title = titleOf(said.title);
          const exclusive = Number(said.exclusive);
          const list = makeList(ctx, viewer, { title, repliesPolicy: 'list', exclusive });
          return `/lists/${list.id}/edit`;
        });
      },
      writes(),
    )
    .get('/lists/:id', (asked) => showTimeline(ctx, asked), reads())
    .get('/lists/:id/edit', (asked) => showList(ctx, asked), reads())
    .post(
      '/lists/:id/edit',
      async ({ request, params, viewer }: Asked) => {
        const { id } = ownList(ctx, request, viewer, params.id);
        const said = v.parse(listSchema, await readBody(request));
        return answer(ctx, request, `/lists/${id}/edit`, 'Saved.', () => {
          const exclusive = Number(said.exclusive);
          changeList(ctx, viewer, id, { title: titleOf(said.title), exclusive });
        });
      },
      writes(),
    )
    .post(
      '/lists/:id/add',
      async ({ request, params, viewer }: Asked) => {
        const { id } = ownList(ctx, request, viewer, params.id);
        const { who } = v.parse(memberSchema, await readBody(request));
        return answer(ctx, request, `/lists/${id}/edit`, null, () => {
          const row = findNamed(ctx, who.trim().replace(/^@/, ''));
          // Somebody unknown and somebody who is not followed are told apart by nobody.
          enlist(ctx, viewer, id, [row?.id ?? 0]);
        });
      },
      writes(),
    )
    .post(
      '/lists/:id/remove',
      async ({ request, params, viewer }: Asked) => {
        const { id } = ownList(ctx, request, viewer, params.id);
        const { account } = v.parse(memberSchema, await readBody(request));
        unlist(ctx, viewer, id, [parseId(account) ?? 0]);
        return redirectTo(ctx, request, `/lists/${id}/edit`);
      },
      writes(),
    )
    .post(
      '/lists/:id/delete',
      ({ request, params, viewer }: Asked) => {
        const { id, title } = ownList(ctx, request, viewer, params.id);
        removeList(ctx, viewer, id);
        const text = `The list “${title}” is gone.`;
        return redirectTo(ctx, request, '/lists', { kind: 'done', text });
      },
      writes(),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'read:lists', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'write:lists', parse: 'none' }) as const;

/** The viewer's own list of that id; somebody else's is not there (T97). */
function ownList(ctx: Context, request: Request, viewer: Viewer, text: string): ListRow {
  const id = parseId(text);
  if (id === null) throw notFound(request);
  return readList(ctx, viewer, id);
}

function titleOf(text: string): string {
  const title = text.replace(/\p{Cc}/gu, ' ').trim();
  if (title === '') throw new AppError('invalid', 'Give the list a name.');
  if ([...title].length > TITLE) {
    throw new AppError('invalid', `A name can have at most ${TITLE} characters.`);
  }
  return title;
}

/** Does it and leads on to where it says, else back to `path`; a mistake is told there. */
function answer(
  ctx: Context,
  request: Request,
  path: string,
  told: string | null,
  act: () => unknown,
): Response {
  try {
    const next = act();
    return redirectTo(
      ctx,
      request,
      typeof next === 'string' ? next : path,
      told === null ? undefined : { kind: 'done', text: told },
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return redirectTo(ctx, request, path, { kind: 'problem', text: error.message });
  }
}

function showLists(ctx: Context, { request, caller, viewer }: Omit<Asked, 'params'>) {
  const lists = findLists(ctx.db, viewer.id).map(({ id, title }) => ({ id: String(id), title }));
  return showPage(ctx, request, { page: 'lists', title: 'Lists', props: { lists } }, { caller });
}

function showTimeline(ctx: Context, { request, params, viewer, caller }: Asked) {
  const { id, title } = ownList(ctx, request, viewer, params.id);
  const page = { ...readPage(readQuery(request)), limit: POSTS };
  const shown = readShown(ctx, viewer, 'home', `/lists/${id}`, page, (slice) =>
    listTimeline(ctx, viewer, id, slice),
  );
  const props = {
    ...shown,
    ...{ everybody: [], heading: title, tab: 'list' as const, tag: null, federating: true },
  };
  return showPage(ctx, request, { page: 'home', title, props }, { caller });
}

function showList(ctx: Context, { request, params, viewer, caller }: Asked) {
  const { id, title, exclusive } = ownList(ctx, request, viewer, params.id);
  const page = { ...readPage(readQuery(request)), limit: PEOPLE };
  const { ids, newer, older } = readSlice(`/lists/${id}/edit`, page, (slice) =>
    listMemberIds(ctx.db, id, slice),
  );
  const rows = findAccounts(ctx.db, ids);
  const people = accountsJson(
    ctx,
    ids.flatMap((each) => rows.get(each) ?? []),
  );
  const props: ListPage = {
    ...{ id: String(id), title, exclusive: exclusive !== 0 },
    ...{ people, newer, older },
  };
  return showPage(ctx, request, { page: 'list', title, props }, { caller });
}
