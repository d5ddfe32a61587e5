import type { GenericSchema, InferOutput } from 'valibot';
import type { Context } from '#base/context.ts';

/** What the worker must know of a kind of job; the table of kinds is handed in from above. */
export type JobKindSpec = {
  /** Reads the stored payload; one that does not fit buries the job at once. */
  readonly schema: GenericSchema;
  /** How many run at the same time. */
  readonly concurrency: number;
  /** After so many tries the job is dead: it stays visible and can be retried by hand. */
  readonly maxAttempts: number;
  /** Milliseconds that one try may take, 10 minutes by default; then it counts as failed. */
  readonly deadline?: number;
};

export type JobTable = Readonly<Record<string, JobKindSpec>>;

/**
 * What does the work of each kind. It may run twice for one job (at least once), so it looks at what
 * is there before it changes anything. A throw means: again later. `signal` ends at the deadline and
 * when the server goes down.
 */
export type JobHandlers<Table extends JobTable> = {
  readonly [Kind in keyof Table]: (
    ctx: Context,
    payload: InferOutput<Table[Kind]['schema']>,
    signal: AbortSignal,
  ) => Promise<void> | void;
};

/** Wakes the worker: emitted with the job's row, heard after the transaction. */
export const JOB_QUEUED = 'job.queued';
