import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret, randomName } from '#base/core/secrets.ts';
import { readRegistration } from '#domain/closing.ts';
import { requireAdmin } from './actors.ts';
import {
  deleteInvite,
  findOpenInvite,
  findOpenInvites,
  type InviteInfo,
  insertInvite,
} from './invite-queries.ts';
import type { Actor } from './viewer.ts';

const MAX_USES = 1000;
const MAX_NOTE = 200;

/**
 * Makes an invite for `uses` people that ends after `expiresIn` milliseconds (null: never). The
 * token is seen only in the answer; the page is `/join/TOKEN`. Throws `conflict` while nobody can
 * register, because the link would open nothing.
 */
export function createInvite(
  ctx: Context,
  actor: Actor,
  input: { uses: number; expiresIn: number | null; note?: string },
): { id: number; token: string; expiresAt: number | null } {
  requireAdmin(actor);
  if (readRegistration(ctx) === 'closed') {
    throw new AppError(
      'conflict',
      'New accounts are switched off; set "New accounts" to "Only with an invite link" first.',
    );
  }
  const fields: Record<string, string> = {};
  if (!Number.isSafeInteger(input.uses) || input.uses < 1 || input.uses > MAX_USES) {
    fields.uses = `An invite is for 1 to ${MAX_USES} people.`;
  }
  const { expiresIn } = input;
  if (expiresIn !== null && !(Number.isSafeInteger(expiresIn) && expiresIn > 0)) {
    fields.expires = 'An invite ends after some time, like 7d, or never.';
  }
  const note = (input.note ?? '').trim();
  if (note.length > MAX_NOTE) fields.note = `A note has at most ${MAX_NOTE} characters.`;
  const first = Object.values(fields)[0];
  if (first !== undefined) throw new AppError('invalid', first, { fields });
  const id = ctx.newId();
  const token = randomName(16);
  const expiresAt = expiresIn === null ? null : ctx.now() + expiresIn;
  insertInvite(ctx.db, {
    id,
    tokenHash: hashSecret(token),
    createdBy: actor === 'console' ? null : actor.id,
    note,
    usesLeft: input.uses,
    expiresAt,
    now: ctx.now(),
  });
  return { id, token, expiresAt };
}

/** Reads an invite that somebody can still join with; null if it is unknown, used up, too old or taken back. */
export function readInvite(ctx: Pick<Context, 'db' | 'now'>, token: string): InviteInfo | null {
  if (token === '' || token.length > 100) return null;
  return findOpenInvite(ctx.db, hashSecret(token), ctx.now());
}

/** Invites that are still open, newest first. */
export function listInvites(ctx: Pick<Context, 'db' | 'now'>): InviteInfo[] {
  return findOpenInvites(ctx.db, ctx.now());
}

/** Takes an invite back; who joined with it stays. Throws `not_found`. */
export function revokeInvite(ctx: Pick<Context, 'db'>, actor: Actor, id: number): void {
  requireAdmin(actor);
  if (!deleteInvite(ctx.db, id)) throw new AppError('not_found', 'There is no such invite.');
}
