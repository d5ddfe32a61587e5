import { formatBytes, parseBytes } from '#base/core/bytes.ts';
import { describeBucket, moveMedia } from './move-media.ts';
import { describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

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
        `Copies from other servers take ${formatBytes(usage.cache.bytes)} of ` +
          `${formatBytes(usage.cache.limitBytes)}; they count for nobody.`,
      ];
      if (usage.bucket !== null) lines.push(describeBucket(usage.bucket));
      return { value: usage, text: lines.join('\n') };
    },
  },
  prune: {
    help: 'removes copies of pictures of other servers, those unused the longest first; all that is needless, or until so much is left',
    usage: '[--to SIZE]',
    options: { to: { type: 'string' } },
    run: async ({ admin, values }) => {
      const to = typeof values.to === 'string' ? parseBytes(values.to) : null;
      if (to === null && values.to !== undefined) throw new UsageError('--to is a size like 500MB');
      const done = await admin('media.prune', { bytes: to });
      const removed = done.gone + done.missing + done.stray + done.evicted;
      const left = `${done.files} with ${formatBytes(done.bytes)} are left`;
      return { value: done, text: `${removed} copies were removed, ${left}.` };
    },
  },
  move: {
    help: 'moves all photos into the bucket (media.bucket), or back to the disk; the server goes on meanwhile, and a move that was cut off goes on where it was',
    usage: '--to bucket|disk',
    options: { to: { type: 'string' } },
    run: async ({ admin, values }) => {
      const { to } = values;
      if (to !== 'bucket' && to !== 'disk') throw new UsageError('Say --to bucket or --to disk');
      return await moveMedia(admin, to);
    },
  },
};

/** `tintype media usage|prune|move`: what the photos take up by account, and the copies of remote ones. */
export function run(argv: string[]): Promise<number> {
  return runSubverb('media', subverbs, argv);
}

/** What can be done with `tintype media`. */
export function details(): string {
  return describeSubverbs('media', subverbs);
}
