import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { listAdminEmails } from '#domain/accounts/login-queries.ts';
import { queueJob } from '#domain/queue-job.ts';
import { readSetting } from '#domain/settings.ts';

const ENDING = 'You get this letter because you look after this place.';

/** Writes a letter to every admin, each a job of its own: an address that fails keeps nobody waiting. */
export function mailAdmins(
  ctx: Context,
  { subject, text }: { subject: string; text: string },
): void {
  const name = readSetting(ctx, 'instance.name');
  transaction(ctx.db, () => {
    for (const to of listAdminEmails(ctx.db)) {
      const words = `${text}\n\n${ENDING}\n`;
      queueJob(
        ctx,
        'mail.send',
        { to, subject: `${name}: ${subject}`, text: words },
        // So that a job that is done twice writes once.
        { uniqueKey: `${Bun.hash(`${to}\n${subject}\n${text}`)}` },
      );
    }
  });
}
