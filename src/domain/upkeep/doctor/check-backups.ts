import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findSetting } from '#base/db/settings-queries.ts';
import { findLastBackup, type LastRun, listLastRuns } from '#domain/upkeep/vital-queries.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RHYTHMS: Readonly<Record<string, number>> = { '6h': 6 * HOUR, daily: DAY, weekly: 7 * DAY };

/** Backups: how old the newest good one is, how the last ones ended, and whether they share a disk with the data. */
export function checkBackups(patient: Patient): Finding[] {
  const { db } = patient;
  if (db === null) return [];
  const runs = listLastRuns(db);
  return [
    checkAge(patient, db),
    ...outcome(runs, 'create', 'The last backup', 'tintype backup create says why.'),
    ...outcome(runs, 'verify', 'The last look at a backup', 'tintype backup verify says why.'),
    ...checkDrill(patient, runs),
    ...checkPlace(patient),
  ];
}

function checkAge({ config, now }: Patient, db: NonNullable<Patient['db']>): Finding {
  const id = 'backup.age';
  const every = config.pinned['backup.every'] ?? findSetting(db, 'backup.every') ?? 'daily';
  const at = findLastBackup(db);
  const rhythm = RHYTHMS[every];
  const advice = 'Make one now: tintype backup create';
  if (at === null) return warn(id, 'There is no backup yet.', advice);
  const age = now() - at;
  const text = `The newest good backup is ${ageText(age)} old.`;
  if (rhythm === undefined) return warn(id, `${text} None are made by themselves.`, EVERY);
  if (age > 3 * rhythm) return fail(id, text, advice);
  return age > 1.5 * rhythm ? warn(id, text, advice) : fine(id, text);
}

const EVERY = 'Set “backup.every” on the admin pages to daily.';

function outcome(runs: LastRun[], kind: string, what: string, advice: string): Finding[] {
  const last = runs.find((run) => run.kind === kind);
  if (last === undefined || last.outcome === 'done') return [];
  const text = `${what} came to a bad end: ${last.detail ?? last.outcome}`;
  return [fail(`backup.${kind}`, text, advice)];
}

function checkDrill({ now }: Patient, runs: LastRun[]): Finding[] {
  const last = runs.find((run) => run.kind === 'drill');
  const advice = 'tintype backup drill restores one beside the data, tries it and removes it.';
  if (last === undefined) {
    return [warn('backup.drill', 'No backup was ever restored for a trial.', advice)];
  }
  if (last.outcome !== 'done') return outcome(runs, 'drill', 'The last restore drill', advice);
  const age = now() - (last.finishedAt ?? 0);
  const text = `The last restore drill went well, ${ageText(age)} ago.`;
  return [age > 45 * DAY ? warn('backup.drill', text, advice) : fine('backup.drill', text)];
}

/** A disk that breaks takes along what lies on it. */
function checkPlace({ config }: Patient): Finding[] {
  const to = config.backup.to;
  if (to.some((target) => target.kind === 'bucket')) return [];
  const places = to.flatMap((target) => (target.kind === 'directory' ? [target.path] : []));
  const all = places.length === 0 ? [join(config.data, 'backups')] : places;
  const own = deviceOf(config.data);
  if (all.some((path) => deviceOf(path) !== own)) return [];
  const advice = 'Set backup.to to a directory of another disk, or to a bucket.';
  return [warn('backup.place', 'All backups lie on the disk that holds the data.', advice)];
}

function deviceOf(path: string): number | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found) return found.dev;
  return path === dirname(path) ? null : deviceOf(dirname(path));
}

function ageText(ms: number): string {
  if (ms < 2 * HOUR) return `${Math.max(1, Math.round(ms / 60_000))} minutes`;
  return ms < 2 * DAY ? `${Math.round(ms / HOUR)} hours` : `${Math.round(ms / DAY)} days`;
}
