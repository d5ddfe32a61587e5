const UNITS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads `30s`, `15m`, `12h`, `7d` or `2w` into milliseconds; null if it is no duration. */
export function parseDuration(text: string): number | null {
  const match = /^\s*([0-9]{1,6})\s*([smhdw])\s*$/i.exec(text);
  if (!match) return null;
  return Number(match[1]) * (UNITS[(match[2] ?? 's').toLowerCase()] ?? 0);
}
