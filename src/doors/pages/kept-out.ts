import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { Page } from '#base/core/page.ts';
import { findAccount } from '#domain/accounts/queries.ts';
import { listBlockedIds } from '#domain/relationships/block-queries.ts';
import { hideDomain, showDomain } from '#domain/relationships/hide-domain.ts';
import { listMutes } from '#domain/relationships/mute-queries.ts';
import { authPlugin, type SignedInCaller } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { formText } from './form-fields.ts';
import { showPeople } from './show-people.ts';

const schema = v.object({ domain: formText() });
const BACK = '/settings/interactions';

/** `/settings/muted`, `/settings/blocked`, and the servers that a person hides (`/settings/servers`). */
export const keptOut = (ctx: Context): AnyElysia => {
  const show = (
    { request, caller }: { request: Request; caller: SignedInCaller },
    kind: 'muted' | 'blocked',
  ) => {
    const { id } = caller.viewer;
    const row = findAccount(ctx.db, id);
    if (!row) throw notFound(request);
    const list = (page: Page): number[] =>
      kind === 'blocked'
        ? listBlockedIds(ctx.db, id, page)
        : listMutes(ctx.db, id, page, ctx.now()).map((mute) => mute.targetId);
    return showPeople(ctx, request, caller, {
      ...{ row, kind, path: `/settings/${kind}`, list, back: BACK },
    });
  };
  const change = async (
    request: Request,
    caller: SignedInCaller,
    act: typeof hideDomain | typeof showDomain,
    told: string,
  ): Promise<Response> => {
    const { domain } = v.parse(schema, await readBody(request));
    try {
      act(ctx, caller.viewer, domain);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return redirectTo(ctx, request, BACK, { kind: 'problem', text: error.message });
    }
    return redirectTo(ctx, request, BACK, { kind: 'done', text: told });
  };
  return new Elysia({ name: 'pages.kept-out' })
    .use(authPlugin(ctx))
    .get('/settings/muted', (input) => show(input, 'muted'), {
      signedIn: 'read:mutes',
      parse: 'none',
    })
    .get('/settings/blocked', (input) => show(input, 'blocked'), {
      signedIn: 'read:blocks',
      parse: 'none',
    })
    .post(
      '/settings/servers/hide',
      ({ request, caller }) => change(request, caller, hideDomain, 'That server is hidden.'),
      { signedIn: 'write:blocks', parse: 'none' },
    )
    .post(
      '/settings/servers/show',
      ({ request, caller }) => change(request, caller, showDomain, 'That server is shown again.'),
      { signedIn: 'write:blocks', parse: 'none' },
    );
};
