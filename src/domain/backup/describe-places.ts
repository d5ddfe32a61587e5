import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Context } from '#base/context.ts';
import { momentOfName } from './backup-name.ts';
import type { BackupTarget } from './place.ts';
import { labelOf, targetsOf } from './places-of.ts';
import { type BackupRun, listRuns } from './run-queries.ts';

/** What is known of a place from what was done there; nobody looks into it. Times in milliseconds. */
export type KnownPlace = {
  label: string;
  kind: BackupTarget['kind'];
  encrypted: boolean;
  /** It ends with the disk that the photos are on. */
  sameDisk: boolean;
  /** The last try to make a backup that is over. */
  last: { outcome: 'done' | 'failed' | 'interrupted'; at: number; detail: string } | null;
  /** Newest first. */
  backups: KnownBackup[];
};

export type KnownBackup = {
  name: string;
  madeAt: number;
  /** Photos and database; null if it was made before what is remembered here. */
  bytes: number | null;
  newBytes: number | null;
  files: number | null;
  check: { at: number; ok: boolean; full: boolean; detail: string } | null;
  drill: { at: number; ok: boolean; detail: string } | null;
};

type Report = {
  bytes?: number;
  databaseBytes?: number;
  newBytes?: number;
  files?: number;
  encrypted?: boolean;
  verify?: { ok: boolean; mode: 'full' | 'share' };
  prune?: { kept: string[] } | null;
  kept?: string[];
};

const REMEMBERED = 1000;

/** Every place of a server with its backups, as `backup_runs` tells. */
export function describePlaces(ctx: Pick<Context, 'config' | 'db' | 'files'>): KnownPlace[] {
  return targetsOf(ctx).map((target) => {
    const label = labelOf(target);
    const runs = listRuns(ctx.db, label, REMEMBERED);
    const created = runs.filter((run) => run.kind === 'create');
    const last = created.find((run) => run.outcome !== 'running');
    return {
      label,
      kind: target.kind,
      encrypted: ctx.config.backup.passphrase !== null,
      sameDisk: target.kind === 'directory' && sharesDisk(target.path, ctx.files.root),
      last: last === undefined ? null : describeLast(last),
      backups: listKnown(runs),
    };
  });
}

function describeLast(run: BackupRun): NonNullable<KnownPlace['last']> {
  const outcome = run.outcome === 'running' ? 'interrupted' : run.outcome;
  return { outcome, at: run.finishedAt ?? run.startedAt, detail: run.detail ?? '' };
}

/** Those that were made since the place was tidied last, and those that stayed then. */
function listKnown(runs: readonly BackupRun[]): KnownBackup[] {
  const reports = runs.map((run) => ({ run, report: readReport(run) }));
  const names = new Set<string>();
  for (const { run, report } of reports) {
    if (run.kind === 'create' && run.backup !== null) names.add(run.backup);
    const kept = run.kind === 'prune' ? report.kept : report.prune?.kept;
    if (kept === undefined) continue;
    for (const name of kept) names.add(name);
    break;
  }
  return [...names]
    .sort()
    .reverse()
    .map((name) =>
      describe(
        name,
        reports.filter(({ run }) => run.backup === name),
      ),
    );
}

function describe(name: string, about: { run: BackupRun; report: Report }[]): KnownBackup {
  const made = about.find(({ run }) => run.kind === 'create');
  const checks = about.filter(({ run }) => run.kind === 'verify' || run.kind === 'create');
  const check = checks.find(({ run }) => run.outcome === 'done' || run.outcome === 'failed');
  const drill = about.find(({ run }) => run.kind === 'drill' && run.finishedAt !== null);
  const { bytes = null, databaseBytes = 0, newBytes = null, files = null } = made?.report ?? {};
  return {
    name,
    madeAt: made?.run.startedAt ?? momentOfName(name),
    bytes: bytes === null ? null : bytes + databaseBytes,
    newBytes,
    files,
    check: check
      ? {
          ...ending(check.run),
          full: check.run.kind === 'verify' || check.report.verify?.mode !== 'share',
        }
      : null,
    drill: drill ? ending(drill.run) : null,
  };
}

function ending(run: BackupRun): { at: number; ok: boolean; detail: string } {
  const { finishedAt, startedAt, outcome, detail } = run;
  return { at: finishedAt ?? startedAt, ok: outcome === 'done', detail: detail ?? '' };
}

function readReport(run: BackupRun): Report {
  return run.report === null ? {} : (JSON.parse(run.report) as Report);
}

function sharesDisk(path: string, data: string): boolean {
  const device = (place: string) => statSync(place, { throwIfNoEntry: false })?.dev;
  return (device(path) ?? device(dirname(path))) === device(data);
}
