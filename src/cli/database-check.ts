import { Database } from 'bun:sqlite';
import { setPriority } from 'node:os';
import { findDamage } from '#domain/upkeep/queries.ts';

const LOWEST_PRIORITY = 19;

/** `tintype database-check FILE`, started by the server at night: prints what is damaged, exit code 1 if anything is. */
export async function run(argv: string[]): Promise<number> {
  const [path] = argv;
  if (path === undefined) return 2;
  // Pages that are asked for come first.
  setPriority(LOWEST_PRIORITY);
  const db = new Database(path, { readonly: true });
  try {
    const damage = findDamage(db);
    console.log(damage.length === 0 ? 'no damage found' : damage.join('\n'));
    return damage.length === 0 ? 0 : 1;
  } finally {
    db.close();
  }
}
