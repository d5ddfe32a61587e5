import type { Context } from '#base/context.ts';
import { normaliseDomain } from '#base/core/domains.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { queueJob } from '#domain/queue-job.ts';
import { deleteRule } from './queries.ts';

/**
 * Takes the rule of a domain back. What a block has hidden is shown again by a job; the follows that
 * it ended do not come back. Throws `not_found`.
 */
export function removeRule(ctx: Context, text: string): void {
  const domain = normaliseDomain(text);
  transaction(ctx.db, () => {
    if (domain === null || !deleteRule(ctx.db, domain)) {
      throw new AppError('not_found', 'There is no rule for this domain.');
    }
    queueJob(ctx, 'moderation.cut_domains', {}, { uniqueKey: 'all' });
  });
}
