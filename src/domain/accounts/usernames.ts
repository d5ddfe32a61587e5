/** Names that would clash with an address of the server or pass for its staff. */
const RESERVED: ReadonlySet<string> = new Set(
  `about abuse account accounts activity actor admin administrator anonymous api app apps archive
  assets auth blog bot compose contact css dev explore feed feeds feedback followers following
  healthz help home host hostmaster images img inbox index info instance internal invite js join
  legal livez local login logout mail media me member members moderator mod nodeinfo nobody null
  oauth official outbox owner page photos policy postmaster posts privacy public readyz register
  relay reset robots root rss rules search security self service settings setup sign-in sign-out
  signin signout signup static status statuses support system tags team terms timeline tintype
  undefined update upload user username users verify webmaster well-known www you`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Says what is wrong with a wanted username in one sentence, or null; whether it is taken is asked elsewhere. */
export function problemOfUsername(username: string): string | null {
  if (username === '') return 'Choose a username.';
  if (username.length > 30) return 'A username has at most 30 characters.';
  if (!/^[A-Za-z0-9_]+$/.test(username)) {
    return 'A username has only letters from A to Z, digits and underscores.';
  }
  if (RESERVED.has(username.toLowerCase())) return 'This name is reserved; please choose another.';
  return null;
}
