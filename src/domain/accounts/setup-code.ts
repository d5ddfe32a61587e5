import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { hashSecret, randomName, sameSecret } from '#base/core/secrets.ts';
import { transaction } from '#base/db/transaction.ts';
import { findCode, replaceCode, spendTry } from './code-queries.ts';
import { isSetUp } from './setup-state.ts';

const MINUTES = 30;
const TRIES = 5;

/** Makes the one code that opens set-up (80 bits, groups of four for typing); earlier ones end. Throws `gone` once there was an owner. */
export function createSetupCode(ctx: Pick<Context, 'db' | 'now'>): {
  code: string;
  expiresAt: number;
} {
  const code = randomName(10).replace(/(.{4})(?=.)/g, '$1-');
  const expiresAt = ctx.now() + MINUTES * 60_000;
  transaction(ctx.db, () => {
    refuseIfSetUp(ctx);
    replaceCode(ctx.db, {
      purpose: 'setup',
      accountId: 0,
      selector: '',
      codeHash: hashSecret(fold(code)),
      triesLeft: TRIES,
      expiresAt,
      now: ctx.now(),
    });
  });
  return { code, expiresAt };
}

/** Tells whether a code would open set-up, without spending a try. */
export function isSetupCode(ctx: Pick<Context, 'db' | 'now'>, code: string): boolean {
  const stored = findCode(ctx.db, 'setup', 0);
  if (!stored || stored.triesLeft <= 0 || stored.expiresAt <= ctx.now()) return false;
  return sameSecret(hashSecret(fold(code)), stored.codeHash);
}

/** Lets a right code through; a wrong one costs a try. Throws `gone` once there was an owner, else `forbidden`. */
export function checkSetupCode(ctx: Pick<Context, 'db' | 'now'>, code: string): void {
  refuseIfSetUp(ctx);
  if (isSetupCode(ctx, code)) return;
  spendTry(ctx.db, 'setup', 0);
  const sentence =
    'This set-up code is wrong or not valid any more; "tintype setup-link" prints a fresh one.';
  throw new AppError('forbidden', sentence, { fields: { code: sentence } });
}

function refuseIfSetUp(ctx: Pick<Context, 'db'>): void {
  if (isSetUp(ctx.db)) throw new AppError('gone', 'This place is set up already; please sign in.');
}

function fold(code: string): string {
  return code
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 100);
}
