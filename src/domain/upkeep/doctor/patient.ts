import type { Database } from 'bun:sqlite';
import type { Config } from '#base/config/config.ts';
import type { GuardedFetch } from '#base/platform/fetch.ts';

/** What the running server says of itself. */
export type ServerFacts = {
  pid: number;
  version: string;
  /** What begins the ids of its requests: an answer that bears it came from this very process. */
  boot: string;
  host: string;
  port: number;
  rss: number;
  lagMs: number;
  /** What it saw of proxies; null if it cannot say. */
  proxy: { level: 'ok' | 'warn' | 'fail'; text: string; advice: string } | null;
};

/** How the letters stand that come from other servers and go to them. */
export type Letters = {
  inbox: { waiting: number; dead: number; oldestAt: number | null };
  deliveries: { waiting: number; given_up: number };
  oldestDeliveryAt: number | null;
  worst: { host: string; waiting: number; failingSince: number | null; retryAt: number | null }[];
};

/** What the doctor looks at: a data directory, its settings, the machine, and the server if one runs. */
export type Patient = {
  config: Config;
  /** Opened for reading; null if that cannot be done. */
  db: Database | null;
  /** Why not. */
  dbProblem: string | null;
  server: ServerFacts | null;
  letters: Letters | null;
  /** The way out that asks our own address too. */
  fetch: GuardedFetch;
  resolve: (host: string) => Promise<readonly string[]>;
  now: () => number;
  /** Reads every byte of every photo. */
  deep: boolean;
  /** A file of the machine (`/proc/mounts`), or null. */
  readText: (path: string) => string | null;
};
