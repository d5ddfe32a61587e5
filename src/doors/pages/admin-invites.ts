import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseDuration } from '#base/core/duration.ts';
import { parseId } from '#base/core/ids.ts';
import { createInvite, revokeInvite } from '#domain/accounts/invites.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { freshForm, redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { urls } from '#doors/http/links.ts';
import { drawAdmin } from './admin-view.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';
import { demandSession } from './session-only.ts';

const schema = v.object({ uses: formText(), expires: formText(), note: formText() });
const HERE = '/admin/invites';

/** `/admin/invites`: open invites, POST {uses, expires, note} for a new one, and `/ID/revoke`. */
export const adminInvites = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-invites' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get(HERE, ({ request, caller }) => showPage(ctx, request, drawAdmin.invites(ctx), { caller }))
    .post(HERE, async ({ request, caller }) => {
      demandSession(caller);
      const body = await readBody(request);
      try {
        const { uses, expires, note } = v.parse(schema, body);
        const { token } = createInvite(ctx, caller.viewer, {
          uses: /^\s*[0-9]{1,6}\s*$/.test(uses) ? Number(uses) : Number.NaN,
          expiresIn: expires === 'never' ? null : (parseDuration(expires) ?? 0),
          note,
        });
        // Shown in the answer itself: a redirect would have to keep the secret somewhere.
        const page = drawAdmin.invites(ctx, freshForm(), urls(ctx).joinUrl(token));
        return await showPage(ctx, request, page, { caller });
      } catch (error) {
        return await showFormAgain(ctx, request, error, typedValues(body), (form) =>
          drawAdmin.invites(ctx, form),
        );
      }
    })
    .post('/admin/invites/:id/revoke', ({ request, params, viewer }) => {
      const id = parseId(params.id);
      if (id === null) throw notFound(request);
      revokeInvite(ctx, viewer, id);
      return redirectTo(ctx, request, HERE, { kind: 'done', text: 'The invite is taken back.' });
    });
