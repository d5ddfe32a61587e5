import type { Config } from '#base/config/config.ts';
import type { Busy } from '#domain/backup/busy.ts';
import { askServer } from './admin.ts';

const ASK_EVERY = 500;
const STEPS = {
  database: 'copying the database',
  photos: 'copying photos',
  check: 'checking',
  prune: 'removing old backups',
} as const;

/** Shows on a terminal how far the running server is with its backup, until the work is over. */
export async function showProgress<T>(config: Config, work: () => Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return await work();
  const timer = setInterval(async () => {
    const answer = await askServer(config.data, 'backup.progress', {}).catch(() => null);
    const busy = answer?.result as Busy | null | undefined;
    if (busy?.progress) process.stderr.write(`\r\x1b[K${describe(busy)}`);
  }, ASK_EVERY);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.stderr.write('\r\x1b[K');
  }
}

function describe({ place, progress }: Busy): string {
  if (progress === null) return place;
  const { step, done, total } = progress;
  return `${place}: ${STEPS[step]}${total > 0 ? ` ${done} of ${total}` : ''} …`;
}
