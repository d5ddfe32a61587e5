import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { deleteSetting, findSetting, saveSetting } from '#base/db/settings-queries.ts';
import { readSetting, type SettingValue } from './settings.ts';

const schema = v.object({
  announcedAt: v.number(),
  closesAt: v.number(),
  message: v.string(),
  /** Reminders that went out, as days before the end. */
  reminded: v.array(v.number()),
});

/** That this place ends, when, and what its owner says of it. Times in milliseconds since 1970. */
export type Closing = v.InferOutput<typeof schema>;

const KEY = 'closing';

/** What was announced; null while nobody thinks of closing. */
export function readClosing(ctx: Pick<Context, 'db'>): Closing | null {
  const stored = findSetting(ctx.db, KEY);
  return stored === null ? null : v.parse(schema, JSON.parse(stored));
}

/** Remembers what was announced; null forgets it. */
export function saveClosing(ctx: Pick<Context, 'db' | 'now'>, closing: Closing | null): void {
  if (closing === null) deleteSetting(ctx.db, KEY);
  else saveSetting(ctx.db, KEY, JSON.stringify(closing), ctx.now());
}

/** True from the day on which the place ends: what is there can be read and taken along, nothing new comes. */
export function hasClosed(ctx: Pick<Context, 'db' | 'now'>): boolean {
  const closing = readClosing(ctx);
  return closing !== null && ctx.now() >= closing.closesAt;
}

/** Throws `conflict` once the place has ended: nothing new is taken then. */
export function requireOpen(ctx: Pick<Context, 'db' | 'now'>): void {
  if (!hasClosed(ctx)) return;
  throw new AppError(
    'conflict',
    'This place has closed: nothing new can be published. Your archive waits in your settings.',
  );
}

/** Who can make an account here now: nobody, from the announcement on. */
export function readRegistration(
  ctx: Pick<Context, 'config' | 'db'>,
): SettingValue<'registration'> {
  return readClosing(ctx) === null ? readSetting(ctx, 'registration') : 'closed';
}
