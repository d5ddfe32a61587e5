import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import { isFederating } from '#domain/federate.ts';
import { isClosed } from '#domain/posts/reading.ts';
import { readSetting } from '#domain/settings.ts';
import { readSigner } from '#doors/federation/signatures/read-signer.ts';
import { notFound } from '#doors/http/errors.ts';

/** Who reads a document. */
export type Reader = {
  /** Whose key signed; null: nobody known. */
  account: AccountRow | null;
  /** True if only known readers get anything at all: authorized fetch, or a family. */
  strict: boolean;
  /** True in a family: what would be for everybody is for followers. */
  closed: boolean;
};

/**
 * Finds out as much about a reader as every document needs: nothing on a server that is open to
 * everybody, a good signature elsewhere. It looks at who asks before anything is looked for, so the
 * answer to a stranger is the same whether something is there. Throws `not_found` where nothing is
 * spoken, `unauthorized` or `forbidden` where a signature is missing, wrong or of a blocked server.
 */
export async function readReader(ctx: Context, request: Request): Promise<Reader> {
  if (!isFederating(ctx)) throw notFound(request);
  const closed = isClosed(ctx);
  const strict = closed || readSetting(ctx, 'federation.authorized_fetch');
  if (!strict) return { account: null, strict, closed };
  const signer = await readSigner(ctx, request);
  if (signer === null) throw new AppError('unauthorized', 'This request has to be signed.');
  return { account: welcome(signer.account), strict, closed };
}

/**
 * The same reader, by name if the request is signed: for what is not for everybody. A signature that
 * is not good makes nobody known.
 */
export async function identifyReader(
  ctx: Context,
  request: Request,
  reader: Reader,
): Promise<Reader> {
  if (reader.account !== null || !request.headers.has('signature')) return reader;
  try {
    const signer = await readSigner(ctx, request);
    return signer === null ? reader : { ...reader, account: welcome(signer.account) };
  } catch (error) {
    if (error instanceof AppError) return reader;
    throw error;
  }
}

/** A suspended account reads nothing in its own name. */
function welcome(account: AccountRow): AccountRow | null {
  return account.suspendedAt === null ? account : null;
}
