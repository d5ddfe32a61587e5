import type { Config } from '#base/config/config.ts';
import { formatBytes } from '#base/core/bytes.ts';
import type { CheckReport } from '#domain/backup/check-backup.ts';
import type { RestoreReport } from '#domain/backup/restore-backup.ts';
import { typedCommand } from './typed-command.ts';

/** What a person reads after a restore: what came back, what to know, what to type next. */
export function describeRestore(report: RestoreReport, config: Config): string {
  const { media, kept } = report;
  const lines = [
    `Restored: ${report.origin} as it was on ${moment(report.createdAt)}`,
    `  ${report.rows} rows, ${media.files} files with ${formatBytes(media.bytes)}; every one was compared with the signed list.`,
    ...(media.fromOldData > 0
      ? [`  ${media.fromOldData} of the files were here already, with the right bytes.`]
      : []),
    ...report.passedOver.map((why) => `  A newer backup was passed over: ${why}`),
    ...(media.missingBefore > 0
      ? [`  ${media.missingBefore} files were missing already when the backup was made.`]
      : []),
    ...(media.damaged.length > 0
      ? [`  ${media.damaged.length} files are lost: ${media.damaged.slice(0, 10).join(', ')}`]
      : []),
    '',
    'Good to know:',
    ...describePast(report),
    ...(kept === null
      ? []
      : [
          '',
          `The data that was here before is kept in ${kept}`,
          `  back to it:   ${typedCommand('restore', config.data)} --go-back`,
          `  remove it:    ${typedCommand('restore', config.data)} --forget-old`,
        ]),
    '',
    'Start the server now, the way you always do:',
    `  ${typedCommand('serve', config.data)}${originHint(report, config)}`,
  ];
  return lines.join('\n');
}

function describePast({ past, keys, kept }: RestoreReport): string[] {
  return [
    past.logins > 0
      ? `  Logins are as they were then (${past.logins}): who signed out or changed a password since should do it again.`
      : '  Everybody signs in anew.',
    ...(past.deliveries > 0
      ? [`  ${past.deliveries} deliveries that waited go out slowly, from ten minutes after now.`]
      : []),
    ...(past.heldPosts > 0
      ? [
          `  ${past.heldPosts} scheduled posts whose time is over wait for their authors; none is published by itself.`,
        ]
      : []),
    ...(past.postponedPurges > 0
      ? [
          `  ${past.postponedPurges} accounts that were to be deleted stay for another week, in case that was called off.`,
        ]
      : []),
    ...(keys.includes('backup.key') || kept !== null
      ? []
      : ['  Backups are signed with a new key from now on: note its fingerprint at the next one.']),
    '  Pictures of other servers are fetched again when somebody looks at them.',
  ];
}

const signers: Readonly<Record<CheckReport['signer'], string>> = {
  'this data directory': 'the key of this data directory',
  'the one you named': 'the one you named',
  'unknown here': 'compare it with the one you noted',
  'another one': 'NOT the one that was expected: a restore would be refused',
};

/** What `restore --dry-run` found. */
export function describeCheck(report: CheckReport): string {
  const good = report.problems.length === 0;
  return [
    good
      ? 'This backup can be restored; nothing was changed.'
      : 'This backup is damaged; nothing was changed.',
    `  ${report.path}`,
    `  ${report.origin} on ${moment(report.createdAt)}, made by version ${report.version}`,
    `  ${report.rows} rows, ${report.files} files with ${formatBytes(report.bytes)}`,
    `  signed with the key ${report.fingerprint} (${signers[report.signer]})`,
    ...report.passedOver.map((why) => `  A newer backup was passed over: ${why}`),
    ...report.problems.map((problem) => `  ${problem}`),
  ].join('\n');
}

/** Other servers know the old address; with another one the server would refuse to start. */
function originHint(report: RestoreReport, config: Config): string {
  if (config.origin !== null || !report.origin.startsWith('https://')) return '';
  return ` ${new URL(report.origin).host}`;
}

function moment(iso: string): string {
  return `${iso.slice(0, 10)} at ${iso.slice(11, 16)} UTC`;
}
