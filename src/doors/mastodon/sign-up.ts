import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { readApp } from '#domain/accounts/apps.ts';
import { EMAIL_TAKEN } from '#domain/accounts/create-account.ts';
import { grantToken } from '#domain/accounts/grant-token.ts';
import { registerAccount } from '#domain/accounts/register.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { flagField, parseInput, textField } from '#doors/http/fields.ts';

/** What POST /api/v1/accounts takes; `invite` is ours: the secret of an invite link. */
export const signUpSchema = v.object({
  username: textField(200),
  email: textField(500),
  password: textField(1000),
  agreement: v.nullish(flagField()),
  locale: v.nullish(textField(40)),
  reason: v.nullish(textField(5000)),
  invite: v.nullish(textField(200)),
});

/**
 * A new account through an app that speaks for itself (docs.joinmastodon.org/methods/accounts#create),
 * where the owner lets people join; answers a token of that app. Mistakes are told by field.
 */
export const signUp = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.sign-up' }).use(authPlugin(ctx)).post(
    '/api/v1/accounts',
    async ({ request, caller }) => {
      const { appToken, address, viewer } = caller;
      if (viewer !== null) {
        throw new AppError('invalid', 'This method requires a token of the app itself');
      }
      const app = appToken === null ? null : readApp(ctx, appToken.appId);
      if (appToken === null || app === null) {
        throw new AppError('unauthorized', 'The access token is invalid');
      }
      const said = parseInput(signUpSchema, await readBody(request));
      const { username, email, password } = said;
      if (said.agreement !== true)
        return refuse({ agreement: 'Agree to the rules of this place.' });
      try {
        const invite = said.invite ?? '';
        const person = await registerAccount(ctx, { username, email, password, invite, address });
        return Response.json(tokenJson(grantToken(ctx, app, person.id, appToken.scopes)));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (Object.keys(error.fields).length > 0) return refuse(error.fields);
        // Apps take 403 as a word about their token.
        const closed = error.kind === 'forbidden' || error.kind === 'gone';
        throw closed ? new AppError('invalid', error.message, { cause: error }) : error;
      }
    },
    { caller: 'write:accounts', parse: 'none' },
  );

function tokenJson(granted: ReturnType<typeof grantToken>) {
  return {
    access_token: granted.accessToken,
    token_type: 'Bearer',
    scope: granted.scopes.join(' '),
    created_at: Math.floor(granted.createdAt / 1000),
    refresh_token: granted.refreshToken,
    expires_in: Math.floor((granted.expiresAt - granted.createdAt) / 1000),
  };
}

/** Mastodon's shape for mistakes: each field with its code and its sentence. */
function refuse(fields: Readonly<Record<string, string>>): Response {
  const details = Object.entries(fields).map(([field, description]) => [
    field,
    [{ error: codeOf(field, description), description }],
  ]);
  const [first = ''] = Object.values(fields);
  return Response.json(
    { error: `Validation failed: ${first}`, details: Object.fromEntries(details) },
    { status: 422 },
  );
}

function codeOf(field: string, sentence: string): string {
  if (field === 'agreement') return 'ERR_ACCEPTED';
  return sentence === EMAIL_TAKEN || sentence.includes('taken') ? 'ERR_TAKEN' : 'ERR_INVALID';
}
