import type { Context } from '#base/context.ts';
import { normaliseDomain } from '#base/core/domains.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { originOf } from '#domain/origin.ts';
import { queueJob } from '#domain/queue-job.ts';
import { findRule, type Rule, type RuleRow, saveRule } from './queries.ts';

const LONGEST = 1000;

/** What an admin says of a domain; what is left out stays as it was. */
export type RuleInput = { domain: string; rule: Rule; reason?: string; note?: string };

/**
 * Blocks, limits or allows a domain with everything below it, instead of what was said of it before.
 * Follows, letters and posts of a domain that is blocked by it go in a job of the same transaction.
 * `by` is the admin's account, null for the operator. Throws `invalid`.
 */
export function setRule(ctx: Context, by: number | null, input: RuleInput): RuleRow {
  const domain = readRuleDomain(ctx, input.domain);
  const known = findRule(ctx.db, domain);
  const rule: RuleRow = {
    domain,
    rule: input.rule,
    reason: readWords('reason', input.reason ?? known?.reason ?? ''),
    note: readWords('note', input.note ?? known?.note ?? ''),
    createdBy: by,
    createdAt: ctx.now(),
  };
  transaction(ctx.db, () => {
    saveRule(ctx.db, rule);
    queueJob(ctx, 'moderation.cut_domains', {}, { uniqueKey: 'all' });
  });
  return rule;
}

/** A domain as rules name it; throws `invalid` for what is none, and for our own. */
export function readRuleDomain(ctx: Pick<Context, 'config'>, text: string): string {
  const domain = normaliseDomain(text);
  const problem =
    domain === null
      ? `"${text.slice(0, 100)}" is no domain; one is like example.org.`
      : domain === new URL(originOf(ctx.config)).host
        ? 'This is the domain of this server itself.'
        : null;
  if (domain === null || problem !== null) {
    throw new AppError('invalid', problem ?? '', { fields: { domain: problem ?? '' } });
  }
  return domain;
}

function readWords(field: string, text: string): string {
  const words = text.trim();
  if (words.length <= LONGEST) return words;
  const problem = `Use at most ${LONGEST} characters.`;
  throw new AppError('invalid', problem, { fields: { [field]: problem } });
}
