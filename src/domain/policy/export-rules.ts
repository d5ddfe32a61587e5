import type { Context } from '#base/context.ts';
import { formatCsv } from '#base/core/csv.ts';
import { listRules } from './queries.ts';

const COLUMNS = [
  '#domain',
  '#severity',
  '#reject_media',
  '#reject_reports',
  '#public_comment',
  '#obfuscate',
];

/**
 * The rules as other servers read them: Mastodon's CSV of blocked and limited domains, or with
 * `allowed` its list of allowed ones. Notes for admins stay here.
 */
export function exportRules(ctx: Pick<Context, 'db'>, what: 'blocks' | 'allowed'): string {
  const rules = listRules(ctx.db);
  if (what === 'allowed') {
    const allowed = rules.filter(({ rule }) => rule === 'allow').map(({ domain }) => [domain]);
    return formatCsv([['#domain'], ...allowed]);
  }
  const rows = rules
    .filter(({ rule }) => rule !== 'allow')
    .map(({ domain, rule, reason }) =>
      rule === 'block'
        ? [domain, 'suspend', 'true', 'true', reason, 'false']
        : [domain, 'silence', 'false', 'false', reason, 'false'],
    );
  return formatCsv([COLUMNS, ...rows]);
}
