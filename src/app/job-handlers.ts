import type { JobHandlers } from '#base/jobs/kinds.ts';
import type { jobKinds } from '#domain/kinds.ts';

/** Who does the work of each kind of job. */
export const jobHandlers: JobHandlers<typeof jobKinds> = {
  'storage.remove_files': () => {
    throw new Error('not there yet');
  },
  'membership.purge': () => {
    throw new Error('not there yet');
  },
};
