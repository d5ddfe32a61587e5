import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fillPhotos } from './fill-photos.ts';
import { peakMemory } from './memory.ts';
import { makeFolder, outputOf, startProcess } from './processes.ts';
import { type Row, row } from './rows.ts';
import { binary, makeData } from './server.ts';

type Step = { ms: number; peak: number };

/** Importing decodes every photo; more would measure the image worker alone. */
const IMPORTED = 200;

/**
 * Backup, verification, drill, restore, archive and import of so many photos, each a verb of the
 * executable: time beside a bare `cp` or `sha256sum` of the same files, and the memory of all its
 * processes at the peak.
 */
export async function measureAppliance(
  say: (text: string) => void,
  { quick }: { quick: boolean },
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const photos of quick ? [1000] : [1000, 10_000]) {
    rows.push(...(await measureSize(say, photos)));
  }
  return [...rows, ...(await measureImport(say))];
}

async function measureImport(say: (text: string) => void): Promise<Row[]> {
  const { data } = await makeData();
  await fillPhotos(data, IMPORTED);
  const archive = join(makeFolder(), 'ann.zip');
  await verb(['export', 'ann', '--to', archive, '--data', data]);
  say(`import of ${IMPORTED} photos`);
  const { data: fresh } = await makeData();
  const imported = await verb(['import', 'ann', archive, '--data', fresh]);
  for (const folder of [data, fresh]) rmSync(folder, { recursive: true, force: true });
  return rowsOf(`import of ${IMPORTED} photos`, imported, null);
}

async function measureSize(say: (text: string) => void, photos: number): Promise<Row[]> {
  const { data } = await makeData();
  const bytes = await fillPhotos(data, photos);
  const size = `${photos.toLocaleString('en')} photos`;
  say(`backup and archive of ${size}, ${Math.round(bytes / 1e6)} MB`);
  const place = join(data, 'backups');
  const archive = join(makeFolder(), 'ann.zip');
  const restored = join(makeFolder(), 'restored');
  const copied = await bare(['cp', '-a', join(data, 'media'), makeFolder()]);
  const summed = await bare([
    'sh',
    '-c',
    `find ${data}/media -type f -exec sha256sum {} + > /dev/null`,
  ]);
  const created = await verb(['backup', 'create', '--data', data]);
  const again = await verb(['backup', 'create', '--data', data]);
  const verified = await verb(['backup', 'verify', '--data', data]);
  const drilled = await verb(['backup', 'drill', '--data', data]);
  const back = await verb(['restore', place, '--data', restored, ...(await fingerprintOf(data))]);
  expectFiles(join(restored, 'media/local'), photos * 4);
  const exported = await verb(['export', 'ann', '--to', archive, '--data', data]);
  const rows = [
    ...rowsOf(`backup with its check, ${size}`, created, copied + summed),
    ...rowsOf(`… again, nothing new, ${size}`, again, summed),
    ...rowsOf(`check of a backup, ${size}`, verified, summed),
    ...rowsOf(`drill, ${size}`, drilled, copied + summed),
    ...rowsOf(`restore, ${size}`, back, copied + summed),
    ...rowsOf(`archive of ${size}`, exported, copied),
  ];
  for (const folder of [data, restored]) rmSync(folder, { recursive: true, force: true });
  rmSync(archive, { force: true });
  return rows;
}

function rowsOf(work: string, { ms, peak }: Step, bareMs: number | null): Row[] {
  const measured = bareMs === null ? { ours: ms } : { ours: ms, bare: bareMs };
  return [
    row(work, 'ms', measured),
    row('… memory of all processes', 'bytes', { ours: peak }, { of: 'ours', max: 300e6 }),
  ];
}

async function verb(args: string[]): Promise<Step> {
  const begin = performance.now();
  const child = startProcess([binary, ...args], { env: {} });
  const { once } = await peakMemory(child.pid, () => child.exited);
  if (child.exitCode !== 0)
    throw new Error(`tintype ${args.join(' ')} ended with ${child.exitCode}.`);
  const ms = performance.now() - begin;
  // Ten thousand photos take minutes: what is known is told at once.
  process.stderr.write(
    `  ${args.slice(0, 2).join(' ')}: ${Math.round(ms)} ms, ${Math.round(once / 1e6)} MB\n`,
  );
  return { ms, peak: once };
}

async function bare(command: string[]): Promise<number> {
  const begin = performance.now();
  await outputOf(command);
  return performance.now() - begin;
}

/** A new machine has to be told whose backup it may trust. */
async function fingerprintOf(data: string): Promise<string[]> {
  const list = await outputOf([binary, 'backup', 'list', '--json', '--data', data], { env: {} });
  const fingerprint = /(?:[0-9a-f]{4} ){7}[0-9a-f]{4}/.exec(list)?.[0];
  return fingerprint === undefined ? [] : ['--fingerprint', fingerprint];
}

function expectFiles(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  ).length;
  if (found !== count) throw new Error(`${found} files instead of ${count} were restored.`);
}
