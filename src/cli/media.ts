import { formatBytes } from '#base/core/bytes.ts';
import { describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { table } from './table.ts';

const subverbs: Readonly<Record<string, Subverb>> = {
  usage: {
    help: 'originals and renditions of every account, and what the disk has left',
    usage: '',
    run: async ({ admin }) => {
      const usage = await admin('media.usage', {});
      const limit = (bytes: number | null) => (bytes === null ? 'no limit' : formatBytes(bytes));
      const rows = usage.accounts.map((account) => [
        account.name,
        formatBytes(account.originalsBytes),
        formatBytes(account.renditionsBytes),
        formatBytes(account.usedBytes),
        limit(account.quotaBytes),
      ]);
      const free = formatBytes(usage.diskFreeBytes);
      const lines = [
        table(['account', 'originals', 'renditions', 'stored', 'quota'], rows),
        '',
        `All together ${formatBytes(usage.usedBytes)} of ${limit(usage.quotaBytes)}; ` +
          `the disk has ${free} left, ${formatBytes(usage.minFreeBytes)} of it are kept free.`,
      ];
      return { value: usage, text: lines.join('\n') };
    },
  },
};

/** `tintype media usage`: what the photos take up, by account. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('media', subverbs, argv);
}

/** What can be done with `tintype media`. */
export function details(): string {
  return describeSubverbs('media', subverbs);
}
