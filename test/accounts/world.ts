import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { createIds } from '#base/core/ids.ts';
import { migrate } from '#base/db/migrate.ts';
import { openDatabase } from '#base/db/open.ts';
import { createAccount } from '#domain/accounts/create-account.ts';
import type { Role, Viewer } from '#domain/accounts/viewer.ts';
import { testConfig } from '#test/harness/app.ts';
import { silentLog } from '#test/harness/silent-log.ts';

/** A database in memory with a clock of its own: all that most actions on accounts need. */
export type World = {
  ctx: Context;
  db: Database;
  advance(milliseconds: number): void;
  person(username: string, role?: Role): Promise<Viewer>;
};

export const PASSWORD = 'a long password for tests';

/** Makes a world without files, pictures and pages. `pinned`: admin settings as texts. */
export function createWorld(pinned: Record<string, string> = {}): World {
  const db = openDatabase(':memory:');
  migrate(db, () => '');
  let time = Date.UTC(2030, 0, 1);
  const now = () => time;
  const ctx = {
    config: { ...testConfig('/nowhere'), pinned },
    db,
    images: { run: () => Promise.reject(new Error('There are no pictures here.')) },
    live: { emit: () => undefined },
    log: silentLog,
    now,
    newId: createIds(now),
    files: {},
  } as unknown as Context;
  const advance = (milliseconds: number) => {
    time += milliseconds;
  };
  const person = (username: string, role: Role = 'member') =>
    createAccount(ctx, { username, email: `${username}@example.org`, password: PASSWORD, role });
  return { ctx, db, advance, person };
}
