import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { adminSettings, changeSetting, type SettingKey } from '#domain/settings.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import { drawAdmin } from './admin-view.ts';
import { showFormAgain } from './form-again.ts';

const KEYS = Object.keys(adminSettings) as SettingKey[];
type Body = Readonly<Record<string, unknown>>;

/** `/admin/settings`: every setting of the table; POST with a field named after each key. */
export const adminSettingsPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-settings' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get('/admin/settings', ({ request, caller }) =>
      showPage(ctx, request, drawAdmin.settings(ctx), { caller }),
    )
    .post('/admin/settings', async ({ request }) => {
      const body = await readBody(request);
      try {
        saveAll(ctx, body);
        const text = 'The settings are saved.';
        return redirectTo(ctx, request, '/admin/settings', { kind: 'done', text });
      } catch (error) {
        return await showFormAgain(ctx, request, error, typedValues(body), (form) =>
          drawAdmin.settings(ctx, form),
        );
      }
    });

/** All or nothing, with every mistake told at once. */
function saveAll(ctx: Context, body: Body): void {
  const fields: Record<string, string> = {};
  transaction(ctx.db, () => {
    for (const key of KEYS) {
      const value = textOf(body, key);
      if (value === null || ctx.config.pinned[key] !== undefined) continue;
      try {
        changeSetting(ctx, key, value);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        fields[key] = error.message;
      }
    }
    const first = Object.values(fields)[0];
    if (first !== undefined) throw new AppError('invalid', first, { fields });
  });
}

/** The text sent for a setting; null if the form did not have it. A switch that is off sends nothing. */
function textOf(body: Body, key: SettingKey): string | null {
  const value = body[key];
  if (adminSettings[key].kind === 'switch') {
    // Only the form that shows all settings may turn one off by leaving it out.
    if (value === undefined) return isWhole(body) ? 'false' : null;
    return value === '1' || value === 'true' || value === 'on' ? 'true' : 'false';
  }
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : null;
}

function isWhole(body: Body): boolean {
  return KEYS.some((key) => adminSettings[key].kind !== 'switch' && body[key] !== undefined);
}
