import { existsSync, rmSync, statfsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { formatBytes } from '#base/core/bytes.ts';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import { randomName } from '#base/core/secrets.ts';
import { writeInChild } from '#doors/archive/archive-child.ts';
import type {
  ArchiveOrder,
  ArchiveProgress,
  WrittenArchive,
} from '#doors/archive/write-archive.ts';
import { createAdmin } from './admin.ts';
import { readArguments } from './read-arguments.ts';
import { readConfig } from './settings.ts';
import { UsageError } from './usage-error.ts';

const options = {
  to: { type: 'string' as const },
  renditions: { type: 'boolean' as const },
  json: { type: 'boolean' as const },
};

/** `tintype export NAME --to FILE`: writes the archive of one person, beside a running server or without one. */
export async function run(argv: string[]): Promise<number> {
  const { flags, values, names } = readArguments(argv, { options, least: 1 });
  const [name = ''] = names;
  if (typeof values.to !== 'string' || values.to === '') {
    throw new UsageError('Say with --to FILE where the archive shall lie');
  }
  const config = readConfig(flags);
  const renditions = values.renditions === true;
  const order = await createAdmin(config)('archive.prepare', { name, renditions });
  const to = whereTo(values.to, order.username);
  checkRoom(dirname(to), order.bytes);
  const started = Date.now();
  const tell = values.json === true || !process.stderr.isTTY ? () => undefined : showProgress;
  const written = await write({ ...order, data: config.data, renditions, to }, tell);
  const seconds = Math.round((Date.now() - started) / 1000);
  if (values.json === true) {
    const { bytes, counts, problems } = written;
    console.log(JSON.stringify({ path: to, bytes, counts, problems, seconds }, null, 2));
  } else console.log(describe(to, written, seconds));
  return 0;
}

type Order = Pick<ArchiveOrder, 'accountId' | 'config' | 'renditions' | 'to'> & { data: string };

async function write(
  { accountId, config, data, renditions, to }: Order,
  tell: (progress: ArchiveProgress) => void,
): Promise<WrittenArchive> {
  const part = `${to}.part`;
  const exports = join(data, 'exports');
  const scratch = join(exports, `${randomName(16)}.work`);
  const stopped = new AbortController();
  const stop = () => stopped.abort(new AppError('unavailable', 'Stopped; nothing was written.'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    rmSync(part, { force: true });
    const order = { config: { ...config, data }, accountId, renditions, to: part, scratch };
    const written = await writeInChild(order, tell, stopped.signal);
    await rename(part, to);
    return written;
  } catch (error) {
    rmSync(part, { force: true });
    throw asRefusal(error);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function asRefusal(error: unknown): AppError {
  const known = error instanceof AppError ? error : asDiskTrouble(error);
  if (known !== null) return known;
  const sentence =
    'The archive was not written, because its process ended unexpectedly. Try again.';
  return new AppError('unavailable', sentence, { cause: error });
}

/** The file, or one with a fitting name in the folder that was given. Nothing is ever written over. */
function whereTo(given: string, username: string): string {
  const path = resolve(given);
  const found = statSync(path, { throwIfNoEntry: false });
  const day = new Date().toISOString().slice(0, 10);
  const to = found?.isDirectory() ? join(path, `tintype-${username}-${day}.zip`) : path;
  if (existsSync(to)) {
    throw new AppError('conflict', `${to} is there already; give another name, or remove it.`);
  }
  if (!existsSync(dirname(to))) {
    throw new AppError('not_found', `There is no directory ${dirname(to)}.`);
  }
  return to;
}

function checkRoom(folder: string, bytes: number): void {
  const disk = statfsSync(folder);
  const free = disk.bavail * disk.bsize;
  if (free > bytes) return;
  throw new AppError(
    'out_of_space',
    `The archive needs about ${formatBytes(bytes)}, and ${folder} has ${formatBytes(free)} left.`,
  );
}

function showProgress({ done, total }: ArchiveProgress): void {
  const part = total === 0 ? 100 : Math.floor((done / total) * 100);
  process.stderr.write(`\r${done} of ${total} files (${part} %)${done >= total ? '\n' : ''}`);
}

function describe(
  to: string,
  { bytes, counts, problems }: WrittenArchive,
  seconds: number,
): string {
  const lines = [
    `${to} holds ${counts.posts} posts and ${counts.photos} photos: ${formatBytes(bytes)}, in ${seconds} s.`,
    ...problems.map(({ file, problem }) => `  ${file}: ${problem}`),
  ];
  return lines.join('\n');
}
