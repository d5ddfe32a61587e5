import { parseCsv } from '#base/core/csv.ts';
import type { Rule } from './queries.ts';

/** A line of a list that somebody hands in; `rule` null: the list says that nothing is done. */
export type ListedDomain = {
  line: number;
  domain: string;
  rule: Rule | null;
  reason: string;
  note: string;
};

const RULES: Record<string, Rule | null> = {
  suspend: 'block',
  block: 'block',
  silence: 'limit',
  limit: 'limit',
  allow: 'allow',
  noop: null,
  none: null,
};

/**
 * Reads a list of domains: Mastodon's CSV (`#domain,#severity,…`, in any order and with or without
 * the `#`) or one domain a line, with comments after `#`. A line without a severity gets `fallback`.
 */
export function readList(text: string, fallback: Rule): ListedDomain[] {
  const rows = parseCsv(text);
  const first = rows.findIndex((row) => row.some((cell) => cell.trim() !== ''));
  const names = (rows[first] ?? []).map((cell) => cell.trim().replace(/^#/, '').toLowerCase());
  const hasNames = names.includes('domain');
  const column = (row: string[], name: string) => {
    const index = hasNames ? names.indexOf(name) : name === 'domain' ? 0 : -1;
    return index < 0 ? '' : (row[index] ?? '').trim();
  };
  return rows.flatMap((row, index) => {
    const domain = column(row, 'domain');
    const isHead = hasNames && index <= first;
    if (isHead || domain === '' || domain.startsWith('#')) return [];
    const severity = column(row, 'severity').toLowerCase();
    const rule = severity === '' ? fallback : (RULES[severity] ?? null);
    const reason = column(row, 'public_comment');
    return [{ line: index + 1, domain, rule, reason, note: column(row, 'private_comment') }];
  });
}
