import { UsageError } from './usage-error.ts';

/** The text of an option; throws `UsageError` if it was left out. */
export function textValue(
  values: Readonly<Record<string, string | boolean | undefined>>,
  name: string,
): string {
  const value = values[name];
  if (typeof value !== 'string') throw new UsageError(`--${name} is missing`);
  return value;
}
