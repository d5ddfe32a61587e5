import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { notFound } from '#doors/http/errors.ts';
import { findOwnActor } from './answer-actor.ts';
import { type Reader, readReader } from './reader.ts';

/** The account whose list somebody reads, and who that is; throws as `readReader`, or `not_found`. */
export async function openActor(
  ctx: Context,
  request: Request,
  name: string,
): Promise<{ reader: Reader; account: AccountRow }> {
  const reader = await readReader(ctx, request);
  const account = findOwnActor(ctx, name);
  if (account === null) throw notFound(request);
  return { reader, account };
}
