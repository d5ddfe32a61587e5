/** An object of an outsider's JSON; nothing about its members is certain. */
export type Unknown = { readonly [key: string]: unknown };

/** The value as an object; an empty one for anything else. */
export function asObject(value: unknown): Unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Unknown)
    : {};
}

/** The value as a list; one thing alone is a list of one, nothing is an empty one. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** The value as a text; '' for anything else. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a number; null for anything else. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
