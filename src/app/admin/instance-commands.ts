import * as v from 'valibot';
import { buildInfo } from '#base/core/build-info.ts';
import { AppError } from '#base/core/errors.ts';
import { createSetupCode } from '#domain/accounts/setup-code.ts';
import { readCacheUse, shrinkCache } from '#domain/media/cache-room.ts';
import { sweepCache } from '#domain/media/sweep-cache.ts';
import { listAccounts } from '#domain/membership/list-accounts.ts';
import { originOf } from '#domain/origin.ts';
import { adminSettings, readSetting, type SettingKey } from '#domain/settings.ts';
import { readBucketUse } from '#domain/storage/bucket-use.ts';
import { readHome } from '#domain/storage/media-home.ts';
import { readInstanceMeter } from '#domain/storage/meter.ts';
import { beginMove, moveMedia } from '#domain/storage/move-media.ts';
import { command } from './command.ts';

const nothing = v.object({});

/** Milliseconds after which a move says how far it is. */
const MOVE_SLICE = 1_000;
const TURNED = 'Meanwhile somebody began to move the photos the other way.';

/** What concerns the place as a whole. */
export const instanceCommands = {
  'setup.link': command(nothing, ({ ctx }) => {
    const { code, expiresAt } = createSetupCode(ctx);
    return { url: `${originOf(ctx.config)}/setup?code=${code}`, expiresAt };
  }),
  'media.usage': command(nothing, ({ ctx }) => ({
    ...readInstanceMeter(ctx),
    bucket: ctx.config.mediaBucket === null ? null : readBucketUse(ctx),
    cache: { ...readCacheUse(ctx), limitBytes: readSetting(ctx, 'media.cache_size') },
    accounts: listAccounts(ctx).map(({ username, storage }) => ({ name: username, ...storage })),
  })),
  'media.prune': command(
    v.object({ bytes: v.nullable(v.number()) }),
    async ({ ctx }, { bytes }) => {
      const swept = await sweepCache(ctx);
      const limit = bytes ?? readSetting(ctx, 'media.cache_size');
      const evicted = swept.evicted + (await shrinkCache(ctx, limit));
      return { ...swept, evicted, ...readCacheUse(ctx) };
    },
  ),
  'media.move': command(
    v.object({ to: v.picklist(['bucket', 'disk']), after: v.nullable(v.string()) }),
    async ({ ctx }, { to, after }) => {
      if (after === null) await beginMove(ctx, to);
      if (readHome(ctx) !== to) throw new AppError('conflict', TURNED);
      const step = await moveMedia(ctx, after ?? '', { milliseconds: MOVE_SLICE });
      return { ...step, ...readBucketUse(ctx) };
    },
  ),
  'settings.list': command(nothing, ({ ctx }) =>
    Object.keys(adminSettings).map((key) => ({
      key,
      text: String(readSetting(ctx, key as SettingKey)),
    })),
  ),
  'server.status': command(nothing, ({ ctx }) => ({
    pid: process.pid,
    version: buildInfo.version,
    host: ctx.config.listen.host,
    port: ctx.config.listen.port,
    url: originOf(ctx.config),
  })),
};
