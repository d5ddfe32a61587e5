/** How many backups are kept: the newest one of each of so many hours, days, weeks, months and years. */
export type KeepRule = Readonly<Partial<Record<'h' | 'd' | 'w' | 'm' | 'y', number>>>;

/** Reads `7d 4w 12m`; null if it is none, keeps nothing, or names a unit twice. */
export function parseKeepRule(text: string): KeepRule | null {
  const rule: Record<string, number> = {};
  for (const part of text
    .trim()
    .toLowerCase()
    .split(/[\s,]+/)) {
    const found = /^([1-9]\d{0,2})([hdwmy])$/.exec(part);
    const unit = found?.[2] ?? '';
    if (found === null || rule[unit] !== undefined) return null;
    rule[unit] = Number(found[1]);
  }
  return rule;
}
