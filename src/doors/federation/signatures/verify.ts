import { createHash } from 'node:crypto';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { type AccountRow, findAccount } from '#domain/accounts/queries.ts';
import { originOf } from '#domain/origin.ts';
import { isSignedBy } from './algorithms.ts';
import { readCavage } from './cavage.ts';
import { demandDigest } from './digests.ts';
import { fetchKey, findKnownKey } from './find-key.ts';
import { checkKeyAddress } from './key-address.ts';
import type { RemoteKeyRow } from './key-queries.ts';
import { badSignature, type ParsedSignature } from './parsed-signature.ts';
import { readRfc9421 } from './rfc9421.ts';
import { describeRequest, type SignedRequest } from './signed-request.ts';

/** Who signed a request, proven. */
export type Signer = {
  account: AccountRow;
  keyId: string;
  /** The same for every copy of this very request: whoever takes it once keeps this in mind (T18). */
  signatureHash: string;
};

/**
 * Finds out who signed a request, after draft-cavage or RFC 9421 (§2.3, T13–T23, T29). `body` is what
 * came, null for requests without. Everything that can be decided without asking anybody is decided
 * first. Throws `unauthorized` for what is not signed properly, `bad_request` for what is said twice,
 * `forbidden` for servers and accounts that are kept out, `unavailable` if the key cannot be had now.
 * Whether the signer may do what the body says is the caller's question.
 */
export async function verifyRequest(
  ctx: Context,
  request: Request,
  body: Uint8Array | null,
  path?: string,
): Promise<Signer> {
  const signed = describeRequest(request, originOf(ctx.config), path);
  const parsed = readSignature(signed, body !== null, ctx.now());
  const url = checkKeyAddress(ctx, parsed.keyId);
  if (body !== null) demandDigest(request.headers, body, parsed.covered);
  const known = findKnownKey(ctx, parsed.keyId);
  const base = known === null ? null : findBase(parsed, known.pem);
  if (known !== null && base !== null) return signerOf(ctx, known, base);
  // The key may be new, or have changed.
  const fresh = await fetchKey(ctx, url, parsed.keyId);
  if (fresh === null) throw badSignature('The key of the signature cannot be confirmed.');
  const found = findBase(parsed, fresh.pem);
  if (found === null) throw badSignature('The signature does not fit.');
  return signerOf(ctx, fresh, found);
}

function readSignature(request: SignedRequest, hasBody: boolean, now: number) {
  const { headers } = request;
  if (headers.get('signature') === null) throw badSignature('The request must be signed.');
  for (const name of ['host', 'date', 'content-length']) {
    // `Sat, 01 Jan …` has one comma itself.
    const most = name === 'date' ? 1 : 0;
    if ((headers.get(name)?.split(',').length ?? 1) > most + 1) {
      throw new AppError('bad_request', `There are two headers called ${name}.`);
    }
  }
  return headers.has('signature-input')
    ? readRfc9421(request, hasBody, now)
    : readCavage(request, hasBody, now);
}

function findBase({ bases, algorithm, signature }: ParsedSignature, pem: string): string | null {
  return bases.find((base) => isSignedBy(pem, algorithm, base, signature)) ?? null;
}

function signerOf(ctx: Context, key: RemoteKeyRow, base: string): Signer {
  const account = findAccount(ctx.db, key.accountId);
  if (account === null) throw badSignature('The owner of the key is gone.');
  if (account.suspendedAt !== null) {
    throw new AppError('forbidden', 'This account is not welcome here.');
  }
  // Of the signed text, not of the signature: some kinds of keys make many signatures for one text.
  const hash = createHash('sha256').update(`${key.id}\n${base}`).digest('base64url');
  return { account, keyId: key.id, signatureHash: hash };
}
