import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { isFederating } from '#domain/federate.ts';
import { addAlias, removeAlias } from '#domain/membership/aliases.ts';
import { moveAccount, stayHere } from '#domain/membership/move-account.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { checkMove } from './check-move.ts';
import { acctOf } from './find-profile.ts';
import { formText } from './form-fields.ts';
import { lookUp } from './look-up.ts';
import { demandSession } from './session-only.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

const schema = v.object({
  alias: formText(),
  uri: formText(),
  target: formText(),
  move_password: formText(),
});
type Input = v.InferOutput<typeof schema>;
type Act = (ctx: Context, caller: SignedInCaller, input: Input) => Promise<string> | string;
const HERE = '/settings/account';

/** What can be done about moving, by the end of the address; each answers what is told afterwards. */
const ACTS: Readonly<Record<string, Act>> = {
  aliases: async (ctx, { viewer }, { alias }) => {
    const old = await find(ctx, viewer, alias, 'alias');
    addAlias(ctx, viewer, old);
    return `@${acctOf(old)} is named as your old account. Now start the move there.`;
  },
  'aliases/remove': (ctx, { viewer }, { uri }) => {
    removeAlias(ctx, viewer, uri);
    return 'That account is not named any more.';
  },
  move: async (ctx, { viewer }, { target, move_password: password }) => {
    const found = await find(ctx, viewer, target, 'target');
    // What is known may be old: whether the other account names this one is asked now (T26).
    const fresh = found.uri === null ? found : await resolveActor(ctx, found.uri, { fresh: true });
    if (fresh === null) throw wrong('target', 'That account cannot be read from its server now.');
    await moveAccount(ctx, viewer, { targetId: fresh.id, password });
    return `You have moved to @${acctOf(fresh)}. Your followers are being told.`;
  },
  stay: (ctx, { viewer }) => {
    stayHere(ctx, viewer);
    return 'Your profile says no more that you have moved.';
  },
};

/**
 * POST `/settings/account/{aliases,aliases/remove,move,stay}`: coming from and going to other
 * servers; `/check` says whether a move is possible.
 */
export const settingsMoving = (ctx: Context): AnyElysia => {
  let door: AnyElysia = new Elysia({ name: 'pages.settings-moving' }).use(authPlugin(ctx));
  for (const [name, act] of Object.entries(ACTS)) {
    door = door.post(
      `/settings/account/${name}`,
      async ({ request, caller }) => {
        demandSession(caller);
        if (!isFederating(ctx)) throw notFound(request);
        const body = await readBody(request);
        try {
          const text = await act(ctx, caller, v.parse(schema, body));
          return redirectTo(ctx, request, HERE, { kind: 'done', text });
        } catch (error) {
          return await showSettingsAgain(ctx, request, caller, 'account', error, body);
        }
      },
      { signedIn: true, parse: 'none' },
    );
  }
  return door.post(
    `${HERE}/check`,
    async ({ request, caller }) => {
      demandSession(caller);
      if (!isFederating(ctx)) throw notFound(request);
      const body = await readBody(request);
      const { target } = v.parse(schema, body);
      try {
        const check = await checkMove(ctx, caller.viewer, target);
        return await showSettings(ctx, request, caller, 'account', { target }, check);
      } catch (error) {
        return await showSettingsAgain(ctx, request, caller, 'account', error, body);
      }
    },
    { signedIn: true, parse: 'none' },
  );
};

/** The account of a handle or of an address, its mistake at the field where it was typed. */
async function find(
  ctx: Context,
  viewer: SignedInCaller['viewer'],
  text: string,
  field: string,
): Promise<AccountRow> {
  try {
    return await lookUp(ctx, viewer, text);
  } catch (error) {
    throw error instanceof AppError ? wrong(field, error.message, error) : error;
  }
}

function wrong(field: string, sentence: string, cause?: unknown): AppError {
  return new AppError('invalid', sentence, { cause, fields: { [field]: sentence } });
}
