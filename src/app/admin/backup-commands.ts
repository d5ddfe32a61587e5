import * as v from 'valibot';
import { AppError } from '#base/core/errors.ts';
import { backUp } from '#domain/backup/back-up.ts';
import { parseBackupPath } from '#domain/backup/backup-path.ts';
import { readBusy } from '#domain/backup/busy.ts';
import { checkOneBackup } from '#domain/backup/check-one-backup.ts';
import { runDrill } from '#domain/backup/drill.ts';
import { listBackups } from '#domain/backup/list-backups.ts';
import { BACKUP_NAME } from '#domain/backup/manifest.ts';
import { targetsOf } from '#domain/backup/places-of.ts';
import { prunePlace } from '#domain/backup/prune-place.ts';
import { command } from './command.ts';

const nothing = v.object({});

/** What can be done with backups; each answers when it is over, which may take hours. */
export const backupCommands = {
  'backup.create': command(v.object({ anew: v.boolean() }), async ({ ctx }, { anew }) => {
    const result = await backUp(ctx, { anew });
    const [failure] = result.failures;
    if (result.backups.length > 0 || failure === undefined) return result;
    throw new AppError(failure.kind, failure.problem);
  }),
  'backup.list': command(nothing, ({ ctx }) => listBackups(ctx)),
  /** `backup`: a name, a path, or null for the newest of the first place. */
  'backup.verify': command(v.object({ backup: v.nullable(v.string()) }), ({ ctx }, { backup }) => {
    const [first] = targetsOf(ctx);
    if (first === undefined) throw new AppError('not_found', 'There is no place for backups.');
    const isName = backup === null || BACKUP_NAME.test(backup);
    const which = isName ? { target: first, name: backup } : parseBackupPath(backup);
    return checkOneBackup(ctx, which);
  }),
  'backup.prune': command(v.object({ dryRun: v.boolean() }), async ({ ctx }, { dryRun }) => {
    const places = [];
    for (const target of targetsOf(ctx)) places.push(await prunePlace(ctx, { target, dryRun }));
    return places;
  }),
  /** Restores the newest backup of each place for a trial; see `runDrill`. */
  'backup.drill': command(nothing, ({ ctx }) => runDrill(ctx)),
  /** How far the work is that is under way; null if none is. */
  'backup.progress': command(nothing, ({ ctx }) => readBusy(ctx.db)),
};
