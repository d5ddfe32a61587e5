/** What another user's process says, without what a terminal would obey: lines stay lines. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) =>
    /[\t\n]/.test(sign) ? sign : '\uFFFD',
  );
}
