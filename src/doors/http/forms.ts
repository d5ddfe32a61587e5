import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { FormState } from '#doors/entities/page-types.ts';
import { leaveNotice, type Notice } from './notice.ts';

/** A form as it is first shown. */
export function freshForm(values: Record<string, string> = {}): FormState {
  return { values, errors: {}, problem: null };
}

/** What was typed into a form, as text; fields named in `secret` (passwords) are left out. */
export function typedValues(
  input: Readonly<Record<string, unknown>>,
  secret: readonly string[] = ['password'],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(input)) {
    if (name === 'csrf' || secret.includes(name)) continue;
    if (typeof value === 'string') values[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') values[name] = String(value);
  }
  return values;
}

/** A form that comes back with what was typed and what is wrong; other errors are thrown on. */
export function failedForm(error: unknown, values: Record<string, string>): FormState {
  if (!(error instanceof AppError)) throw error;
  return { values, errors: error.fields, problem: error.message };
}

/**
 * Sends a browser on after a form (303, so that a reload repeats nothing), with a sentence for the
 * next page if one is given. `location` is a path of ours; throws `bad_request` for a broken one.
 */
export function redirectTo(
  ctx: Pick<Context, 'db' | 'now'>,
  request: Request,
  location: string,
  notice?: Notice,
): Response {
  if (notice) leaveNotice(ctx, request, notice);
  return seeOther(location);
}

/** A bare 303; control characters in the address are refused, not passed on (T81). */
export function seeOther(location: string): Response {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(location)) {
    throw new AppError('bad_request', 'This address is broken.');
  }
  // Letters beyond ASCII are escaped; what is escaped already stays.
  const escaped = location.replace(/[^!-~]+/g, (text) => encodeURIComponent(text.toWellFormed()));
  return new Response(null, {
    status: 303,
    headers: { location: escaped, 'cache-control': 'private, no-store' },
  });
}
