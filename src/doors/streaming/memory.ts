/** Posts that are remembered. */
const MOST = 2000;

/** Who was told of which post, so that they hear when it goes. */
export type Memory = {
  saw(id: number, accountId: number): void;
  whoSaw(id: number): number[];
  forget(id: number): void;
};

/** Makes such a memory; the oldest posts fall out of it. */
export function createMemory(): Memory {
  const seen = new Map<number, Set<number>>();
  return {
    saw: (id, accountId) => {
      const accounts = seen.get(id) ?? new Set();
      seen.set(id, accounts.add(accountId));
      const [oldest] = seen.keys();
      if (seen.size > MOST && oldest !== undefined) seen.delete(oldest);
    },
    whoSaw: (id) => [...(seen.get(id) ?? [])],
    forget: (id) => {
      seen.delete(id);
    },
  };
}
