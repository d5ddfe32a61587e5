import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { grantCode } from '#domain/accounts/oauth-codes.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { OUT_OF_BAND } from '#domain/accounts/redirect-uris.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { ConsentPage } from '#doors/entities/app-types.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import type { Input } from '#doors/http/brackets.ts';
import { notFound } from '#doors/http/errors.ts';
import { isTrue } from '#doors/http/fields.ts';
import { redirectTo, seeOther } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { type AuthorizeRequest, carriedFields, readAuthorizeRequest } from './authorize-request.ts';
import { sendBack } from './send-back.ts';

const HERE = '/oauth/authorize';

/**
 * `/oauth/authorize`: the page on which a person lets an app in, and POST {decision: allow | deny}
 * with what the app asked. Strangers sign in first and come back.
 */
export const authorize = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'oauth.authorize' })
    .use(authPlugin(ctx))
    .get(
      HERE,
      async ({ request, caller }) => {
        const query = readQuery(request);
        if (caller.viewer === null || caller.session === null || isTrue(query.force_login)) {
          return signInFirst(query, caller.viewer !== null);
        }
        return await ask(ctx, request, { ...caller, viewer: caller.viewer }, query);
      },
      { caller: true, parse: 'none' },
    )
    .post(
      HERE,
      async ({ request, caller }) => {
        if (caller.session === null) {
          throw new AppError('forbidden', 'This works only in a browser where you are signed in.');
        }
        const input = await readBody(request);
        const asked = readAuthorizeRequest(ctx, input);
        if (input.decision !== 'allow') return deny(ctx, request, asked);
        return await allow(ctx, request, caller, asked);
      },
      { signedIn: true, parse: 'none' },
    );

/** `force_login` is done with by signing in, so it does not come back. */
function signInFirst(query: Input, again: boolean): Response {
  const back = `${HERE}?${new URLSearchParams(carriedFields(query))}`;
  return seeOther(`/sign-in?${again ? 'again=1&' : ''}next=${encodeURIComponent(back)}`);
}

async function ask(
  ctx: Context,
  request: Request,
  caller: SignedInCaller,
  query: Input,
): Promise<Response> {
  const { app, redirectUri, scopes } = readAuthorizeRequest(ctx, query);
  const fields = carriedFields(query);
  const again = `${HERE}?${new URLSearchParams({ ...fields, force_login: 'true' })}`;
  const props: ConsentPage = {
    step: 'ask',
    app: { name: app.name, website: app.website === '' ? null : app.website },
    account: ownAccount(ctx, request, caller.viewer),
    scopes: [...scopes],
    goesTo: describeTarget(redirectUri),
    fields,
    otherAccount: again,
  };
  return await showPage(ctx, request, { page: 'consent', title: `Let ${app.name} in?`, props });
}

async function allow(
  ctx: Context,
  request: Request,
  { viewer }: SignedInCaller,
  asked: AuthorizeRequest,
): Promise<Response> {
  const code = grantCode(ctx, viewer, asked);
  if (asked.redirectUri !== OUT_OF_BAND) return sendBack(asked, { code });
  // In the answer and not behind an address of its own, where logs and histories would keep it.
  const props: ConsentPage = { step: 'code', app: { name: asked.app.name }, code };
  return await showPage(ctx, request, { page: 'consent', title: 'Your code', props });
}

function deny(ctx: Context, request: Request, asked: AuthorizeRequest): Response {
  if (asked.redirectUri === OUT_OF_BAND) {
    const text = `${asked.app.name} was not let in.`;
    return redirectTo(ctx, request, '/', { kind: 'done', text });
  }
  return sendBack(asked, {
    error: 'access_denied',
    error_description: 'The resource owner or authorization server denied the request.',
  });
}

function ownAccount(ctx: Context, request: Request, viewer: Viewer) {
  const row = findAccount(ctx.db, viewer.id);
  const [account] = row === null ? [] : accountsJson(ctx, [row]);
  if (account === undefined) throw notFound(request);
  return account;
}

/** Whom the answer reaches, as a person can judge it: a host, or that it is an app on the device. */
function describeTarget(redirectUri: string): { kind: 'site' | 'device' | 'code'; name: string } {
  if (redirectUri === OUT_OF_BAND) return { kind: 'code', name: '' };
  if (/^https?:/i.test(redirectUri)) return { kind: 'site', name: new URL(redirectUri).host };
  return { kind: 'device', name: redirectUri.slice(0, redirectUri.indexOf(':')) };
}
