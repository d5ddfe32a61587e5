import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { addressBlock } from '#base/core/addresses.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { isFederating } from '#domain/federate.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { accountsJson } from '#doors/entities/account.ts';
import type { ElsewherePage } from '#doors/entities/page-types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { notFound } from '#doors/http/errors.ts';
import { freshForm } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { findProfile, nameParams } from './find-profile.ts';
import { showFormAgain } from './form-again.ts';
import { formText } from './form-fields.ts';
import { countLook } from './look-up.ts';
import { findSubscribeAddress } from './subscribe-address.ts';

const schema = v.object({ handle: formText() });

/**
 * `/@name/remote-follow`: a visitor says where the own account is, and is shown the link that leads
 * there. Nobody is sent anywhere by an address alone (T74).
 */
export const remoteFollow = (ctx: Context): AnyElysia => {
  const find = (request: Request, name: string): AccountRow => {
    const row = findProfile(ctx, request, null, name);
    if (row.domain !== null || !isFederating(ctx) || isClosed(ctx)) throw notFound(request);
    return row;
  };
  return new Elysia({ name: 'pages.remote-follow' })
    .use(authPlugin(ctx))
    .get(
      '/@:name/remote-follow',
      ({ request, params, caller }) => {
        const row = find(request, params.name);
        return showPage(ctx, request, draw(ctx, row, { kind: 'ask', form: freshForm() }), {
          caller,
        });
      },
      { caller: true, parse: 'none', params: nameParams },
    )
    .post(
      '/@:name/remote-follow',
      async ({ request, params, caller }) => {
        const row = find(request, params.name);
        const { handle } = v.parse(schema, await readBody(request));
        try {
          countLook(ctx, addressBlock(caller.address));
          const { uri } = account(ctx, row);
          const url = await findSubscribeAddress(ctx, handle, uri);
          const props = { kind: 'follow', url: url.href, host: url.host } as const;
          return await showPage(ctx, request, draw(ctx, row, props), { caller });
        } catch (error) {
          return await showFormAgain(ctx, request, error, { handle }, (form) =>
            draw(ctx, row, { kind: 'ask', form }),
          );
        }
      },
      { caller: true, parse: 'none', params: nameParams },
    );
};

type Part =
  | Omit<Extract<ElsewherePage, { kind: 'ask' }>, 'account'>
  | Omit<Extract<ElsewherePage, { kind: 'follow' }>, 'account'>;

function draw(ctx: Context, row: AccountRow, part: Part): PageContent {
  const props = { ...part, account: account(ctx, row) };
  return { page: 'elsewhere', title: `Follow @${row.username}`, props };
}

function account(ctx: Context, row: AccountRow) {
  const [json] = accountsJson(ctx, [row]);
  if (!json) throw new Error('An account cannot be shown.');
  return json;
}
