import type { Database } from 'bun:sqlite';

export type Rule = 'block' | 'limit' | 'allow';

export type RuleRow = {
  /** Lower case, IDNA; the rule holds for everything below it. */
  domain: string;
  rule: Rule;
  /** For everybody to read. */
  reason: string;
  /** For admins alone. */
  note: string;
  /** Account; null: the operator. */
  createdBy: number | null;
  createdAt: number;
};

const RULE_COLUMNS = 'domain, rule, reason, note, created_by AS createdBy, created_at AS createdAt';

/** Every rule, by name. */
export function listRules(db: Database): RuleRow[] {
  return db.query<RuleRow, []>(`SELECT ${RULE_COLUMNS} FROM domain_rules ORDER BY domain`).all();
}

/** The next rules after a name, by name. */
export function listRulesAfter(db: Database, after: string, limit: number): RuleRow[] {
  return db
    .query<RuleRow, { after: string; limit: number }>(
      `SELECT ${RULE_COLUMNS} FROM domain_rules WHERE domain > $after ORDER BY domain LIMIT $limit`,
    )
    .all({ after, limit });
}

/** How many rules of each kind there are. */
export function countRules(db: Database): Record<Rule, number> {
  const rows = db
    .query<{ rule: Rule; n: number }, []>(
      'SELECT rule, count(*) AS n FROM domain_rules GROUP BY rule',
    )
    .all();
  const counts = { block: 0, limit: 0, allow: 0 };
  for (const { rule, n } of rows) counts[rule] = n;
  return counts;
}

/** The rule of exactly this domain, or null. */
export function findRule(db: Database, domain: string): RuleRow | null {
  return db
    .query<RuleRow, { domain: string }>(
      `SELECT ${RULE_COLUMNS} FROM domain_rules WHERE domain = $domain`,
    )
    .get({ domain });
}

/** The rules that stand under some of these names, in no order. */
export function findRulesAmong(
  db: Database,
  domains: readonly string[],
): { domain: string; rule: Rule }[] {
  return db
    .query<{ domain: string; rule: Rule }, { domains: string }>(
      `SELECT r.domain, r.rule FROM json_each($domains) j
       CROSS JOIN domain_rules r ON r.domain = j.value`,
    )
    .all({ domains: JSON.stringify(domains) });
}

/** Stores a rule in place of the one that the domain may have. */
export function saveRule(db: Database, rule: RuleRow): void {
  db.query(
    `INSERT INTO domain_rules (domain, rule, reason, note, created_by, created_at)
     VALUES ($domain, $rule, $reason, $note, $createdBy, $createdAt)
     ON CONFLICT (domain) DO UPDATE SET rule = excluded.rule, reason = excluded.reason,
       note = excluded.note, created_by = excluded.created_by, created_at = excluded.created_at`,
  ).run(rule);
}

/** Removes a domain's rule; true if there was one. */
export function deleteRule(db: Database, domain: string): boolean {
  return db.query('DELETE FROM domain_rules WHERE domain = $domain').run({ domain }).changes > 0;
}
