import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import { readActor } from '#doors/federation/inbound/read-actor.ts';
import { DocumentError } from './document-error.ts';
import { isSameAddress, type RemoteDocument } from './fetch-document.ts';
import { learnSoftware } from './learn-software.ts';
import { confirmHandle, type Finger } from './webfinger.ts';

/**
 * Stores the actor of a document that `fetchDocument` brought, once its handle is confirmed (T36).
 * `heard` is a WebFinger answer that led here. Throws `DocumentError` when it is none.
 */
export async function keepActor(
  ctx: Context,
  { url, document }: RemoteDocument,
  heard: Finger | null = null,
): Promise<AccountRow> {
  const actor = readActor(document);
  if ('problem' in actor) throw new DocumentError('invalid', actor.problem);
  // Whatever else could pass for an id: only the address that vouches for the document is one.
  if (!isSameAddress(actor.uri, url)) throw new DocumentError('invalid', 'The actor has no id.');
  const handle = await confirmHandle(ctx, actor, heard);
  const account = transaction(ctx.db, () => receiveAccount(ctx, { ...actor, ...handle }));
  learnSoftware(ctx, new URL(actor.uri).host);
  return account;
}
