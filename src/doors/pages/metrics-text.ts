import { buildInfo } from '#base/core/build-info.ts';
import type { Labels, Sample } from '#base/platform/metrics.ts';
import type { Vitals } from '#domain/upkeep/read-vitals.ts';
import type { Queues } from '#doors/federation/read-queues.ts';

type Family = { name: string; type: 'counter' | 'gauge' | 'histogram'; help: string };

const families: readonly Family[] = [
  { name: 'tintype_info', type: 'gauge', help: 'The version that runs.' },
  { name: 'tintype_uptime_seconds', type: 'gauge', help: 'Seconds since the start.' },
  { name: 'tintype_http_requests_total', type: 'counter', help: 'Answers by group and status.' },
  { name: 'tintype_http_request_seconds', type: 'histogram', help: 'Time to an answer by group.' },
  { name: 'tintype_jobs', type: 'gauge', help: 'Jobs by kind and state.' },
  { name: 'tintype_job_oldest_seconds', type: 'gauge', help: 'How long the oldest is overdue.' },
  { name: 'tintype_inbox_items', type: 'gauge', help: 'Received activities by state.' },
  { name: 'tintype_deliveries', type: 'gauge', help: 'Deliveries to other servers by state.' },
  {
    name: 'tintype_delivery_oldest_seconds',
    type: 'gauge',
    help: 'How long the oldest delivery is overdue.',
  },
  { name: 'tintype_storage_bytes', type: 'gauge', help: 'Bytes of photos by kind.' },
  { name: 'tintype_cache_bytes', type: 'gauge', help: 'Bytes of copies from other servers.' },
  { name: 'tintype_cache_files', type: 'gauge', help: 'Copies from other servers.' },
  { name: 'tintype_disk_free_bytes', type: 'gauge', help: 'What the disk has left.' },
  { name: 'tintype_database_bytes', type: 'gauge', help: 'Size of database and write-ahead log.' },
  { name: 'tintype_process_resident_bytes', type: 'gauge', help: 'Memory of the server.' },
  { name: 'tintype_event_loop_lag_seconds', type: 'gauge', help: 'How late the server is.' },
  { name: 'tintype_backup_age_seconds', type: 'gauge', help: 'Age of the newest good backup.' },
  { name: 'tintype_backup_ok', type: 'gauge', help: '1 if the last run of a kind went well.' },
  { name: 'tintype_image_worker_running', type: 'gauge', help: '1 while the image worker runs.' },
  { name: 'tintype_image_tasks', type: 'gauge', help: 'Pictures waiting or being worked on.' },
];

/** The numbers of a server in the text format of Prometheus, version 0.0.4. */
export function metricsText(counted: readonly Sample[], vitals: Vitals, queues: Queues): string {
  const samples = [...counted, ...gaugesOf(vitals), ...gaugesOfQueues(queues, vitals.now)];
  return families
    .map(({ name, type, help }) => {
      const own = samples.filter((sample) => isOf(sample.name, name));
      if (own.length === 0) return '';
      const lines = own.map(
        (sample) => `${sample.name}${labelText(sample.labels)} ${sample.value}`,
      );
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
    })
    .join('');
}

function isOf(sample: string, family: string): boolean {
  return (
    sample.startsWith(family) && /^(?:|_bucket|_sum|_count)$/.test(sample.slice(family.length))
  );
}

function gaugesOf(vitals: Vitals): Sample[] {
  const { now, storage, cache, database, images, backupAt, lag } = vitals;
  const rows: Sample[] = [
    gauge('info', 1, { version: buildInfo.version }),
    gauge('uptime_seconds', Math.max(0, now - vitals.startedAt) / 1000),
    ...vitals.jobs.map(({ kind, state, count }) => gauge('jobs', count, { kind, state })),
    gauge('job_oldest_seconds', overdue(vitals.oldestJobAt, now)),
    gauge('storage_bytes', storage.originalsBytes, { kind: 'originals' }),
    gauge('storage_bytes', storage.renditionsBytes, { kind: 'renditions' }),
    gauge('cache_bytes', cache.bytes),
    gauge('cache_files', cache.files),
    gauge('disk_free_bytes', storage.diskFreeBytes),
    gauge('database_bytes', database.bytes, { file: 'database' }),
    gauge('database_bytes', database.logBytes, { file: 'wal' }),
    gauge('process_resident_bytes', vitals.memory.rss),
    gauge('event_loop_lag_seconds', lag.last / 1000, { over: 'now' }),
    gauge('event_loop_lag_seconds', lag.worst / 1000, { over: 'worst' }),
    ...vitals.backups.map(({ kind, outcome }) =>
      gauge('backup_ok', outcome === 'done' ? 1 : 0, { kind }),
    ),
  ];
  if (backupAt !== null) rows.push(gauge('backup_age_seconds', Math.max(0, now - backupAt) / 1000));
  if (images !== null) {
    rows.push(gauge('image_worker_running', images.pid === null ? 0 : 1));
    rows.push(gauge('image_tasks', images.tasks));
  }
  return rows;
}

function gaugesOfQueues({ inbox, deliveries, oldestDeliveryAt }: Queues, now: number): Sample[] {
  return [
    gauge('inbox_items', inbox.waiting, { state: 'waiting' }),
    gauge('inbox_items', inbox.dead, { state: 'dead' }),
    ...Object.entries(deliveries).map(([state, n]) => gauge('deliveries', n, { state })),
    gauge('delivery_oldest_seconds', overdue(oldestDeliveryAt, now)),
  ];
}

function gauge(name: string, value: number, labels: Labels = {}): Sample {
  return { name: `tintype_${name}`, labels, value };
}

function overdue(at: number | null, now: number): number {
  return at === null ? 0 : Math.max(0, now - at) / 1000;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
