import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { clearBanner, tellAdmins } from '#domain/notify/tell-admins.ts';
import { lookForRelease } from './look-for-release.ts';
import { readUpdateRecord } from './update-record.ts';

type Told = Pick<Context, 'config' | 'db' | 'live' | 'newId' | 'now'>;

const NEWER = 'update.newer';
const FAILED = 'update.failed';
const LONGEST = 1500;

/** Looks whether there is a newer version, if `update.from` says where, and tells admins; says what it found. */
export async function tellOfUpdate(ctx: Told, signal: AbortSignal): Promise<string> {
  const { update, data } = ctx.config;
  const key = update?.key ?? buildInfo.updateKey;
  if (update === null || key === null) return 'update.from is not set';
  const { version } = buildInfo;
  const asker = { version, platform: `${process.platform}-${process.arch}` };
  const look = { data, from: update.url, key, ...asker };
  const { found, file } = await lookForRelease(look, ctx.now(), signal);
  const { manifest } = found;
  if (file === null) {
    clearBanner(ctx, NEWER);
    return `${version} is the newest version`;
  }
  const notes = manifest.notes.slice(0, LONGEST);
  tellAdmins(ctx, {
    key: NEWER,
    subject: `Version ${manifest.version} is there`,
    text: `${notes}\n\nInstall it with: tintype update`.trim(),
  });
  return `${manifest.version} is newer than ${version}`;
}

/** Tells admins how the last update ended, once the server is up again after it. */
export function tellOfUpdateEnd(ctx: Told): void {
  const { run } = readUpdateRecord(ctx.config.data);
  if (run === null) return;
  if (run.phase === 'done') {
    clearBanner(ctx, FAILED);
    if (run.to.version === buildInfo.version) clearBanner(ctx, NEWER);
  } else if (run.phase === 'failed' || run.phase === 'returned') {
    tellAdmins(ctx, {
      key: FAILED,
      subject: `The update to ${run.to.version} was taken back`,
      text: `${run.from} goes on with your data as it was. ${run.detail ?? ''}`.trim(),
    });
  }
}
