import type { Context } from '#base/context.ts';
import { addressBlock } from '#base/core/addresses.ts';
import { createBuckets, type Rate } from '#base/core/buckets.ts';
import { AppError } from '#base/core/errors.ts';
import { type Caller, readCaller } from './caller.ts';
import { requestFacts } from './request-facts.ts';
import { isApiPath } from './surface.ts';

const FIVE_MINUTES = 5 * 60_000;

/** How much one token, session, address or account may do. Sign-ins are counted by accounts. */
export const rates = {
  token: { limit: 600, windowMs: FIVE_MINUTES },
  address: { limit: 300, windowMs: FIVE_MINUTES },
  upload: { limit: 200, windowMs: 6 * FIVE_MINUTES },
} as const;

/** Where photos come in. */
const UPLOADS = new Set(['/api/v1/media', '/api/v2/media', '/compose']);

/**
 * Makes the counter of API requests and uploads: throws `too_many` for one too many, and leaves for
 * `X-RateLimit-*` what remains. Pages, photos and assets are not counted.
 */
export function createRates(ctx: Context): (request: Request, path: string) => Promise<void> {
  const tokens = createBuckets(rates.token, ctx.now);
  const addresses = createBuckets(rates.address, ctx.now);
  const uploads = createBuckets(rates.upload, ctx.now);

  return async (request, path) => {
    if (!ctx.config.rates) return;
    const api = isApiPath(path);
    const upload = request.method === 'POST' && UPLOADS.has(trimSlash(path));
    if (!api && !upload) return;
    const caller = await readCaller(ctx, request);
    if (api) {
      const key = ownKey(caller);
      const rate = key === null ? addresses.take(addressBlock(caller.address)) : tokens.take(key);
      requestFacts(request).rate = rate;
      if (!rate.allowed) throw tooMany('Too many requests', rate);
    }
    if (upload && caller.viewer !== null) {
      const rate = uploads.take(String(caller.viewer.id));
      if (!rate.allowed) throw tooMany('Too many uploads; please wait a little', rate);
    }
  };
}

function ownKey(caller: Caller): string | null {
  if (caller.token !== null) return `t${caller.token.id}`;
  return caller.session === null ? null : `s${caller.session.id}`;
}

function tooMany(sentence: string, rate: Rate): AppError {
  return new AppError('too_many', sentence, { retryAfter: rate.retryAfter });
}

function trimSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Writes what remains into an API answer, as Mastodon does (`-Reset` in ISO 8601). */
export function addRateHeaders(
  headers: Headers,
  rate: { limit: number; remaining: number; resetAt: number },
): void {
  headers.set('x-ratelimit-limit', String(rate.limit));
  headers.set('x-ratelimit-remaining', String(rate.remaining));
  headers.set('x-ratelimit-reset', new Date(rate.resetAt).toISOString());
}
