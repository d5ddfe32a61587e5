import { AppError } from '#base/core/errors.ts';

/** 19 MiB and two passes (OWASP's smallest argon2id): the default 64 MiB would let four people fill a small box. */
const COST = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;
const AT_ONCE = 2;
const MAX_WAITING = 40;

// Of the process, not of an instance: what is rationed is the memory of the machine.
const gate = { running: 0, waiting: [] as (() => void)[] };

/** Hashes a password with argon2id for storage; throws `unavailable` when too many wait for their turn. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => Bun.password.hash(password.normalize('NFC'), COST));
}

/** Tells whether a password is the one that was hashed; a damaged hash fits none. Throws like `hashPassword`. */
export function verifyPassword(password: string, hash: string): Promise<boolean> {
  return inTurn(() => Bun.password.verify(password.normalize('NFC'), hash).catch(() => false));
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (gate.running >= AT_ONCE) {
    if (gate.waiting.length >= MAX_WAITING) {
      throw new AppError(
        'unavailable',
        'Too many people are signing in at this moment; please try again in a few seconds.',
        { retryAfter: 5 },
      );
    }
    // Who ends hands the place over, so nobody slips in between.
    await new Promise<void>((resolve) => gate.waiting.push(resolve));
  } else {
    gate.running += 1;
  }
  try {
    return await work();
  } finally {
    const next = gate.waiting.shift();
    if (next) next();
    else gate.running -= 1;
  }
}
