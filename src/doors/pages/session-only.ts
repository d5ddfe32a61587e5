import { AppError } from '#base/core/errors.ts';
import type { SignedInCaller } from '#doors/http/auth.ts';

/** Refuses app tokens where only the person in a browser may act: passwords, sessions, tokens, leaving. */
export function demandSession(caller: SignedInCaller): void {
  if (caller.session === null) {
    throw new AppError('forbidden', 'This works only in a browser where you are signed in.');
  }
}
