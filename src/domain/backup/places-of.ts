import type { Config } from '#base/config/config.ts';
import type { Context } from '#base/context.ts';
import type { BackupTarget } from './place.ts';

/** Where backups go: what was configured, else `backups` in the data directory. */
export function targetsOf(ctx: Pick<Context, 'config' | 'files'>): readonly BackupTarget[] {
  const { to } = ctx.config.backup;
  return to.length > 0 ? to : [{ kind: 'directory', path: ctx.files.backups }];
}

/** A place as people know it: the path of the directory, or `s3:bucket/folder`. */
export function labelOf(target: BackupTarget): string {
  if (target.kind === 'directory') return target.path;
  return `s3:${target.bucket}${target.folder === '' ? '' : `/${target.folder}`}`;
}

/** What opens the places of a server. */
export function secretsOf(config: Config) {
  return { s3: config.s3, passphrase: config.backup.passphrase };
}
