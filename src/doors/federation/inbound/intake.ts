import { createHash } from 'node:crypto';
import type { Context } from '#base/context.ts';
import { transaction } from '#base/db/transaction.ts';
import { emitLive } from '#domain/emit-live.ts';
import { insertInboxItem, insertSeen, isSeen } from './inbox-queries.ts';

/** An activity that passed every check. */
export type Letter = {
  signerId: number;
  body: string;
  verified: boolean;
  /** What it is known by; if one of these was seen before, it was taken already. */
  marks: readonly string[];
};

/** Milliseconds that the first of a group waits for others: far less than the way to here took. */
const GATHER = 2;
const MOST = 100;

/**
 * Makes the desk where accepted activities are written down: what comes within the same few
 * milliseconds shares one transaction, so one fsync. `take` is kept when that is on disk; false if
 * it was taken before. Throws what the database throws.
 */
export function createIntake(ctx: Context): { take(letter: Letter): Promise<boolean> } {
  type Waiting = {
    letter: Letter;
    resolve: (taken: boolean) => void;
    reject: (error: unknown) => void;
  };
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  const write = () => {
    const group = waiting;
    waiting = [];
    if (timer !== null) clearTimeout(timer);
    timer = null;
    try {
      const taken = transaction(ctx.db, () => group.map(({ letter }) => writeLetter(ctx, letter)));
      for (const [index, { resolve }] of group.entries()) resolve(taken[index] === true);
      if (taken.includes(true)) emitLive(ctx, 'inbox.queued', {});
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  return {
    take: (letter) =>
      new Promise((resolve, reject) => {
        waiting.push({ letter, resolve, reject });
        if (waiting.length >= MOST) write();
        else timer ??= setTimeout(write, GATHER);
      }),
  };
}

function writeLetter(ctx: Context, letter: Letter): boolean {
  const now = ctx.now();
  const keys = letter.marks.map(hash);
  if (keys.some((key) => isSeen(ctx.db, key))) return false;
  for (const key of keys) insertSeen(ctx.db, key, now);
  const { signerId, body } = letter;
  insertInboxItem(ctx.db, {
    id: ctx.newId(),
    signerId,
    body,
    verified: Number(letter.verified),
    now,
  });
  return true;
}

function hash(mark: string): string {
  return createHash('sha256').update(mark).digest('base64url').slice(0, 22);
}
