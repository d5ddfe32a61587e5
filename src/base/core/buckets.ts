/** What a bucket says about one more request; times in milliseconds since 1970. */
export type Rate = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** When the bucket is full again. */
  readonly resetAt: number;
  /** Seconds until the next request would be let through; 0 if this one was. */
  readonly retryAfter: number;
};

/**
 * Makes a set of token buckets: each key may do `limit` things at once, and gets them back evenly
 * over `windowMs`. Memory is bounded: beyond `maxKeys` the key that was quiet longest is forgotten.
 */
export function createBuckets(
  options: { limit: number; windowMs: number; maxKeys?: number },
  now: () => number,
): { take(key: string): Rate; size(): number } {
  const { limit, windowMs } = options;
  const maxKeys = options.maxKeys ?? 20_000;
  const perMs = limit / windowMs;
  const buckets = new Map<string, { tokens: number; at: number }>();

  const take = (key: string): Rate => {
    const time = now();
    const known = buckets.get(key);
    const filled = known ? known.tokens + Math.max(0, time - known.at) * perMs : limit;
    const tokens = Math.min(limit, filled);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    // Set anew, so that the map's order is the order of use.
    buckets.delete(key);
    buckets.set(key, { tokens: left, at: time });
    if (buckets.size > maxKeys) forgetOldest(buckets);
    return {
      allowed,
      limit,
      remaining: Math.floor(left),
      resetAt: time + Math.ceil((limit - left) / perMs),
      retryAfter: allowed ? 0 : Math.max(1, Math.ceil((1 - left) / perMs / 1000)),
    };
  };
  return { take, size: () => buckets.size };
}

function forgetOldest(buckets: Map<string, unknown>): void {
  for (const key of buckets.keys()) {
    buckets.delete(key);
    return;
  }
}
