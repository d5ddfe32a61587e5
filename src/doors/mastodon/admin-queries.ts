import type { Database } from 'bun:sqlite';
import type { Page } from '#base/core/page.ts';
import { bounds, direction, newestFirst } from '#domain/posts/slice.ts';

/** Whom an admin looks for; what is left out does not matter. */
export type AccountSearch = {
  origin?: 'local' | 'remote' | undefined;
  status?: 'active' | 'suspended' | 'silenced' | undefined;
  staff?: boolean | undefined;
  username?: string | undefined;
  displayName?: string | undefined;
  domain?: string | undefined;
  email?: string | undefined;
};

/** Ids of accounts, newest first, by what an admin knows of them. */
export function searchAccountIds(db: Database, wish: AccountSearch, page: Page): number[] {
  const conditions = ['id < $maxId', 'id > $sinceId'];
  if (wish.origin !== undefined) {
    conditions.push(`role IS ${wish.origin === 'local' ? 'NOT NULL' : 'NULL'}`);
  }
  if (wish.staff) conditions.push(`role IN ('owner', 'admin')`);
  if (wish.status === 'active') conditions.push('suspended_at IS NULL AND limited = 0');
  if (wish.status === 'suspended') conditions.push('suspended_at IS NOT NULL');
  if (wish.status === 'silenced') conditions.push('limited <> 0');
  const texts: Record<string, string> = {};
  const contains = (name: string, column: string, text: string | undefined) => {
    if (text === undefined || text === '') return;
    conditions.push(`instr(lower(${column}), $${name}) > 0`);
    texts[name] = text.toLowerCase();
  };
  contains('username', 'username', wish.username);
  contains('displayName', 'display_name', wish.displayName);
  contains('domain', `ifnull(domain, '')`, wish.domain);
  contains(
    'email',
    `ifnull((SELECT email FROM logins WHERE account_id = accounts.id), '')`,
    wish.email,
  );
  const rows = db
    .query<{ id: number }, Record<string, string | number>>(
      `SELECT id FROM accounts WHERE ${conditions.join(' AND ')}
       ORDER BY id ${direction(page)} LIMIT $limit`,
    )
    .all({ ...bounds(page), ...texts });
  return newestFirst(rows, page);
}
