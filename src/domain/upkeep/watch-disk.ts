import type { Context } from '#base/context.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { readSetting } from '#domain/settings.ts';

const KEY = 'disk.low';

/** Tells admins when uploads are refused for want of room, or soon will be; takes it back when there is room. */
export function watchDisk(ctx: Context): string {
  const free = ctx.files.freeBytes();
  const kept = readSetting(ctx, 'storage.min_free');
  const left = `${formatBytes(free)} free`;
  if (free >= 1.5 * kept) {
    clearBanner(ctx, KEY);
    return left;
  }
  const state = free < kept ? 'Uploads are refused' : 'Soon uploads will be refused';
  tellAdmins(ctx, {
    key: KEY,
    subject: 'The disk is nearly full',
    // Without the number, which changes from hour to hour and is no news.
    text: `${state}; reading goes on. "tintype janitor --dry-run" says what can go; a lower limit for copies (media.cache_size) or a larger disk helps for good.`,
  });
  return left;
}
