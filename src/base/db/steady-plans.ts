import type { Database } from 'bun:sqlite';

/**
 * Keeps SQLite from preparing statements again at every run. While it plans, SQLite looks at the
 * value bound to a bare parameter (`column = $name` that no index serves: it guesses how many rows
 * match), and from then on every new binding throws the plan away: the home timeline took 240 µs
 * instead of 65. The switch for that (SQLITE_DBCONFIG_ENABLE_QPSG) is out of reach here, but a
 * parameter behind a unary plus, which changes no value, is not looked at. So every `$name` of this
 * connection's queries gets one; a `$` in a JSON path is followed by `.` or `[` and stays.
 */
export function steadyPlans(db: Database): void {
  const query = db.query.bind(db);
  const steadied = new Map<string, string>();
  db.query = ((sql: string) => {
    let steady = steadied.get(sql);
    if (steady === undefined) {
      steady = sql.replace(/\$(?=[A-Za-z_])/g, '+$');
      steadied.set(sql, steady);
    }
    return query(steady);
  }) as typeof db.query;
}
