import { type AnyElysia, Elysia } from 'elysia';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { findAccountByUsername } from '#domain/accounts/queries.ts';
import { isRetired } from '#domain/accounts/retired-queries.ts';
import { isFederating } from '#domain/federate.ts';
import { notFound } from '#doors/http/errors.ts';
import { isClosed } from '#doors/http/gate.ts';
import { errorStatuses } from '#doors/http/statuses.ts';
import { createAccept } from './accept.ts';

/** Where other servers put what they have to say: an inbox for each person, one for all, and the instance's. */
export const inboxes = (ctx: Context): AnyElysia => {
  const accept = createAccept(ctx);
  const answer = async (request: Request, username: string | null): Promise<Response> => {
    // Who speaks with nobody has no inbox, like any address that is not there.
    if (!isFederating(ctx)) throw notFound(request);
    try {
      if (username !== null) demandPerson(ctx, username);
      await accept(request);
      return new Response(null, { status: 202 });
    } catch (error) {
      return refusal(ctx, error);
    }
  };
  return new Elysia({ name: 'federation.inboxes' })
    .post('/users/:name/inbox', ({ request, params }) => answer(request, params.name), {
      parse: 'none',
    })
    .post('/inbox', ({ request }) => answer(request, null), { parse: 'none' })
    .post('/actor/inbox', ({ request }) => answer(request, null), { parse: 'none' });
};

/** A suspension or a deletion may be called off, so only who is gone for good is called gone. */
function demandPerson(ctx: Context, username: string): void {
  // A family's names are nobody's business; whom an activity is for it says itself.
  if (isClosed(ctx)) return;
  const account = findAccountByUsername(ctx.db, username);
  if (account?.suspendedAt === null && account.deletionAt === null) return;
  if (account === null && isRetired(ctx.db, username)) {
    throw new AppError('gone', 'This account is gone.');
  }
  throw new AppError('not_found', 'There is nobody of that name.');
}

/** A sentence for the other server's log. What was not meant to happen asks it to come again. */
function refusal(ctx: Context, error: unknown): Response {
  if (!(error instanceof AppError)) {
    ctx.log.error('An activity could not be taken in.', { error });
    return refusal(
      ctx,
      new AppError('unavailable', 'Not possible right now; please try again.', { retryAfter: 60 }),
    );
  }
  const headers: Record<string, string> = {};
  if (error.retryAfter !== undefined) headers['retry-after'] = String(error.retryAfter);
  const { status } = errorStatuses[error.kind];
  return Response.json({ error: error.message }, { status, headers });
}
