import { AppError } from '#base/core/errors.ts';
import { isAdmin, type Viewer } from '#domain/accounts/viewer.ts';

/** Refuses everybody but admins; the role is the one of this moment, read with the request (T98). */
export function asAdmin(viewer: Viewer): void {
  if (!isAdmin(viewer)) throw new AppError('forbidden', 'This action is not allowed');
}

/** Does what an admin may not do to everybody: for apps that is 422, since 401 and 403 sign people out. */
export function asRefusal<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const refused = error instanceof AppError && ['forbidden', 'conflict'].includes(error.kind);
    throw refused ? new AppError('invalid', error.message, { cause: error }) : error;
  }
}
