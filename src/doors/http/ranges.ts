/** What a `Range` header asks of a file: both ends inclusive. */
export type RangeAnswer =
  | { kind: 'whole' }
  | { kind: 'part'; start: number; end: number }
  | { kind: 'unsatisfiable' };

const WHOLE: RangeAnswer = { kind: 'whole' };

/**
 * Reads a `Range` header for a file of `size` bytes (RFC 9110 §14.1-14.2): one range of bytes, with
 * open end or as suffix. What is malformed, of another unit, or several ranges at once is ignored,
 * as §14.2 allows: the whole file is always a right answer, and no client gets to ask for a thousand
 * overlapping pieces.
 */
export function readRange(header: string | null, size: number): RangeAnswer {
  if (header === null) return WHOLE;
  const match = /^bytes=[ \t]*([0-9]{0,15})-([0-9]{0,15})[ \t]*$/i.exec(header);
  if (!match) return WHOLE;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return WHOLE;
  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) return { kind: 'unsatisfiable' };
    return { kind: 'part', start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return WHOLE;
  if (start >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/**
 * Whether `If-Range` lets a range be answered (RFC 9110 §13.1.5): only the same strong ETag does. A
 * date never does, because media carry none; without the header there is nothing to check.
 */
export function allowsRange(ifRange: string | null, etag: string): boolean {
  return ifRange === null || ifRange.trim() === etag;
}
