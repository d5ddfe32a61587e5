import { utimesSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError, type ErrorKind } from '#base/core/errors.ts';
import { ownCommand } from '#base/platform/own-command.ts';
import type { ArchiveOrder, ArchiveProgress, WrittenArchive } from './write-archive.ts';

/** What the child says, a line each. */
export type ChildLine =
  | { progress: ArchiveProgress }
  | { written: WrittenArchive }
  | { refused: { kind: ErrorKind; message: string } };

/**
 * Has an archive written by a child of this program, which ends when this process does, whatever
 * ends it. The order goes over stdin, because arguments are for everybody to read. Throws what the
 * child refused, and an error if it came to grief; the files it leaves are for the caller to remove.
 */
export async function writeInChild(
  order: ArchiveOrder,
  report: (progress: ArchiveProgress) => void,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  signal.throwIfAborted();
  const child = Bun.spawn(ownCommand('archive-worker'), {
    env: {},
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  try {
    // Not ended: the end of this pipe is how the child knows that we are gone.
    child.stdin.write(`${JSON.stringify(order)}\n`);
    await child.stdin.flush();
    const complaint = new Response(child.stderr).text();
    const written = await listen(child.stdout, report);
    const code = await child.exited;
    signal.throwIfAborted();
    if (written !== null && code === 0) return written;
    throw new Error(`The archive's process ended with ${code}: ${(await complaint).slice(-2000)}`);
  } finally {
    signal.removeEventListener('abort', stop);
    if (child.exitCode === null) stop();
    await child.exited;
  }
}

async function listen(
  stdout: ReadableStream<Uint8Array>,
  report: (progress: ArchiveProgress) => void,
): Promise<WrittenArchive | null> {
  let written: WrittenArchive | null = null;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of stdout) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const said = JSON.parse(line) as ChildLine;
      if ('progress' in said) report(said.progress);
      else if ('written' in said) written = said.written;
      else throw new AppError(said.refused.kind, said.refused.message);
    }
  }
  return written;
}

const SAY_EVERY = 200;

/** The child's side: reads its order from stdin, writes, and says on stdout how far it is. Gives the exit code. */
export async function runArchiveWorker(): Promise<number> {
  const { writeArchive } = await import('./write-archive.ts');
  const say = (line: ChildLine) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return 2;
  const orphaned = new AbortController();
  void lines.next().then(() => orphaned.abort(new Error('Nobody waits for this archive.')));
  let said = 0;
  try {
    const order = JSON.parse(first.value) as ArchiveOrder;
    const written = await writeArchive(
      order,
      (progress) => {
        const now = Date.now();
        if (now - said < SAY_EVERY && progress.done < progress.total) return;
        said = now;
        // So that a sweep sees that somebody is at work in there.
        utimesSync(order.scratch, now / 1000, now / 1000);
        say({ progress });
      },
      orphaned.signal,
    );
    say({ written });
    return 0;
  } catch (error) {
    if (orphaned.signal.aborted) return 1;
    const refused = asRefusal(error);
    if (refused === null) throw error;
    say({ refused });
    return 1;
  }
}

function asRefusal(error: unknown): { kind: ErrorKind; message: string } | null {
  if (error instanceof AppError) return { kind: error.kind, message: error.message };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return { kind: 'out_of_space', message: 'The disk was full before the archive was whole.' };
  }
  // Without its path: people read this on their page.
  const trouble = asDiskTrouble(error);
  if (trouble === null) return null;
  const message = 'The disk failed before the archive was whole. Please tell the admin.';
  return { kind: trouble.kind, message };
}
