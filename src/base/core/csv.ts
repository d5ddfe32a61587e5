/** Cells of a row beyond this are dropped. */
const MOST_CELLS = 50;

/**
 * Reads comma-separated values (RFC 4180) row by row, with LF or CRLF, with or without a byte order
 * mark; an empty line is a row of one empty cell. Takes time in proportion to the text, whatever is
 * in it: a quote that never ends takes the rest into its cell.
 */
export function* parseCsv(text: string): Generator<string[]> {
  const separator = /[,\r\n]/g;
  let row: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length || row.length > 0) {
    const cell = text[at] === '"' ? readQuoted(text, at) : { value: null, end: at };
    separator.lastIndex = cell.end;
    const end = separator.exec(text)?.index ?? text.length;
    if (row.length < MOST_CELLS) row.push(cell.value ?? text.slice(at, end));
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    if (text[end] === ',') continue;
    yield row;
    row = [];
  }
}

function readQuoted(text: string, at: number): { value: string; end: number } {
  let end = text.indexOf('"', at + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  const last = end < 0 ? text.length : end;
  return { value: text.slice(at + 1, last).replaceAll('""', '"'), end: last };
}

/** Writes rows as comma-separated values, each line ended with LF. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
