import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { isFederating } from '#domain/federate.ts';

/**
 * Throws `invalid` for a message to single people that names nobody: it would reach no one. Somebody
 * of another server who is not known yet counts, since they are looked for afterwards.
 */
export function requireAddressee(
  ctx: Pick<Context, 'config' | 'db'>,
  mentionedIds: readonly number[],
  unknown: readonly string[],
): void {
  if (mentionedIds.length > 0 || (unknown.length > 0 && isFederating(ctx))) return;
  throw new AppError('invalid', 'A message to single people names at least one of them, as @name.');
}
