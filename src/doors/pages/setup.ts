import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { startSession } from '#domain/accounts/sessions.ts';
import { setUpInstance } from '#domain/accounts/set-up-instance.ts';
import { isSetupCode } from '#domain/accounts/setup-code.ts';
import { isSetUp } from '#domain/accounts/setup-state.ts';
import { countAttempt } from '#domain/accounts/throttle.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { readBody, readQuery } from '#doors/http/body.ts';
import { readCaller } from '#doors/http/caller.ts';
import { setSessionCookie } from '#doors/http/cookies.ts';
import { freshForm, redirectTo, typedValues } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';

const schema = v.object({
  code: formText(),
  username: formText(),
  email: formText(),
  password: formText(),
  mode: formText(),
  instance_name: formText(),
});
const modes = v.picklist(['solo', 'family', 'community']);

/** `/setup?code=…`: the wizard, and POST {code, username, email, password, mode, instance_name}. Gone once there is an owner. */
export const setupPage = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.setup' })
    .get(
      '/setup',
      async ({ request }) => {
        refuseIfSetUp(ctx);
        const typed = readQuery(request).code;
        const code = typeof typed === 'string' ? typed.slice(0, 100) : '';
        const codeOk = await tryCode(ctx, request, code);
        return await showPage(ctx, request, draw(code, codeOk, freshForm()));
      },
      { parse: 'none' },
    )
    .post(
      '/setup',
      async ({ request }) => {
        refuseIfSetUp(ctx);
        const body = await readBody(request);
        try {
          await setUp(ctx, request, body);
          const text = `The doors are open. Share your first photo! And note this somewhere safe: backups are signed with the key ${keyOf(ctx)}.`;
          return redirectTo(ctx, request, '/', { kind: 'done', text });
        } catch (error) {
          refuseIfSetUp(ctx);
          const code = typeof body.code === 'string' ? body.code : '';
          const codeOk = isSetupCode(ctx, code);
          const values = typedValues(body, ['password', 'code']);
          return await showFormAgain(ctx, request, error, values, (form) =>
            draw(codeOk ? code : '', codeOk, form),
          );
        }
      },
      { parse: 'none' },
    );

async function setUp(ctx: Context, request: Request, body: unknown): Promise<void> {
  const { mode, instance_name: instanceName, ...input } = v.parse(schema, body);
  const chosen = v.safeParse(modes, mode);
  if (!chosen.success) {
    const sentence = 'Choose who it is for.';
    throw new AppError('invalid', sentence, { fields: { mode: sentence } });
  }
  const owner = await setUpInstance(ctx, { ...input, mode: chosen.output, instanceName });
  const session = await startSession(ctx, owner.id, request.headers.get('user-agent') ?? '');
  setSessionCookie(request, session.id);
}

/** The fingerprint by which a backup is known as one of this place, on a new machine too. */
function keyOf(ctx: Context): string {
  return fingerprintOf(readBackupKey(ctx.files).publicKey);
}

/** Looking at a link spends none of the five tries, so it is counted like a sign-in instead. */
async function tryCode(ctx: Context, request: Request, code: string): Promise<boolean> {
  if (code === '') return false;
  const takeBack = countAttempt(ctx, { address: (await readCaller(ctx, request)).address });
  const right = isSetupCode(ctx, code);
  if (right) takeBack();
  return right;
}

function refuseIfSetUp(ctx: Context): void {
  if (isSetUp(ctx.db)) throw new AppError('gone', 'This place is set up already; please sign in.');
}

function draw(code: string, codeOk: boolean, form: FormState): PageContent {
  return { page: 'setup', title: 'Welcome', props: { code, codeOk, form } };
}
