import type { Log } from '#base/platform/log.ts';
import type { Keeper } from './keep-certificate.ts';

const LONGEST_SLEEP = 3_600_000;
const LEAST_SLEEP = 500;

/**
 * Looks after the certificate from now on, each time when the keeper wants to be asked again, until the
 * signal. Cron asks too, once in a while: that is for the record, and for whoever wants to see it.
 */
export function tend(keeper: Keeper, signal: AbortSignal, log: Log, now: () => number): void {
  let timer: ReturnType<typeof setTimeout>;
  const look = async (): Promise<void> => {
    try {
      await keeper.check();
    } catch (error) {
      log.error('The certificate cannot be looked after.', { error });
    }
    if (signal.aborted) return;
    const sleep = Math.min(Math.max(keeper.nextAt() - now(), LEAST_SLEEP), LONGEST_SLEEP);
    timer = setTimeout(() => void look(), sleep);
    timer.unref();
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  void look();
}
