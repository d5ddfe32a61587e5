import type { Database } from 'bun:sqlite';

/** Texts, quoted names and comments, which stay; and the `$` that begins a parameter, not one inside of a name. */
const PIECES =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(?<![A-Za-z0-9_$])\$(?=[A-Za-z_])/g;

/**
 * Keeps SQLite from preparing statements again at every run. While it plans, SQLite looks at the
 * value bound to a bare parameter (`column = $name` that no index serves: it guesses how many rows
 * match), and from then on every new binding throws the plan away: the home timeline took 240 µs
 * instead of 65. The switch for that (SQLITE_DBCONFIG_ENABLE_QPSG) is out of reach here, but a
 * parameter behind a unary plus, which changes no value, is not looked at. So every `$name` of this
 * connection's queries gets one; it has no affinity of its own, like the bare parameter, so columns
 * compare and store as before.
 */
export function steadyPlans(db: Database): void {
  const query = db.query.bind(db);
  const steadied = new Map<string, string>();
  db.query = ((sql: string) => {
    let steady = steadied.get(sql);
    if (steady === undefined) {
      steady = sql.replace(PIECES, (piece) => (piece === '$' ? '+$' : piece));
      steadied.set(sql, steady);
    }
    return query(steady);
  }) as typeof db.query;
}
