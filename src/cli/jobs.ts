import { describeDeliveries } from './describe-deliveries.ts';
import { type Answer, type Call, describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { moment, table } from './table.ts';
import { UsageError } from './usage-error.ts';

const subverbs: Readonly<Record<string, Subverb>> = {
  list: {
    help: 'work that waits or failed, and what recurs',
    usage: '[--state waiting|running|dead]',
    options: { state: { type: 'string' } },
    run: listJobs,
  },
  deliveries: {
    help: 'what waits to be sent to other servers, and what was given up',
    usage: '[--host HOST]',
    options: { host: { type: 'string' } },
    run: async ({ admin, values }) => {
      const host = typeof values.host === 'string' ? values.host : null;
      const answer = await admin('jobs.deliveries', { host });
      return { value: answer, text: describeDeliveries(answer) };
    },
  },
  retry: {
    help: 'tries failed work again: one by its id, a kind by its name, or all; or what could not be sent',
    usage: '[ID] [--deliveries [--host HOST]]',
    most: 1,
    options: { deliveries: { type: 'boolean' }, host: { type: 'string' } },
    run: async ({ admin, names: [which = ''], values }) => {
      if (values.deliveries === true) return await retryDeliveries(admin, which, values.host);
      if (which === '' || values.host !== undefined) throw new UsageError('Something is missing');
      const answer = await admin('jobs.retry', { which });
      const jobs = answer.retried === 1 ? '1 job is' : `${answer.retried} jobs are`;
      return { value: answer, text: `${jobs} tried again.` };
    },
  },
  run: {
    help: 'does recurring work now, e.g. media.sweep',
    usage: 'NAME',
    run: async ({ admin, names: [name = ''] }) => {
      const answer = await admin('jobs.run', { name });
      return { value: answer, text: `${name}: ${answer.detail}` };
    },
  },
};

/** `tintype jobs …`: shows work that waits or failed and what recurs, tries dead jobs again, runs recurring work now. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('jobs', subverbs, argv);
}

/** What can be done with `tintype jobs`. */
export function details(): string {
  return describeSubverbs('jobs', subverbs);
}

async function retryDeliveries(
  admin: Call['admin'],
  which: string,
  host: Call['values'][string],
): Promise<Answer> {
  if (which !== '') throw new UsageError(`"${which}" is too much`);
  const input = { host: typeof host === 'string' ? host : null };
  const answer = await admin('jobs.retry_deliveries', input);
  const what = answer.retried === 1 ? '1 delivery is' : `${answer.retried} deliveries are`;
  return { value: answer, text: `${what} tried again.` };
}

async function listJobs({ admin, values }: Call): Promise<Answer> {
  const state = values.state ?? null;
  if (state !== null && state !== 'waiting' && state !== 'running' && state !== 'dead') {
    throw new UsageError('--state is waiting, running or dead');
  }
  const answer = await admin('jobs.list', { state });
  const jobs = answer.jobs.map((job) => [
    job.id,
    job.kind,
    job.state,
    job.attempts,
    moment(job.runAt),
    job.lastError ?? '',
  ]);
  const cron = answer.cron.map((entry) => [
    entry.name,
    entry.outcome ?? 'never ran',
    moment(entry.lastAt),
    moment(entry.nextAt),
    entry.help,
  ]);
  const text = [
    jobs.length === 0
      ? 'No jobs are waiting.'
      : table(['id', 'kind', 'state', 'tries', 'due', 'last error'], jobs),
    '',
    table(['recurring', 'last', 'at', 'next', ''], cron),
  ].join('\n');
  return { value: answer, text };
}
