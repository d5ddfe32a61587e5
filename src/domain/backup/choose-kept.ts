import type { KeepRule } from '#base/core/keep-rule.ts';
import { momentOfName } from './backup-name.ts';

/**
 * Which backups stay, as grandfather, father and son: of each of the last so many hours, days, weeks
 * (from Monday), months and years (in UTC) that have any, the newest one; and always the newest of all.
 */
export function chooseKept(names: readonly string[], rule: KeepRule): Set<string> {
  const newestFirst = [...names].sort().reverse();
  const kept = new Set(newestFirst.slice(0, 1));
  for (const unit of ['h', 'd', 'w', 'm', 'y'] as const) {
    const periods = new Set<string>();
    for (const name of newestFirst) {
      const period = periodOf(name, unit);
      if (periods.has(period)) continue;
      if (periods.size >= (rule[unit] ?? 0)) break;
      periods.add(period);
      kept.add(name);
    }
  }
  return kept;
}

const DAY = 86_400_000;

function periodOf(name: string, unit: 'h' | 'd' | 'w' | 'm' | 'y'): string {
  if (unit === 'y') return name.slice(0, 4);
  if (unit === 'm') return name.slice(0, 6);
  if (unit === 'd') return name.slice(0, 8);
  if (unit === 'h') return name.slice(0, 11);
  // 5 January 1970 was the first Monday.
  return String(Math.floor((momentOfName(name) / DAY - 4) / 7));
}
