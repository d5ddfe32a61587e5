import { resolve } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import type { ImportReport } from '#doors/archive/import-report.ts';
import { type Admin, createAdmin } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { UsageError } from './usage-error.ts';

const text = { type: 'string' as const };
const flag = { type: 'boolean' as const };
const options = {
  format: text,
  visibility: text,
  list: text,
  'fetch-photos': text,
  'text-posts': flag,
  people: flag,
  lists: flag,
  profile: flag,
  'dry-run': flag,
  json: flag,
};
const FORMATS = ['tintype', 'pixelfed', 'mastodon', 'instagram', 'csv'] as const;
const VISIBILITIES = ['public', 'unlisted', 'followers', 'self'] as const;
const LISTS = ['follow', 'block', 'mute', 'domain', 'bookmark'] as const;
const BUSY = 1_000;

/** `tintype import NAME FILE`: takes an archive in for somebody, beside a running server or without one. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values, names } = readArguments(argv, { options, least: 2 });
  const [name = '', file = ''] = names;
  const format = pick('--format', values.format, FORMATS) ?? null;
  const wanted = {
    visibility: pick('--visibility', values.visibility, VISIBILITIES) ?? 'followers',
    textPosts: values['text-posts'] === true,
    people: values.people === true || format === 'csv',
    lists: values.lists === true,
    profile: values.profile === true,
    fetchFrom: typeof values['fetch-photos'] === 'string' ? values['fetch-photos'] : null,
    list: pick('--list', values.list, LISTS) ?? null,
  };
  const isDry = values['dry-run'] === true;
  const admin = createAdmin(readConfig(flags));
  const tell = values.json !== true && process.stderr.isTTY;
  const { list } = wanted;
  const { id } = await admin('import.begin', { name, path: resolve(file), format, list });
  let report = await goOn(admin, name, id, tell);
  if (report.state === 'read' && !isDry) {
    const people = wanted.people || report.format === 'csv';
    await admin('import.start', { name, id, options: { ...wanted, people } });
    report = await goOn(admin, name, id, tell);
  }
  if (values.json === true) {
    const items = await readItems(admin, name, id);
    console.log(JSON.stringify({ ...report, items }, null, 2));
  } else console.log(describe(report, isDry));
  if (isDry && report.state === 'read') await admin('import.drop', { name, id });
  return report.state === 'done' || (isDry && report.state === 'read') ? 0 : 1;
}

/** What `tintype help import` tells. */
export function details(): string {
  return [
    'Reads archives of Tintype, Mastodon (ZIP or tar.gz), Pixelfed (JSON) and Instagram (ZIP with JSON),',
    'and lists of follows, blocks, mutes, servers and bookmarks (CSV). Nobody is told of what comes in,',
    'dates stay, and doing it twice brings nothing twice.',
    '',
    '  --dry-run               reads and reports, changes nothing',
    '  --format FORMAT         tintype, pixelfed, mastodon, instagram or csv; found out by itself',
    '  --visibility V          who may see at most: public, unlisted, followers (as it is), self',
    '  --text-posts            posts without photos, too',
    '  --people --lists --profile   follows, blocks, mutes, servers, bookmarks; lists and filters; the profile',
    '  --fetch-photos HOST     fetches photos that are not in the archive, from this server alone',
    '  --list KIND             what a CSV is of: follow, block, mute, domain, bookmark',
    '  --json                  the report with every item',
  ].join('\n');
}

type Step = ImportReport & { pause: number | null };

async function goOn(admin: Admin, name: string, id: string, tell: boolean): Promise<Step> {
  for (;;) {
    const step = (await admin('import.step', { name, id })) as Step;
    if (tell) process.stderr.write(`\r${step.state} ${step.done} of ${step.total}   `);
    const isAtWork = ['uploaded', 'reading', 'importing'].includes(step.state);
    if (!isAtWork) {
      if (tell) process.stderr.write('\n');
      return step;
    }
    // Nothing to do and still at work: the server does it.
    await Bun.sleep(step.pause ?? BUSY);
  }
}

async function readItems(admin: Admin, name: string, id: string) {
  const items = [];
  for (let after = 0; ; ) {
    const page = await admin('import.items', { name, id, after });
    items.push(...page);
    const last = page.at(-1);
    if (last === undefined) return items;
    after = last.position;
  }
}

function describe(report: Step, isDry: boolean): string {
  const lines = [headline(report, isDry)];
  for (const { kind, outcome, reason, count } of report.counts) {
    lines.push(`  ${count} ${kind} ${outcome}${reason === null ? '' : `: ${reason}`}`);
  }
  if (report.photoBytes > 0 && report.state === 'read') {
    const left = report.left === null ? 'no limit' : `${formatBytes(report.left)} left`;
    lines.push(`The photos need about ${formatBytes(report.needed)} (${left}).`);
  }
  if (report.hosts.length > 0) {
    const hosts = report.hosts.map(({ host, photos }) => `${host} (${photos})`).join(', ');
    lines.push(`Photos that are not in the file lie on: ${hosts}. See --fetch-photos.`);
  }
  return lines.join('\n');
}

function headline({ state, format, detail, total }: Step, isDry: boolean): string {
  if (state === 'read' && isDry) return `A dry run: ${total} things found (${format}).`;
  if (state === 'done') return `Done: ${total} things (${format}).`;
  return detail ?? `The import is ${state}.`;
}

function pick<const T extends string>(
  name: string,
  value: unknown,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${name} is ${known.join(', ')}`);
  return found;
}
