import { readdirSync } from 'node:fs';
import { buildInfo } from '#base/core/build-info.ts';
import { formatBytes } from '#base/core/bytes.ts';
import { isClockRight } from '#base/core/clock.ts';
import { idTime } from '#base/core/ids.ts';
import { type Finding, fail, fine, warn } from './finding.ts';
import type { Patient } from './patient.ts';
import { findNewestPost } from './table-queries.ts';

/** What one picture may need at its worst, beside the server. */
const LITTLE = 300e6;
const FEW_FILES = 4096;
const DAY = 24 * 3_600_000;

/** The machine: its clock, its memory, and how many files one process may hold. */
export function checkMachine(patient: Patient): Finding[] {
  return [checkClock(patient), checkMemory(patient), checkFiles(patient)];
}

function checkClock({ now, db }: Patient): Finding {
  const advice = 'Set the clock and let it be kept: timedatectl set-ntp true';
  const shown = new Date(now()).toISOString().slice(0, 16).replace('T', ' ');
  if (!isClockRight(now(), buildInfo.builtAt)) {
    return fail('clock', `The clock says ${shown} UTC, which is before this was built.`, advice);
  }
  const newest = newestPostAt(db);
  if (newest > now() + DAY) {
    const then = new Date(newest).toISOString().slice(0, 10);
    const text = `The newest post is of ${then}, later than the clock (${shown} UTC).`;
    return fail('clock', text, advice);
  }
  return fine('clock', `The clock says ${shown} UTC.`);
}

function newestPostAt(db: Patient['db']): number {
  try {
    return db === null ? 0 : idTime(findNewestPost(db));
  } catch {
    // A damaged database is told by its own findings.
    return 0;
  }
}

function checkMemory({ readText, server }: Patient): Finding {
  const info = readText('/proc/meminfo') ?? '';
  const available = kilobytes(info, 'MemAvailable');
  const total = kilobytes(info, 'MemTotal');
  const limit = Number((readText('/sys/fs/cgroup/memory.max') ?? '').trim());
  const capped = Number.isFinite(limit) && limit > 0 && limit < total ? limit : null;
  const used = server === null ? '' : ` The server takes ${formatBytes(server.rss)}.`;
  const rest = capped === null ? available : Math.min(available, capped - (server?.rss ?? 0));
  if (total === 0) return fine('memory', `What memory there is cannot be seen here.${used}`);
  const whole = capped === null ? total : capped;
  const text = `${formatBytes(rest)} of ${formatBytes(whole)} memory are available.${used}`;
  const advice =
    'End other programs, allow more (MemoryMax of the service), or lower image.memory and upload.max_pixels.';
  return rest < LITTLE ? warn('memory', text, advice) : fine('memory', text);
}

function kilobytes(info: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(info)?.[1] ?? 0) * 1024;
}

function checkFiles({ readText, server }: Patient): Finding {
  const pid = server?.pid ?? process.pid;
  const limits = readText(`/proc/${pid}/limits`) ?? '';
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  if (limit === 0) return fine('machine.files', 'How many files may be open cannot be seen here.');
  const open = server === null ? 0 : countOpen(pid);
  const text = `${open > 0 ? `${open} of ` : ''}${limit} files and connections may be open.`;
  const advice = 'Raise the limit: LimitNOFILE=65536 in the service, or "ulimit -n 65536".';
  if (open > limit * 0.8) return fail('machine.files', text, advice);
  return limit < FEW_FILES ? warn('machine.files', text, advice) : fine('machine.files', text);
}

function countOpen(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
