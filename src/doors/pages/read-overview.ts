import type { Context } from '#base/context.ts';
import { buildInfo } from '#base/core/build-info.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { listBanners } from '#domain/notify/banner-queries.ts';
import { readVitals, type Vitals } from '#domain/upkeep/read-vitals.ts';
import type { AdminFact, AdminLight, AdminOverview } from '#doors/entities/admin-page-types.ts';
import { type Queues, readQueues } from '#doors/federation/read-queues.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LATE = 10 * MINUTE;
const SHOWN_TROUBLES = 20;

/** Reads what `/admin` shows: how the server is, at a glance and with where to read more. */
export function readOverview(ctx: Context): AdminOverview {
  const vitals = readVitals(ctx);
  const queues = readQueues(ctx);
  const facts = [
    { title: 'Server', href: null, facts: serverFacts(vitals) },
    { title: 'Work', href: '/admin/storage', facts: workFacts(vitals, queues) },
    { title: 'Space', href: '/admin/storage', facts: spaceFacts(vitals) },
    { title: 'Backups', href: null, facts: backupFacts(vitals) },
  ];
  const lights = facts.flatMap((group) => group.facts.map((each) => each.light));
  const banners = listBanners(ctx.db).length > 0;
  return {
    light: worst(banners ? [...lights, 'fail'] : lights),
    facts,
    hosts: queues.worst.map(({ host, waiting, givenUp, failingSince, lastError }) => ({
      host,
      waiting,
      givenUp,
      failingSince: failingSince === null ? null : new Date(failingSince).toISOString(),
      error: lastError ?? '',
    })),
    troubles: ctx.logs.recent().slice(0, SHOWN_TROUBLES).map(readLine),
  };
}

function serverFacts({ now, startedAt, memory, lag }: Vitals): AdminFact[] {
  const delay = Math.round(lag.worst);
  return [
    fact('Version', buildInfo.version),
    fact('Running for', duration(now - startedAt)),
    fact('Memory', formatBytes(memory.rss), memory.rss > 600e6 ? 'warn' : 'ok'),
    fact('Slowest moment', `${delay} ms`, delay > 1000 ? 'warn' : 'ok'),
  ];
}

function workFacts({ jobs, oldestJobAt, now }: Vitals, queues: Queues): AdminFact[] {
  const count = (state: string) =>
    jobs.filter((row) => row.state === state).reduce((sum, row) => sum + row.count, 0);
  const late = oldestJobAt !== null && now - oldestJobAt > LATE;
  const dead = count('dead') + queues.inbox.dead;
  const { waiting, given_up: givenUp } = queues.deliveries;
  const old = queues.inbox.oldestAt !== null && now - queues.inbox.oldestAt > HOUR;
  return [
    fact('Jobs waiting', number(count('waiting') + count('running')), late ? 'warn' : 'ok'),
    fact('Given up', number(dead), dead > 0 ? 'warn' : 'ok', '/admin/storage'),
    fact('Received, not yet read', number(queues.inbox.waiting), old ? 'warn' : 'ok'),
    fact('To be delivered', number(waiting)),
    fact('Not delivered', number(givenUp)),
  ];
}

function spaceFacts({ storage, cache, database }: Vitals): AdminFact[] {
  const { diskFreeBytes: free, minFreeBytes: kept, usedBytes } = storage;
  const light = free < kept ? 'fail' : free < 2 * kept ? 'warn' : 'ok';
  return [
    fact('Free on the disk', formatBytes(free), light),
    fact('Photos', formatBytes(usedBytes)),
    fact('Copies from elsewhere', formatBytes(cache.bytes)),
    fact('Database', formatBytes(database.bytes)),
    fact(
      'Write-ahead log',
      formatBytes(database.logBytes),
      database.logBytes > 256e6 ? 'warn' : 'ok',
    ),
  ];
}

function backupFacts({ backupAt, backups, now }: Vitals): AdminFact[] {
  const age = backupAt === null ? null : now - backupAt;
  const light =
    age === null || age > 2 * DAY ? (age !== null && age > 7 * DAY ? 'fail' : 'warn') : 'ok';
  // Making one ends with reading it again; one that was not made says nothing of those that are.
  const checked = backups.find(
    ({ kind, outcome }) => kind === 'verify' || (kind === 'create' && outcome === 'done'),
  );
  const drilled = backups.find(({ kind }) => kind === 'drill');
  const told = (run: Vitals['backups'][number] | undefined): [string, AdminLight] => {
    if (run === undefined) return ['never', 'warn'];
    const ago = `${duration(now - (run.finishedAt ?? run.startedAt))} ago`;
    return run.outcome === 'done' ? [`good, ${ago}`, 'ok'] : [`failed, ${ago}`, 'fail'];
  };
  return [
    fact('Newest good backup', age === null ? 'none yet' : `${duration(age)} old`, light),
    fact('Last check', ...told(checked)),
    fact('Last restore drill', ...told(drilled)),
  ];
}

function fact(
  label: string,
  value: string,
  light: AdminLight = 'ok',
  href: string | null = null,
): AdminFact {
  return { label, value, light, href: light === 'ok' ? null : href };
}

function worst(lights: readonly AdminLight[]): AdminLight {
  if (lights.includes('fail')) return 'fail';
  return lights.includes('warn') ? 'warn' : 'ok';
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}

function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 2 * MINUTE) return `${Math.round(whole / 1000)} seconds`;
  if (whole < 2 * HOUR) return `${Math.round(whole / MINUTE)} minutes`;
  return whole < 2 * DAY ? `${Math.round(whole / HOUR)} hours` : `${Math.round(whole / DAY)} days`;
}

/** A line of our own log: moment, level, the rest. */
function readLine(line: string): AdminOverview['troubles'][number] {
  const [at = '', level = '', ...words] = line.split(' ');
  return { at, level: level === 'ERROR' ? 'error' : 'warning', text: words.join(' ') };
}
