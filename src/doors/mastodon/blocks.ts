import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { blockAccount, unblockAccount } from '#domain/relationships/block.ts';
import { listBlockedIds } from '#domain/relationships/block-queries.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readQuery } from '#doors/http/body.ts';
import { readPage } from '#doors/http/links.ts';
import { accountById } from './accounts.ts';
import { accountPage } from './answers.ts';
import { relationshipAnswer } from './relationship-answer.ts';

/** With whom somebody wants nothing to do. */
export const blocks = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'mastodon.blocks' })
    .use(authPlugin(ctx))
    .post('/api/v1/accounts/:id/block', change(ctx, blockAccount), {
      signedIn: 'write:blocks',
      parse: 'none',
    })
    .post('/api/v1/accounts/:id/unblock', change(ctx, unblockAccount), {
      signedIn: 'write:blocks',
      parse: 'none',
    })
    .get(
      '/api/v1/blocks',
      ({ request, viewer }) => {
        const page = readPage(readQuery(request), { default: 40, max: 80 });
        return accountPage(ctx, request, page, listBlockedIds(ctx.db, viewer.id, page));
      },
      { signedIn: 'read:blocks', parse: 'none' },
    );

const change =
  (ctx: Context, act: (ctx: Context, accountId: number, targetId: number) => unknown) =>
  ({ request, params, viewer }: { request: Request; params: { id: string }; viewer: Viewer }) => {
    const { id } = accountById(ctx, request, viewer, params.id);
    act(ctx, viewer.id, id);
    return relationshipAnswer(ctx, viewer, id);
  };
