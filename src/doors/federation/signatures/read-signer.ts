import type { Context } from '#base/context.ts';
import { type Signer, verifyRequest } from './verify.ts';

const read = new WeakMap<Request, Promise<Signer | null>>();

/**
 * Who signed a GET, for what not everybody may read; null if nobody did. A signature that is there
 * has to be right: throws what `verifyRequest` throws. Asked twice, it is verified once.
 */
export function readSigner(ctx: Context, request: Request): Promise<Signer | null> {
  const known = read.get(request);
  if (known !== undefined) return known;
  const signer = request.headers.has('signature')
    ? verifyRequest(ctx, request, null)
    : Promise.resolve(null);
  read.set(request, signer);
  return signer;
}
