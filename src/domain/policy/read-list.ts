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

const RULES: ReadonlyMap<string, Rule | null> = new Map<string, Rule | null>([
  ['suspend', 'block'],
  ['block', 'block'],
  ['silence', 'limit'],
  ['limit', 'limit'],
  ['allow', 'allow'],
  ['noop', null],
  ['none', null],
]);

/**
 * Reads a list of domains line by line: Mastodon's CSV (`#domain,#severity,…`, in any order and with
 * or without the `#`) or one domain a line, with comments after `#`. A line without a severity gets
 * `fallback`.
 */
export function* readList(text: string, fallback: Rule): Generator<ListedDomain> {
  let columns: Columns | null = null;
  let line = 0;
  for (const row of parseCsv(text)) {
    line += 1;
    if (row.every((cell) => cell.trim() === '')) continue;
    if (columns === null) {
      const names = row.map((cell) => cell.trim().replace(/^#/, '').toLowerCase());
      columns = new Map(names.map((name, index) => [name, index]));
      if (columns.has('domain')) continue;
      columns = new Map([['domain', 0]]);
    }
    const domain = cellOf(row, columns, 'domain');
    if (domain === '' || domain.startsWith('#')) continue;
    const severity = cellOf(row, columns, 'severity').toLowerCase();
    yield {
      line,
      domain,
      rule: severity === '' ? fallback : (RULES.get(severity) ?? null),
      reason: cellOf(row, columns, 'public_comment'),
      note: cellOf(row, columns, 'private_comment'),
    };
  }
}

type Columns = ReadonlyMap<string, number>;

function cellOf(row: string[], columns: Columns, name: string): string {
  const index = columns.get(name);
  return index === undefined ? '' : (row[index] ?? '').trim();
}
