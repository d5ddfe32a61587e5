import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { readInvite } from '#domain/accounts/invites.ts';
import { checkDoor, registerAccount } from '#domain/accounts/register.ts';
import { startSession } from '#domain/accounts/sessions.ts';
import { readSetting } from '#domain/settings.ts';
import { houseRules } from '#doors/entities/house-rules.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { readCaller } from '#doors/http/caller.ts';
import { setSessionCookie } from '#doors/http/cookies.ts';
import { freshForm, redirectTo, seeOther, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { safeNext } from '#doors/http/links.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';

const schema = v.object({
  username: formText(),
  email: formText(),
  password: formText(),
  next: formText(),
});

/** Stands in the address for "without an invite", where registration is open; no token looks like it. */
const OPEN = 'open';

/** `/join/TOKEN` (`/join/open` without an invite): the form, and POST {username, email, password, next}. */
export const joinPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.join' })
    .get('/join', () => seeOther(`/join/${OPEN}`), { parse: 'none' })
    .get(
      '/join/:token',
      async ({ request, params }) => {
        const next = safeNext(readQuery(request).next);
        const { viewer } = await readCaller(ctx, request);
        if (viewer !== null) return seeOther(next);
        checkDoor(ctx, inviteOf(params.token));
        return await showPage(ctx, request, draw(ctx, params.token, next, freshForm()));
      },
      { parse: 'none' },
    )
    .post(
      '/join/:token',
      async ({ request, params }) => {
        const body = await readBody(request);
        const { next: wanted, ...typed } = v.parse(schema, body);
        const next = safeNext(wanted);
        try {
          const { address } = await readCaller(ctx, request);
          const invite = inviteOf(params.token);
          const viewer = await registerAccount(ctx, { ...typed, invite, address });
          const userAgent = request.headers.get('user-agent') ?? '';
          setSessionCookie(request, (await startSession(ctx, viewer.id, userAgent)).id);
          const text = `Welcome, @${viewer.username}.`;
          return redirectTo(ctx, request, next, { kind: 'done', text });
        } catch (error) {
          return await showFormAgain(ctx, request, error, typedValues(body), (form) =>
            draw(ctx, params.token, next, form),
          );
        }
      },
      { parse: 'none' },
    );

function inviteOf(token: string): string {
  return token === OPEN ? '' : token;
}

function draw(ctx: Context, token: string, next: string, form: FormState): PageContent {
  const inviter = readInvite(ctx, inviteOf(token))?.createdBy ?? null;
  const title = `Join ${readSetting(ctx, 'instance.name')}`;
  return {
    page: 'join',
    title,
    props: { invite: token, next, inviter, rules: houseRules(ctx), form },
  };
}
