import type { Context } from '#base/context.ts';
import type { JobPayload } from './kinds.ts';
import { originOf } from './origin.ts';
import { queueJob } from './queue-job.ts';
import { readSetting } from './settings.ts';

type Policy = 'off' | 'allowlist' | 'open';

/**
 * With whom this server speaks: everybody who is not blocked, only allowed domains, or nobody.
 * Without a choice of the owner a family speaks with nobody; an address that others cannot reach
 * (no `origin`, or plain http outside `federation.allow_addresses`) always means nobody.
 */
export function federationPolicy(ctx: Pick<Context, 'config' | 'db'>): Policy {
  const reachable =
    ctx.config.origin !== null &&
    (originOf(ctx.config).startsWith('https:') || ctx.config.allowAddresses.length > 0);
  if (!reachable) return 'off';
  const chosen = readSetting(ctx, 'federation.with');
  if (chosen !== 'auto') return chosen;
  return readSetting(ctx, 'mode') === 'family' ? 'off' : 'open';
}

/** True if anything is spoken with other servers. */
export function isFederating(ctx: Pick<Context, 'config' | 'db'>): boolean {
  return federationPolicy(ctx) !== 'off';
}

/**
 * Has other servers told of a change: call it inside the transaction that makes the change. The job
 * decides who must know; nothing happens on a server that speaks with nobody.
 */
export function federate(ctx: Context, news: JobPayload<'federation.distribute'>): void {
  if (isFederating(ctx)) queueJob(ctx, 'federation.distribute', { ...news, seq: ctx.newId() });
}
