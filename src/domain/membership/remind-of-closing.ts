import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { findLogin } from '#domain/accounts/login-queries.ts';
import { findLocalAccounts } from '#domain/accounts/queries.ts';
import { type Closing, readClosing, saveClosing } from '#domain/closing.ts';
import { originOf } from '#domain/origin.ts';
import { queueJob } from '#domain/queue-job.ts';
import { readSetting } from '#domain/settings.ts';

const DAY = 86_400_000;
/** Days before the end; the first letter goes out with the announcement, whatever the day. */
const REMINDERS = [30, 7, 1, 0] as const;

/**
 * Writes to every member that this place ends, once for each step towards the day; nothing is
 * written where no mail server is set. Answers how many letters were queued. A step that was missed
 * is not made up for: the next one says the same.
 */
export function remindOfClosing(ctx: Context): number {
  return transaction(ctx.db, () => {
    const closing = readClosing(ctx);
    if (closing === null) return 0;
    const due = dueSteps(closing, ctx.now());
    if (due.length === 0) return 0;
    saveClosing(ctx, { ...closing, reminded: [...closing.reminded, ...due] });
    if (ctx.config.mail === null) return 0;
    let letters = 0;
    for (const { id } of findLocalAccounts(ctx.db)) {
      const login = findLogin(ctx.db, id);
      if (login === null || login.email === '') continue;
      queueJob(ctx, 'mail.send', { to: login.email, ...words(ctx, closing) });
      letters += 1;
    }
    return letters;
  });
}

// The announcement itself stands as Infinity would, which JSON does not know.
const ANNOUNCED = 10_000;

/** Steps that no letter has spoken of yet; one letter speaks for all of them. */
function dueSteps({ closesAt, reminded }: Closing, now: number): number[] {
  const left = (closesAt - now) / DAY;
  const passed = [ANNOUNCED, ...REMINDERS.filter((days) => left <= days)];
  return passed.filter((step) => !reminded.includes(step));
}

function words(ctx: Context, { closesAt, message }: Closing): { subject: string; text: string } {
  const name = readSetting(ctx, 'instance.name');
  const day = new Date(closesAt).toISOString().slice(0, 10);
  const over = ctx.now() >= closesAt;
  const origin = originOf(ctx.config);
  return {
    subject: over ? `${name} has closed` : `${name} closes on ${day}`,
    text: [
      over ? `${name} has closed.` : `${name} closes on ${day}.`,
      ...(message === '' ? [] : ['', message]),
      '',
      'Your archive holds every photo as you uploaded it, with captions, comments and messages:',
      `${origin}/settings/archive`,
      '',
      'If you have an account on another server, let your followers come along:',
      `${origin}/settings/account`,
      '',
    ].join('\n'),
  };
}
