import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import {
  cutAccount,
  limitByDomain,
  listRemoteAfter,
  type RemoteRow,
  uncutAccount,
} from '#domain/accounts/cut-queries.ts';
import { emitLive } from '#domain/emit-live.ts';
import type { Rule } from '#domain/policy/queries.ts';
import { ruleOfAccount } from '#domain/policy/read-policy.ts';
import { queueJob } from '#domain/queue-job.ts';
import { dropFollows } from '#domain/relationships/drop-follows.ts';

const AT_ONCE = 200;

/**
 * Brings every remote account in line with the rules for domains as they are now. Of a blocked domain
 * the follows end in both directions, and accounts are suspended, which hides them with all they
 * posted; where the block was lifted they are shown again. Somebody a moderator suspended stays so.
 * In steps that leave the pages time; doing it twice changes nothing.
 */
export async function cutDomains(ctx: Context, signal?: AbortSignal): Promise<void> {
  let after = 0;
  for (;;) {
    signal?.throwIfAborted();
    const accounts = listRemoteAfter(ctx.db, after, AT_ONCE);
    const changed = transaction(ctx.db, () =>
      accounts.filter((account) => applyRule(ctx, account, ruleOfAccount(ctx.db, account))),
    );
    for (const { id } of changed) emitLive(ctx, 'account.changed', { accountId: id });
    after = accounts.at(-1)?.id ?? after;
    if (accounts.length < AT_ONCE) return;
    await Bun.sleep(0);
  }
}

/** True if anything had to change. */
function applyRule(ctx: Context, account: RemoteRow, rule: Rule | null): boolean {
  const { id, hasFollows, suspendedAt, cutAt, limited } = account;
  const isBlocked = rule === 'block';
  const isLimited = rule === 'limit';
  const ends = isBlocked && hasFollows === 1;
  const hides = isBlocked && suspendedAt === null;
  const shows = !isBlocked && cutAt !== null;
  const limits = isLimited !== (limited & 2) > 0;
  if (ends) dropFollows(ctx, id);
  if (hides) cutAccount(ctx.db, id, ctx.now());
  if (shows) uncutAccount(ctx.db, id);
  if (hides || shows)
    queueJob(ctx, 'posts.recount_comments', { accountId: id }, { uniqueKey: String(id) });
  if (limits) limitByDomain(ctx.db, id, isLimited);
  return ends || hides || shows || limits;
}
