/** A row of the grid in pixels from its beginning: the heading of a year, or photos `from` up to but not `to`. */
export type Row =
  | { kind: 'year'; year: number; top: number; height: number }
  | { kind: 'photos'; from: number; to: number; top: number; height: number };

export type Layout = { rows: Row[]; height: number; columns: number; gap: number };

const HEADING = 56;
const PHONE = 640;
const TILE = 220;

/**
 * Puts square tiles into rows, a heading before each year. `years` has the year of each photo in
 * their order, `width` is in pixels.
 */
export function layOut(years: readonly number[], width: number): Layout {
  const narrow = width < PHONE;
  const gap = narrow ? 2 : 6;
  const columns = narrow ? 3 : Math.max(3, Math.floor((width + gap) / (TILE + gap)));
  const tile = (Math.max(width, 3) - gap * (columns - 1)) / columns;
  const rows: Row[] = [];
  let top = 0;
  let at = 0;
  while (at < years.length) {
    const year = years[at] ?? 0;
    rows.push({ kind: 'year', year, top, height: HEADING });
    top += HEADING;
    let end = at;
    while (end < years.length && years[end] === year) end += 1;
    for (; at < end; at += columns) {
      rows.push({ kind: 'photos', from: at, to: Math.min(end, at + columns), top, height: tile });
      top += tile + gap;
    }
    at = end;
  }
  return { rows, height: top, columns, gap };
}

/** The rows that touch what lies between two heights; found by halving, so ten thousand cost nothing. */
export function rowsBetween({ rows }: Layout, from: number, to: number): Row[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && row.top + row.height < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < rows.length && (rows[end]?.top ?? Infinity) <= to) end += 1;
  return rows.slice(low, end);
}

/** Where a photo stands; null if it is not in the layout. */
export function rowOf({ rows }: Layout, index: number): Row | null {
  return rows.find((row) => row.kind === 'photos' && row.from <= index && index < row.to) ?? null;
}
