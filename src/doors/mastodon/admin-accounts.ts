import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { type AccountRow, findAccount, findAccounts } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { limitAccount } from '#domain/membership/limit-account.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { closeReport } from '#domain/moderation/tend-report.ts';
import { adminAccountsJson } from '#doors/entities/admin.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { idField, isTrue, parseInput, textField } from '#doors/http/fields.ts';
import { readPage } from '#doors/http/links.ts';
import { asAdmin, asRefusal } from './admin-guard.ts';
import { type AccountSearch, searchAccountIds } from './admin-queries.ts';
import { listPage } from './answers.ts';

/** What POST /api/v1/admin/accounts/:id/action takes. */
export const accountActionSchema = v.object({
  type: v.picklist(
    ['none', 'sensitive', 'disable', 'silence', 'suspend'],
    'must be none, silence or suspend',
  ),
  report_id: v.nullish(idField()),
  text: v.nullish(textField(5000)),
});

type Act = (ctx: Context, viewer: Viewer, accountId: number) => void;

/** Members and people elsewhere, for admins (docs.joinmastodon.org/methods/admin/accounts). */
export const adminAccountsApi = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.admin-accounts' })
    .use(authPlugin(ctx))
    .get('/api/v1/admin/accounts', list(ctx), reads())
    .get('/api/v2/admin/accounts', list(ctx), reads())
    .get('/api/v1/admin/accounts/:id', (asked) => show(ctx, asked), reads())
    .post(
      '/api/v1/admin/accounts/:id/action',
      async (asked) => {
        asAdmin(asked.viewer);
        const { type, report_id } = parseInput(accountActionSchema, await readBody(asked.request));
        const { id } = target(ctx, asked);
        asRefusal(() => takeAction(ctx, asked.viewer, id, type));
        if (report_id) closeReport(ctx, asked.viewer, report_id, true);
        return Response.json({});
      },
      writes(),
    )
    .post('/api/v1/admin/accounts/:id/unsuspend', acted(ctx, restoreAccount), writes())
    .post(
      '/api/v1/admin/accounts/:id/unsilence',
      acted(ctx, (_, viewer, id) => limitAccount(ctx, viewer, id, false)),
      writes(),
    )
    .delete(
      '/api/v1/admin/accounts/:id',
      // Mastodon deletes only who is suspended, so that it takes two steps; so do we.
      acted(ctx, (_, viewer, id) => {
        if (findAccount(ctx.db, id)?.suspendedAt === null) {
          throw new AppError('invalid', 'Suspend this account first.');
        }
        deleteAccount(ctx, viewer, id);
      }),
      writes(),
    );

// Fresh for every route: Elysia writes the guards of its own instance into these objects.
const reads = () => ({ signedIn: 'admin:read:accounts', parse: 'none' }) as const;
const writes = () => ({ signedIn: 'admin:write:accounts', parse: 'none' }) as const;

type Asked = { request: Request; params: { id: string }; viewer: Viewer };

function target(ctx: Context, { request, params }: Asked): AccountRow {
  const id = parseId(params.id);
  const row = id === null ? null : findAccount(ctx.db, id);
  if (!row) throw notFound(request);
  return row;
}

function show(ctx: Context, asked: Asked): Response {
  asAdmin(asked.viewer);
  return Response.json(adminAccountsJson(ctx, [target(ctx, asked)])[0]);
}

const acted =
  (ctx: Context, act: Act) =>
  (asked: Asked): Response => {
    asAdmin(asked.viewer);
    const { id } = target(ctx, asked);
    asRefusal(() => act(ctx, asked.viewer, id));
    return show(ctx, asked);
  };

function takeAction(ctx: Context, viewer: Viewer, id: number, type: string): void {
  if (type === 'suspend') suspendAccount(ctx, viewer, id);
  else if (type === 'silence') limitAccount(ctx, viewer, id, true);
  else if (type !== 'none') {
    throw new AppError('invalid', `Validation failed: type: ${type} is not possible here`);
  }
}

const list =
  (ctx: Context) =>
  ({ request, viewer }: { request: Request; viewer: Viewer }) => {
    asAdmin(viewer);
    const query = readQuery(request);
    const page = readPage(query, { default: 100, max: 200 });
    const wish = readSearch(query);
    const ids = wish === null ? [] : searchAccountIds(ctx.db, wish, page);
    const rows = findAccounts(ctx.db, ids);
    const known = ids.flatMap((id) => rows.get(id) ?? []);
    return listPage(ctx, request, page, ids, adminAccountsJson(ctx, known));
  };

const STATUSES = ['active', 'suspended', 'silenced'] as const;

/** Both versions of the list; null if nobody can be meant, since nobody here waits, is disabled or has an address kept. */
function readSearch(query: Readonly<Record<string, unknown>>): AccountSearch | null {
  const text = (name: string) => {
    const value = query[name];
    return typeof value === 'string' ? value.slice(0, 500) : undefined;
  };
  if (text('ip')) return null;
  const nobody = ['pending', 'disabled', 'sensitized'];
  if (nobody.some((name) => query.status === name || isTrue(query[name]))) return null;
  const origin = (['local', 'remote'] as const).find(
    (each) => query.origin === each || isTrue(query[each]),
  );
  return {
    origin,
    status: STATUSES.find((each) => query.status === each || isTrue(query[each])),
    staff: query.permissions === 'staff' || isTrue(query.staff),
    username: text('username'),
    displayName: text('display_name'),
    domain: text('by_domain'),
    email: text('email'),
  };
}
