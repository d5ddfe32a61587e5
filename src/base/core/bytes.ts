const UNITS: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Reads `100MB`, `1.5 GB` or `2048` (bytes) into bytes, decimal units; null if it is no size. */
export function parseBytes(text: string): number | null {
  const match = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?b)?\s*$/i.exec(text);
  if (!match) return null;
  const unit = UNITS[(match[2] ?? 'b').toLowerCase()];
  const bytes = Math.round(Number(match[1]) * (unit ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Says bytes as a person reads them: `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  for (const unit of ['kB', 'MB', 'GB']) {
    const size = bytes / (UNITS[unit.toLowerCase()] ?? 1);
    if (size < 999.95) return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
  }
  return `${(bytes / 1e12).toFixed(1)} TB`;
}
