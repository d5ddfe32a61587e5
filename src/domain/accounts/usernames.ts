/** Names that would clash with an address of the server or pass for its staff. */
const RESERVED: ReadonlySet<string> = new Set(
  `about abuse account accounts activity actor admin administrator anonymous api app apps
  archive assets auth authorize_interaction backups blog bookmarks bot closing compose contact
  css dev explore feed feedback feeds followers following healthz help home host hostmaster
  images img inbox index info instance internal invite join js legal likes lists livez local
  login logout mail me media member members messages metrics mod moderator network nobody
  nodeinfo notifications null oauth official outbox owner page photos policy postmaster posts
  privacy public readyz register relay requests reset robots root rss rules scheduled search
  security self service settings setup sign-in sign-out signin signout signup staff static
  status statuses support system tags team terms timeline tintype undefined update upload user
  username users verify webmaster well-known www you`
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
