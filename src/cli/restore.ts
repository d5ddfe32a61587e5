import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#base/config/config.ts';
import { AppError } from '#base/core/errors.ts';
import { parseBackupPath } from '#domain/backup/backup-path.ts';
import type { CheckReport } from '#domain/backup/check-backup.ts';
import type { RestoreReport } from '#domain/backup/restore-backup.ts';
import type { RestoreQuestion, RestoreRequest } from '#domain/backup/restore-contract.ts';
import { runRestoreWorker, spareFolder } from '#domain/backup/run-restore-worker.ts';
import { askHidden } from './ask-hidden.ts';
import { askYes } from './ask-yes.ts';
import { describeCheck, describeRestore } from './describe-restore.ts';
import { readArguments } from './read-arguments.ts';
import { forgetOld, goBack } from './restore-kept.ts';
import { readConfig } from './settings.ts';
import { typedCommand } from './typed-command.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  name: { type: 'string' },
  fingerprint: { type: 'string' },
  'dry-run': { type: 'boolean' },
  'without-damaged': { type: 'boolean' },
  'end-logins': { type: 'boolean' },
  'go-back': { type: 'boolean' },
  'forget-old': { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `tintype restore PATH`: puts a backup in the place of the data directory, in a child process. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values, names } = readArguments(argv, {
    options: OPTIONS,
    settings: 'all',
    most: 1,
  });
  const config = readConfig(flags);
  const json = values.json === true;
  const [path] = names;
  if (values['go-back'] === true) return await goBack(config.data, json);
  if (values['forget-old'] === true) return await forgetOld(config.data, values.yes === true, json);
  if (path === undefined) throw new UsageError('Say which backup, or the place that it is in');
  const dryRun = values['dry-run'] === true;
  const request = requestOf(config, path, values, dryRun);
  const report = await runRestoreWorker(request, { progress, answer });
  clearProgress();
  if (json) console.log(JSON.stringify(report, null, 2));
  else if (dryRun) console.log(describeCheck(report as CheckReport));
  else console.log(describeRestore(report as RestoreReport, config));
  return dryRun && (report as CheckReport).problems.length > 0 ? 1 : 0;
}

/** What its options mean. */
export function details(): string {
  return [
    'PATH is a place of backups (a directory, or s3:bucket/folder) or one backup in it',
    '(…/snapshots/20260101T030000Z). Without a name the newest backup is taken.',
    '',
    '  --data DIR          what is replaced; an empty or missing one for a new machine',
    '  --name BACKUP       which backup; "tintype backup list" shows them',
    '  --dry-run           reads and compares everything, and changes nothing',
    '  --fingerprint F     the key that must have signed it, as you noted it',
    '  --without-damaged   goes on without photos that the backup lost',
    '  --end-logins        signs everybody and every app out',
    '  --go-back           takes back the last restore; what is there now is kept in turn',
    '  --forget-old        removes the data that restores have kept (asks; --yes does not)',
    '  --json              an answer for scripts',
    '',
    'Passphrase and store come from the settings: TINTYPE_BACKUP_PASSPHRASE, TINTYPE_S3_URL,',
    'TINTYPE_S3_SECRET (or …_FILE). At a terminal the passphrase is asked for.',
  ].join('\n');
}

function requestOf(
  config: Config,
  path: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
  dryRun: boolean,
): RestoreRequest {
  const { target, name } = parseBackupPath(path);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const spare = spareFolder(config.data);
  return {
    task: dryRun ? 'check' : 'restore',
    target,
    s3: config.s3,
    passphrase: config.backup.passphrase,
    name: text(values.name) ?? name,
    data: config.data,
    fingerprint: text(values.fingerprint),
    withoutDamaged: values['without-damaged'] === true,
    endLogins: values['end-logins'] === true,
    scratch: dryRun ? mkdtempSync(join(spare, 'tintype-check-')) : spare,
    canAsk: process.stdin.isTTY === true,
    typed: `${typedCommand('restore', config.data)} ${path}`,
  };
}

async function answer(question: RestoreQuestion): Promise<string | boolean | null> {
  clearProgress();
  if (question.about === 'passphrase') {
    const typed = await askHidden([`Passphrase of ${question.label}: `], process.stdin);
    if (typed === null) throw new AppError('bad_request', 'Nothing was changed.');
    return typed[0] ?? '';
  }
  return await askYes(
    [
      `The backup ${question.name} of ${question.origin} is signed with this key:`,
      '',
      `  ${question.fingerprint}`,
      '',
      'Compare it with the fingerprint that you noted when backups were set up.',
      'Is it the same?',
    ].join('\n'),
  );
}

let shown = 0;

/** On a terminal one line that changes; in a log nothing, because only the end counts there. */
function progress(text: string): void {
  if (process.stderr.isTTY !== true) return;
  process.stderr.write(`\r${text.padEnd(shown)}`);
  shown = text.length;
}

function clearProgress(): void {
  if (shown > 0) process.stderr.write(`\r${' '.repeat(shown)}\r`);
  shown = 0;
}
