import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { backUp } from '#domain/backup/back-up.ts';
import { readBusy, requireIdle } from '#domain/backup/busy.ts';
import { checkOneBackup } from '#domain/backup/check-one-backup.ts';
import { describePlaces, type KnownBackup } from '#domain/backup/describe-places.ts';
import { runDrill } from '#domain/backup/drill.ts';
import { fingerprintOf, readBackupKey } from '#domain/backup/keys.ts';
import { BACKUP_NAME } from '#domain/backup/manifest.ts';
import { labelOf, targetsOf } from '#domain/backup/places-of.ts';
import { adminSettings, readSetting } from '#domain/settings.ts';
import type { AdminBackupRow, AdminBackups } from '#doors/entities/admin-page-types.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { showPage } from '#doors/http/html.ts';
import type { PageContent } from '#doors/render/page-content.ts';
import { formText } from './form-fields.ts';

const HERE = '/admin/backups';
// Seconds after which a page that shows progress is asked for again.
const LOOK_AGAIN = 3;
const schema = v.object({ place: formText(), backup: v.pipe(v.string(), v.regex(BACKUP_NAME)) });

/** `/admin/backups`: what there is; POST `/create`, `/verify` {place, backup} and `/drill` begin and answer at once. */
export const adminBackups = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.admin-backups' })
    .use(authPlugin(ctx))
    .guard({ admin: true, parse: ['none'] })
    .get(HERE, async ({ request, caller }) => {
      const page = await showPage(ctx, request, draw(ctx), { caller });
      if (readBusy(ctx.db) !== null) page.headers.set('refresh', String(LOOK_AGAIN));
      return page;
    })
    .post(`${HERE}/create`, ({ request }) => begin(ctx, request, () => backUp(ctx)))
    .post(`${HERE}/drill`, ({ request }) => begin(ctx, request, () => runDrill(ctx)))
    .post(`${HERE}/verify`, async ({ request }) => {
      const { place, backup } = v.parse(schema, await readBody(request));
      const target = targetsOf(ctx).find((each) => labelOf(each) === place);
      if (target === undefined) throw new AppError('not_found', 'There is no such place.');
      return begin(ctx, request, () => checkOneBackup(ctx, { target, name: backup }));
    });

/** It may take hours, so nobody waits for it: what comes of it stands in `backup_runs`. */
function begin(ctx: Context, request: Request, work: () => Promise<unknown>): Response {
  requireIdle(ctx.db);
  work().catch((error: unknown) => {
    if (!(error instanceof AppError)) ctx.log.error('Work on backups failed.', { error });
  });
  return redirectTo(ctx, request, HERE);
}

function draw(ctx: Context): PageContent {
  return { page: 'admin', title: 'Backups', props: { section: 'backups', backups: read(ctx) } };
}

function read(ctx: Context): AdminBackups {
  const every = readSetting(ctx, 'backup.every');
  const busy = readBusy(ctx.db);
  const { choices } = adminSettings['backup.every'];
  return {
    every: choices.find((choice) => choice.value === every)?.label ?? every,
    keep: readSetting(ctx, 'backup.keep'),
    fingerprint: fingerprintOf(readBackupKey(ctx.files).publicKey),
    running: busy && {
      kind: busy.kind,
      place: busy.place,
      step: busy.progress?.step ?? '',
      done: busy.progress?.done ?? 0,
      total: busy.progress?.total ?? 0,
    },
    places: describePlaces(ctx).map(({ label, encrypted, sameDisk, last, backups }) => ({
      label,
      encrypted,
      sameDisk,
      last: last && { ...last, at: dateText(last.at) },
      backups: backups.map(rowOf),
    })),
  };
}

function rowOf({ madeAt, check, drill, ...backup }: KnownBackup): AdminBackupRow {
  return {
    ...backup,
    madeAt: dateText(madeAt),
    check: check && { ...check, at: dateText(check.at) },
    drill: drill && { ...drill, at: dateText(drill.at) },
  };
}

function dateText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
