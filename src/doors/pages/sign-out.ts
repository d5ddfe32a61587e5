import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { endSession } from '#domain/accounts/sessions.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { clearSessionCookie } from '#doors/http/cookies.ts';
import { redirectTo } from '#doors/http/forms.ts';

/** POST `/sign-out`: ends the session of this browser. */
export const signOutPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.sign-out' }).use(authPlugin(ctx)).post(
    '/sign-out',
    ({ request, caller }) => {
      if (caller.viewer !== null && caller.session !== null) {
        endSession(ctx, caller.viewer, caller.session.id);
      }
      clearSessionCookie(request);
      return redirectTo(ctx, request, '/sign-in', { kind: 'done', text: 'You are signed out.' });
    },
    { caller: true, parse: 'none' },
  );
