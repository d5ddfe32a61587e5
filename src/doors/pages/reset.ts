import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { readResetLink, spendResetLink } from '#domain/accounts/reset-link.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { readBody } from '#doors/http/body.ts';
import { clearSessionCookie } from '#doors/http/cookies.ts';
import { freshForm, redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';

const schema = v.object({ password: formText() });

/** `/reset/TOKEN`: the form for a new password, and POST {password}. */
export const resetPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.reset' })
    .get(
      '/reset/:token',
      async ({ request, params }) => {
        const status = readResetLink(ctx, params.token) === null ? 410 : 200;
        return await showPage(ctx, request, draw(ctx, params.token, freshForm()), { status });
      },
      { parse: 'none' },
    )
    .post(
      '/reset/:token',
      async ({ request, params }) => {
        try {
          const { password } = v.parse(schema, await readBody(request));
          await spendResetLink(ctx, params.token, password);
          clearSessionCookie(request);
          const text =
            'Your new password is set. Please sign in with it; apps must be connected again.';
          return redirectTo(ctx, request, '/sign-in', { kind: 'done', text });
        } catch (error) {
          return await showFormAgain(ctx, request, error, {}, (form) =>
            draw(ctx, params.token, form),
          );
        }
      },
      { parse: 'none' },
    );

function draw(ctx: Context, token: string, form: FormState): PageContent {
  const username = readResetLink(ctx, token)?.username ?? null;
  return { page: 'reset', title: 'A new password', props: { token, username, form } };
}
