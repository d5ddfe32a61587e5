import type { Database } from 'bun:sqlite';
import type { Context } from '#base/context.ts';
import { domainsAbove } from '#base/core/domains.ts';
import { watchChanges } from '#base/db/watch-changes.ts';
import { federationPolicy } from '#domain/federate.ts';
import { findRulesAmong, type Rule } from './queries.ts';

/** What may be had to do with another server. */
export type Policy = 'open' | 'limited' | 'blocked';

type Memory = {
  look: () => number;
  age: number;
  mode: ReturnType<typeof federationPolicy>;
  hosts: Map<string, Policy>;
};

/** Hosts that are remembered (T51). */
const MOST = 5000;
const memories = new WeakMap<Database, Memory>();

/**
 * What may be had to do with a server (`host` with its port, as in `URL.host`): asked before anything
 * of it is parsed or fetched. The narrowest rule holds: one for `a.example.org` before one for
 * `example.org`. Everybody is blocked while this server speaks with nobody, and everybody without an
 * `allow` rule where only allowed ones are spoken with. Remembered until anything is written; our own
 * host is never asked here.
 */
export function policyOf(ctx: Pick<Context, 'config' | 'db'>, host: string): Policy {
  // What is read inside a transaction may never come true.
  if (ctx.db.inTransaction) return decide(ctx.db, host, federationPolicy(ctx));
  const memory = memories.get(ctx.db) ?? remember(ctx.db);
  const age = memory.look();
  if (age !== memory.age) {
    memory.age = age;
    memory.mode = federationPolicy(ctx);
    memory.hosts.clear();
  }
  const known = memory.hosts.get(host);
  if (known !== undefined) return known;
  const policy = decide(ctx.db, host, memory.mode);
  if (memory.hosts.size >= MOST) memory.hosts.clear();
  memory.hosts.set(host, policy);
  return policy;
}

function remember(db: Database): Memory {
  const memory: Memory = { look: watchChanges(db), age: -1, mode: 'off', hosts: new Map() };
  memories.set(db, memory);
  return memory;
}

function decide(db: Database, host: string, mode: Memory['mode']): Policy {
  if (mode === 'off') return 'blocked';
  const applying = rulesFor(db, host);
  const [narrowest] = applying;
  if (narrowest === 'block') return 'blocked';
  if (mode === 'allowlist' && !applying.includes('allow')) return 'blocked';
  return narrowest === 'limit' ? 'limited' : 'open';
}

/** The rule that holds for a host, whatever the settings say; null for none. Not remembered. */
export function ruleOf(db: Database, host: string): Rule | null {
  return rulesFor(db, host)[0] ?? null;
}

/** The stricter of the rules for an account's domain and for the server that its actor lies on, if that is another. */
export function ruleOfAccount(
  db: Database,
  { domain, uri }: { domain: string; uri: string | null },
): Rule | null {
  const host = uri === null ? null : (URL.parse(uri)?.host ?? null);
  const rules = [domain, ...(host === null || host === domain ? [] : [host])].map((name) =>
    ruleOf(db, name),
  );
  return rules.find((rule) => rule === 'block') ?? rules.find((rule) => rule === 'limit') ?? null;
}

/** The narrowest first. */
function rulesFor(db: Database, host: string): Rule[] {
  const names = domainsAbove(host.toLowerCase());
  const rules = new Map(findRulesAmong(db, names).map(({ domain, rule }) => [domain, rule]));
  return names.flatMap((name) => rules.get(name) ?? []);
}
