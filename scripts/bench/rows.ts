import { formatBytes } from '#base/core/bytes.ts';

type Unit = 'ms' | 'bytes' | 'req/s' | 'times' | '';

/** A bound of the design: on our own number, or on its ratio to what the bare program did. */
export type Budget = { of: 'ours' | 'ratio'; max?: number; min?: number };

export type Row = {
  work: string;
  unit: Unit;
  ours: number;
  /** What the bare program did in the same run; null where there is none. */
  bare: number | null;
  /** Null for a row that only informs. */
  budget: Budget | null;
  ok: boolean | null;
};

/** One line of the table. */
export function row(
  work: string,
  unit: Unit,
  measured: { ours: number; bare?: number },
  budget: Budget | null = null,
): Row {
  const { ours, bare = null } = measured;
  return { work, unit, ours, bare, budget, ok: budget && keeps(budget, ours, bare) };
}

function keeps({ of, max, min }: Budget, ours: number, bare: number | null): boolean {
  const value = of === 'ours' ? ours : ours / (bare ?? Number.NaN);
  return value <= (max ?? Number.POSITIVE_INFINITY) && value >= (min ?? 0);
}

/** The one table that `bun run bench` prints. */
export function printRows(rows: Row[]): string {
  const cells = rows.map(({ work, unit, ours, bare, budget, ok }) => [
    work,
    say(ours, unit),
    bare === null ? '' : say(bare, unit),
    bare === null ? '' : `${(ours / bare).toFixed(2)} ×`,
    budget === null ? '' : sayBudget(budget, unit),
    ok === null ? '' : ok ? 'in budget' : 'MISSED',
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

function sayBudget({ of, max, min }: Budget, unit: Unit): string {
  const bound = max ?? min ?? 0;
  return `${max === undefined ? '≥' : '≤'} ${of === 'ours' ? say(bound, unit) : `${bound} ×`}`;
}

function say(value: number, unit: Unit): string {
  if (unit === 'bytes') return formatBytes(Math.round(value));
  if (unit === 'times') return `${value.toFixed(2)} ×`;
  if (unit === '') return `${value}`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${unit}`;
}
