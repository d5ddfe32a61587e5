import { readFileSync } from 'node:fs';

/** A package as `bun.lock` names it. */
export type Locked = {
  name: string;
  version: string;
  /** `sha512-…` in base64; empty for what is no tarball of the registry. */
  integrity: string;
  /** Where it comes from; empty for the usual registry. */
  registry: string;
  dependencies: string[];
  optional: string[];
  os: string;
  cpu: string;
  libc: string;
};

/** The lock: what this project asks for, and every package by its place (`sharp`, `a/b` where b differs for a). */
export type Lock = { wanted: string[]; packages: Map<string, Locked> };

type Facts = {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  os?: string | string[];
  cpu?: string | string[];
  libc?: string | string[];
};

/** Reads `bun.lock`, which is JSON with commas at the ends. */
export function readLock(path: string): Lock {
  const text = readFileSync(path, 'utf8').replace(/,(\s*[}\]])/g, '$1');
  const lock: {
    workspaces: Record<string, { dependencies?: Record<string, string> }>;
    packages: Record<string, [string, string, Facts, string]>;
  } = JSON.parse(text);
  const packages = new Map<string, Locked>();
  for (const [place, [id, registry, facts, integrity]] of Object.entries(lock.packages)) {
    const at = id.lastIndexOf('@');
    packages.set(place, {
      name: id.slice(0, at),
      version: id.slice(at + 1),
      integrity: integrity ?? '',
      registry,
      dependencies: Object.keys(facts?.dependencies ?? {}),
      optional: Object.keys(facts?.optionalDependencies ?? {}),
      os: String(facts?.os ?? ''),
      cpu: String(facts?.cpu ?? ''),
      libc: String(facts?.libc ?? ''),
    });
  }
  return { wanted: Object.keys(lock.workspaces['']?.dependencies ?? {}), packages };
}
