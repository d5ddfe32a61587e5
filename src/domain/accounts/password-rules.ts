const MIN = 10;
/** More would only be work for the hash. */
const MAX = 500;

/** Says in one sentence why a new password cannot be taken, or null. */
export function problemOfPassword(
  password: string,
  who: { username: string; email?: string },
): string | null {
  const length = [...password].length;
  if (length < MIN)
    return `A password needs at least ${MIN} characters, because short ones are guessed.`;
  if (length > MAX) return `A password has at most ${MAX} characters.`;
  const folded = password.trim().toLowerCase();
  const obvious = [who.username, `@${who.username}`, who.email ?? ''];
  if (obvious.some((text) => text !== '' && text.toLowerCase() === folded)) {
    return 'Your name or address is the first thing that anybody would try as your password.';
  }
  if (new Set(folded).size < 3) return 'One character again and again is guessed at once.';
  return null;
}
