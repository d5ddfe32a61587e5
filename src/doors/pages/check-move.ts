import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import type { AccountRow } from '#domain/accounts/queries.ts';
import type { Viewer } from '#domain/accounts/viewer.ts';
import { readAliases } from '#domain/membership/aliases.ts';
import { originOf } from '#domain/origin.ts';
import type { MoveCheck } from '#doors/entities/page-types.ts';
import { resolveActor } from '#doors/federation/remote/resolve-actor.ts';
import { acctOf } from './find-profile.ts';
import { lookUp } from './look-up.ts';

/**
 * Looks whether the viewer can move to the account of that name, and what is missing; its server is
 * asked anew. Nothing changes. Throws what `lookUp` throws only where the person asks too often.
 */
export async function checkMove(ctx: Context, viewer: Viewer, name: string): Promise<MoveCheck> {
  let target: AccountRow;
  try {
    const known = await lookUp(ctx, viewer, name);
    const fresh = known.uri === null ? known : await resolveActor(ctx, known.uri, { fresh: true });
    if (fresh === null) throw new AppError('unavailable', 'Its server does not answer now.');
    target = fresh;
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'too_many') throw error;
    return {
      target: name,
      answers: [{ what: 'found', yes: false, why: error.message }],
      ready: false,
    };
  }
  const own = `${originOf(ctx.config)}/users/${viewer.username}`;
  const answers: MoveCheck['answers'] = [
    { what: 'found', yes: true, why: null },
    { what: 'other', yes: target.id !== viewer.id, why: null },
    { what: 'stays', yes: target.movedToId === null, why: null },
    { what: 'names', yes: readAliases(target).includes(own), why: null },
  ];
  return { target: `@${acctOf(target)}`, answers, ready: answers.every(({ yes }) => yes) };
}
