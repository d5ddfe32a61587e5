import type { Context } from '#base/context.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { DocumentError } from './document-error.ts';
import { fetchDocument } from './fetch-document.ts';
import { resolveActor } from './resolve-actor.ts';

/**
 * Whether an actor is gone for good (T25): its server says 404 or 410 twice in a row. A server that
 * has a bad moment, or changes its mind, loses nobody.
 */
export async function isActorGone(ctx: Context, uri: string): Promise<boolean> {
  return (await saysGone(ctx, uri)) && (await saysGone(ctx, uri));
}

async function saysGone(ctx: Context, uri: string): Promise<boolean> {
  try {
    const { document } = await fetchDocument(ctx, uri, { fresh: true });
    return document.type === 'Tombstone';
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.failure === 'gone';
  }
}

/**
 * The account that `account` moved to, if that one says so, too (T26): read anew, it must name the old
 * one in `alsoKnownAs`, be somebody else and not be moved itself. Null otherwise.
 */
export async function confirmMove(
  ctx: Context,
  account: Pick<AccountRow, 'id' | 'uri'>,
  targetUri: string,
): Promise<AccountRow | null> {
  if (account.uri === null || targetUri === account.uri) return null;
  const target = await resolveActor(ctx, targetUri, { fresh: true });
  if (target === null || target.id === account.id || target.suspendedAt !== null) return null;
  const names: unknown = JSON.parse(target.alsoKnownAs);
  const knows = Array.isArray(names) && names.includes(account.uri);
  return knows && target.movedToId === null ? target : null;
}
