import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { asDiskTrouble } from '#base/core/disk-trouble.ts';
import { AppError } from '#base/core/errors.ts';
import type { WorkMessage } from '#domain/backup/run-work.ts';
import { doWork, type WorkOrder } from '#domain/backup/work.ts';

const LOWEST_PRIORITY = 19;
const TELL_EVERY = 200;

/** `tintype backup-worker`, started by the server: does one order from its standard input and says how it went, a line of JSON each time. */
export async function run(): Promise<number> {
  process.umask(0o077);
  // Pages that are asked for come first.
  setPriority(LOWEST_PRIORITY);
  const order = await readOrder();
  if (order === null) return 2;
  let told = 0;
  try {
    const done = await doWork(order, (progress) => {
      const now = performance.now();
      if (now - told < TELL_EVERY && progress.done !== progress.total) return;
      told = now;
      say({ progress });
    });
    say({ done });
    return 0;
  } catch (thrown) {
    const error = asDiskTrouble(thrown, order.data) ?? thrown;
    const kind = error instanceof AppError ? error.kind : null;
    const message = error instanceof Error ? error.message : String(error);
    say({ failed: { kind, message } });
    if (kind === null) console.error(error);
    return 1;
  } finally {
    // Standard input would keep the process alive.
    process.stdin.destroy();
  }
}

function say(message: WorkMessage): void {
  // At once and whole: the process may end right after.
  writeSync(1, `${JSON.stringify(message)}\n`);
}

/** The first line; whoever sent it holds the pipe open as long as they wait for us. */
function readOrder(): Promise<WorkOrder | null> {
  return new Promise((resolve) => {
    let text = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (piece: string) => {
      if (text.includes('\n')) return;
      text += piece;
      if (text.includes('\n')) resolve(JSON.parse(text) as WorkOrder);
    });
    process.stdin.on('end', () => {
      if (!text.includes('\n')) resolve(null);
      // A server that died lets another one start on the same files.
      else process.exit(1);
    });
  });
}
