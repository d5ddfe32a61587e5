import { formatBytes } from '#base/core/bytes.ts';

export type Row = {
  work: string;
  ours: number;
  /** What the bare program did in the same run; null where the budget is absolute. */
  bare: number | null;
  unit: 'ms' | 'bytes' | 'req/s';
  budget: string;
  ok: boolean;
};

/** A row whose budget is an upper bound. */
export function atMost(work: string, ours: number, limit: number, unit: Row['unit']): Row {
  return { work, ours, bare: null, unit, budget: `≤ ${say(limit, unit)}`, ok: ours <= limit };
}

/** A row whose budget is a rate that must be reached. */
export function atLeast(work: string, ours: number, limit: number): Row {
  return {
    work,
    ours,
    bare: null,
    unit: 'req/s',
    budget: `≥ ${say(limit, 'req/s')}`,
    ok: ours >= limit,
  };
}

/** A row whose budget is a ratio to the bare program: `min` for rates, `max` for times. */
export function ratio(
  work: string,
  ours: number,
  bare: number,
  unit: Row['unit'],
  bound: { min: number } | { max: number },
): Row {
  const value = ours / bare;
  const ok = 'min' in bound ? value >= bound.min : value <= bound.max;
  const budget = 'min' in bound ? `≥ ${bound.min} ×` : `≤ ${bound.max} ×`;
  return { work, ours, bare, unit, budget, ok };
}

/** The one table that `bun run bench` prints. */
export function printRows(rows: Row[]): string {
  const cells = rows.map((row) => [
    row.work,
    say(row.ours, row.unit),
    row.bare === null ? '' : say(row.bare, row.unit),
    row.bare === null ? '' : `${(row.ours / row.bare).toFixed(2)} ×`,
    row.budget,
    row.ok ? 'in budget' : 'MISSED',
  ]);
  const table = [['work', 'ours', 'bare', 'ratio', 'budget', ''], ...cells];
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...table.map((line) => (line[column] ?? '').length)),
  );
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function say(value: number, unit: Row['unit']): string {
  if (unit === 'bytes') return formatBytes(Math.round(value));
  if (unit === 'ms') return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} req/s`;
}
