import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';

/** Uploads of one account that are under way at the same time, and how many may wait for their turn. */
const SLOTS = 2;
const LONGEST_QUEUE = 60;
/** Milliseconds that an upload waits at most, its body unread; less than the server's patience with it. */
const LONGEST_WAIT = 200_000;

type Line = { busy: number; waiting: (() => void)[] };

const lines = new WeakMap<Context, Map<number, Line>>();

/**
 * Waits for one of the account's two upload slots and answers the way to give it back (any number of
 * times). Throws `too_many` if the line is too long, `unavailable` after some minutes, `bad_request`
 * if the client went away.
 */
export async function takeSlot(
  ctx: Context,
  accountId: number,
  signal: AbortSignal,
): Promise<() => void> {
  const all = lines.get(ctx) ?? new Map<number, Line>();
  lines.set(ctx, all);
  const line = all.get(accountId) ?? { busy: 0, waiting: [] };
  all.set(accountId, line);
  if (line.busy >= SLOTS) await waitTurn(line, signal);
  else line.busy += 1;
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    const next = line.waiting.shift();
    // The slot goes straight to who waits longest, so nobody can slip in between.
    if (next) next();
    else line.busy -= 1;
    if (line.busy === 0) all.delete(accountId);
  };
}

/** Whether anybody uploads just now: what is not urgent waits for them. */
export function uploadsUnderWay(ctx: Context): boolean {
  return (lines.get(ctx)?.size ?? 0) > 0;
}

async function waitTurn(line: Line, signal: AbortSignal): Promise<void> {
  if (line.waiting.length >= LONGEST_QUEUE) {
    throw new AppError('too_many', 'Too many uploads at once. Please wait for the others to end.', {
      retryAfter: 30,
    });
  }
  const turn = Promise.withResolvers<void>();
  line.waiting.push(turn.resolve);
  const leave = (error: AppError) => {
    const place = line.waiting.indexOf(turn.resolve);
    if (place === -1) return;
    line.waiting.splice(place, 1);
    turn.reject(error);
  };
  const late = () =>
    leave(
      new AppError('unavailable', 'Your other uploads take very long. Please try again later.', {
        retryAfter: 60,
      }),
    );
  const gone = () => leave(new AppError('bad_request', 'The upload was broken off.'));
  const timer = setTimeout(late, LONGEST_WAIT);
  signal.addEventListener('abort', gone, { once: true });
  if (signal.aborted) gone();
  try {
    await turn.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', gone);
  }
}
