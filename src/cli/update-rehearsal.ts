import { createApp } from '#app/create-app.ts';
import { AppError } from '#base/core/errors.ts';
import { requireKnownOrigin } from '#doors/federation/outbound/lock-origin.ts';
import { readServeConfig } from './read-serve-config.ts';
import { findFault } from './serve-updates.ts';

/**
 * `tintype update-rehearsal` with the arguments of `serve`, started by the version before in an update:
 * opens the real data, which migrates it, and looks whether everything answers. No port, no jobs, no
 * word to anybody. Older versions start it, so what it is called and takes does not change.
 */
export async function run(argv: string[]): Promise<number> {
  const app = await createApp({ ...readServeConfig(argv), logLevel: 'error' });
  try {
    requireKnownOrigin(app.ctx);
    const fault = await findFault(app);
    if (fault === null) return 0;
    throw new AppError('unavailable', `The new version does not answer: ${fault}.`);
  } finally {
    await app.stop();
  }
}
