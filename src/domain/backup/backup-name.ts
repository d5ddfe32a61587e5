/** The name of a backup that begins at a moment: `20260131T030000Z`; a second later where that is taken. */
export function nameForMoment(now: number, taken: readonly string[]): string {
  for (let moment = now; ; moment += 1000) {
    const name = `${new Date(moment).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    if (!taken.includes(name)) return name;
  }
}

/** When a backup was begun, by its name: milliseconds since 1970. */
export function momentOfName(name: string): number {
  return Date.parse(
    name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
}
