import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { transaction } from '#base/db/transaction.ts';
import { queueJob } from '#domain/queue-job.ts';
import { findRule, type Rule, saveRule } from './queries.ts';
import { type ListedDomain, readList } from './read-list.ts';
import { readRuleDomain } from './set-rule.ts';

/** What an import did; lines count from 1. */
export type ImportedRules = {
  added: number;
  /** Limited before, blocked now. */
  tightened: number;
  /** Rules that were there and stay: a list neither loosens one nor goes against an `allow`. */
  kept: number;
  /** At most 1,000 of them. */
  skipped: { line: number; domain: string; why: string }[];
};

const LONGEST_LIST = 2_000_000;
const MOST_SKIPPED = 1000;
const AT_ONCE = 100;
const LONGEST = 1000;

/**
 * Takes over a list of domains (`readList`); `fallback` is for lines that do not say what they mean.
 * In steps, so that pages are answered meanwhile; after a crash the same list can be given again.
 * Throws `too_large` and, if nothing in it is a domain, `invalid`.
 */
export async function importRules(
  ctx: Context,
  by: number | null,
  { text, fallback }: { text: string; fallback: Rule },
): Promise<ImportedRules> {
  if (text.length > LONGEST_LIST) {
    throw new AppError('too_large', `A list has at most ${LONGEST_LIST} characters.`);
  }
  const done: ImportedRules = { added: 0, tightened: 0, kept: 0, skipped: [] };
  for (const some of inSteps(readList(text, fallback))) {
    transaction(ctx.db, () => {
      for (const each of some) takeOver(ctx, by, each, done);
      queueJob(ctx, 'moderation.cut_domains', {}, { uniqueKey: 'all' });
    });
    await Bun.sleep(0);
  }
  if (done.added + done.tightened + done.kept === 0) {
    throw new AppError('invalid', 'There is no domain in this list.', {
      fields: { list: done.skipped[0]?.why ?? 'There is no domain in this list.' },
    });
  }
  return done;
}

function* inSteps(listed: Iterable<ListedDomain>): Generator<ListedDomain[]> {
  let some: ListedDomain[] = [];
  for (const each of listed) {
    some.push(each);
    if (some.length < AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function takeOver(
  ctx: Context,
  by: number | null,
  { line, domain: text, rule, reason, note }: ListedDomain,
  done: ImportedRules,
): void {
  if (rule === null) {
    skip(done, { line, domain: text, why: 'The list does nothing about this domain.' });
    return;
  }
  let domain: string;
  try {
    domain = readRuleDomain(ctx, text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    skip(done, { line, domain: text, why: error.message });
    return;
  }
  const known = findRule(ctx.db, domain);
  if (known !== null && !(known.rule === 'limit' && rule === 'block')) {
    done.kept += 1;
    return;
  }
  if (known === null) done.added += 1;
  else done.tightened += 1;
  saveRule(ctx.db, {
    domain,
    rule,
    reason: (reason || known?.reason || '').slice(0, LONGEST),
    note: (note || known?.note || '').slice(0, LONGEST),
    createdBy: by,
    createdAt: ctx.now(),
  });
}

function skip(done: ImportedRules, line: ImportedRules['skipped'][number]): void {
  if (done.skipped.length >= MOST_SKIPPED) return;
  done.skipped.push({ ...line, domain: line.domain.slice(0, 100) });
}
