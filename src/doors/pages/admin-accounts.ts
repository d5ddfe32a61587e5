import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { createResetLink } from '#domain/accounts/reset-link.ts';
import { changeQuota } from '#domain/membership/change-quota.ts';
import { changeRole } from '#domain/membership/change-role.ts';
import { deleteAccount } from '#domain/membership/delete-account.ts';
import { restoreAccount, suspendAccount } from '#domain/membership/suspend.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { freshForm, redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { readPage, safeNext, urls } from '#doors/http/links.ts';
import { drawAdmin } from './admin-view.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';
import { demandSession } from './session-only.ts';

const schema = v.object({ quota_gb: formText(), role: formText(), next: formText() });
const roles = v.picklist(['owner', 'admin', 'member']);
type Input = v.InferOutput<typeof schema>;
type Act = (
  ctx: Context,
  viewer: Parameters<typeof suspendAccount>[1],
  id: number,
  input: Input,
) => string;

/** What an admin can do to an account: the last word of the address, and the sentence afterwards. */
const ACTS: Readonly<Record<string, Act>> = {
  suspend: (ctx, viewer, id) => {
    suspendAccount(ctx, viewer, id);
    return 'The account is suspended.';
  },
  restore: (ctx, viewer, id) => {
    restoreAccount(ctx, viewer, id);
    return 'The suspension is lifted.';
  },
  delete: (ctx, viewer, id) => {
    deleteAccount(ctx, viewer, id);
    return 'The account is closed, and everything of it is being removed.';
  },
  quota: (ctx, viewer, id, input) => {
    changeQuota(ctx, viewer, id, readQuota(input.quota_gb));
    return 'The storage limit is set.';
  },
  role: (ctx, viewer, id, input) => {
    const role = v.safeParse(roles, input.role);
    if (!role.success) throw new AppError('invalid', 'Choose a role of the list.');
    changeRole(ctx, viewer, id, role.output);
    return 'The role is set.';
  },
};

/** `/admin/accounts`, and POST `/admin/accounts/ID/{suspend,restore,delete,quota,role,reset}`. */
export const adminAccounts = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-accounts' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get('/admin/accounts', ({ request, caller }) =>
      showPage(
        ctx,
        request,
        drawAdmin.accounts(ctx, freshForm(), null, readPage(readQuery(request))),
        { caller },
      ),
    )
    .post('/admin/accounts/:id/reset', async ({ request, params, caller }) => {
      demandSession(caller);
      try {
        const { token } = createResetLink(ctx, caller.viewer, idOf(request, params.id));
        const link = urls(ctx).resetUrl(token);
        // Shown in the answer itself: a redirect would have to keep the secret somewhere.
        const page = drawAdmin.accounts(ctx, freshForm(), link);
        return await showPage(ctx, request, page, { caller });
      } catch (error) {
        return await showFormAgain(ctx, request, error, {}, (form) =>
          drawAdmin.accounts(ctx, form),
        );
      }
    })
    .post('/admin/accounts/:id/:act', async ({ request, params, caller }) => {
      const act = Object.hasOwn(ACTS, params.act) ? ACTS[params.act] : undefined;
      if (!act) throw notFound(request);
      try {
        const input = v.parse(schema, await readBody(request));
        const text = act(ctx, caller.viewer, idOf(request, params.id), input);
        const path = input.next === '' ? '/admin/accounts' : safeNext(input.next);
        return redirectTo(ctx, request, path, { kind: 'done', text });
      } catch (error) {
        return await showFormAgain(ctx, request, error, {}, (form) =>
          drawAdmin.accounts(ctx, form),
        );
      }
    });

function idOf(request: Request, text: string): number {
  const id = parseId(text);
  if (id === null) throw notFound(request);
  return id;
}

/** Gigabytes as typed, with a point or a comma, into bytes; nothing: no limit. */
function readQuota(text: string): number {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return 0;
  if (!/^[0-9]{1,7}(\.[0-9]{1,9})?$/.test(typed) || Number(typed) === 0) {
    throw new AppError(
      'invalid',
      'Write the storage limit in gigabytes, like 20 or 0.5, or leave it empty for no limit.',
    );
  }
  return Math.round(Number(typed) * 1e9);
}
