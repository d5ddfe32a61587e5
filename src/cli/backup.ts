import { formatBytes } from '#base/core/bytes.ts';
import { describeDrill } from '#domain/backup/drill.ts';
import { showProgress } from './backup-progress.ts';
import { type Answer, type Call, describeSubverbs, runSubverb, type Subverb } from './subverbs.ts';
import { moment, table } from './table.ts';

/** Set by a subverb that could be done in part only. */
let failed = false;

const subverbs: Readonly<Record<string, Subverb>> = {
  create: {
    help: 'makes a backup in every place and checks it; --anew begins again in a place that was emptied',
    usage: '[--anew]',
    options: { anew: { type: 'boolean' } },
    run: create,
  },
  list: {
    help: 'what lies in every place',
    usage: '',
    run: list,
  },
  verify: {
    help: 'reads all of a backup again, to the last byte; without a name (or path) the newest',
    usage: '[BACKUP]',
    most: 1,
    run: verify,
  },
  drill: {
    help: 'restores the newest backup of each place beside the data, starts it, looks at it and removes it',
    usage: '',
    run: drill,
  },
  prune: {
    help: 'removes what "backup.keep" does not keep, and photos that no backup names; --dry-run only says what',
    usage: '[--dry-run]',
    options: { 'dry-run': { type: 'boolean' } },
    run: prune,
  },
};

/** `tintype backup …`: makes, lists, checks and removes backups, whether a server runs or not. */
export async function run(argv: string[]): Promise<number> {
  failed = false;
  const code = await runSubverb('backup', subverbs, argv);
  return code === 0 && failed ? 1 : code;
}

/** What can be done with `tintype backup`. */
export function details(): string {
  return describeSubverbs('backup', subverbs);
}

async function create({ admin, values, config }: Call): Promise<Answer> {
  const answer = await showProgress(config, () =>
    admin('backup.create', { anew: values.anew === true }),
  );
  for (const { place, problem } of answer.failures) {
    failed = true;
    console.error(`${place}: ${problem}`);
  }
  const lines = answer.backups.flatMap((report) => {
    const { verify, missingCount } = report;
    const checked =
      verify.mode === 'full'
        ? 'every byte was checked'
        : `${verify.checked.files} of ${verify.files} photo files were checked to the last byte`;
    return [
      report.path,
      `  ${report.files} photo files, ${formatBytes(report.bytes + report.databaseBytes)}; ${report.newFiles} of them new (${formatBytes(report.newBytes)}); ${checked}.`,
      ...(missingCount === 0
        ? []
        : [
            `  ${missingCount} files are missing or damaged in the data directory and are not in it: ${report.missing.slice(0, 5).join(', ')}`,
          ]),
      ...(report.pruneProblem === null ? [] : [`  ${report.pruneProblem}`]),
      ...(report.sameDisk
        ? [
            '  This place is on the same disk as the photos: it does not help when the disk breaks. Set backup.to to another disk or a bucket.',
          ]
        : []),
      `  Signed with the key ${report.fingerprint}.`,
    ];
  });
  const path = answer.backups[0]?.path ?? null;
  return { value: { path, ...answer }, text: lines.join('\n') };
}

async function list({ admin }: Call): Promise<Answer> {
  const places = await admin('backup.list', {});
  const text = places.map(({ place, backups, problem, encrypted }) => {
    const about = `${place}${encrypted ? ' (encrypted)' : ''}`;
    if (problem !== null) return `${about}\n  ${problem}`;
    if (backups.length === 0) return `${about}\n  There are no backups yet.`;
    const rows = backups.map((backup) => [
      backup.name,
      backup.problem ?? moment(Date.parse(backup.createdAt)),
      String(backup.files),
      formatBytes(backup.bytes),
      backup.version,
    ]);
    return `${about}\n${table(['backup', 'made', 'files', 'size', 'version'], rows)}`;
  });
  return { value: places, text: text.join('\n\n') };
}

async function verify({ admin, names, config }: Call): Promise<Answer> {
  const backup = names[0] ?? null;
  const report = await showProgress(config, () => admin('backup.verify', { backup }));
  failed = !report.ok;
  const more = report.problemCount - report.problems.length;
  const text = report.ok
    ? `${report.path} is whole: ${report.checked.files} photo files, ${formatBytes(report.checked.bytes)}, the database and every list were read to the last byte.\n  Signed with the key ${report.fingerprint}.`
    : [
        `${report.path} is not whole:`,
        ...report.problems.map((problem) => `  ${problem}`),
        ...(more > 0 ? [`  … and ${more} more problems`] : []),
        'Make a new backup with "tintype backup create": it copies again what is damaged there.',
      ].join('\n');
  return { value: report, text };
}

async function drill({ admin, config }: Call): Promise<Answer> {
  const result = await showProgress(config, () => admin('backup.drill', {}));
  failed = result.failures.length > 0 || result.drills.some((report) => !report.ok);
  const text = [
    ...result.drills.flatMap((report) => [
      describeDrill(report),
      ...report.steps.map(
        ({ name, ok, detail, milliseconds }) =>
          `  ${ok ? 'good' : 'BAD '}  ${name.padEnd(9)} ${(milliseconds / 1000).toFixed(1)} s  ${detail}`,
      ),
    ]),
    ...result.failures.map(({ place, problem }) => `${place}: ${problem}`),
  ];
  return { value: result, text: text.join('\n') };
}

async function prune({ admin, values, config }: Call): Promise<Answer> {
  const dryRun = values['dry-run'] === true;
  const reports = await showProgress(config, () => admin('backup.prune', { dryRun }));
  const text = reports.map(({ removed, kept, files, bytes }) => {
    const verb = dryRun ? 'would be removed' : 'removed';
    return `${removed.length} backups and ${files} photo files (${formatBytes(bytes)}) ${verb}; ${kept.length} backups are kept.`;
  });
  return { value: reports, text: text.join('\n') };
}
