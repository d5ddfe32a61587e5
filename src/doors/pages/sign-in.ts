import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { endSession } from '#domain/accounts/sessions.ts';
import { signIn } from '#domain/accounts/sign-in.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { readCaller } from '#doors/http/caller.ts';
import { setSessionCookie } from '#doors/http/cookies.ts';
import { isTrue } from '#doors/http/fields.ts';
import { freshForm, seeOther, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { safeNext } from '#doors/http/links.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';

const schema = v.object({ username: formText(), password: formText(), next: formText() });

/** `/sign-in`: the form, and POST {username, password, next}. */
export const signInPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.sign-in' })
    .get(
      '/sign-in',
      async ({ request }) => {
        const query = readQuery(request);
        const next = safeNext(query.next);
        const { viewer } = await readCaller(ctx, request);
        // An app may ask that somebody signs in anew, perhaps somebody else.
        if (viewer !== null && !isTrue(query.again)) return seeOther(next);
        return await showPage(ctx, request, draw(next, freshForm()));
      },
      { parse: 'none' },
    )
    .post(
      '/sign-in',
      async ({ request }) => {
        const body = await readBody(request);
        const { username, password, next: wanted } = v.parse(schema, body);
        const next = safeNext(wanted);
        try {
          const { address, viewer, session: old } = await readCaller(ctx, request);
          const userAgent = request.headers.get('user-agent') ?? '';
          const session = await signIn(ctx, { name: username, password, address, userAgent });
          // The browser forgets the cookie of before, so nobody could end that session from here.
          if (viewer !== null && old !== null) endSession(ctx, viewer, old.id);
          setSessionCookie(request, session.id);
          return seeOther(next);
        } catch (error) {
          return await showFormAgain(ctx, request, error, typedValues(body), (form) =>
            draw(next, form),
          );
        }
      },
      { parse: 'none' },
    );

function draw(next: string, form: FormState): PageContent {
  return { page: 'signin', title: 'Sign in', props: { form, next } };
}
