import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { queueJob } from '#domain/queue-job.ts';
import { findBanner, markBannerCleared, saveBanner } from './banner-queries.ts';

const DAY = 24 * 3_600_000;

/** What admins must know: `key` says what it is about (`backup.failed`), the words are plain text. */
export type AdminNews = { key: string; subject: string; text: string };

/**
 * Tells every admin of something that a person must mend: a banner on their pages until
 * `clearBanner`, and a mail where mail is set up, at most once a key and day. Safe to call again and
 * again, inside a transaction too. No secrets in the words: they are stored and mailed.
 */
export function tellAdmins(
  ctx: Pick<Context, 'config' | 'db' | 'live' | 'newId' | 'now'>,
  { key, subject, text }: AdminNews,
): void {
  const now = ctx.now();
  transaction(ctx.db, () => {
    const known = findBanner(ctx.db, key);
    const mail = ctx.config.mail !== null && Math.abs(now - (known?.mailedAt ?? -DAY)) >= DAY;
    const open = known !== null && known.clearedAt === null;
    if (open && known.subject === subject && known.text === text && !mail) return;
    const raisedAt = open ? known.raisedAt : now;
    const mailedAt = mail ? now : (known?.mailedAt ?? null);
    saveBanner(ctx.db, { key, subject, text, raisedAt, mailedAt });
    if (mail) queueJob(ctx, 'mail.admins', { subject, text });
  });
}

/** Takes the banner of a key down, because it is mended; one that is not there is no error. */
export function clearBanner(ctx: Pick<Context, 'db' | 'now'>, key: string): void {
  // The read first: most of the time there is nothing to write.
  const known = findBanner(ctx.db, key);
  if (known === null || known.clearedAt !== null) return;
  markBannerCleared(ctx.db, key, ctx.now());
}
