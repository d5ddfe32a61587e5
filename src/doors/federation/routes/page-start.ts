import { notFound } from '#doors/http/errors.ts';

/** Where a page of a list begins: the last part of its address, 0 for the first one. Throws `not_found`. */
export function readStart(request: Request, text: string): number {
  const start = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(start)) throw notFound(request);
  return start;
}
