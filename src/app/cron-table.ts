import type { CronEntry } from '#base/jobs/cron.ts';
import { sweepAccounts } from '#domain/accounts/sweep.ts';
import { completePeerFiles } from '#domain/media/complete-peer-files.ts';
import { sweepMedia } from '#domain/media/sweep.ts';
import { sweepCache } from '#domain/media/sweep-cache.ts';
import { pruneRemoteAccounts } from '#domain/membership/prune-accounts.ts';
import { remindOfClosing } from '#domain/membership/remind-of-closing.ts';
import { clearBanner } from '#domain/notify/tell-admins.ts';
import { pruneRemotePosts, pruneTombstones } from '#domain/posts/prune-remote.ts';
import { reconcilePosts } from '#domain/posts/reconcile.ts';
import { reconcileFollows } from '#domain/relationships/reconcile.ts';
import { reconcileUsage } from '#domain/storage/reconcile.ts';
import { tendBucket } from '#domain/storage/tend-bucket.ts';
import { checkDatabase } from '#domain/upkeep/check-database.ts';
import { recordStorage } from '#domain/upkeep/record-storage.ts';
import { tellOfDamage } from '#domain/upkeep/tell-of-damage.ts';
import { tellOfUpdate } from '#domain/upkeep/tell-of-update.ts';
import { tendDatabase } from '#domain/upkeep/tend-database.ts';
import { watchDisk } from '#domain/upkeep/watch-disk.ts';
import { sweepInbox } from '#doors/federation/inbound/sweep-inbox.ts';

/** Everything that happens again and again, in the time of the machine; `tintype jobs run NAME` does it by hand. */
export const cronTable: readonly CronEntry[] = [
  {
    name: 'accounts.sweep',
    schedule: '7 3 * * *',
    help: 'removes sessions, links and invites that are over',
    run: (ctx) => {
      sweepAccounts(ctx);
      return 'done';
    },
  },
  {
    name: 'media.sweep',
    schedule: '12 3 * * *',
    help: 'removes uploads that were never published and files that nothing names',
    run: async (ctx) => JSON.stringify(await sweepMedia(ctx)),
  },
  {
    name: 'media.bucket',
    schedule: '57 2 * * *',
    help: 'brings photos to where they live (bucket or disk) and removes from the bucket what belongs to none',
    run: async (ctx, signal) => JSON.stringify(await tendBucket(ctx, signal)),
  },
  {
    name: 'federation.prune',
    schedule: '17 3 * * *',
    help: 'removes old posts and accounts of other servers that nobody here has anything to do with',
    run: async (ctx, signal) => {
      const { pruneDeliveries } = await import('#doors/federation/outbound/prune-deliveries.ts');
      const { pruneHosts } = await import('#doors/federation/remote/prune-hosts.ts');
      const posts = await pruneRemotePosts(ctx, signal);
      const accounts = await pruneRemoteAccounts(ctx, signal);
      const rest = (await pruneTombstones(ctx, signal)) + (await pruneHosts(ctx, signal));
      const deliveries = await pruneDeliveries(ctx, signal);
      return JSON.stringify({ posts, accounts, deliveries, rest });
    },
  },
  {
    name: 'media.peers',
    schedule: '37 3 * * *',
    help: 'makes the JPEG for other servers of photos that have none',
    run: async (ctx, signal) => `${await completePeerFiles(ctx, signal)} made`,
  },
  {
    name: 'media.cache',
    schedule: '19 3 * * *',
    help: 'removes copies of pictures of other servers that are gone, or over the limit',
    run: async (ctx, signal) => JSON.stringify(await sweepCache(ctx, signal)),
  },
  {
    name: 'inbox.sweep',
    schedule: '24 3 * * *',
    help: 'forgets which activities of other servers were seen long ago',
    run: async (ctx, signal) => `${await sweepInbox(ctx, signal)} removed`,
  },
  {
    name: 'storage.reconcile',
    schedule: '22 3 * * *',
    help: 'compares the storage meters with the files',
    run: async (ctx) => `${(await reconcileUsage(ctx)).length} meters corrected`,
  },
  {
    name: 'counts.reconcile',
    schedule: '27 3 * * *',
    help: 'compares the numbers of posts, comments and followers with what they count',
    run: async (ctx, signal) =>
      `${(await reconcilePosts(ctx, signal)) + (await reconcileFollows(ctx, signal))} numbers corrected`,
  },
  {
    name: 'closing.tend',
    schedule: '2 9 * * *',
    help: 'reminds people that this place closes, if it does, and has their archives made',
    run: async (ctx) => {
      const { offerArchives } = await import('#doors/archive/offer-archives.ts');
      return `${remindOfClosing(ctx)} letters, ${offerArchives(ctx)} archives`;
    },
  },
  {
    name: 'exports.sweep',
    schedule: '47 3 * * *',
    help: 'removes archives of people that are over, and asks for those that are made every month',
    run: async (ctx) => {
      const { sweepExports } = await import('#doors/archive/sweep-exports.ts');
      return JSON.stringify(sweepExports(ctx));
    },
  },
  {
    name: 'imports.sweep',
    schedule: '29 3 * * *',
    help: 'removes archives that somebody brought and did not go on with for a week',
    run: async (ctx) => {
      const { sweepImports } = await import('#doors/archive/import-sweep.ts');
      return JSON.stringify(await sweepImports(ctx));
    },
  },
  {
    name: 'storage.record',
    schedule: '52 3 * * *',
    help: 'notes what is stored, for the chart of growth',
    run: (ctx) => recordStorage(ctx),
  },
  {
    name: 'database.tend',
    schedule: '32 3 * * *',
    help: 'refreshes statistics, gives free pages back and empties the write-ahead log',
    run: (ctx, signal) => tendDatabase(ctx, signal),
  },
  {
    name: 'update.look',
    schedule: '53 4 * * 1',
    help: 'looks whether there is a newer version, if update.from says where',
    run: (ctx, signal) => tellOfUpdate(ctx, signal),
  },
  {
    name: 'database.check',
    schedule: '42 3 * * *',
    help: 'looks for damage in the database, in a process of its own',
    run: async (ctx, signal) => {
      try {
        const said = await checkDatabase(ctx, signal);
        clearBanner(ctx, 'database.damaged');
        return said;
      } catch (error) {
        if (!signal.aborted) tellOfDamage(ctx, error);
        throw error;
      }
    },
  },
  {
    name: 'disk.watch',
    schedule: '13 * * * *',
    help: 'tells admins when the disk is nearly full, and when it is not any more',
    run: (ctx) => watchDisk(ctx),
  },
  {
    name: 'backup.drill',
    schedule: '52 4 3 * *',
    help: 'restores the newest backup for a trial, starts it, looks at it and removes it',
    run: async (ctx, signal) => {
      const { runDueDrill } = await import('#domain/backup/run-due-drill.ts');
      return runDueDrill(ctx, signal);
    },
  },
  {
    name: 'backup.run',
    schedule: '52 * * * *',
    help: 'makes a backup when it is time for one (backup.every), in a process of its own',
    run: async (ctx, signal) => {
      const { runDueBackup } = await import('#domain/backup/run-due.ts');
      return runDueBackup(ctx, signal);
    },
  },
];
