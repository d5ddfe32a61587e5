import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import { createLog, type Log } from '#base/platform/log.ts';
import { createLogRing } from '#base/platform/log-ring.ts';
import { watchLoopLag } from '#base/platform/loop-lag.ts';
import { createMetrics } from '#base/platform/metrics.ts';

type Observed = Pick<Context, 'log' | 'logs' | 'metrics' | 'lag' | 'startedAt'>;

/** What a server knows of itself: its log, on the screen and in a ring of files, and its numbers. */
export function observe(
  config: Pick<Config, 'logLevel'>,
  directory: string,
  now: () => number,
  log: Log | undefined,
): Observed & { close(): void } {
  const ring = createLogRing(directory);
  const lag = watchLoopLag();
  const both = (line: string) => {
    process.stderr.write(`${line}\n`);
    ring.write(line);
  };
  return {
    log: log ?? createLog(config.logLevel, both),
    logs: ring,
    lag,
    metrics: createMetrics(),
    startedAt: now(),
    close: () => {
      lag.stop();
      ring.close();
    },
  };
}
