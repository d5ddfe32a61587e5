import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { keepAccount, leaveInstance } from '#domain/membership/leave.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { formText } from './form-fields.ts';
import { demandSession } from './session-only.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

const schema = v.object({ password: formText() });
const HERE = '/settings/account';

/** `/settings/account`: leave, and change one's mind. */
export const settingsAccount = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-account' })
    .use(authPlugin(ctx))
    .get(HERE, ({ request, caller }) => showSettings(ctx, request, caller, 'account'), {
      signedIn: true,
      parse: 'none',
    })
    .post(
      '/settings/account/delete',
      async ({ request, caller }) => {
        demandSession(caller);
        try {
          const { password } = v.parse(schema, await readBody(request));
          const { deletionAt } = await leaveInstance(ctx, caller.viewer, password);
          const day = new Date(deletionAt).toISOString().slice(0, 10);
          const text = `Your account is hidden now and will be gone on ${day}. Until then you can change your mind here.`;
          return redirectTo(ctx, request, HERE, { kind: 'done', text });
        } catch (error) {
          return await showSettingsAgain(ctx, request, caller, 'account', error);
        }
      },
      { signedIn: true, parse: 'none' },
    )
    .post(
      '/settings/account/keep',
      ({ request, caller }) => {
        demandSession(caller);
        keepAccount(ctx, caller.viewer);
        return redirectTo(ctx, request, HERE, { kind: 'done', text: 'Your account stays.' });
      },
      { signedIn: true, parse: 'none' },
    );
