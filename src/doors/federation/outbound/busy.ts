import type { DueDelivery } from './delivery-queries.ts';

/** Deliveries that the database still calls due although they have begun. */
export function createBusy() {
  const rows = new Map<number, string>();
  const counts = new Map<string, number>();
  const countOf = (host: string): number => counts.get(host) ?? 0;
  return {
    has: (id: number): boolean => rows.has(id),
    countOf,
    add: ({ id, host }: DueDelivery): void => {
      rows.set(id, host);
      counts.set(host, countOf(host) + 1);
    },
    delete: (id: number): void => {
      const host = rows.get(id);
      if (host === undefined) return;
      rows.delete(id);
      if (countOf(host) > 1) counts.set(host, countOf(host) - 1);
      else counts.delete(host);
    },
  };
}
