import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dieWithParent, limitMemory } from '#base/platform/images/process-limits.ts';
import { readLines } from '#base/platform/images/protocol.ts';
import type { EntryPlace } from './import-item.ts';
import { readEntry } from './read-entry.ts';
import { ArchiveRefused } from './read-limits.ts';
import { type PlanFound, type PlanRequest, writePlan } from './read-plan.ts';

/** A line to the child. */
export type ReaderTask =
  | ({ kind: 'plan' } & PlanRequest)
  /** Copies an entry of `from` to the new file `to`. */
  | { kind: 'extract'; from: string; place: EntryPlace; to: string; most: number };

/** A line from the child. */
export type ReaderAnswer =
  | { kind: 'planned'; found: PlanFound }
  | { kind: 'extracted'; bytes: number; sha256: string }
  | { kind: 'refused'; sentence: string }
  | { kind: 'failed'; message: string };

const LOWEST_PRIORITY = 19;
/** Bytes beyond what the process holds at its start. */
const MEMORY = 600_000_000;

/** The child that reads archives of strangers: a task a line on stdin, an answer a line on stdout. */
export async function runImportWorker(): Promise<number> {
  dieWithParent();
  limitMemory(MEMORY);
  setPriority(LOWEST_PRIORITY);
  for await (const line of readLines(Bun.stdin.stream())) {
    const answer = await perform(JSON.parse(line) as ReaderTask);
    await Bun.write(Bun.stdout, `${JSON.stringify(answer)}\n`);
  }
  return 0;
}

async function perform(task: ReaderTask): Promise<ReaderAnswer> {
  try {
    if (task.kind === 'plan') return { kind: 'planned', found: await writePlan(task) };
    return { kind: 'extracted', ...(await extract(task)) };
  } catch (error) {
    if (error instanceof ArchiveRefused) return { kind: 'refused', sentence: error.message };
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // What zlib says of broken streams.
    if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') {
      return { kind: 'refused', sentence: 'A file in this archive is damaged.' };
    }
    return { kind: 'failed', message: `${code} ${error instanceof Error ? error.message : error}` };
  }
}

async function extract(
  task: Extract<ReaderTask, { kind: 'extract' }>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const out = await open(task.to, 'wx', 0o600);
  try {
    for await (const piece of readEntry(task.from, task.place, task.most)) {
      hash.update(piece);
      bytes += piece.length;
      for (let at = 0; at < piece.length; ) {
        at += (await out.write(piece, at)).bytesWritten;
      }
    }
  } finally {
    await out.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
