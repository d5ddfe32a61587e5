import type { Context } from '#base/context.ts';
import { tellAdmins } from '#domain/notify/tell-admins.ts';

/** Tells admins that the nightly look at the database found damage, and what to do at once. */
export function tellOfDamage(ctx: Context, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  tellAdmins(ctx, {
    key: 'database.damaged',
    subject: 'The database is damaged',
    text: `${why.slice(0, 500)} Make a copy of the data directory, then restore the newest backup: tintype restore. Do not wait: each day may make it worse.`,
  });
}
