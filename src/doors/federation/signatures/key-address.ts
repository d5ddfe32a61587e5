import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { ownHost } from '#domain/own-address.ts';
import { policyOf } from '#domain/policy/read-policy.ts';
import { readAddress } from '#doors/federation/remote/signed-get.ts';
import { badSignature } from './parsed-signature.ts';

/**
 * The address of a key, decided before anything is asked for: no other schemes, credentials or
 * monsters (T21), nobody who claims to be of this server (T29). Throws `unauthorized`, and
 * `forbidden` for servers that the policy refuses.
 */
export function checkKeyAddress(ctx: Context, keyId: string): URL {
  const url = readAddress(keyId);
  if (url === null) throw badSignature('The key of the signature is no address.');
  if (url.host === ownHost(ctx.config)) {
    throw badSignature('Another server cannot sign for this one.');
  }
  if (policyOf(ctx, url.host) === 'blocked') {
    throw new AppError('forbidden', 'This server does not speak with yours.');
  }
  return url;
}
