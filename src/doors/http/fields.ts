import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';

/** Checks input against a schema; throws `invalid` with each field's mistake. */
export function parseInput<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortPipeEarly: true });
  if (result.success) return result.output;
  throw invalidInput(result.issues);
}

/** The error of issues: `Validation failed: field: what is wrong`. */
export function invalidInput(issues: readonly v.BaseIssue<unknown>[]): AppError {
  const fields: Record<string, string> = {};
  for (const issue of issues) {
    fields[cut(v.getDotPath(issue) ?? 'body')] ??= cut(issue.message);
  }
  const list = Object.entries(fields).map(([name, text]) => `${name}: ${text}`);
  return new AppError('invalid', `Validation failed: ${list.slice(0, 5).join('; ')}`, { fields });
}

/** Characters of one mistake: some of them repeat what was sent. */
const MAX_SAID = 200;

function cut(text: string): string {
  return text.length <= MAX_SAID ? text : `${text.slice(0, MAX_SAID)}…`;
}

const TRUE = new Set<unknown>([true, 1, 'true', '1', 'on', 'yes', 't']);
const FALSE = new Set<unknown>([false, 0, 'false', '0', 'off', 'no', 'f', '', null]);

/** Whether a query says yes; anything else, also nothing at all, is no. */
export function isTrue(value: unknown): boolean {
  return TRUE.has(value);
}

/** `true`, `1`, `on` … as forms and apps write it. */
export const flagField = () =>
  v.pipe(
    v.unknown(),
    // What the reference of the API shows.
    v.metadata({ type: 'boolean' }),
    v.check((value) => TRUE.has(value) || FALSE.has(value), 'must be true or false'),
    v.transform((value) => TRUE.has(value)),
  );

/** An id from outside, as text or as a number. */
export const idField = () =>
  v.pipe(
    v.union([v.string(), v.number()], 'must be an id'),
    v.transform((value) => parseId(String(value))),
    v.number('must be an id'),
  );

/** Text of at most `most` characters; a number from JSON counts as text. */
export const textField = (most: number) =>
  v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.transform(String))], 'must be text'),
    v.check((value) => [...value].length <= most, `must be at most ${most} characters`),
  );

/** A list, also when it comes as a lone value or as an object with number keys. */
export const listField = <S extends v.GenericSchema>(item: S, most: number) =>
  v.pipe(
    v.unknown(),
    v.transform((value) => asList(value)),
    v.array(item),
    v.maxLength(most, `must be at most ${most} entries`),
  );

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) return Object.values(value);
  return value === undefined || value === null || value === '' ? [] : [value];
}
