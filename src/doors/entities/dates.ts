/** `YYYY-MM-DDTHH:mm:ss.sssZ`, the one form that every app reads. */
export function dateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The same at the midnight (UTC) before. */
export function midnight(milliseconds: number): string {
  return `${day(milliseconds)}T00:00:00.000Z`;
}

/** `YYYY-MM-DD` (UTC). */
export function day(milliseconds: number): string {
  return dateTime(milliseconds).slice(0, 10);
}
