import type { CronEntry } from '#base/jobs/cron.ts';

/** Everything that happens again and again, in the time of the machine. */
export const cronTable: readonly CronEntry[] = [];
