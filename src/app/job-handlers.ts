import type { JobHandlers } from '#base/jobs/kinds.ts';
import { sendMail } from '#base/platform/mail.ts';
import { indexAllWords } from '#domain/discovery/index-words.ts';
import type { jobKinds } from '#domain/kinds.ts';
import { mailAdmins } from '#domain/membership/mail-admins.ts';
import { purgeAccount } from '#domain/membership/purge.ts';
import { remindOfClosing } from '#domain/membership/remind-of-closing.ts';
import { cutDomains } from '#domain/moderation/cut-domains.ts';
import { publishScheduled } from '#domain/posts/publish-scheduled.ts';
import { recountComments } from '#domain/posts/recount-comments.ts';
import { endMute } from '#domain/relationships/mute.ts';
import { moveAll } from '#domain/storage/move-all.ts';
import { placeFiles } from '#domain/storage/place-files.ts';
import { removeFiles } from '#domain/storage/remove-files.ts';

/** Who does the work of each kind of job. */
export const jobHandlers: JobHandlers<typeof jobKinds> = {
  'storage.remove_files': async (ctx) => {
    await removeFiles(ctx);
  },
  'storage.place': (ctx, { names }, signal) => placeFiles(ctx, names, signal),
  'storage.move': async (ctx, _payload, signal) => {
    await moveAll(ctx, signal);
  },
  'membership.purge': purgeAccount,
  'posts.publish_scheduled': (ctx, { scheduledId }) => publishScheduled(ctx, scheduledId),
  'discovery.index_words': (ctx, _payload, signal) => indexAllWords(ctx, signal),
  'posts.recount_comments': (ctx, { accountId }, signal) => recountComments(ctx, accountId, signal),
  'relationships.end_mute': async (ctx, mute) => endMute(ctx, mute),
  'moderation.cut_domains': async (ctx, _payload, signal) => {
    await cutDomains(ctx, signal);
    const { dropLetters } = await import('#doors/federation/drop-letters.ts');
    await dropLetters(ctx, signal);
  },
  'push.send': async (ctx, news, signal) => {
    const { sendPush } = await import('#doors/streaming/send-push.ts');
    await sendPush(ctx, news, signal);
  },
  'mail.admins': async (ctx, letter) => mailAdmins(ctx, letter),
  'mail.send': async (ctx, letter) => {
    // Without a mail server any more there is nobody who could carry it.
    if (ctx.config.mail !== null) await sendMail(ctx, letter);
  },
  'site.copy': async (ctx, _, signal) => {
    // Loaded on use: it knows all doors.
    const { renewSiteCopy } = await import('./site/renew-site-copy.ts');
    await renewSiteCopy(ctx, signal);
  },
  'closing.tend': async (ctx) => {
    remindOfClosing(ctx);
    const { offerArchives } = await import('#doors/archive/offer-archives.ts');
    offerArchives(ctx);
  },
  'archive.export': async (ctx, wanted, signal) => {
    const { runExport } = await import('#doors/archive/run-export.ts');
    await runExport(ctx, wanted, signal);
  },
  'archive.import': async (ctx, { importId }, signal) => {
    const { continueImport } = await import('#doors/archive/import-work.ts');
    await continueImport(ctx, importId, signal);
  },
  'federation.distribute': async (ctx, news, signal) => {
    // Loaded on use: a command without a server has nothing to tell.
    const { distribute } = await import('#doors/federation/outbound/distribute.ts');
    await distribute(ctx, news, signal);
  },
};
