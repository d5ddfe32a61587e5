/** Where this program's executable lies, as it was at the start; null when Bun runs the source. */
export function ownExecutable(): string | null {
  return import.meta.dir.startsWith('/$bunfs/') ? process.execPath : null;
}
