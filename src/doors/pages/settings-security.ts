import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { parseId } from '#base/core/ids.ts';
import { changeEmail } from '#domain/accounts/change-email.ts';
import { changePassword } from '#domain/accounts/change-password.ts';
import { endAppAccess } from '#domain/accounts/end-access.ts';
import { findLogin } from '#domain/accounts/login-queries.ts';
import { endSession, endSessions } from '#domain/accounts/sessions.ts';
import { countTokens } from '#domain/accounts/token-queries.ts';
import { revokeToken } from '#domain/accounts/tokens.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { formText } from './form-fields.ts';
import { demandSession } from './session-only.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

const schema = v.object({ current_password: formText(), password: formText() });
const emailSchema = v.object({ email: formText(), email_password: formText() });
const HERE = '/settings/security';

/** `/settings/security`: password, sessions, and what apps and scripts may do. */
export const settingsSecurity = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-security' })
    .use(authPlugin(ctx))
    .guard({ signedIn: true, parse: ['none'] })
    .get(HERE, ({ request, caller }) => {
      demandSession(caller);
      const email = findLogin(ctx.db, caller.viewer.id)?.email ?? '';
      return showSettings(ctx, request, caller, 'security', { email });
    })
    .post('/settings/security/password', ({ request, caller }) =>
      changeOwnPassword(ctx, request, caller),
    )
    .post('/settings/security/email', ({ request, caller }) => changeOwnEmail(ctx, request, caller))
    .post('/settings/sessions/end-others', ({ request, caller }) => {
      demandSession(caller);
      endSessions(ctx, caller.viewer.id, { except: caller.session?.id ?? '' });
      const text = 'All other devices are signed out.';
      return redirectTo(ctx, request, HERE, { kind: 'done', text });
    })
    .post('/settings/sessions/:id/end', ({ request, params, caller }) => {
      demandSession(caller);
      if (!endSession(ctx, caller.viewer, params.id)) throw notFound(request);
      return redirectTo(ctx, request, HERE, { kind: 'done', text: 'That device is signed out.' });
    })
    .post('/settings/apps/:id/revoke', ({ request, params, caller }) => {
      demandSession(caller);
      const id = parseId(params.id);
      if (id === null || !endAppAccess(ctx, caller.viewer, id)) throw notFound(request);
      return redirectTo(ctx, request, HERE, { kind: 'done', text: 'The app is shut out.' });
    })
    .post('/settings/tokens/:id/revoke', ({ request, params, caller }) => {
      demandSession(caller);
      const id = parseId(params.id);
      if (id === null || !revokeToken(ctx, caller.viewer, id)) throw notFound(request);
      return redirectTo(ctx, request, HERE, { kind: 'done', text: 'The access is taken back.' });
    });

async function changeOwnPassword(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
): Promise<Response> {
  demandSession(caller);
  try {
    const form = v.parse(schema, await readBody(request));
    await changePassword(ctx, caller.viewer, {
      current: form.current_password,
      password: form.password,
      sessionId: caller.session?.id ?? null,
    });
    const text = changedText(countTokens(ctx.db, caller.viewer.id));
    return redirectTo(ctx, request, HERE, { kind: 'done', text });
  } catch (error) {
    const email = findLogin(ctx.db, caller.viewer.id)?.email ?? '';
    return await showSettingsAgain(ctx, request, caller, 'security', error, { email });
  }
}

function changedText(tokens: number): string {
  const done = 'Your password is changed; all other devices are signed out.';
  if (tokens === 0) return done;
  const apps =
    tokens === 1 ? 'One app or script still has' : `${tokens} apps or scripts still have`;
  return `${done} ${apps} access; take back below what you do not know.`;
}

async function changeOwnEmail(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
): Promise<Response> {
  demandSession(caller);
  const { email, email_password: password } = v.parse(emailSchema, await readBody(request));
  try {
    await changeEmail(ctx, caller.viewer, { email, password });
    return redirectTo(ctx, request, HERE, { kind: 'done', text: 'Your address is changed.' });
  } catch (error) {
    return await showSettingsAgain(ctx, request, caller, 'security', error, { email });
  }
}
