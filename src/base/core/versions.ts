const VERSION = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:-([0-9A-Za-z.-]{1,40}))?$/;

/** Whether a text is a version like `1.2.3` or `1.2.3-rc.1` (semver.org without build numbers). */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Below 0 if `a` comes before `b`, 0 if they are the same, above 0 if it comes after (semver.org §11). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [index, part] of left.numbers.entries()) {
    const other = right.numbers[index] ?? 0;
    if (part !== other) return part - other;
  }
  if (left.early === right.early) return 0;
  // What comes before a release sorts before it.
  if (left.early === null) return 1;
  if (right.early === null) return -1;
  return compareEarly(left.early.split('.'), right.early.split('.'));
}

function partsOf(text: string): { numbers: number[]; early: string | null } {
  const found = VERSION.exec(text);
  if (found === null) throw new TypeError(`"${text}" is no version.`);
  return { numbers: found.slice(1, 4).map(Number), early: found[4] ?? null };
}

function compareEarly(left: string[], right: string[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a, b] = [left[index], right[index]];
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    if (a === b) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (isNumber && otherIsNumber) return Number(a) - Number(b);
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}
