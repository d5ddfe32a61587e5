import type { Database } from 'bun:sqlite';

/** Texts, quoted names and comments, which stay; and the `$` that begins a parameter, not one inside of a name. */
const PIECES =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(?<![A-Za-z0-9_$])\$(?=[A-Za-z_])/g;

/** Statements that are kept; more texts than this there are not. */
const MOST = 1000;

/**
 * Keeps SQLite from preparing statements again at every run. While it plans, SQLite looks at the
 * value bound to a bare parameter (`column = $name` that no index serves: it guesses how many rows
 * match), and from then on every new binding throws the plan away: the home timeline took 240 µs
 * instead of 65. The switch for that (SQLITE_DBCONFIG_ENABLE_QPSG) is out of reach here, but a
 * parameter behind a unary plus, which changes no value, is not looked at. So every `$name` of this
 * connection's queries gets one; it has no affinity of its own, like the bare parameter, so columns
 * compare and store as before. The statements are found by a map: Bun looks through its own list from
 * the front, which was a tenth of the work for an arriving post.
 */
export function steadyPlans(db: Database): void {
  const query = db.query.bind(db);
  const prepared = new Map<string, ReturnType<typeof query>>();
  db.query = ((sql: string) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = query(sql.replace(PIECES, (piece) => (piece === '$' ? '+$' : piece)));
    if (prepared.size >= MOST) prepared.clear();
    prepared.set(sql, statement);
    return statement;
  }) as typeof db.query;
}
